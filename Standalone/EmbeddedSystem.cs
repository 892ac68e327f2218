using Beacon.Api;
using Catalog.Worker;
using LocalCloud;
using ServiceDefaults;
using Standalone.Hosting;

namespace Standalone;

/// <summary>
/// The whole system in one process. LocalCloud starts first and creates what the lake template declares; the
/// beacon and the worker are given the names of what was created. They stop the other way round, because the
/// beacon drains into the cloud.
/// </summary>
internal sealed class EmbeddedSystem : IAsyncDisposable
{
    private const string Stack = "PixelLake";

    // In the order of their start.
    private readonly List<EmbeddedHost> _hosts = [];

    private EmbeddedSystem()
    {
    }

    /// <summary>S3, Firehose, Glue and Athena.</summary>
    public Uri Cloud => _hosts[0].Address;

    /// <summary>The catalog's jobs.</summary>
    public Uri Worker => _hosts[1].Address;

    /// <summary>The pixel's host.</summary>
    public Uri Beacon => _hosts[2].Address;

    /// <summary>Starts the three hosts.</summary>
    /// <exception cref="StartupException">One of them cannot start, for a reason that the user can mend.</exception>
    public static async Task<EmbeddedSystem> StartAsync(StandaloneOptions options, CancellationToken cancel)
    {
        var system = new EmbeddedSystem();
        try
        {
            var fields = LakeFields.Load();
            var cloud = await system.AddAsync(StartCloudAsync(options, fields.WriteTemplate(options.DataFolder), cancel));
            var lake = await LakeAsync(cloud.Address, cancel);
            await system.AddAsync(StartWorkerAsync(options, cloud.Address, lake, fields, cancel));
            await system.AddAsync(StartBeaconAsync(options, cloud.Address, lake, fields, cancel));
            return system;
        }
        catch
        {
            await system.StopAsync();
            await system.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until the process is asked to end (0) or one of the hosts gives up by itself (1).</summary>
    public async Task<int> WaitAsync(CancellationToken stop)
    {
        var ended = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var asked = stop.Register(() => ended.TrySetResult(0));
        foreach (var host in _hosts)
        {
            host.Stopping.Register(() =>
            {
                if (ended.TrySetResult(1))
                {
                    Console.Error.WriteLine($"{host.Name} has stopped by itself, so everything stops; the reason is above.");
                }
            });
        }

        return await ended.Task;
    }

    /// <summary>Beacon first: it drains while the cloud is still there to take what it has.</summary>
    public async Task StopAsync()
    {
        foreach (var host in Enumerable.Reverse(_hosts))
        {
            await host.StopAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in Enumerable.Reverse(_hosts))
        {
            await host.DisposeAsync();
        }
    }

    private async Task<EmbeddedHost> AddAsync(Task<EmbeddedHost> starting)
    {
        var host = await starting;
        _hosts.Add(host);
        return host;
    }

    private static Task<EmbeddedHost> StartCloudAsync(StandaloneOptions options, string template, CancellationToken cancel) =>
        EmbeddedHost.StartAsync("LocalCloud", options.CloudPort, "--cloud-port", new Dictionary<string, string?>
        {
            ["LocalCloud:DataFolder"] = Path.Combine(options.DataFolder, "cloud"),
            ["LocalCloud:Template"] = template,
            ["LocalCloud:Region"] = AwsIsolation.Region,
            ["LocalCloud:Parameters:BucketName"] = "pixel-lake",
        }, builder => builder.AddLocalCloud(), app => app.MapLocalCloud(), cancel);

    private static Task<EmbeddedHost> StartWorkerAsync(
        StandaloneOptions options, Uri cloud, IReadOnlyDictionary<string, string?> lake, LakeFields fields, CancellationToken cancel) =>
        EmbeddedHost.StartAsync("Catalog.Worker", options.WorkerPort, "--worker-port", new Dictionary<string, string?>(lake)
        {
            ["AWS:ServiceURL"] = cloud.ToString(),
            // One process has the data folder (RunLock), so what was left by a killed one is this one's.
            ["JobLock:Worker"] = "embedded",
            ["Jobs:schema:FieldFile"] = fields.File,
            ["Jobs:redrive:DeadLetterFolder"] = Path.Combine(options.DataFolder, "journal", "dead-letter"),
            // OpenTelemetry listens by name, over all hosts of a process: one provider hears them all.
            ["Telemetry:Enabled"] = "false",
        }, builder => builder.AddCatalogWorker(), app => app.MapCatalogWorker(), cancel);

    private static Task<EmbeddedHost> StartBeaconAsync(
        StandaloneOptions options, Uri cloud, IReadOnlyDictionary<string, string?> lake, LakeFields fields, CancellationToken cancel) =>
        EmbeddedHost.StartAsync("Beacon.Api", options.Port, "--port", new Dictionary<string, string?>(lake)
        {
            ["AWS:ServiceURL"] = cloud.ToString(),
            ["Fields:File"] = fields.File,
            ["Journal:Folder"] = Path.Combine(options.DataFolder, "journal"),
        }, builder => builder.AddBeacon(), app => app.MapBeacon(), cancel);

    /// <summary>The outputs of the stack under the names that Aspire gives them, and how to reach the cloud.</summary>
    private static async Task<IReadOnlyDictionary<string, string?>> LakeAsync(Uri cloud, CancellationToken cancel)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var outputs = await http.GetFromJsonAsync<Dictionary<string, string>>(new Uri(cloud, $"_localcloud/stacks/{Stack}"), cancel)
            ?? throw new InvalidOperationException($"LocalCloud has no outputs of the stack {Stack}.");
        var settings = outputs.ToDictionary(output => $"AWS:Resources:{output.Key}", output => (string?)output.Value);
        settings["AWS:Region"] = AwsIsolation.Region;
        settings["AWS:AccessKey"] = AwsIsolation.AccessKey;
        settings["AWS:SecretKey"] = AwsIsolation.SecretKey;
        return settings;
    }
}
