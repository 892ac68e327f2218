using Amazon.Glue.Model;
using Amazon.S3.Model;
using Catalog.Worker.Compaction;
using Catalog.Worker.Partitions;
using Catalog.Worker.Tests.Views;
using Microsoft.Extensions.DependencyInjection;
using Pixel.Events.Lake;
using static Catalog.Worker.Tests.Compaction.CompactedLake;

namespace Catalog.Worker.Tests.Compaction;

public sealed class CompactionTests : IAsyncLifetime
{
    private Lake _lake = null!;

    public async ValueTask InitializeAsync()
        => _lake = await Lake.StartAsync(new() { ["AWS:Resources:DataFormat"] = "json", ["Jobs:compaction:CloseAfter"] = "00:15:00", ["Jobs:load-partitions:RegisterAhead"] = "00:00:00" });

    public ValueTask DisposeAsync() => _lake.DisposeAsync();

    [Fact]
    public async Task The_small_files_of_a_closed_hour_become_one_parquet_file_with_the_same_events()
    {
        var counts = await CompactAsync(
            (Nine, ["a", "b"]), (Nine, ["c"]), (Nine, ["d"]), (Nine.AddHours(1), ["open", "open-too"]), (Nine.AddHours(1), ["open-three"]));

        Assert.Equal((1, 3, 1, 0), (counts["hours"], counts["filesBefore"], counts["filesAfter"], counts["duplicates"]));
        var location = await _lake.LocationAsync(Nine);
        Assert.StartsWith("s3://pixel-lake/compacted/year=2026/month=03/day=15/hour=09/v=", location, StringComparison.Ordinal);
        Assert.Equal(["a", "b", "c", "d"], await _lake.IdsAsync(Nine));
        Assert.Equal("s3://pixel-lake/events/year=2026/month=03/day=15/hour=10/", await _lake.LocationAsync(Nine.AddHours(1)));
        var file = Assert.Single(await _lake.KeysAsync("compacted/"));
        using var found = await _lake.S3.GetObjectAsync(Lake.Bucket, file);
        var head = new byte[4];
        await found.ResponseStream.ReadExactlyAsync(head);
        Assert.Equal("PAR1"u8.ToArray(), head);
    }

    [Fact]
    public async Task A_second_run_finds_nothing_to_do_and_leaves_nothing_behind()
    {
        await CompactAsync((Nine, ["a"]), (Nine, ["b"]));
        var location = await _lake.LocationAsync(Nine);

        var counts = await _lake.RunAsync("compaction");

        Assert.Equal(0, counts["hours"]);
        Assert.Equal(location, await _lake.LocationAsync(Nine));
        Assert.Empty(await _lake.KeysAsync("catalog/inputs/"));
        Assert.Empty((await _lake.Glue.GetPartitionsAsync(new GetPartitionsRequest { DatabaseName = Lake.Database, TableName = "tp_events_rewrite_input" })).Partitions ?? []);
    }

    [Fact]
    public async Task The_rows_of_the_file_are_in_the_order_of_third_party_and_time()
    {
        await _lake.PutAsync(Lake.Hive(Nine), Line("3", Nine.AddMinutes(5), "b.example") + "\n" + Line("1", Nine.AddMinutes(9), "a.example"));
        await _lake.PutAsync(Lake.Hive(Nine), Line("2", Nine.AddMinutes(1), "b.example") + "\n" + Line("4", Nine.AddMinutes(59), "b.example"));
        await _lake.RunAsync("load-partitions");

        await _lake.RunAsync("compaction");

        Assert.Equal(["1", "2", "3", "4"], await _lake.Athena.QueryAsync("SELECT event_id FROM tp_events WHERE hour = '09'"));
    }

    [Fact]
    public async Task Duplicates_go_within_the_hour_and_against_the_hour_before_and_events_without_an_id_stay()
    {
        var eight = Nine.AddHours(-1);
        var counts = await CompactAsync((eight, ["x", "only-eight"]), (eight, ["x"]), (Nine, ["a", "x", "", ""]), (Nine, ["a", "b", ""]));

        Assert.Equal(["only-eight", "x"], await _lake.IdsAsync(eight));
        Assert.Equal(["a", "b", "", "", ""], await _lake.IdsAsync(Nine));
        Assert.Equal((2, 3), (counts["hours"], counts["duplicates"]));
    }

