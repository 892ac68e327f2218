using System.Net.Http.Json;
using System.Text.Json;
using Catalog.Worker;
using Cli.Cost.Model;
using Cronos;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Cli.Tests.Cost;

public class WorkerJobsTests
{
    private static readonly DateTime Midnight = new(2026, 11, 26, 0, 0, 0, DateTimeKind.Utc);

    [Fact]
    public async Task The_jobs_that_are_paid_for_are_the_workers_on_its_schedules()
    {
        var paid = JobUsage.Jobs(new Assumptions()).ToDictionary(job => job.Name, job => job.PerDay);

        Assert.Equal((await RunsADayAsync()).OrderBy(job => job.Key), paid.OrderBy(job => job.Key));
    }

    /// <summary>Asks a worker as it runs in production, which has no cloud and runs nothing.</summary>
    private static async Task<Dictionary<string, double>> RunsADayAsync()
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.Configuration.AddInMemoryCollection(
        [
            new("AWS:ServiceURL", "http://127.0.0.1:1"), new("AWS:Region", "us-east-1"), new("AWS:AccessKey", "test"), new("AWS:SecretKey", "test"),
            new("Telemetry:Enabled", "false"),
            .. JobUsage.Jobs(new Assumptions()).Select(job => KeyValuePair.Create($"Jobs:{job.Name}:RunAtStart", (string?)"false")),
        ]);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        await using var worker = builder.AddCatalogWorker().Build().MapCatalogWorker();
        await worker.StartAsync(TestContext.Current.CancellationToken);
        using var http = new HttpClient { BaseAddress = new Uri(worker.Urls.Single()) };
        var jobs = await http.GetFromJsonAsync<JsonElement[]>("/jobs", TestContext.Current.CancellationToken);
        await worker.StopAsync(TestContext.Current.CancellationToken);
        return jobs!.ToDictionary(
            job => job.GetProperty("name").GetString()!,
            job => (double)CronExpression.Parse(job.GetProperty("schedule").GetString()!).GetOccurrences(Midnight, Midnight.AddDays(1), fromInclusive: true, toInclusive: false).Count());
    }
}
