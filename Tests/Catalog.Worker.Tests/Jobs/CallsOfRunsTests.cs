using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Catalog.Worker.Tests.Jobs;

/// <summary>What AWS bills for the calls of the jobs: an ordinary hour, with an object every quarter of it. docs/cost.md takes its numbers from here.</summary>
public sealed class CallsOfRunsTests(ITestOutputHelper output)
{
    /// <summary>The jobs at the minutes of their schedules in an hour; once a day is once in 24.</summary>
    private static readonly (int Minute, string Job, int PerDay)[] Schedule =
    [
        (0, "redrive", 96), (0, "alerts", 96), (6, "schema", 24), (15, "redrive", 96), (15, "alerts", 96), (16, "load-partitions", 24), (20, "retention", 1), (26, "views", 24),
        (30, "redrive", 96), (30, "alerts", 96), (35, "compaction", 24), (40, "repair-partitions", 1), (40, "erasure", 24), (45, "redrive", 96), (45, "alerts", 96), (50, "rollup", 24), (55, "ledger", 24),
    ];

    [Fact]
    public async Task An_ordinary_hour_of_jobs_calls_no_more_than_is_counted_as_their_cost()
    {
        var calls = new BilledCalls();
        await using var lake = await TemplateLake.StartAsync(new() { ["DataFormat"] = "json" }, services: s => s.AddSingleton<IStartupFilter>(calls));
        await lake.Worker.RunAsync("views");
        lake.Time.Advance(TimeSpan.FromMinutes(30));
        var found = new Dictionary<string, List<Calls>>();
        for (var hour = 0; hour < 5; hour++)
        {
            foreach (var (minute, job, _) in Schedule)
            {
                var due = new DateTimeOffset(2026, 3, 15, 11, minute, 0, TimeSpan.Zero).AddHours(hour);
                lake.Time.Advance(due - lake.Time.GetUtcNow());
                if (job == "redrive")
                {
                    await PutAsync(lake, due.AddMinutes(-15));
                }

                calls.Take();
                await lake.Worker.RunAsync(job);

                // The first hours have no past: hours to compact, pages to read.
                if (hour == 4)
                {
                    found.TryAdd(job, []);
                    found[job].Add(calls.Take());
                }
            }
        }

        var (puts, gets, catalog, statements, runs) = (0.0, 0.0, 0.0, 0.0, 0);
        foreach (var (job, perDay) in Schedule.Select(s => (s.Job, s.PerDay)).Distinct())
        {
            var mean = (Puts: found[job].Average(c => c.Puts), Gets: found[job].Average(c => c.Gets), Catalog: found[job].Average(c => c.Catalog), Statements: found[job].Average(c => c.Statements));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{job}: {mean.Puts:0.##} PUT and LIST, {mean.Gets:0.##} GET, {mean.Catalog:0.##} of the catalog, {mean.Statements:0.##} statements"));
            (puts, gets, catalog, statements, runs) = (puts + (perDay * mean.Puts), gets + (perDay * mean.Gets), catalog + (perDay * mean.Catalog), statements + (perDay * mean.Statements), runs + perDay);
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"A run in the mean: {puts / runs:0.0} PUT and LIST, {gets / runs:0.0} GET, {catalog / runs:0.0} of the catalog, {statements / runs:0.00} statements"));
        // Cli.Cost.Model.Assumptions has 8, 3 and 3.
        Assert.InRange(puts / runs, 1, 7.5);
        Assert.InRange(gets / runs, 0.5, 2.5);
        Assert.InRange(catalog / runs, 1, 3);
        Assert.InRange(found["alerts"].Max(c => c.Statements), 0, 1);
        Assert.InRange(found["ledger"].Max(c => c.Statements), 0, 1);
    }

    private static Task PutAsync(TemplateLake lake, DateTimeOffset quarter) => lake.S3.PutObjectAsync(new()
    {
        BucketName = Lake.Bucket,
        Key = $"events/{Lake.Hive(quarter)}pixel-events-1-{quarter:yyyy-MM-dd-HH-mm-ss}-{Guid.NewGuid()}",
        ContentBody = string.Concat(Enumerable.Range(0, 20).Select(i => JsonSerializer.Serialize(new
        {
            event_id = Guid.NewGuid(), received_at = $"{quarter.AddSeconds(i):yyyy-MM-dd'T'HH:mm:ss.fff'Z'}", event_name = "pageview", third_party = "shop.example",
            beacon_id = "b", beacon_seq = (quarter.ToUnixTimeSeconds() / 900 * 20) + i,
        }) + "\n")),
    });

    /// <summary>Calls of one run, with those of its lock and of its row in job_runs.</summary>
    private sealed record Calls(int Puts, int Gets, int Catalog, int Statements);

    private sealed class BilledCalls : IStartupFilter
    {
        private readonly ConcurrentQueue<string> _seen = [];

        public Calls Take()
        {
            var seen = new List<string>();
            while (_seen.TryDequeue(out var call))
            {
                seen.Add(call);
            }

            return new(seen.Count(c => c == "put"), seen.Count(c => c == "get"), seen.Count(c => c == "catalog"), seen.Count(c => c == "statement"));
        }

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((HttpContext context, RequestDelegate pass) =>
            {
                var target = context.Request.Headers["X-Amz-Target"].ToString();
                var isObject = context.Request.Path.Value!.Trim('/').Contains('/', StringComparison.Ordinal);
                _seen.Enqueue(target switch
                {
                    "AmazonAthena.StartQueryExecution" => "statement",
                    _ when target.StartsWith("AWSGlue.", StringComparison.Ordinal) => "catalog",
                    "" when context.Request.Method is "PUT" || (context.Request.Method == "GET" && !isObject) => "put",
                    // Deletions are free (https://aws.amazon.com/s3/pricing/).
                    "" when context.Request.Method is "GET" or "HEAD" => "get",
                    _ => "free",
                });
                return pass(context);
            });
            next(app);
        };
    }
}
