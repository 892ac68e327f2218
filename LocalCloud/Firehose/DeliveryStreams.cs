using System.Security.Cryptography;
using System.Text;
using LocalCloud.Firehose.Buffers;
using LocalCloud.Firehose.Delivery;
using LocalCloud.Glue;
using LocalCloud.Protocol;
using LocalCloud.S3;
using Microsoft.Extensions.Options;

namespace LocalCloud.Firehose;

/// <summary>
/// Every stream, by name: its definition, its buffer and its delivery. A stream is a folder below <c>firehose/</c>; it
/// exists when <c>stream.json</c> is in it.
/// </summary>
internal sealed class DeliveryStreams : IHostedService, IAsyncDisposable
{
    /// <summary>How many streams an account may have: the default quota.</summary>
    public const int MostStreams = 5000;

    private readonly string _folder;
    private readonly ContentWriter _content;
    private readonly ObjectStore _objects;
    private readonly TimeProvider _time;
    private readonly ILogger<StreamDelivery> _logger;
    private readonly string _accountId;
    private readonly Lock _changing = new();
    private readonly SortedDictionary<string, RunningStream> _streams = new(StringComparer.Ordinal);
    private bool _started;

    public DeliveryStreams(
        DataFolder folder, GlueCatalog catalog, ObjectStore objects, TimeProvider time, IOptions<LocalCloudOptions> options, ILogger<StreamDelivery> logger)
    {
        _folder = folder.Subfolder("firehose");
        _objects = objects;
        _time = time;
        _logger = logger;
        _accountId = options.Value.AccountId;
        _content = new ContentWriter(catalog, _accountId, options.Value.Region, time);
        foreach (var path in Directory.EnumerateDirectories(_folder))
        {
            if (AtomicFile.Read<DeliveryStream>(Path.Combine(path, RunningStream.DefinitionFile)) is { } definition)
            {
                _streams.Add(definition.Name, Open(definition, path));
            }
            else
            {
                Directory.Delete(path, recursive: true);   // it was being created, or deleted, when the process ended
            }
        }
    }

    /// <summary>The streams by name.</summary>
    public IReadOnlyList<RunningStream> All
    {
        get
        {
            lock (_changing)
            {
                return [.. _streams.Values];
            }
        }
    }

    /// <summary>What every stream has taken in since it was created.</summary>
    public IReadOnlyDictionary<string, Usage> Usage => All.ToDictionary(stream => stream.Definition.Name, stream => stream.Usage);

    /// <summary>The stream of that name.</summary>
    /// <exception cref="AwsException"><c>ResourceNotFoundException</c>.</exception>
    public RunningStream Get(string name)
    {
        lock (_changing)
        {
            return _streams.GetValueOrDefault(name) ?? throw NotFound(name);
        }
    }

    /// <summary>Creates a stream, which takes records at once.</summary>
    /// <exception cref="AwsException"><c>ResourceInUseException</c>, <c>LimitExceededException</c>.</exception>
    public void Create(DeliveryStream definition)
    {
        lock (_changing)
        {
            if (_streams.ContainsKey(definition.Name))
            {
                throw new AwsException("ResourceInUseException", $"Firehose {definition.Name} under accountId {_accountId} already exists");
            }

            if (_streams.Count >= MostStreams)
            {
                throw new AwsException("LimitExceededException", $"You have already consumed your firehose quota of {MostStreams} hoses.");
            }

            var path = Directory.CreateDirectory(Path.Combine(_folder, FolderName(definition.Name))).FullName;
            AtomicFile.Write(Path.Combine(path, RunningStream.DefinitionFile), definition);
            var stream = Open(definition, path);
            _streams.Add(definition.Name, stream);
            if (_started)
            {
                stream.Start();
            }
        }
    }

    /// <summary>Deletes a stream with what it has not delivered, as Firehose does.</summary>
    /// <exception cref="AwsException"><c>ResourceNotFoundException</c>.</exception>
    public async Task DeleteAsync(string name)
    {
        RunningStream? stream;
        lock (_changing)
        {
            if (!_streams.Remove(name, out stream))
            {
                throw NotFound(name);
            }
        }

        await stream.DeleteAsync();
    }

    /// <summary>Delivers everything that is buffered, now.</summary>
    public async Task<FlushResult> FlushAsync(CancellationToken cancellation)
    {
        var results = new List<FlushResult>();
        foreach (var stream in All)
        {
            results.Add(await stream.FlushAsync(cancellation));
        }

        return new FlushResult([.. results.SelectMany(result => result.Objects)], [.. results.SelectMany(result => result.Failed)]);
    }

    /// <summary>Begins to deliver, what was found at the start first.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        lock (_changing)
        {
            _started = true;
            foreach (var stream in _streams.Values)
            {
                stream.Start();
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>Ends all deliveries. What is buffered stays on disk for the next start.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var stream in All)
        {
            await stream.DisposeAsync();
        }
    }

    /// <summary>Closes every buffer.</summary>
    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None);

    private RunningStream Open(DeliveryStream definition, string path) => new(definition, path, _content, _objects, _time, _logger);

    // Names differ by case and may be "..": a file system takes neither everywhere.
    private static string FolderName(string name) =>
        $"{name.ToLowerInvariant().Replace('.', '_')}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 4))}";

    private AwsException NotFound(string name) => new("ResourceNotFoundException", $"Firehose {name} under account {_accountId} not found.");
}
