using System.Globalization;
using LocalCloud.Glue;
using LocalCloud.S3;
using Microsoft.Extensions.DependencyInjection;

namespace LocalCloud.Tests.Athena;

/// <summary>Three years of hourly partitions: what a query of a day costs must not grow with the lake.</summary>
public sealed class LargeLakeTests
{
    private const int Hours = 26_280;

    [Fact]
    public async Task A_day_of_three_years_of_hours_reads_that_days_files_and_bytes()
    {
        await using var bench = await AthenaBench.StartAsync();
        bench.CreateTable("tp_events", "event_id string, clicks int");
        var body = AthenaBench.Parquet("SELECT 'e' || i AS event_id, i AS clicks FROM range(3) t(i)");
        var store = bench.Server.Services.GetRequiredService<ObjectStore>();
        var descriptor = bench.Glue.GetTable("pixel", "tp_events").StorageDescriptor!;
        var start = new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var partitions = new List<PartitionInput>(Hours);
        for (var i = 0; i < Hours; i++)
        {
            var hour = start.AddHours(i);
            var path = hour.ToString("'tp_events/year='yyyy'/month='MM'/day='dd'/hour='HH'/'", CultureInfo.InvariantCulture);
            partitions.Add(new PartitionInput
            {
                Values = [.. hour.ToString("yyyy MM dd HH", CultureInfo.InvariantCulture).Split(' ')],
                StorageDescriptor = descriptor with { Location = "s3://lake/" + path },
            });

            // Data in every day's first hour, and in all of one day.
            if (hour.Hour == 0 || hour is { Year: 2026, Month: 11, Day: 23 })
            {
                await store.PutAsync("lake", path + "part", new MemoryStream(body));
            }
        }

        Assert.Empty(bench.Glue.CreatePartitions("pixel", "tp_events", partitions));
        async Task<long> Scanned(string sql)
        {
            var execution = await bench.RunAsync(sql);
            Assert.True(execution.Status.State.Value == "SUCCEEDED", execution.Status.StateChangeReason);
            return execution.Statistics.DataScannedInBytes!.Value;
        }

        Assert.Equal(["72|72"], await bench.RowsAsync("SELECT count(*), sum(clicks) FROM tp_events WHERE year = '2026' AND month = '11' AND day = '23'"));
        var day = await Scanned("SELECT sum(clicks) FROM tp_events WHERE year = '2026' AND month = '11' AND day = '23'");
        var all = await Scanned("SELECT sum(clicks) FROM tp_events");
        Assert.Equal(all / (1095 + 23) * 24, day);
        Assert.Equal([$"{(1095 + 23) * 3}"], await bench.RowsAsync("SELECT count(*) FROM tp_events"));
        Assert.Equal(["0"], await bench.RowsAsync("SELECT count(*) FROM tp_events WHERE year = '2027'"));
    }
}
