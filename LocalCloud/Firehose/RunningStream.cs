using System.Text.Json.Nodes;
using LocalCloud.Firehose.Buffers;
using LocalCloud.Firehose.Delivery;
using LocalCloud.Protocol;
using LocalCloud.S3;

namespace LocalCloud.Firehose;

/// <summary>A stream at work: records come in here, objects go out.</summary>
internal sealed class RunningStream : IAsyncDisposable
{
    /// <summary>The file whose presence makes a folder a stream.</summary>
    public const string DefinitionFile = "stream.json";

    private readonly string _folder;
    private readonly StreamBuffer _buffer;
    private readonly StreamDelivery _delivery;
    private readonly TimeProvider _time;
    private readonly Lock _changing = new();
    private volatile DeliveryStream _definition;
    private volatile bool _closed;

    public RunningStream(DeliveryStream definition, string folder, ContentWriter content, ObjectStore objects, TimeProvider time, ILogger logger)
    {
        _definition = definition;
        _folder = folder;
        _time = time;
        _buffer = new StreamBuffer(folder, definition.S3.Converts);
        _delivery = new StreamDelivery(_buffer, () => _definition, Path.Combine(folder, "work"), content, objects, time, logger);
    }

    /// <summary>What is known of it.</summary>
    public DeliveryStream Definition => _definition;

    /// <summary>What it has taken in.</summary>
    public Usage Usage => _buffer.Usage;

    /// <summary>Begins to deliver.</summary>
    public void Start() => _delivery.Start();

    /// <summary>Takes records in: when it returns, the end of the process does not lose them.</summary>
    /// <exception cref="AwsException"><c>ServiceUnavailableException</c>: they could not be kept.</exception>
    public void Put(IReadOnlyList<byte[]> records)
    {
        if (_closed)
        {
            throw Unavailable();
        }

        var s3 = _definition.S3;
        long size;
        try
        {
            size = _buffer.Append(records, _time.GetUtcNow(), s3.Converts);
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            throw Unavailable();
        }

        if (size >= s3.BufferSize)
        {
            SealFull();
        }

        _delivery.Notify();
    }

    // Here and not in the loop, or a fast producer would fill it far beyond its size. When it cannot be (a full disk) the
    // records are kept all the same, and to refuse them would only bring them twice; the loop seals what is left.
    private void SealFull()
    {
        try
        {
            _buffer.Seal(_definition);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
        }
    }

    /// <summary>Changes the destination. What was put before is delivered as it was configured then.</summary>
    /// <param name="expectedVersion">The version that the caller has seen.</param>
    /// <param name="change">The new destination from the old one.</param>
    /// <exception cref="AwsException"><c>ConcurrentModificationException</c>.</exception>
    public void UpdateDestination(string expectedVersion, Func<JsonObject, JsonObject> change)
    {
        lock (_changing)
        {
            var old = _definition;
            if (expectedVersion != $"{old.Version}")
            {
                throw new AwsException("ConcurrentModificationException",
                    $"Cannot update firehose: {old.Name} since the current version id: {old.Version} and specified version id: {expectedVersion} do not match");
            }

            var updated = old with { Destination = change(old.Destination), Version = old.Version + 1, Updated = _time.GetUtcNow() };
            _buffer.Seal(old);
            Save(updated);
        }

        _delivery.Notify();
    }

    /// <summary>Changes what has nothing to do with delivery.</summary>
    public void Update(Func<DeliveryStream, DeliveryStream> change)
    {
        lock (_changing)
        {
            Save(change(_definition));
        }
    }

    /// <summary>Delivers everything there is, trying once.</summary>
    public Task<FlushResult> FlushAsync(CancellationToken cancellation) => _delivery.FlushAsync(cancellation);

    /// <summary>Ends the stream and deletes its folder.</summary>
    public async Task DeleteAsync()
    {
        await DisposeAsync();
        File.Delete(Path.Combine(_folder, DefinitionFile));   // from here on it does not come back
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Ends the delivery and takes no more records; what is buffered stays on disk.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_closed)
        {
            _closed = true;
            await _delivery.DisposeAsync();
            _buffer.Dispose();
        }
    }

    private void Save(DeliveryStream definition)
    {
        AtomicFile.Write(Path.Combine(_folder, DefinitionFile), definition);
        _definition = definition;
    }

    private static AwsException Unavailable() => FirehoseErrors.ServiceUnavailable();
}
