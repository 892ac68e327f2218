using System.Text.Json;
using Catalog.Worker;
using Cli.Tests.Query;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Cli.Tests.Erase;

/// <summary>A person is exported, erased and gone, with a real worker.</summary>
public sealed class ErasureTests(RunningCloud cloud) : IClassFixture<RunningCloud>, IAsyncLifetime
{
    private WebApplication _worker = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["AWS:ServiceURL"] = $"http://127.0.0.1:{cloud.Port}",
            ["AWS:Region"] = "us-east-1",
            ["AWS:AccessKey"] = "test",
            ["AWS:SecretKey"] = "test",
            ["AWS:Resources:DataFormat"] = "parquet",
            ["Scheduler:Enabled"] = "false",
            ["Telemetry:Enabled"] = "false",
        });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _worker = builder.AddCatalogWorker().Build().MapCatalogWorker();
        await _worker.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _worker.StopAsync();
        await _worker.DisposeAsync();
    }

    [Fact]
    public async Task A_person_is_exported_erased_and_gone()
    {
        await PutAsync("mallory", "bob", "mallory");
        await cloud.PutAsync("quarantine/2026/01/02/1.json", """{"reason":"r","source":"s","event":"{\"event_id\":\"q\",\"user_id\":\"mallory\"}"}""" + "\n");

        var export = await CommandRun.OfAsync("export", "--user-id", "mallory", "--cloud-port", cloud.Port, "--worker-port", WorkerPort);
        var erase = await CommandRun.OfAsync("erase", "--user-id", "mallory", "--worker-port", WorkerPort);
        var after = await CommandRun.OfAsync("export", "--user-id", "mallory", "--cloud-port", cloud.Port, "--worker-port", WorkerPort);
        var bob = await CommandRun.OfAsync("export", "--user-id", "bob", "--cloud-port", cloud.Port, "--worker-port", WorkerPort);

        Assert.Equal((0, "2 events in the lake, 1 event in quarantine. Not searched, because this worker has no way to it: what the beacon put aside, the beacon's queue, if it has one.\n"), (export.ExitCode, export.Error));
        Assert.Equal(["e0", "e2"], export.Lines[..2].Select(line => JsonSerializer.Deserialize<JsonElement>(line).GetProperty("event_id").GetString()));
        Assert.Equal("""{"place":"quarantine","event":"{\u0022event_id\u0022:\u0022q\u0022,\u0022user_id\u0022:\u0022mallory\u0022}"}""", export.Lines[2]);
        Assert.Equal(0, erase.ExitCode);
        Assert.Matches(@"Events in the lake +\| +2 \| +2 \|", erase.Out);
        Assert.Contains("`dotnet pixel.cs erase --receipt 20", erase.Out, StringComparison.Ordinal);
        Assert.Equal((0, "", "0 events in the lake"), (after.ExitCode, after.Out, after.Error.Split('.')[0]));
        Assert.StartsWith("1 event in the lake.", bob.Error, StringComparison.Ordinal);
        var again = await CommandRun.OfAsync("erase", "--worker-port", WorkerPort, "--receipt", erase.Out.Split("--receipt ")[1].Split('`')[0]);
        Assert.Equal(erase.Out, again.Out);
    }

    [Fact]
    public async Task An_erasure_that_is_not_there_is_told_and_fails()
    {
        var run = await CommandRun.OfAsync("erase", "--receipt", "20260101-nobody", "--worker-port", WorkerPort);

        Assert.Equal(new CommandRun(1, "", "There is no erasure 20260101-nobody.\n"), run);
    }

    private string WorkerPort => new Uri(_worker.Urls.Single()).Port.ToString();

    // Parquet, through the Athena API: INSERT writes below the table's location and registers the hour.
    private async Task PutAsync(params string[] users)
    {
        using var http = new HttpClient { BaseAddress = new Uri(_worker.Urls.Single()) };
        (await http.PostAsync("/jobs/views", null)).EnsureSuccessStatusCode();
        var rows = string.Join(" UNION ALL ", users.Select((user, i) => $"SELECT 'e{i}' AS event_id, TIMESTAMP '2026-01-02 03:04:0{i}' AS received_at, '{user}' AS user_id, '2026' AS year, '01' AS month, '02' AS day, '03' AS hour"));
        var insert = await CommandRun.OfAsync(
            "query", $"INSERT INTO tp_events (event_id, received_at, user_id, year, month, day, hour) {rows}", "--cloud-port", cloud.Port, "--workgroup", "pixel-maintenance");
        Assert.Equal((0, ""), (insert.ExitCode, insert.Error));
    }
}
