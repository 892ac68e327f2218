using System.Net.Http.Json;
using System.Text.Json;
using Catalog.Worker.Jobs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Catalog.Worker.Tests;

/// <summary>A real worker on a free port. Its schedules are off unless a test turns one on.</summary>
public sealed class Worker : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Worker(WebApplication app)
    {
        _app = app;

        // How long a run takes says nothing about it on a busy machine.
        Http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()), Timeout = Timeout.InfiniteTimeSpan };
    }

    public HttpClient Http { get; }

    public IServiceProvider Services => _app.Services;

    public static async Task<Worker> StartAsync(
        Dictionary<string, string?>? settings = null, TimeProvider? time = null, Action<IServiceCollection>? services = null, ILoggerProvider? log = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = Environments.Production, ApplicationName = "Catalog.Worker" });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["urls"] = "http://127.0.0.1:0",
            ["Telemetry:Enabled"] = "false",
            ["AWS:Region"] = "us-east-1",
            ["AWS:AccessKey"] = "key",
            ["AWS:SecretKey"] = "secret",
            ["AWS:ServiceURL"] = "http://127.0.0.1:1",
        });
        builder.Configuration.AddInMemoryCollection(
            new[] { "load-partitions", "repair-partitions", "schema", "views", "rollup", "compaction", "retention", "erasure", "redrive", "ledger", "alerts" }
                .Select(job => KeyValuePair.Create($"Jobs:{job}:Schedule", (string?)"off")));
        builder.Configuration.AddInMemoryCollection(settings ?? []);
        builder.Logging.ClearProviders();
        if (log is not null)
        {
            builder.Logging.AddProvider(log);
        }

        if (time is not null)
        {
            builder.Services.AddSingleton(time);
        }

        builder.AddCatalogWorker();
        services?.Invoke(builder.Services);
        var app = builder.Build();
        app.MapCatalogWorker();
        try
        {
            await app.StartAsync();
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        return new(app);
    }

    /// <summary>Runs a job and gives its counts; fails the test when the run did.</summary>
    public async Task<Dictionary<string, long>> RunAsync(string job, bool dryRun = false)
    {
        using var response = await Http.PostAsync($"/jobs/{job}{(dryRun ? "?dryRun=true" : "")}", null);
        var body = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(response.IsSuccessStatusCode, body.ToString());
        return body.GetProperty("counts").Deserialize<Dictionary<string, long>>()!;
    }

    /// <summary>Runs a job that must fail and gives the status and the sentence.</summary>
    public async Task<(int Status, string Error)> FailAsync(string job)
    {
        using var response = await Http.PostAsync($"/jobs/{job}", null);
        var body = await response.Content.ReadFromJsonAsync<JsonElement>();
        return ((int)response.StatusCode, body.GetProperty("error").GetString()!);
    }

    internal JobRunner Job(string name) => Services.GetRequiredService<JobCatalog>().All.Single(j => j.Name == name);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
