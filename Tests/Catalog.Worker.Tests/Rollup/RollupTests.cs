using Amazon.S3.Model;
using Catalog.Worker.Tests.Views;

namespace Catalog.Worker.Tests.Rollup;

public sealed class RollupTests : IAsyncLifetime
{
    private const string Rows =
        "SELECT year, month, day, third_party, event_name, page_host, is_bot, events, users, visitors FROM daily_rollup ORDER BY year, month, day, third_party, event_name, page_host";

    private TemplateLake _lake = null!;

    public async ValueTask InitializeAsync()
    {
        _lake = await TemplateLake.StartAsync(new() { ["DataFormat"] = "json" });
        await _lake.Worker.RunAsync("views");
    }

    public ValueTask DisposeAsync() => _lake.DisposeAsync();

    [Fact]
    public async Task A_day_is_summed_up_by_what_its_events_have_in_common()
    {
        await PutAsync(15, 9, Event("a", "u1", "v1"), Event("b", "u2", "v2"), Event("c", "unknown", "v2"), Event("a", "u1", "v1"));
        await PutAsync(15, 10, Event("d", "u1", "v1"), Event("e", "u1", "v1", page: "blog.example"));
        await PutAsync(14, 23, Event("f", "u1", "v9"));

        var counts = await _lake.Worker.RunAsync("rollup");

        Assert.Equal(2, counts["days"]);
        Assert.Equal(
            [
                "2026|03|14|news.example|pageview|shop.example|false|1|1|1",
                "2026|03|15|news.example|pageview|blog.example|false|1|1|1",
                "2026|03|15|news.example|pageview|shop.example|false|4|2|2",
            ],
            await _lake.Athena.QueryAsync(Rows));
    }

    [Fact]
    public async Task A_day_is_summed_up_again_only_when_something_in_it_has_changed()
    {
        await PutAsync(14, 9, Event("a", "u1", "v1"));
        await PutAsync(15, 9, Event("b", "u1", "v1"));
        await _lake.Worker.RunAsync("rollup");

        var again = await _lake.Worker.RunAsync("rollup");
        await PutAsync(14, 20, Event("late", "u2", "v2"));
        var late = await _lake.Worker.RunAsync("rollup");

        Assert.Equal((0, 2), (again["days"], again["unchanged"]));
        Assert.Equal((1, 1), (late["days"], late["unchanged"]));
        Assert.Equal(
            ["2026|03|14|news.example|pageview|shop.example|false|2|2|2", "2026|03|15|news.example|pageview|shop.example|false|1|1|1"],
            await _lake.Athena.QueryAsync(Rows));
    }

    [Fact]
    public async Task A_day_before_the_window_is_final_and_days_that_were_missed_are_made_up_for()
    {
        await PutAsync(14, 9, Event("a", "u1", "v1"));
        await _lake.Worker.RunAsync("rollup");
        await PutAsync(15, 12, Event("b", "u1", "v1"));
        _lake.Time.Advance(TimeSpan.FromDays(9));
        await PutAsync(12, 9, Event("too-late", "u2", "v2"));

        var counts = await _lake.Worker.RunAsync("rollup");

        Assert.Equal(1, counts["days"]);
        Assert.Equal(
            ["2026|03|14|news.example|pageview|shop.example|false|1|1|1", "2026|03|15|news.example|pageview|shop.example|false|1|1|1"],
            await _lake.Athena.QueryAsync(Rows));
    }

    [Fact]
    public async Task A_replaced_version_is_deleted_a_day_later()
    {
        await PutAsync(15, 9, Event("a", "u1", "v1"));
        await _lake.Worker.RunAsync("rollup");
        await PutAsync(15, 10, Event("b", "u1", "v1"));
        await _lake.Worker.RunAsync("rollup");
        Assert.Equal(2, await ObjectsAsync());

        _lake.Time.Advance(TimeSpan.FromHours(25));
        var counts = await _lake.Worker.RunAsync("rollup");

        Assert.Equal((1, 1), (counts["replacedDeleted"], await ObjectsAsync()));
        Assert.Equal(["2026|03|15|news.example|pageview|shop.example|false|2|1|1"], await _lake.Athena.QueryAsync(Rows));
    }

    [Fact]
    public async Task A_version_that_was_read_until_now_stays_for_a_day_however_old_it_is()
    {
        await PutAsync(15, 9, Event("a", "u1", "v1"));
        await _lake.Worker.RunAsync("rollup");
        _lake.Time.Advance(TimeSpan.FromHours(30));
        await PutAsync(15, 10, Event("b", "u1", "v1"));
        await _lake.Worker.RunAsync("rollup");
        Assert.Equal(2, await ObjectsAsync());

        _lake.Time.Advance(TimeSpan.FromHours(25));
        Assert.Equal(1, (await _lake.Worker.RunAsync("rollup"))["replacedDeleted"]);
    }

    [Fact]
    public async Task A_dry_run_writes_nothing()
    {
        await PutAsync(15, 9, Event("a", "u1", "v1"));

        var counts = await _lake.Worker.RunAsync("rollup", dryRun: true);

        Assert.Equal(1, counts["days"]);
        Assert.Empty(await _lake.Athena.QueryAsync(Rows));
        Assert.Equal(0, await ObjectsAsync());
    }

    [Fact]
    public async Task Compacted_hours_are_summed_up_as_raw_ones_are()
    {
        await PutAsync(15, 8, Event("a", "u1", "v1"));
        await PutAsync(15, 8, Event("b", "u2", "v2"));
        await _lake.Worker.RunAsync("rollup");
        await _lake.Worker.RunAsync("compaction");

        var counts = await _lake.Worker.RunAsync("rollup");

        Assert.Equal(1, counts["days"]);
        Assert.Equal(["2026|03|15|news.example|pageview|shop.example|false|2|2|2"], await _lake.Athena.QueryAsync(Rows));
    }

    private async Task PutAsync(int day, int hour, params string[] events)
    {
        await _lake.S3.PutObjectAsync(new PutObjectRequest
        {
            BucketName = Lake.Bucket,
            Key = $"events/year=2026/month=03/day={day:00}/hour={hour:00}/pixel-events-1-{Guid.NewGuid()}",
            ContentBody = string.Concat(events.Select(e => e.Replace("{day}", $"{day:00}", StringComparison.Ordinal).Replace("{hour}", $"{hour:00}", StringComparison.Ordinal) + "\n")),
        });
        await _lake.Worker.RunAsync("load-partitions");
    }

    private async Task<int> ObjectsAsync()
        => ((await _lake.S3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = Lake.Bucket, Prefix = "rollup/" })).S3Objects ?? []).Count;

    private static string Event(string id, string user, string visitor, string page = "shop.example")
        => $$"""{"event_id":"{{id}}","received_at":"2026-03-{day}T{hour}:10:00.000Z","event_name":"pageview","user_id":"{{user}}","visitor_id":"{{visitor}}","third_party":"news.example","page_host":"{{page}}","is_bot":false}""";
}
