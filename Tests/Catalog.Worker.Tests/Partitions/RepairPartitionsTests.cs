using System.Net;
using Amazon.Glue.Model;
using Catalog.Worker.Tests.Compaction;

namespace Catalog.Worker.Tests.Partitions;

public sealed class RepairPartitionsTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Old = new(2025, 11, 2, 3, 0, 0, TimeSpan.Zero);

    private Lake _lake = null!;

    public async ValueTask InitializeAsync() => _lake = await Lake.StartAsync();

    public ValueTask DisposeAsync() => _lake.DisposeAsync();

    [Fact]
    public async Task Old_hours_with_objects_are_added_and_old_partitions_without_are_removed()
    {
        await _lake.PutAsync(Lake.Hive(Old));
        await _lake.PutAsync(Lake.Hive(Old.AddHours(1)));
        await _lake.RegisterAsync([Old.AddHours(1), Old.AddHours(2)]);

        var counts = await _lake.RunAsync("repair-partitions");

        Assert.Equal((1, 1), (counts["added"], counts["removed"]));
        Assert.Equal(["2025/11/02/03", "2025/11/02/04"], await _lake.PartitionNamesAsync());
    }

    [Fact]
    public async Task Empty_hours_to_come_and_inside_the_late_window_stay()
    {
        var edge = new DateTimeOffset(2026, 3, 13, 10, 0, 0, TimeSpan.Zero);
        await _lake.RegisterAsync([edge.AddHours(-1), edge, edge.AddHours(40), edge.AddHours(90)]);

        await _lake.RunAsync("repair-partitions");

        Assert.Equal(["2026/03/13/10", "2026/03/15/02", "2026/03/17/04"], await _lake.PartitionNamesAsync());
    }

    [Fact]
    public async Task The_window_that_a_beacons_backlog_holds_open_is_kept_too()
    {
        await _lake.RegisterAsync([Old, Old.AddDays(100)]);
        await _lake.PutKeyAsync("catalog/late-window.json", """{"oldestUndelivered":"2026-02-10T03:59:00Z","fence":1}""");

        await _lake.RunAsync("repair-partitions");

        Assert.Equal(["2026/02/10/03"], await _lake.PartitionNamesAsync());
    }

    [Fact]
    public async Task Of_two_names_of_an_hour_the_one_with_zeros_stays_so_that_nothing_is_read_twice()
    {
        await _lake.PutAsync(Lake.Hive(Old));
        await _lake.RegisterAsync([Old]);
        await RegisterAsync(["2025", "11", "2", "3"], $"s3://pixel-lake/events/{Lake.Hive(Old)}");
        await _lake.PutAsync(Lake.Hive(Old.AddHours(1)));
        await RegisterAsync(["2025", "11", "2", "4"], $"s3://pixel-lake/events/{Lake.Hive(Old.AddHours(1))}");

        var counts = await _lake.RunAsync("repair-partitions");

        Assert.Equal((0, 1), (counts["added"], counts["removed"]));
        Assert.Equal(["2025/11/02/03", "2025/11/2/4"], await _lake.PartitionNamesAsync());
    }

    [Fact]
    public async Task A_compacted_hour_stays_while_its_objects_are_there_and_comes_back_raw_when_they_are_not()
    {
        var there = Old.AddHours(1);
        var lost = Old.AddHours(2);
        await RegisterAsync(["2025", "11", "02", "04"], $"s3://pixel-lake/compacted/{Lake.Hive(there)}v=1/");
        await RegisterAsync(["2025", "11", "02", "05"], $"s3://pixel-lake/compacted/{Lake.Hive(lost)}v=1/");
        await _lake.PutKeyAsync($"compacted/{Lake.Hive(there)}v=1/part-1");
        await _lake.PutKeyAsync($"compacted/{Lake.Hive(lost)}v=2/part-1");
        await _lake.PutAsync(Lake.Hive(lost));

        var counts = await _lake.RunAsync("repair-partitions");

        Assert.Equal((1, 1), (counts["added"], counts["removed"]));
        Assert.Equal(
            [$"s3://pixel-lake/compacted/{Lake.Hive(there)}v=1/", $"s3://pixel-lake/events/{Lake.Hive(lost)}"],
            (await _lake.PartitionsAsync()).Select(p => p.StorageDescriptor.Location));
    }

    [Fact]
    public async Task A_compacted_hour_that_the_catalog_has_forgotten_comes_back_as_it_was_last_read()
    {
        await using var lake = await Lake.StartAsync(
            new() { ["AWS:Resources:DataFormat"] = "json", ["Jobs:compaction:CloseAfter"] = "00:15:00", ["Jobs:load-partitions:RegisterAhead"] = "00:00:00" });
        await lake.PutEventsAsync(CompactedLake.Nine, "a");
        await lake.PutEventsAsync(CompactedLake.Nine, "b");
        await lake.RunAsync("load-partitions");
        await lake.RunAsync("compaction");
        lake.Time.Advance(TimeSpan.FromHours(25));
        await lake.RunAsync("compaction"); // from here on only the compacted file is there
        await lake.PutKeyAsync($"compacted/{Lake.Hive(CompactedLake.Nine)}v=20990101000000-9-unfinished/part-1", "half of it");
        await lake.PutKeyAsync($"compacted/{Lake.Hive(Old)}v=20990101000000-9-unfinished/part-1", "half of it");
        await lake.Glue.DeletePartitionAsync(new DeletePartitionRequest { DatabaseName = Lake.Database, TableName = Lake.Table, PartitionValues = ["2026", "03", "15", "09"] });

        var counts = await lake.RunAsync("repair-partitions");

        Assert.Equal((1, 0), (counts["added"], counts["removed"]));
        Assert.Equal(["a", "b"], await lake.IdsAsync(CompactedLake.Nine));
        Assert.Contains("no manifest calls complete", await lake.Worker.Http.GetStringAsync("/jobs"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_hour_that_was_compacted_in_slices_stays()
    {
        await RegisterAsync(["2025", "11", "02", "04"], $"s3://pixel-lake/compacted/{Lake.Hive(Old.AddHours(1))}v=gone/");
        await _lake.PutKeyAsync($"compacted/{Lake.Hive(Old.AddHours(1))}v=1/slice=0/part-1");
        await RegisterAsync(["2025", "11", "02", "05"], $"s3://pixel-lake/compacted/{Lake.Hive(Old.AddHours(2))}v=1/");
        await _lake.PutKeyAsync($"compacted/{Lake.Hive(Old.AddHours(2))}v=1/slice=0/part-1");

        await _lake.RunAsync("repair-partitions");

        Assert.Equal(["2025/11/02/05"], await _lake.PartitionNamesAsync());
    }

    [Fact]
    public async Task It_never_runs_while_hours_are_rewritten()
    {
        await using var lake = await Lake.StartAsync(
            new() { ["AWS:Resources:DataFormat"] = "json", ["Jobs:compaction:CloseAfter"] = "00:15:00", ["Jobs:load-partitions:RegisterAhead"] = "00:00:00" });
        await lake.PutEventsAsync(CompactedLake.Nine, "a");
        await lake.PutEventsAsync(CompactedLake.Nine, "b");
        await lake.RunAsync("load-partitions");
        HttpStatusCode? meanwhile = null;
        lake.Faults.Before("UNLOAD", async () =>
        {
            using var answer = await lake.Worker.Http.PostAsync("/jobs/repair-partitions", null);
            meanwhile = answer.StatusCode;
        });

        await lake.Worker.RunAsync("compaction");

        Assert.Equal(HttpStatusCode.Conflict, meanwhile);
    }

    [Fact]
    public async Task What_is_not_ours_is_left_alone()
    {
        await RegisterAsync(["2025", "11", "02", "all"], "s3://pixel-lake/events/elsewhere/");
        await RegisterAsync(["2025", "11", "02", "06"], "s3://another-lake/somebodys/");

        var counts = await _lake.RunAsync("repair-partitions");

        Assert.Equal(0, counts["removed"]);
        Assert.Equal(2, (await _lake.PartitionsAsync()).Count);
    }

    [Fact]
    public async Task More_than_one_page_and_one_batch_are_compared()
    {
        await _lake.RegisterAsync(Enumerable.Range(0, 1100).Select(hour => Old.AddHours(hour)));
        await Parallel.ForEachAsync(
            Enumerable.Range(60, 1140), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (hour, _) => await _lake.PutAsync(Lake.Hive(Old.AddHours(hour))));

        var counts = await _lake.RunAsync("repair-partitions");

        Assert.Equal((100, 60, 1140, 1100), (counts["added"], counts["removed"], counts["hoursListed"], counts["partitions"]));
        Assert.Equal(1140, (await _lake.PartitionsAsync()).Count);
    }

    [Fact]
    public async Task A_dry_run_and_a_change_at_the_same_time_remove_nothing_that_they_should_not()
    {
        await _lake.RegisterAsync([Old]);

        var dry = await _lake.RunAsync("repair-partitions", dryRun: true);
        Assert.Single(await _lake.PartitionsAsync());
        _lake.Faults.Answer("AWSGlue.BatchDeletePartition", 400, "ConcurrentModificationException", times: 3);
        var real = await _lake.Worker.RunAsync("repair-partitions");

        Assert.Equal((1, 1), (dry["removed"], real["removed"]));
        Assert.Empty(await _lake.PartitionsAsync());
    }

    private Task RegisterAsync(List<string> values, string location) => _lake.Glue.CreatePartitionAsync(new CreatePartitionRequest
    {
        DatabaseName = Lake.Database,
        TableName = Lake.Table,
        PartitionInput = new PartitionInput { Values = values, StorageDescriptor = new StorageDescriptor { Location = location } },
    });
}