    [Fact]
    public async Task An_object_that_arrives_after_the_switch_is_not_lost()
    {
        await CompactAsync((Nine, ["a"]), (Nine, ["b"]));
        var first = await _lake.LocationAsync(Nine);

        await _lake.PutEventsAsync(Nine, "late", "b");
        _lake.Time.Advance(TimeSpan.FromHours(1));
        var counts = await _lake.RunAsync("compaction");

        Assert.Equal((1, 1, 1), (counts["hours"], counts["lateFiles"], counts["duplicates"]));
        Assert.Equal(["a", "b", "late"], await _lake.IdsAsync(Nine));
        Assert.NotEqual(first, await _lake.LocationAsync(Nine));
    }

    [Fact]
    public async Task An_object_that_arrives_after_the_late_window_is_seen_within_a_day()
    {
        await CompactAsync((Nine, ["a"]), (Nine, ["b"]));
        _lake.Time.Advance(TimeSpan.FromDays(5));
        await _lake.RunAsync("compaction");
        await _lake.PutEventsAsync(Nine, "much-too-late");

        Assert.Equal(0, (await _lake.RunAsync("compaction"))["hours"]);
        _lake.Time.Advance(TimeSpan.FromDays(1));
        var counts = await _lake.RunAsync("compaction");

        Assert.Equal((1, 1), (counts["hours"], counts["lateFiles"]));
        Assert.Equal(["a", "b", "much-too-late"], await _lake.IdsAsync(Nine));
    }

    [Fact]
    public async Task An_event_that_arrives_late_in_an_hour_leaves_the_compacted_hour_after_it()
    {
        await CompactAsync((Nine.AddHours(-1), ["a"]), (Nine.AddHours(-1), ["b"]), (Nine, ["twice", "c"]), (Nine, ["d"]));

        await _lake.PutEventsAsync(Nine.AddHours(-1), "twice");
        await _lake.RunAsync("compaction");

        Assert.Equal(["a", "b", "twice"], await _lake.IdsAsync(Nine.AddHours(-1)));
        Assert.Equal(["c", "d"], await _lake.IdsAsync(Nine));
    }

    [Fact]
    public async Task An_hour_that_is_compacted_only_after_the_hour_after_it_takes_its_events_from_that()
    {
        await _lake.PutEventsAsync(Nine.AddHours(-1), "a"); // too few objects
        await CompactAsync((Nine, ["twice", "c"]), (Nine, ["d"]));

        await _lake.PutEventsAsync(Nine.AddHours(-1), "twice");
        await _lake.RunAsync("compaction");

        Assert.Equal(["a", "twice"], await _lake.IdsAsync(Nine.AddHours(-1)));
        Assert.Equal(["c", "d"], await _lake.IdsAsync(Nine));
    }

    [Fact]
    public async Task A_run_that_was_stopped_before_it_looked_at_the_hour_after_is_made_up_for_by_the_next()
    {
        await CompactAsync((Nine.AddHours(-1), ["a"]), (Nine.AddHours(-1), ["b"]), (Nine, ["twice", "c"]), (Nine, ["d"]));
        await _lake.PutEventsAsync(Nine.AddHours(-1), "twice");

        _lake.Faults.Fail("AND event_id IN (SELECT event_id");
        using (var failed = await _lake.Worker.Http.PostAsync("/jobs/compaction", null))
        {
            Assert.False(failed.IsSuccessStatusCode);
        }

        Assert.Equal(["c", "d", "twice"], await _lake.IdsAsync(Nine));
        await _lake.RunAsync("compaction");

        Assert.Equal(["c", "d"], await _lake.IdsAsync(Nine));
        Assert.Equal(["a", "b", "twice"], await _lake.IdsAsync(Nine.AddHours(-1)));
    }

