using System.Net.Http.Json;
using System.Text.Json;
using Amazon.S3.Model;
using Catalog.Worker.Tests.Views;

namespace Catalog.Worker.Tests.Ledger;

/// <summary>What beacons accepted is in the lake, or is named. The clock stands at 10:30 on 15 March 2026.</summary>
public sealed class LedgerTests : IAsyncLifetime
{
    private const string Columns = "at | lands | event_id | beacon_id | beacon_seq | event_name | params";

    private const string Hours = "SELECT hour, beacon_id, first_seq, last_seq, delivered, received, accepted, dropped, missing, gaps, verdict FROM ledger_hours ORDER BY hour, beacon_id";

    private ViewLake _lake = null!;

    public async ValueTask InitializeAsync() => _lake = await ViewLake.StartAsync();

    public ValueTask DisposeAsync() => _lake.DisposeAsync();

    [Fact]
    public async Task A_complete_hour_has_nothing_missing_and_becomes_final_when_the_window_has_passed()
    {
        await _lake.PutAsync(
            Columns,
            "09:00 | 15 09 | a | b1 | 1 | pageview | -",
            "09:10 | 15 09 | b | b1 | 2 | pageview | -",
            "09:10 | 15 10 | b | b1 | 2 | pageview | -", // delivered twice
            "09:59 | 15 10 | c | b1 | 3 | pageview | -", // late
            "09:59 | 15 10 | l | b1 | 4 | ledger   | received=5,accepted=3,dropped=2");

        var provisional = await RunAsync();
        Assert.Equal(["2026-03-15 09:00:00.000|b1|1|4|4|5|3|2|0||provisional"], await _lake.QueryAsync(Hours));
        _lake.Lake.Time.Advance(TimeSpan.FromHours(48));
        var final = await RunAsync();

        Assert.Equal(["2026-03-15 09:00:00.000|b1|1|4|4|5|3|2|0||final"], await _lake.QueryAsync(Hours));
        Assert.Equal((0, 0, 1, 0), (provisional["final"], provisional["provisionallyMissing"], final["final"], final["missing"]));
        Assert.Empty(await NotesAsync());
    }

    [Fact]
    public async Task Counts_that_a_beacon_told_again_count_once()
    {
        await _lake.PutAsync(
            Columns,
            "09:00 | 15 09 | a | b1 | 1 | pageview | -",
            "09:01 | 15 09 | k | b1 | 2 | ledger   | since=08:59,received=1,accepted=1,dropped=0", // its put got no answer
            "09:02 | 15 09 | l | b1 | 3 | ledger   | since=08:59,received=3,accepted=1,dropped=2,dropped_too_large=2",
            "09:02 | 15 09 | l | b1 | 3 | ledger   | since=08:59,received=3,accepted=1,dropped=2,dropped_too_large=2", // delivered twice
            "09:03 | 15 09 | m | b1 | 4 | ledger   | since=09:02,received=1,accepted=0,dropped=1,dropped_too_large=1");

        await RunAsync();

        Assert.Equal(["2026-03-15 09:00:00.000|b1|1|4|4|4|1|3|0||provisional"], await _lake.QueryAsync(Hours));
        Assert.Equal(["b1|4|1|3"], await _lake.QueryAsync("SELECT beacon_id, received, accepted, dropped FROM ledger"));
        Assert.Equal(["too_large|3"], await _lake.QueryAsync("SELECT reason, dropped FROM dropped"));
    }

