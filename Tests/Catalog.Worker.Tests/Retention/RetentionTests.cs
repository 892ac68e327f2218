using Catalog.Worker.Tests.Compaction;
using Catalog.Worker.Tests.Views;

namespace Catalog.Worker.Tests.Retention;

public sealed class RetentionTests : IAsyncDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 3, 15, 10, 30, 0, TimeSpan.Zero);

    private Lake? _lake;

    public ValueTask DisposeAsync() => _lake?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task Hours_that_are_too_old_go_with_their_partitions_and_objects_raw_and_compacted()
    {
        var lake = await StartAsync(("KeepEvents", "30.00:00:00"));
        var edge = new DateTimeOffset(2026, 2, 13, 10, 0, 0, TimeSpan.Zero); // 30 days before, to the hour
        foreach (var hour in new[] { edge.AddYears(-1), edge.AddHours(-2), edge.AddHours(-1), edge })
        {
            await lake.PutEventsAsync(hour, $"{hour:MMddHH}a");
            await lake.PutEventsAsync(hour, $"{hour:MMddHH}b");
        }

        await lake.RunAsync("load-partitions");
        await lake.RunAsync("compaction");
        await lake.PutEventsAsync(edge.AddHours(-3), "never-registered");

        var counts = await lake.RunAsync("retention");

        Assert.Equal(3, counts["hours"]);
        Assert.Equal(["2026/02/13/10"], await lake.PartitionNamesAsync());
        Assert.All(await lake.KeysAsync("events/"), key => Assert.Contains(Lake.Hive(edge), key, StringComparison.Ordinal));
        Assert.All(await lake.KeysAsync("compacted/"), key => Assert.Contains(Lake.Hive(edge), key, StringComparison.Ordinal));
        Assert.Equal(3, (await lake.KeysAsync("events/")).Count + (await lake.KeysAsync("compacted/")).Count);
        Assert.Equal((0, 0), await AgainAsync(lake));
        lake.Time.Advance(TimeSpan.FromHours(25));
        await lake.RunAsync("compaction");
        Assert.Empty(await lake.KeysAsync("catalog/manifests/open/"));
    }

    [Fact]
    public async Task What_a_run_that_was_cut_short_has_left_goes_with_the_next()
    {
        var lake = await StartAsync(("KeepEvents", "30.00:00:00"));
        await lake.PutEventsAsync(Now.AddDays(-40), "a");
        await lake.RunAsync("load-partitions");
        lake.Faults.AnswerS3(request => request.Method == "POST" && request.Query.ContainsKey("delete"), 403, "AccessDenied");

        var (status, error) = await lake.Worker.FailAsync("retention");
        Assert.Equal((502, "AWS refused with AccessDenied: A test wants it."), (status, error));
        Assert.Empty(await lake.PartitionsAsync());
        await lake.RunAsync("retention");

        Assert.Empty(await lake.KeysAsync("events/"));
    }

    [Fact]
    public async Task Nothing_inside_the_late_window_goes_and_zero_keeps_for_ever()
    {
        var lake = await StartAsync(("KeepEvents", "00:00:00"));
        await lake.PutEventsAsync(Now.AddYears(-20), "a");
        await lake.RunAsync("load-partitions");

        Assert.Equal((0, 0), await AgainAsync(lake));
        Assert.Single(await lake.PartitionsAsync());
    }

    [Fact]
    public async Task A_third_party_with_a_shorter_age_goes_from_the_hours_that_hold_it_and_the_rest_stays()
    {
        var lake = await StartAsync(("ThirdParties:o'hara.example", "10.00:00:00"));
        var old = new DateTimeOffset(2026, 3, 4, 9, 0, 0, TimeSpan.Zero);
        await lake.PutAsync(Lake.Hive(old), CompactedLake.Line("stays", old, "news.example") + "\n" + CompactedLake.Line("goes", old, "o'hara.example") + "\n" + """{"event_id":"nobodys"}""");
        await lake.PutAsync(Lake.Hive(old.AddHours(1)), CompactedLake.Line("untouched", old, "news.example"));
        await lake.PutAsync(Lake.Hive(Now.AddDays(-9)), CompactedLake.Line("young", Now, "o'hara.example"));
        await lake.RunAsync("load-partitions");

        var dry = await lake.RunAsync("retention", dryRun: true);
        var counts = await lake.RunAsync("retention");

        Assert.Equal((1, 1), (dry["rewrittenHours"], dry["events"]));
        Assert.Equal((1, 1), (counts["rewrittenHours"], counts["events"]));
        Assert.Equal(["nobodys", "stays", "untouched", "young"], await lake.Athena.QueryAsync("SELECT event_id FROM tp_events ORDER BY 1"));
        Assert.Equal($"s3://pixel-lake/events/{Lake.Hive(old.AddHours(1))}", await lake.LocationAsync(old.AddHours(1)));

        lake.Time.Advance(TimeSpan.FromDays(2));
        Assert.Equal(1, (await lake.RunAsync("retention"))["rewrittenHours"]);
        await lake.RunAsync("compaction");
        Assert.Empty(await lake.RawAsync(old));
        Assert.Equal(["nobodys", "stays", "untouched"], await lake.Athena.QueryAsync("SELECT event_id FROM tp_events ORDER BY 1"));
    }

    [Fact]
    public async Task Days_of_the_rollup_can_have_an_age_of_their_own()
    {
        await using var lake = await TemplateLake.StartAsync(
            new() { ["DataFormat"] = "json" }, new() { ["Jobs:retention:KeepRollup"] = "400.00:00:00", ["Jobs:load-partitions:RegisterAhead"] = "00:00:00" });
        await lake.Worker.RunAsync("views");
        foreach (var day in new[] { "year=2025/month=01/day=01", "year=2026/month=03/day=15" })
        {
            await lake.S3.PutObjectAsync(new() { BucketName = Lake.Bucket, Key = $"events/{day}/hour=09/pixel-events-1", ContentBody = $$"""{"event_id":"{{day}}","received_at":"2026-03-15T09:00:00.000Z"}""" });
        }

        await lake.Worker.RunAsync("load-partitions");
        await lake.Worker.RunAsync("rollup");

        var counts = await lake.Worker.RunAsync("retention");

        Assert.Equal(1, counts["rollupDays"]);
        Assert.Equal(["2026|03|15|1"], await lake.Athena.QueryAsync("SELECT year, month, day, events FROM daily_rollup"));
        Assert.Single((await lake.S3.ListObjectsV2Async(new() { BucketName = Lake.Bucket, Prefix = "rollup/" })).S3Objects);
    }

    [Theory]
    [InlineData("Jobs:retention:KeepEvents", "1.00:00:00")]
    [InlineData("Jobs:retention:ThirdParties:news.example", "00:00:00")]
    public async Task An_age_that_is_too_short_stops_the_start(string key, string value)
    {
        var error = await Assert.ThrowsAnyAsync<Exception>(() => Worker.StartAsync(new() { [key] = value }));

        Assert.Contains($"{key} must be 7 days or more", error.ToString(), StringComparison.Ordinal);
    }

    private static async Task<(long Hours, long Objects)> AgainAsync(Lake lake)
    {
        var counts = await lake.RunAsync("retention");
        return (counts["hours"], counts["objects"]);
    }

    private async Task<Lake> StartAsync(params (string Key, string Value)[] settings) => _lake = await Lake.StartAsync(new(
        settings.Select(s => KeyValuePair.Create($"Jobs:retention:{s.Key}", (string?)s.Value)).Concat(
        [
            KeyValuePair.Create<string, string?>("AWS:Resources:DataFormat", "json"),
            KeyValuePair.Create<string, string?>("Jobs:load-partitions:RegisterAhead", "00:00:00"),
        ])));
}
