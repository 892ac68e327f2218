using System.Net.Http.Json;
using Amazon.Athena;
using Amazon.Glue;
using Amazon.S3;
using LocalCloud.Tests;
using Microsoft.Extensions.DependencyInjection;

namespace Catalog.Worker.Tests;

/// <summary>A lake as its template makes it, with every column of the shipped field file and every table of the worker.</summary>
public sealed class TemplateLake : IAsyncDisposable
{
    private readonly Dictionary<string, string?> _settings;

    private TemplateLake(LocalCloudServer cloud, Worker worker, SetClock time, Dictionary<string, string?> settings)
    {
        _settings = settings;
        Cloud = cloud;
        Worker = worker;
        Time = time;
        S3 = cloud.S3();
        Glue = cloud.Client<AmazonGlueClient, AmazonGlueConfig>((credentials, config) => new(credentials, config));
        Athena = cloud.Client<AmazonAthenaClient, AmazonAthenaConfig>((credentials, config) => new(credentials, config));
    }

    public LocalCloudServer Cloud { get; }

    public Worker Worker { get; }

    /// <summary>The worker's clock: 10:30 on 15 March 2026, UTC.</summary>
    public SetClock Time { get; }

    public AmazonS3Client S3 { get; }

    public AmazonGlueClient Glue { get; }

    public AmazonAthenaClient Athena { get; }

    /// <summary>Starts one.</summary>
    /// <param name="parameters">Parameters of the template.</param>
    /// <param name="settings">Settings of the worker.</param>
    /// <param name="services">What is added to LocalCloud.</param>
    public static async Task<TemplateLake> StartAsync(
        Dictionary<string, string>? parameters = null, Dictionary<string, string?>? settings = null, Action<IServiceCollection>? services = null)
    {
        var cloudSettings = (parameters ?? []).ToDictionary(p => $"LocalCloud:Parameters:{p.Key}", p => (string?)p.Value);
        cloudSettings["LocalCloud:Template"] = Path.Combine(Repository(), "Infrastructure", "Templates", "pixel-lake.template.json");
        cloudSettings["LocalCloud:Parameters:BucketName"] = Lake.Bucket;
        var cloud = await LocalCloudServer.StartAsync(settings: cloudSettings, services: services);
        var outputs = await cloud.Http().GetFromJsonAsync<Dictionary<string, string>>("/_localcloud/stacks/PixelLake");
        var workerSettings = outputs!.ToDictionary(o => $"AWS:Resources:{o.Key}", o => (string?)o.Value);
        workerSettings["AWS:ServiceURL"] = cloud.Url;
        workerSettings["AWS:AccessKey"] = LocalCloudServer.AccessKey;
        workerSettings["AWS:SecretKey"] = LocalCloudServer.SecretKey;
        foreach (var (key, value) in settings ?? [])
        {
            workerSettings[key] = value;
        }

        var time = new SetClock(new(2026, 3, 15, 10, 30, 0, TimeSpan.Zero));
        return new(cloud, await Worker.StartAsync(workerSettings, time), time, workerSettings);
    }

    /// <summary>Starts another worker on the same lake and clock, which the caller disposes of.</summary>
    /// <param name="settings">What is different.</param>
    public Task<Worker> StartWorkerAsync(Dictionary<string, string?> settings)
    {
        var all = new Dictionary<string, string?>(_settings);
        foreach (var (key, value) in settings)
        {
            all[key] = value;
        }

        return Worker.StartAsync(all, Time);
    }

    public async ValueTask DisposeAsync()
    {
        await Worker.DisposeAsync();
        await Cloud.DisposeAsync();
    }

    private static string Repository()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "PixelAspire.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests run outside of the repository.");
        }

        return folder;
    }
}