    [Fact]
    public async Task A_gap_names_the_beacon_and_the_numbers_and_is_a_metric_only_when_it_is_final()
    {
        await _lake.PutAsync(
            Columns,
            "09:00 | 15 09 | a | b1 | 1 | pageview | -",
            "09:10 | 15 09 | b | b1 | 4 | pageview | -",
            "09:20 | 15 09 | c | b1 | 6 | pageview | -",
            "09:00 | 15 09 | d | b2 | 7 | pageview | -",
            "09:01 | 15 09 | e | b2 | 8 | pageview | -");

        Assert.Equal((0, 3), ((await RunAsync())["missing"], (await RunAsync())["provisionallyMissing"]));
        Assert.Empty(await NotesAsync());
        await _lake.PutAsync(Columns, "09:05 | 15 10 | f | b1 | 3 | pageview | -"); // one comes after all
        _lake.Lake.Time.Advance(TimeSpan.FromHours(48));
        var counts = await RunAsync();

        Assert.Equal(2, counts["missing"]);
        Assert.Equal(
            ["2026-03-15 09:00:00.000|b1|1|6|4|0|0|0|2|2,5|final", "2026-03-15 09:00:00.000|b2|7|8|2|0|0|0|0||final"],
            await _lake.QueryAsync(Hours));
        Assert.Equal(
            ["Of beacon b1, 2 events that it accepted before or in the hour of 2026-03-15T09:00:00.000Z are not in the lake: numbers 2,5."],
            await NotesAsync());
    }

    [Fact]
    public async Task A_gap_over_the_turn_of_an_hour_belongs_to_the_hour_in_which_the_numbers_go_on()
    {
        await _lake.PutAsync(
            Columns,
            "08:59 | 15 08 | a | b1 | 10 | pageview | -",
            "09:01 | 15 09 | b | b1 | 12 | pageview | -");

        await RunAsync();

        Assert.Equal(
            ["2026-03-15 08:00:00.000|b1|10|10|1|0|0|0|0||provisional", "2026-03-15 09:00:00.000|b1|12|12|1|0|0|0|1|11|provisional"],
            await _lake.QueryAsync(Hours));
    }

    [Fact]
    public async Task A_beacon_that_holds_old_events_keeps_the_late_window_open_until_it_has_delivered_or_stopped()
    {
        await _lake.PutAsync(
            Columns,
            "09:00 | 15 09 | l1 | b1 | 9 | ledger | received=0,accepted=0,dropped=0,undelivered=3,oldest_undelivered=2026-03-11T07:20:00.000Z",
            "09:00 | 15 09 | l2 | b2 | 9 | ledger | received=0,accepted=0,dropped=0,undelivered=3,oldest_undelivered=2026-03-10T07:20:00.000Z,last=true");

        for (var run = 0; run < 3; run++) // it stays open, run after run
        {
            await RunAsync();
            Assert.Equal("2026-03-11T07:20:00+00:00", (await WindowAsync()).GetProperty("oldestUndelivered").GetString());
        }

        Assert.Equal("2026-03-11T07:20:00+00:00", (await WindowAsync()).GetProperty("oldestUndelivered").GetString());
        Assert.Contains("Beacon b1 was last heard of at 2026-03-15 09:00 and held events since 2026-03-11 07:20", Assert.Single(await NotesAsync()), StringComparison.Ordinal);
        await _lake.PutAsync(Columns, "10:00 | 15 10 | l3 | b1 | 10 | ledger | received=0,accepted=0,dropped=0,undelivered=0");
        await RunAsync();
        Assert.Equal(JsonValueKind.Null, (await WindowAsync()).GetProperty("oldestUndelivered").ValueKind);
    }

    [Fact]
    public async Task A_dry_run_writes_nothing()
    {
        await _lake.PutAsync(Columns, "09:00 | 15 09 | a | b1 | 1 | pageview | -");

        var counts = await _lake.Lake.Worker.RunAsync("ledger", dryRun: true);

        Assert.Equal(1, counts["hours"]);
        Assert.Empty(await _lake.QueryAsync(Hours));
    }

    private Task<Dictionary<string, long>> RunAsync() => _lake.Lake.Worker.RunAsync("ledger");

    private async Task<List<string>> NotesAsync()
    {
        var jobs = await _lake.Lake.Worker.Http.GetFromJsonAsync<JsonElement>("/jobs");
        return [.. jobs.EnumerateArray().Single(j => j.GetProperty("name").GetString() == "ledger").GetProperty("lastRun").GetProperty("notes").EnumerateArray().Select(n => n.GetString()!)];
    }

    private async Task<JsonElement> WindowAsync()
    {
        using var found = await _lake.Lake.S3.GetObjectAsync(new GetObjectRequest { BucketName = Tests.Lake.Bucket, Key = "catalog/late-window.json" });
        return await JsonSerializer.DeserializeAsync<JsonElement>(found.ResponseStream);
    }
}
