using System.Diagnostics;
using System.Globalization;
using System.Net;
using Amazon.Glue.Model;

namespace Catalog.Worker.Tests.Partitions;

public sealed class LoadPartitionsTests(ITestOutputHelper output) : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _running = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var running in _running)
        {
            await running.DisposeAsync();
        }
    }

    [Fact]
    public async Task An_hour_with_objects_becomes_a_partition_with_the_paths_text_and_the_tables_whole_descriptor()
    {
        var lake = await StartAsync();
        await lake.PutAsync("year=2026/month=03/day=15/hour=09/");
        await lake.PutAsync("year=2026/month=03/day=15/hour=09/");

        var counts = await lake.RunAsync("load-partitions");

        var partition = Assert.Single(await lake.PartitionsAsync());
        var table = Lake.Input().StorageDescriptor;
        Assert.Equal(["2026", "03", "15", "09"], partition.Values);
        Assert.Equal("s3://pixel-lake/events/year=2026/month=03/day=15/hour=09/", partition.StorageDescriptor.Location);
        Assert.Equal(table.InputFormat, partition.StorageDescriptor.InputFormat);
        Assert.Equal(table.OutputFormat, partition.StorageDescriptor.OutputFormat);
        Assert.Equal(table.SerdeInfo.SerializationLibrary, partition.StorageDescriptor.SerdeInfo.SerializationLibrary);
        Assert.Equal(table.SerdeInfo.Parameters, partition.StorageDescriptor.SerdeInfo.Parameters);
        Assert.Equal(table.Columns.Select(c => c.Name), partition.StorageDescriptor.Columns.Select(c => c.Name));
        Assert.Equal((1, 1, 0), (counts["added"], counts["hoursListed"], counts["alreadyThere"]));
    }

    [Fact]
    public async Task Hours_that_were_registered_before_the_table_had_a_column_get_it_if_events_may_still_come()
    {
        var lake = await StartAsync(new() { ["Jobs:load-partitions:RegisterAhead"] = "02:00:00" });
        await lake.PutAsync("year=2026/month=03/day=01/hour=09/"); // before the late window
        await lake.PutAsync("year=2026/month=03/day=15/hour=09/");
        await lake.RegisterAsync([new(2026, 3, 15, 8, 0, 0, TimeSpan.Zero)]); // somebody else's
        await lake.RunAsync("repair-partitions");
        await lake.RunAsync("load-partitions");
        var before = (await lake.RunAsync("load-partitions"))["refreshed"];
        await lake.Glue.UpdateTableAsync(new UpdateTableRequest { DatabaseName = Lake.Database, TableInput = Lake.Input("string", new Column { Name = "basket", Type = "string" }) });

        var counts = await lake.RunAsync("load-partitions");

        Assert.Equal((0, 4, 0), (before, counts["refreshed"], (await lake.RunAsync("load-partitions"))["refreshed"]));
        Assert.Equal(
            ["2026/03/15/09", "2026/03/15/10", "2026/03/15/11", "2026/03/15/12"],
            (await lake.PartitionsAsync()).Where(p => p.StorageDescriptor.Columns?.Any(c => c.Name == "basket") == true).Select(p => string.Join('/', p.Values)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_dated_layout_that_emulators_write_works_as_well()
    {
        var lake = await StartAsync(new() { ["AWS:Resources:KeyLayout"] = "dated" });
        await lake.PutAsync("2026/03/15/09/");
        await lake.PutAsync("2026/03/15/10/");

        await lake.RunAsync("load-partitions");

        Assert.Equal(["2026/03/15/09", "2026/03/15/10"], await lake.PartitionNamesAsync());
        Assert.Contains(await lake.PartitionsAsync(), p => p.StorageDescriptor.Location == "s3://pixel-lake/events/2026/03/15/10/");
    }

    [Fact]
    public async Task Number_columns_get_the_numbers_own_text()
    {
        var lake = await StartAsync(partitionType: "int");
        await lake.PutAsync("year=2026/month=03/day=15/hour=09/");

        await lake.RunAsync("load-partitions");
        await lake.PutAsync("year=2026/month=03/day=15/hour=10/");
        var again = await lake.RunAsync("load-partitions");

        Assert.Equal(["2026/3/15/10", "2026/3/15/9"], await lake.PartitionNamesAsync());
        Assert.Contains(await lake.PartitionsAsync(), p => p.StorageDescriptor.Location == "s3://pixel-lake/events/year=2026/month=03/day=15/hour=09/");
        Assert.Equal(1, again["added"]);
    }

    [Fact]
    public async Task A_second_run_finds_nothing_to_do_in_four_calls_and_never_touches_table_or_partitions()
    {
        var lake = await StartAsync();
        await lake.PutAsync("year=2026/month=03/day=15/hour=09/");
        await lake.RunAsync("load-partitions");
        await lake.Glue.UpdatePartitionAsync(new UpdatePartitionRequest
        {
            DatabaseName = Lake.Database,
            TableName = Lake.Table,
            PartitionValueList = ["2026", "03", "15", "09"],
            PartitionInput = new PartitionInput { Values = ["2026", "03", "15", "09"], StorageDescriptor = new StorageDescriptor { Location = "s3://pixel-lake/compacted/v=1/" } },
        });
        var versions = await lake.Glue.GetTableVersionsAsync(new GetTableVersionsRequest { DatabaseName = Lake.Database, TableName = Lake.Table });

        var counts = await lake.RunAsync("load-partitions");

        Assert.Equal((0, 4), (counts["added"], counts["awsCalls"]));
        Assert.Equal("s3://pixel-lake/compacted/v=1/", Assert.Single(await lake.PartitionsAsync()).StorageDescriptor.Location);
        var after = await lake.Glue.GetTableVersionsAsync(new GetTableVersionsRequest { DatabaseName = Lake.Database, TableName = Lake.Table });
        Assert.Equal(versions.TableVersions.Count, after.TableVersions.Count);
    }

    [Fact]
    public async Task An_object_that_appears_late_in_an_hour_of_the_window_is_found()
    {
        var lake = await StartAsync();
        await lake.PutAsync("year=2026/month=03/day=15/hour=09/");
        await lake.RunAsync("load-partitions");
        await lake.PutAsync("year=2026/month=03/day=13/hour=11/"); // 47 hours ago
        await lake.PutAsync("year=2026/month=03/day=13/hour=09/"); // 49 hours ago: outside, and whoever puts there repairs

        var counts = await lake.RunAsync("load-partitions");

        Assert.Equal(["2026/03/13/11", "2026/03/15/09"], await lake.PartitionNamesAsync());
        Assert.Equal((1, 5), (counts["added"], counts["awsCalls"]));
    }

    [Fact]
    public async Task The_late_window_is_a_setting()
    {
        var lake = await StartAsync(new() { ["Lake:LateWindow"] = "3.00:00:00" });
        await lake.PutAsync("year=2026/month=03/day=15/hour=09/");
        await lake.RunAsync("load-partitions");
        await lake.PutAsync("year=2026/month=03/day=13/hour=09/");

        await lake.RunAsync("load-partitions");

        Assert.Equal(["2026/03/13/09", "2026/03/15/09"], await lake.PartitionNamesAsync());
    }

    [Fact]
    public async Task After_a_long_stop_the_listing_begins_a_batch_before_the_last_known_hour()
    {
        var lake = await StartAsync();
        var first = new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.Zero);
        await lake.RegisterAsync(Enumerable.Range(0, 101).Select(hour => first.AddHours(hour)));
        await lake.PutAsync(Lake.Hive(first)); // known
        await lake.PutAsync("year=2026/month=01/day=31/hour=23/"); // before the last hundred
        await lake.PutAsync("year=2026/month=03/day=04/hour=12/");
        await lake.PutAsync("year=2026/month=03/day=15/hour=10/");

        var counts = await lake.RunAsync("load-partitions");

        Assert.Equal((2, 2), (counts["added"], counts["hoursListed"]));
        Assert.Equal(["2026/03/04/12", "2026/03/15/10"], (await lake.PartitionNamesAsync()).TakeLast(2));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task An_hour_that_glue_refused_among_others_is_looked_at_again_however_old_it_is(int refused)
    {
        var lake = await StartAsync();
        var hours = Enumerable.Range(0, 3).Select(hour => new DateTimeOffset(2025, 12, 31, 22, 0, 0, TimeSpan.Zero).AddHours(hour)).ToList();
        foreach (var hour in hours)
        {
            await lake.PutAsync(Lake.Hive(hour));
        }

        await lake.RegisterAsync(hours.Where((_, i) => i != refused));
        await lake.RunAsync("load-partitions");

        Assert.Equal(["2025/12/31/22", "2025/12/31/23", "2026/01/01/00"], await lake.PartitionNamesAsync());
    }

    [Fact]
    public async Task Hours_to_come_that_somebody_registered_hide_nothing()
    {
        var lake = await StartAsync();
        await lake.PutAsync("year=2026/month=01/day=02/hour=03/");
        await lake.Glue.CreatePartitionAsync(new CreatePartitionRequest
        {
            DatabaseName = Lake.Database,
            TableName = Lake.Table,
            PartitionInput = new PartitionInput { Values = ["2026", "03", "16", "00"], StorageDescriptor = new StorageDescriptor { Location = "s3://pixel-lake/events/year=2026/month=03/day=16/hour=00/" } },
        });

        await lake.RunAsync("load-partitions");

        Assert.Equal(["2026/01/02/03", "2026/03/16/00"], await lake.PartitionNamesAsync());
    }

    [Fact]
    public async Task A_thousand_hours_take_few_calls()
    {
        var lake = await StartAsync();
        var first = new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.Zero);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 1000), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (hour, _) => await lake.PutAsync(Lake.Hive(first.AddHours(hour))));

        var counts = await lake.RunAsync("load-partitions");
        await lake.PutAsync(Lake.Hive(first.AddHours(1000)));
        var next = await lake.RunAsync("load-partitions");

        Assert.Equal(1000, counts["added"]);
        // The window and the table, three looks at its partitions, one listing of up to 1,000 hours, ten batches of a hundred, and one for the late window.
        Assert.InRange(counts["awsCalls"], 17, 18);
        Assert.Equal((1, 5), (next["added"], next["awsCalls"]));
        Assert.Equal(1001, (await lake.PartitionsAsync()).Count);
    }

    [Fact]
    public async Task Objects_that_firehose_did_not_name_count_too_and_cost_no_more_than_a_call_an_hour()
    {
        var lake = await StartAsync();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 1500), new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (i, _) => await lake.PutKeyAsync($"events/year=2026/month=03/day=15/hour=08/backfill-{i:0000}.json"));
        await lake.PutKeyAsync("events/year=2026/month=03/day=15/hour=09/backfill.json");
        await lake.PutAsync("year=2026/month=03/day=15/hour=10/");

        var counts = await lake.RunAsync("load-partitions");

        Assert.Equal(["2026/03/15/08", "2026/03/15/09", "2026/03/15/10"], await lake.PartitionNamesAsync());
        Assert.InRange(counts["awsCalls"], 7, 8);
    }

    [Theory]
    [InlineData("events/_temporary/pixel-events-1")]
    [InlineData("events/year=2026/month=13/day=15/hour=09/pixel-events-1")]
    [InlineData("events/year=2026/month=03/day=15/pixel-events-1")]
    [InlineData("events-old/year=2026/month=03/day=15/hour=09/pixel-events-1")]
    [InlineData("errors/format-conversion-failed/2026/03/15/pixel-events-1")]
    public async Task What_is_no_hour_of_events_is_left_alone(string key)
    {
        var lake = await StartAsync();
        await lake.PutKeyAsync(key);

        var counts = await lake.RunAsync("load-partitions");

        Assert.Equal((0, 0), (counts["added"], counts["hoursListed"]));
    }

    [Fact]
    public async Task A_partition_that_a_crawler_named_without_zeros_is_not_added_again()
    {
        var lake = await StartAsync();
        await lake.PutAsync("year=2026/month=03/day=15/hour=09/");
        await lake.Glue.CreatePartitionAsync(new CreatePartitionRequest
        {
            DatabaseName = Lake.Database,
            TableName = Lake.Table,
            PartitionInput = new PartitionInput { Values = ["2026", "03", "15", "9"], StorageDescriptor = new StorageDescriptor { Location = "s3://pixel-lake/events/year=2026/month=03/day=15/hour=09/" } },
        });

        await lake.RunAsync("load-partitions");

        Assert.Equal(["2026/03/15/9"], await lake.PartitionNamesAsync());
    }

    [Fact]
    public async Task Two_workers_at_once_do_the_work_once()
    {
        var lake = await StartAsync();
        await using var other = await Worker.StartAsync(
            new() { ["Jobs:load-partitions:RegisterAhead"] = "00:00:00", ["AWS:ServiceURL"] = lake.Cloud.Url, ["AWS:AccessKey"] = LocalCloud.Tests.LocalCloudServer.AccessKey, ["AWS:SecretKey"] = LocalCloud.Tests.LocalCloudServer.SecretKey }, lake.Time);
        foreach (var hour in Enumerable.Range(0, 10))
        {
            await lake.PutAsync($"year=2026/month=03/day=15/hour=0{hour}/");
        }

        var answers = await Task.WhenAll(lake.Worker.Http.PostAsync("/jobs/load-partitions", null), other.Http.PostAsync("/jobs/load-partitions", null));

        // The second finds the first at work, or all the work done.
        Assert.Contains(HttpStatusCode.OK, answers.Select(a => a.StatusCode));
        Assert.All(answers, answer => Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.OK, HttpStatusCode.Conflict }));
        Assert.Equal(10, (await lake.PartitionsAsync()).Count);
    }

    [Fact]
    public async Task The_next_48_hours_are_registered_from_the_clock_and_later_one_an_hour()
    {
        var lake = await StartAsync(new() { ["Jobs:load-partitions:RegisterAhead"] = "2.00:00:00" });

        var first = await lake.RunAsync("load-partitions");
        var names = (await lake.PartitionNamesAsync()).ToList();
        var again = await lake.RunAsync("load-partitions");
        lake.Time.Advance(TimeSpan.FromHours(1));
        var next = await lake.RunAsync("load-partitions");

        Assert.Equal((49, "2026/03/15/10", "2026/03/17/10"), (names.Count, names[0], names[^1]));
        Assert.Equal((49, 0, 1), (first["added"], again["added"], next["added"]));
        Assert.Equal(5, next["awsCalls"]);
    }

    [Fact]
    public async Task Data_is_visible_the_moment_that_it_lands()
    {
        var lake = await StartAsync(new() { ["Jobs:load-partitions:RegisterAhead"] = "2.00:00:00" });
        await lake.RunAsync("load-partitions");
        lake.Time.Advance(TimeSpan.FromHours(47));

        await lake.PutAsync("year=2026/month=03/day=17/hour=09/", """{"event_id":"a"}""");

        Assert.Contains(await lake.PartitionsAsync(), p => p.StorageDescriptor.Location == "s3://pixel-lake/events/year=2026/month=03/day=17/hour=09/");
    }

    [Fact]
    public async Task With_three_years_of_hours_a_run_makes_five_calls()
    {
        var lake = await StartAsync(new() { ["Jobs:load-partitions:RegisterAhead"] = "2.00:00:00" });
        var last = new DateTimeOffset(2026, 3, 15, 9, 0, 0, TimeSpan.Zero);
        await lake.RegisterAsync(Enumerable.Range(0, 26_280).Select(hour => last.AddHours(-hour)));
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 72), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (hour, _) => await lake.PutAsync(Lake.Hive(last.AddHours(-hour))));
        await lake.RunAsync("load-partitions");
        lake.Time.Advance(TimeSpan.FromHours(1));
        await lake.PutAsync(Lake.Hive(last.AddHours(2)));

        var clock = Stopwatch.StartNew();
        var counts = await lake.RunAsync("load-partitions");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"The run took {clock.Elapsed.TotalMilliseconds:0} ms."));

        Assert.Equal((1, 5), (counts["added"], counts["awsCalls"]));
    }

    [Fact]
    public async Task The_window_goes_back_to_the_oldest_event_that_a_beacon_still_holds()
    {
        var lake = await StartAsync();
        await lake.PutAsync("year=2026/month=03/day=15/hour=09/");
        await lake.RunAsync("load-partitions");
        await lake.PutAsync("year=2026/month=03/day=12/hour=08/");
        await lake.PutKeyAsync("catalog/late-window.json", """{"oldestUndelivered":"2026-03-12T08:40:00Z","fence":1}""");

        var counts = await lake.RunAsync("load-partitions");

        Assert.Equal(1, counts["added"]);
        Assert.Contains("2026/03/12/08", await lake.PartitionNamesAsync());
    }

    [Fact]
    public async Task A_dry_run_says_what_it_would_add_and_adds_nothing()
    {
        var lake = await StartAsync(new() { ["Jobs:load-partitions:RegisterAhead"] = "2.00:00:00" });
        await lake.PutAsync("year=2026/month=03/day=15/hour=09/");

        var counts = await lake.RunAsync("load-partitions", dryRun: true);

        Assert.Equal(50, counts["added"]);
        Assert.Empty(await lake.PartitionsAsync());
    }

    [Fact]
    public async Task A_partition_carries_the_token_of_the_run_that_made_it()
    {
        var lake = await StartAsync();
        await lake.RunAsync("load-partitions");
        await lake.PutAsync("year=2026/month=03/day=15/hour=09/");
        await lake.RunAsync("load-partitions");

        Assert.Equal("2", Assert.Single(await lake.PartitionsAsync()).Parameters["pixel.fence"]);
    }

    [Fact]
    public async Task Throttling_and_changes_at_the_same_time_are_waited_for()
    {
        var lake = await StartAsync();
        await lake.PutAsync("year=2026/month=03/day=15/hour=09/");
        lake.Faults.Answer("AWSGlue.GetPartitions", 400, "ThrottlingException", times: 2);
        lake.Faults.Answer("AWSGlue.BatchCreatePartition", 400, "ConcurrentModificationException", times: 2);

        var counts = await lake.Worker.RunAsync("load-partitions");

        Assert.Equal((1, 0), (counts["added"], lake.Faults.Left));
    }

    [Fact]
    public async Task A_missing_table_and_a_missing_bucket_are_sentences_that_name_the_setting()
    {
        var noTable = await StartAsync(withTable: false);
        var noBucket = await StartAsync(new() { ["AWS:Resources:LakeBucketName"] = "another-lake" });

        Assert.Equal(
            (502, "The Glue table pixel.tp_events does not exist: deploy the lake template, or set AWS:Resources:DatabaseName and TableName."),
            await noTable.Worker.FailAsync("load-partitions"));
        Assert.Equal(
            (502, "The bucket another-lake does not exist: deploy the lake template, or set AWS:Resources:LakeBucketName."),
            await noBucket.Worker.FailAsync("load-partitions"));
    }

    // Most tests are about what is found in the lake; hours ahead have tests of their own.
    private async Task<Lake> StartAsync(Dictionary<string, string?>? settings = null, bool withTable = true, string partitionType = "string")
    {
        settings ??= [];
        settings.TryAdd("Jobs:load-partitions:RegisterAhead", "00:00:00");
        var lake = await Lake.StartAsync(settings, withTable, partitionType);
        _running.Add(lake);
        return lake;
    }
}
