using Amazon.Athena;
using Amazon.Athena.Model;
using Catalog.Worker.Views;
using LocalCloud.S3;
using Microsoft.Extensions.DependencyInjection;

namespace Catalog.Worker.Tests.Views;

/// <summary>What a day costs through every view must not grow with the lake.</summary>
public sealed class ThreeYearTests
{
    private const int Hours = 26_280;

    [Fact]
    public async Task A_day_of_three_years_of_hours_scans_that_days_bytes_through_every_view()
    {
        await using var lake = await TemplateLake.StartAsync(new() { ["DataFormat"] = "json" }, new() { ["Jobs:load-partitions:RegisterAhead"] = "00:00:00" });
        await lake.Worker.RunAsync("views");
        var store = lake.Cloud.Services.GetRequiredService<ObjectStore>();
        var last = new DateTimeOffset(2026, 3, 15, 10, 0, 0, TimeSpan.Zero);
        var body = """{"event_id":"a","received_at":"2026-03-15T09:00:00.000Z","event_name":"pageview","user_id":"u1","visitor_id":"v1","third_party":"news","page_host":"shop","page_path":"/","utm_source":"mail"}"""u8.ToArray();
        for (var hour = 0; hour < Hours; hour++)
        {
            // Data in every day's first hour, and in all of one day: what is scanned is whole objects, and those are what counts.
            var start = last.AddHours(-hour);
            if (start.Hour == 0 || start is { Month: 3, Day: 14, Year: 2026 })
            {
                await store.PutAsync(Lake.Bucket, $"events/{Lake.Hive(start)}pixel-events-1", new MemoryStream(body));
            }
        }

        await Lake.RegisterAsync(lake.Glue, Enumerable.Range(0, Hours).Select(hour => last.AddHours(-hour)));
        var day = 24 * body.Length;

        foreach (var view in ViewFiles.Load().All)
        {
            var scanned = await ScannedAsync(lake.Athena, $"SELECT * FROM {view.Name} WHERE year = '2026' AND month = '03' AND day = '14'");
            Assert.True(scanned == day, $"A day through {view.Name} scans {scanned} bytes, not {day}.");
        }

        Assert.Equal(day / 24, await ScannedAsync(lake.Athena, "SELECT * FROM pages WHERE year = '2026' AND month = '03' AND day = '14' AND hour = '07'"));
    }

    private static async Task<long> ScannedAsync(IAmazonAthena athena, string sql)
    {
        var id = (await athena.StartQueryExecutionAsync(new StartQueryExecutionRequest
        {
            QueryString = sql, WorkGroup = Lake.Workgroup, QueryExecutionContext = new QueryExecutionContext { Database = Lake.Database },
        })).QueryExecutionId;
        QueryExecution execution;
        do
        {
            execution = (await athena.GetQueryExecutionAsync(new GetQueryExecutionRequest { QueryExecutionId = id })).QueryExecution;
        }
        while (execution.Status.State == "QUEUED" || execution.Status.State == "RUNNING");
        Assert.True(execution.Status.State == "SUCCEEDED", $"{execution.Status.StateChangeReason}\n{sql}");
        return execution.Statistics.DataScannedInBytes!.Value;
    }
}
