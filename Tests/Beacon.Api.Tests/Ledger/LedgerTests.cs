using System.Text;
using System.Text.Json;
using Beacon.Api.Ledger;
using Beacon.Api.Tests.Delivery;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Beacon.Api.Tests.Ledger;

/// <summary>What the beacon tells of itself in its own stream.</summary>
public sealed class LedgerTests
{
    private readonly ObservedTime _time = new(new(2026, 3, 15, 9, 58, 20, TimeSpan.Zero));

    [Fact]
    public async Task The_counts_of_all_ledger_events_add_up_and_numbers_have_no_gaps()
    {
        await using var beacon = await StartAsync();
        await beacon.KeepAsync("userid=1");
        await beacon.KeepAsync("userid=2");
        await MinuteAsync(beacon, ledgers: 1);
        await beacon.KeepAsync("userid=3");
        using (await beacon.GetAsync(new string('x', 20000)))
        {
        }

        await MinuteAsync(beacon, ledgers: 2);
        await MinuteAsync(beacon, ledgers: 2); // nothing to tell

        var events = beacon.Events();
        var ledgers = events.Where(IsLedger).ToList();
        Assert.Equal(
            [
                "since=2026-03-15T09:58:20.000Z received=2 accepted=2 dropped=0 undelivered=2",
                "since=2026-03-15T09:59:00.000Z received=2 accepted=1 dropped=1 dropped_query_too_long=1 undelivered=4",
            ],
            ledgers.Select(l => string.Join(' ', Params(l).Where(p => p.Key != "oldest_undelivered").Select(p => $"{p.Key}={p.Value}"))));
        Assert.Equal(["2026-03-15T09:59:00.000Z", "2026-03-15T10:00:00.000Z"], ledgers.Select(l => l.GetProperty("received_at").GetString()));
        Assert.Equal([1, 2, 3, 4, 5], events.Select(e => e.GetProperty("beacon_seq").GetInt64()));
        Assert.Single(events.Select(e => e.GetProperty("beacon_id").GetString()).Distinct());
        Assert.Equal(["beacon_id", "beacon_seq", "event_id", "event_name", "params", "received_at"], ledgers[0].EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal));
        Assert.Equal((4, 3), (beacon.Received, beacon.Accepted));
    }

    [Fact]
    public async Task An_idle_beacon_says_once_an_hour_that_it_lives()
    {
        await using var beacon = await StartAsync();

        await MinuteAsync(beacon, ledgers: 0); // 09:59
        await MinuteAsync(beacon, ledgers: 1); // 10:00
        for (var minute = 1; minute < 60; minute++)
        {
            await MinuteAsync(beacon, ledgers: 1);
        }

        await MinuteAsync(beacon, ledgers: 2);

        Assert.All(beacon.Events(), e => Assert.Equal("0", Params(e)["received"]));
    }

    [Fact]
    public async Task A_beacon_that_stops_tells_the_rest()
    {
        await using var beacon = await StartAsync();
        await beacon.KeepAsync();

        await beacon.App.StopAsync(TestContext.Current.CancellationToken);

        var last = beacon.Events()[^1];
        Assert.True(IsLedger(last));
        Assert.Equal(("1", "true"), (Params(last)["accepted"], Params(last)["last"]));
    }

    [Fact]
    public async Task The_account_of_a_beacon_that_had_nothing_more_to_tell_is_closed_too()
    {
        await using var beacon = await StartAsync();
        await beacon.KeepAsync();
        await MinuteAsync(beacon, ledgers: 1);

        await beacon.App.StopAsync(TestContext.Current.CancellationToken);

        var last = beacon.Events()[^1];
        Assert.Equal(("0", "true"), (Params(last)["received"], Params(last)["last"]));
    }

    [Fact]
    public async Task The_minute_is_waited_for_to_its_end_and_comes_once()
    {
        var hour = new DateTimeOffset(2026, 3, 15, 10, 0, 0, TimeSpan.Zero);
        _time.SetUtcNow(hour.AddTicks(-5)); // timers know no fractions of a millisecond
        await using var beacon = await StartAsync();
        Assert.DoesNotContain(beacon.Events(), IsLedger);

        _time.SetUtcNow(hour.AddMilliseconds(1));
        await UntilItWaitsAsync(beacon);
        Assert.Single(beacon.Events(), IsLedger);

        _time.SetUtcNow(hour.AddSeconds(30));
        Assert.Single(beacon.Events(), IsLedger);
    }

    [Fact]
    public async Task A_column_that_is_too_short_for_the_other_name_gets_none()
    {
        using var folder = new Journal.TempFolder();
        var file = folder["fields.json"];
        await File.WriteAllTextAsync(file, """{ "fields": [ { "name": "event_name", "from": ["query:event"], "maxLength": 6 } ] }""");
        await using var beacon = await StartAsync(("Fields:File", file));

        Assert.False((await beacon.KeepAsync("event=ledger")).TryGetProperty("event_name", out _));
    }

    [Fact]
    public async Task What_a_full_journal_did_not_take_is_told_with_the_next()
    {
        await using var beacon = await StartAsync(("Journal:MaxSize", "1048576"), ("Journal:SegmentSize", "262144"));
        var (kept, refused) = (0, 0);
        foreach (var query in new[] { $"a={new string('x', 8000)}", "a" }) // until not even the smallest finds room
        {
            while (true)
            {
                using var response = await beacon.GetAsync(query);
                if (!response.IsSuccessStatusCode)
                {
                    refused++;
                    break;
                }

                kept++;
            }
        }

        await MinuteAsync(beacon, ledgers: beacon.Events().Count(IsLedger));
        var ledger = beacon.App.Services.GetRequiredService<BeaconLedger>();
        var entry = ledger.Take(evenIfNothing: false, isLast: false)!;

        Assert.Equal((kept, refused), ((int)entry.Counts.Accepted, (int)entry.Counts.Dropped.Sum()));
        Assert.Contains($"\"accepted\":\"{kept}\"", Encoding.UTF8.GetString(entry.OpenEvent.Span), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("event=ledger")]
    [InlineData("event=LedGer")]
    public async Task No_request_can_make_one(string query)
    {
        await using var beacon = await StartAsync();

        var kept = await beacon.KeepAsync(query);

        Assert.Equal("ledger_request", kept.GetProperty("event_name").GetString());
    }

    [Fact]
    public async Task Where_the_field_file_has_no_event_name_there_is_no_ledger()
    {
        using var folder = new Journal.TempFolder();
        var file = folder["fields.json"];
        await File.WriteAllTextAsync(file, """{ "fields": [ { "name": "user_id", "from": ["query:userid"] } ] }""");
        await using var beacon = await StartAsync(("Fields:File", file));
        await beacon.KeepAsync("userid=1&event=ledger");

        await MinuteAsync(beacon, ledgers: 0);

        Assert.Single(beacon.Events());
    }

    [Fact]
    public async Task Where_nothing_runs_between_requests_the_counts_go_along_with_an_event()
    {
        await using var firehose = await FirehoseEndpoint.StartAsync();
        await using var beacon = await StartAsync(("Delivery:Mode", "writethrough"), ("AWS:ServiceURL", firehose.Url));
        await AcceptAsync(beacon);
        await AcceptAsync(beacon);
        _time.Advance(TimeSpan.FromMinutes(1));
        await AcceptAsync(beacon);
        await AcceptAsync(beacon);

        var events = firehose.Taken
            .SelectMany(record => Encoding.UTF8.GetString(record).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            .Select(line => Pixels.ParseLine(Encoding.UTF8.GetBytes(line + "\n"))).ToList();
        Assert.Equal([1, 2, 3, 4, 5], events.Select(e => e.GetProperty("beacon_seq").GetInt64()));
        var ledger = Assert.Single(events, IsLedger);
        Assert.Equal(("3", "2", "0"), (Params(ledger)["received"], Params(ledger)["accepted"], Params(ledger)["undelivered"]));
        Assert.Equal(4, ledger.GetProperty("beacon_seq").GetInt64());
    }

    private static bool IsLedger(JsonElement e) => e.TryGetProperty("event_name", out var name) && name.GetString() == "ledger";

    private static Dictionary<string, string> Params(JsonElement e) => e.GetProperty("params").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString()!);

    private async Task<RunningBeacon> StartAsync(params (string Key, string Value)[] settings)
    {
        var beacon = await RunningBeacon.StartAsync(
            services => services.AddSingleton<TimeProvider>(_time),
            [("Ledger:Enabled", "true"), ("Beacon:MaxQueryLength", "10000"), .. settings]);
        await UntilItWaitsAsync(beacon);
        return beacon;
    }

    // Were the clock moved before the service has looked at it, it would wait for a minute that never comes.
    private async Task UntilItWaitsAsync(RunningBeacon beacon)
    {
        var services = beacon.App.Services;
        if (services.GetServices<IHostedService>().OfType<LedgerService>().Any() && services.GetRequiredService<BeaconLedger>().IsOn)
        {
            var left = NextMinute() - _time.GetUtcNow();
            await _time.NextWaitAsync(wait => wait == TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)));
        }
    }

    private DateTimeOffset NextMinute()
    {
        var now = _time.GetUtcNow();
        return new DateTimeOffset(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero).AddMinutes(1);
    }

    private static async Task AcceptAsync(RunningBeacon beacon)
    {
        using var response = await beacon.GetAsync();
        Assert.Equal(200, (int)response.StatusCode);
    }

    // The service waits for the next full minute on its own; this waits until it has, and waits for the one after it.
    private async Task MinuteAsync(RunningBeacon beacon, int ledgers)
    {
        _time.SetUtcNow(NextMinute());
        await UntilItWaitsAsync(beacon);
        Assert.Equal(ledgers, beacon.Events().Count(IsLedger));
    }
}