    [Fact]
    public async Task An_hour_is_not_switched_when_another_run_has_taken_its_list_of_inputs_away()
    {
        await _lake.PutEventsAsync(Nine, "a");
        await _lake.PutEventsAsync(Nine, "b");
        await _lake.RunAsync("load-partitions");
        var input = $"{Lake.Table}_rewrite_input";
        _lake.Faults.Before("UNLOAD", async () =>
        {
            foreach (var partition in (await _lake.Glue.GetPartitionsAsync(new GetPartitionsRequest { DatabaseName = Lake.Database, TableName = input })).Partitions)
            {
                await _lake.Glue.DeletePartitionAsync(new DeletePartitionRequest { DatabaseName = Lake.Database, TableName = input, PartitionValues = partition.Values });
            }
        });

        using var failed = await _lake.Worker.Http.PostAsync("/jobs/compaction", null);

        Assert.Contains("another run took its list of inputs away", await failed.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(["a", "b"], await _lake.IdsAsync(Nine));
        Assert.Empty(await _lake.KeysAsync("compacted/"));
        Assert.Empty(await _lake.KeysAsync("catalog/manifests/"));
    }

    [Fact]
    public async Task Exactly_the_inputs_are_deleted_after_24_hours_and_what_landed_meanwhile_is_not()
    {
        await CompactAsync((Nine, ["a"]), (Nine, ["b"]));
        _lake.Time.Advance(TimeSpan.FromHours(23.9));
        await _lake.RunAsync("compaction");
        var kept = await _lake.RawAsync(Nine);

        await _lake.PutEventsAsync(Nine, "late");
        _lake.Time.Advance(TimeSpan.FromHours(0.2));
        var counts = await _lake.RunAsync("compaction");

        Assert.Equal((2, 2), (kept.Count, counts["inputsDeleted"]));
        var left = Assert.Single(await _lake.RawAsync(Nine));
        Assert.DoesNotContain(left, kept);
        Assert.Equal(["a", "b", "late"], await _lake.IdsAsync(Nine));

        _lake.Time.Advance(TimeSpan.FromHours(25));
        await _lake.RunAsync("compaction");
        Assert.Empty(await _lake.RawAsync(Nine));
        Assert.Equal(["a", "b", "late"], await _lake.IdsAsync(Nine));
        Assert.Single(await _lake.KeysAsync("compacted/"));
        Assert.Empty(await _lake.KeysAsync("catalog/manifests/open/"));
        Assert.Equal(2, (await _lake.KeysAsync("catalog/manifests/closed/")).Count);
    }

    [Fact]
    public async Task Inputs_are_kept_when_the_hour_is_read_from_somewhere_else_by_then()
    {
        await CompactAsync((Nine, ["a"]), (Nine, ["b"]));
        await MoveAsync(Nine, $"s3://pixel-lake/events/{Lake.Hive(Nine)}");
        _lake.Time.Advance(TimeSpan.FromHours(25));

        var counts = await _lake.RunAsync("compaction");

        Assert.Equal(0, counts["inputsDeleted"]);
        Assert.Equal(2, (await _lake.RawAsync(Nine)).Count);
        Assert.Equal(["a", "b"], await _lake.IdsAsync(Nine));
        Assert.Contains("2026/03/15/09 was compacted from is kept", await NotesAsync(), StringComparison.Ordinal);
        var again = await _lake.RunAsync("compaction");
        Assert.Equal(1, again["hours"]);
    }

    [Fact]
    public async Task Inputs_are_kept_when_a_compacted_file_is_missing()
    {
        await CompactAsync((Nine, ["a"]), (Nine, ["b"]));
        await _lake.S3.DeleteObjectAsync(Lake.Bucket, Assert.Single(await _lake.KeysAsync("compacted/")));
        _lake.Time.Advance(TimeSpan.FromHours(25));

        var counts = await _lake.RunAsync("compaction");

        Assert.Equal(0, counts["inputsDeleted"]);
        Assert.Equal(2, (await _lake.RawAsync(Nine)).Count);
    }

    [Fact]
    public async Task Nothing_is_switched_when_the_written_events_are_not_all_of_them()
    {
        await _lake.PutEventsAsync(Nine, "a");
        await _lake.PutEventsAsync(Nine, "b");
        await _lake.PutEventsAsync(Nine.AddHours(-1), "c");
        await _lake.PutEventsAsync(Nine.AddHours(-1), "d");
        await _lake.RunAsync("load-partitions");
        var lost = 0;
        _lake.Faults.Before("SELECT 'all'", async () =>
        {
            if (lost++ == 0)
            {
                var list = (await _lake.KeysAsync("catalog/inputs/")).Single(k => k.Contains("-out/", StringComparison.Ordinal));
                await _lake.S3.PutObjectAsync(new PutObjectRequest { BucketName = Lake.Bucket, Key = list, ContentBody = "\n" });
            }
        });

        var (status, error) = await _lake.Worker.FailAsync("compaction");

        Assert.Equal(502, status);
        Assert.Equal(
            "1 of 2 hours could not be compacted and stay as they are. The first: The hour 2026/03/15/08 was not switched: of 2 events 0 were written. It stays as it was; the next run tries again.",
            error);
        Assert.Equal($"s3://pixel-lake/events/{Lake.Hive(Nine.AddHours(-1))}", await _lake.LocationAsync(Nine.AddHours(-1)));
        Assert.Contains("/compacted/", await _lake.LocationAsync(Nine), StringComparison.Ordinal);
        await _lake.RunAsync("compaction");
        Assert.Equal(["c", "d"], await _lake.IdsAsync(Nine.AddHours(-1)));
        Assert.Contains("/compacted/", await _lake.LocationAsync(Nine.AddHours(-1)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_hour_that_a_later_run_has_been_at_is_not_switched_by_an_earlier_one()
    {
        await _lake.PutEventsAsync(Nine, "a");
        await _lake.PutEventsAsync(Nine, "b");
        await _lake.RunAsync("load-partitions");
        _lake.Faults.Before("SELECT 'all'", () => MoveAsync(Nine, $"s3://pixel-lake/events/{Lake.Hive(Nine)}", ("pixel.rewrite.fence", "99")));

        await _lake.Worker.RunAsync("compaction");

        Assert.Equal($"s3://pixel-lake/events/{Lake.Hive(Nine)}", await _lake.LocationAsync(Nine));
        Assert.Contains("2026/03/15/09 was not switched, because its partition was changed meanwhile", await NotesAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dry_run_says_what_it_would_compact_and_changes_nothing()
    {
        await _lake.PutEventsAsync(Nine, "a");
        await _lake.PutEventsAsync(Nine, "b");
        await _lake.RunAsync("load-partitions");

        var counts = await _lake.RunAsync("compaction", dryRun: true);

        Assert.Equal((1, 2), (counts["hours"], counts["filesBefore"]));
        Assert.Empty(await _lake.KeysAsync("compacted/"));
        Assert.Empty(await _lake.KeysAsync("catalog/manifests/"));
    }

    [Fact]
    public async Task After_a_long_stop_the_hours_before_the_window_are_compacted_too()
    {
        await CompactAsync((Nine, ["a"]), (Nine, ["b"]));
        foreach (var hour in new[] { Nine.AddHours(2), Nine.AddHours(3) })
        {
            await _lake.PutEventsAsync(hour, "one");
            await _lake.PutEventsAsync(hour, "two");
        }

        _lake.Time.Advance(TimeSpan.FromDays(10));
        await _lake.RunAsync("load-partitions");
        var counts = await _lake.RunAsync("compaction");

        Assert.Equal(2, counts["hours"]);
        Assert.Empty(await _lake.IdsAsync(Nine.AddHours(3))); // one and two are those of the hour before
    }

    [Fact]
    public async Task Parquet_objects_in_the_dated_layout_are_compacted_as_well()
    {
        await using var lake = await Lake.StartAsync(new() { ["AWS:Resources:KeyLayout"] = "dated", ["AWS:Resources:DataFormat"] = "json", ["Jobs:compaction:CloseAfter"] = "00:15:00" });
        await lake.PutAsync("2026/03/15/09/", Line("a", Nine));
        await lake.PutAsync("2026/03/15/09/", Line("b", Nine));
        await lake.RunAsync("load-partitions");

        await lake.RunAsync("compaction");

        Assert.Equal(["a", "b"], await lake.IdsAsync(Nine));
        Assert.Contains("compacted/year=2026/", await lake.LocationAsync(Nine), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_large_hour_is_written_in_slices_of_time_and_read_whole()
    {
        const int events = 240;
        foreach (var half in new[] { 0, 1 })
        {
            var lines = Enumerable.Range(0, events / 2).Select(i => (2 * i) + half).Select(i => Line($"e{i:000}", Nine.AddSeconds(15 * i)));
            await _lake.PutAsync(Lake.Hive(Nine), string.Join('\n', lines));
        }

        await _lake.RunAsync("load-partitions");
        var calls = new AwsCalls();
        var services = _lake.Worker.Services;
        var partitions = services.GetRequiredService<PartitionTable>();
        var table = await partitions.GetAsync(calls, CancellationToken.None);
        var inputs = await services.GetRequiredService<LakeListing>().ObjectsAtAsync(await _lake.LocationAsync(Nine), calls, CancellationToken.None);
        var order = new HourRewriter.Order(
            table, await services.GetRequiredService<InputTable>().PrepareAsync(table, 1, calls, CancellationToken.None),
            (await _lake.PartitionsAsync()).Single(p => p.Values[3] == "09"), LakePartition.Of(Nine), inputs, FileSize: inputs.Sum(i => i.Size) / 8 / 4 + 1, Fence: 1);

        var outcome = await services.GetRequiredService<HourRewriter>().RewriteAsync(order, calls, CancellationToken.None);

        Assert.Equal((events, events), (outcome!.EventsBefore, outcome.EventsAfter));
        Assert.Equal(["slice=0", "slice=1", "slice=2", "slice=3"], outcome.Manifest.Outputs!.Select(o => o.Key.Split('/')[^2]).Order(StringComparer.Ordinal));
        Assert.Equal(Enumerable.Range(0, events).Select(i => $"e{i:000}"), await _lake.IdsAsync(Nine));
        var descriptor = (await _lake.PartitionsAsync()).Single(p => p.Values[3] == "09").StorageDescriptor;
        descriptor.Location += "slice=2/";
        await _lake.Glue.UpdatePartitionAsync(new UpdatePartitionRequest
        {
            DatabaseName = Lake.Database,
            TableName = Lake.Table,
            PartitionValueList = ["2026", "03", "15", "09"],
            PartitionInput = new PartitionInput { Values = ["2026", "03", "15", "09"], StorageDescriptor = descriptor },
        });
        Assert.Equal(Enumerable.Range(120, 60).Select(i => $"e{i:000}"), await _lake.IdsAsync(Nine));
    }

    [Fact]
    public async Task It_says_what_a_dashboards_questions_scan_before_and_after()
    {
        await using var lake = await TemplateLake.StartAsync(
            new() { ["DataFormat"] = "json" }, new() { ["Jobs:compaction:MeasureHour"] = "9", ["Jobs:compaction:CloseAfter"] = "00:15:00" });
        foreach (var hour in new[] { Nine.AddHours(-1), Nine })
        {
            foreach (var id in new[] { "a", "b" })
            {
                var line = Line($"{id}{hour:HH}", hour) + "\n";
                await lake.S3.PutObjectAsync(new PutObjectRequest { BucketName = Lake.Bucket, Key = $"events/{Lake.Hive(hour)}{id}", ContentBody = line });
            }
        }

        await lake.Worker.RunAsync("load-partitions");
        await lake.Worker.RunAsync("views");
        var counts = await lake.Worker.RunAsync("compaction");

        // One hour of two is measured, and JSON is read whole for each question.
        Assert.Equal(StandardQuestions.All.Count * counts["bytesBefore"] / 2, counts["scannedBefore"]);
        Assert.InRange(counts["scannedAfter"], 1, long.MaxValue);
    }

    [Fact]
    public async Task An_hour_is_compacted_as_well_when_there_are_no_views_to_measure_with()
    {
        await using var lake = await Lake.StartAsync(
            new() { ["AWS:Resources:DataFormat"] = "json", ["Jobs:compaction:CloseAfter"] = "00:15:00", ["Jobs:compaction:MeasureHour"] = "9" });
        await lake.PutEventsAsync(Nine, "a");
        await lake.PutEventsAsync(Nine, "b");
        await lake.RunAsync("load-partitions");

        var counts = await lake.RunAsync("compaction");

        Assert.Equal((1, 0, 0), (counts["filesAfter"], counts["scannedBefore"], counts["scannedAfter"]));
        Assert.Contains("was not measured", await lake.Worker.Http.GetStringAsync("/jobs"), StringComparison.Ordinal);
    }

    private async Task<string> NotesAsync()
    {
        using var answer = await _lake.Worker.Http.GetAsync("/jobs");
        return await answer.Content.ReadAsStringAsync();
    }

    private Task MoveAsync(DateTimeOffset hour, string location, params (string Key, string Value)[] parameters) => _lake.Glue.UpdatePartitionAsync(new UpdatePartitionRequest
    {
        DatabaseName = Lake.Database,
        TableName = Lake.Table,
        PartitionValueList = [$"{hour:yyyy}", $"{hour:MM}", $"{hour:dd}", $"{hour:HH}"],
        PartitionInput = new PartitionInput
        {
            Values = [$"{hour:yyyy}", $"{hour:MM}", $"{hour:dd}", $"{hour:HH}"],
            Parameters = parameters.ToDictionary(p => p.Key, p => p.Value),
            StorageDescriptor = new StorageDescriptor { Location = location },
        },
    });

    /// <summary>Puts objects of events, by hour and id, has their hours registered, and compacts.</summary>
    private async Task<Dictionary<string, long>> CompactAsync(params (DateTimeOffset Hour, string[] Ids)[] objects)
    {
        foreach (var (hour, ids) in objects)
        {
            await _lake.PutEventsAsync(hour, ids);
        }

        await _lake.RunAsync("load-partitions");
        return await _lake.RunAsync("compaction");
    }
}
