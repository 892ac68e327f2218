namespace Catalog.Worker.Tests.Views;

/// <summary>Views whose rows add up over hours, and the one that all others read.</summary>
public sealed class EventViewTests : IAsyncLifetime
{
    private ViewLake _lake = null!;

    public async ValueTask InitializeAsync() => _lake = await ViewLake.StartAsync();

    public ValueTask DisposeAsync() => _lake.DisposeAsync();

    [Fact]
    public async Task Events_has_each_event_once_an_hour_and_no_ledger_events_and_keeps_those_without_an_id()
    {
        await _lake.PutAsync(
            "event_id | at    | event_name | user_id",
            "a        | 09:00 | pageview   | u1",
            "a        | 09:00 | pageview   | u1",
            "b        | 09:01 | purchase   | u2",
            "-        | 09:02 | -          | nobody",
            "-        | 09:03 | -          | nobody",
            "l        | 09:04 | ledger     | -",
            "c        | 10:00 | ledger_request | u3");

        Assert.Equal(
            ["09|a|u1|pageview", "09|b|u2|purchase", "09||nobody|", "09||nobody|", "10|c|u3|ledger_request"],
            await _lake.RowsAsync("events", "hour, event_id, user_id, event_name"));
        Assert.Equal(["c"], await _lake.RowsAsync("events", "event_id", order: "1", where: "day = '15' AND hour = '10'"));
    }

    [Fact]
    public async Task Third_parties_shows_how_much_each_was_loaded_and_when()
    {
        await _lake.PutAsync(
            "at    | third_party | user_id",
            "09:00 | news        | u1",
            "09:59 | news        | u2",
            "09:30 | news        | unknown",
            "10:00 | news        | u1",
            "09:05 | blog        | u1");

        Assert.Equal(
            [
                "09|blog|1|1|2026-03-15 09:05:00.000|2026-03-15 09:05:00.000",
                "09|news|3|2|2026-03-15 09:00:00.000|2026-03-15 09:59:00.000",
                "10|news|1|1|2026-03-15 10:00:00.000|2026-03-15 10:00:00.000",
            ],
            await _lake.RowsAsync("third_parties", "hour, third_party, events, users, first_seen, last_seen"));
    }

    [Fact]
    public async Task Pages_counts_what_people_did_on_each_page_by_the_hour()
    {
        await _lake.PutAsync(
            "at    | page_host | page_path | event_name  | visitor_id | user_id | is_bot",
            "09:00 | shop      | /         | pageview    | v1         | u1      | false",
            "09:10 | shop      | /         | pageview    | v1         | u1      | -",
            "09:20 | shop      | /         | add_to_cart | v2         | unknown | false",
            "09:30 | shop      | /         | pageview    | v3         | u3      | true",
            "10:00 | shop      | /         | pageview    | v1         | u1      | false",
            "10:00 | shop      | /cart     | checkout    | v1         | u1      | false");

        Assert.Equal(["09|shop|/|2|3|2|1", "10|shop|/|1|1|1|1", "10|shop|/cart|0|1|1|1"], await _lake.RowsAsync("pages", "hour, page_host, page_path, pageviews, events, visitors, users"));
    }

    [Fact]
    public async Task Referrers_counts_arrivals_and_no_steps_within_a_site()
    {
        await _lake.PutAsync(
            "at    | page_host | referrer_host | visitor_id | event_name | is_bot",
            "09:00 | shop      | search        | v1         | pageview   | false",
            "09:01 | shop      | shop          | v1         | pageview   | false",
            "09:02 | shop      | -             | v2         | pageview   | false",
            "09:03 | shop      | search        | v1         | pageview   | false",
            "09:04 | shop      | search        | v9         | pageview   | true",
            "09:05 | shop      | search        | v3         | purchase   | false");

        Assert.Equal(["09|shop|search|2|1", "09|shop||1|1"], await _lake.RowsAsync("referrers", "hour, page_host, referrer_host, pageviews, visitors"));
    }

    [Fact]
    public async Task Devices_and_countries_count_people_by_the_hour()
    {
        await _lake.PutAsync(
            "at    | device  | os      | browser | country | visitor_id | event_name | is_bot",
            "09:00 | phone   | Android | Chrome  | DE      | v1         | pageview   | false",
            "09:10 | phone   | Android | Chrome  | DE      | v1         | purchase   | false",
            "09:20 | desktop | Linux   | Firefox | FR      | v2         | pageview   | false",
            "09:30 | desktop | Linux   | curl    | FR      | v3         | pageview   | true",
            "10:00 | phone   | Android | Chrome  | -       | v4         | pageview   | false");

        Assert.Equal(
            ["09|desktop|Linux|Firefox|1|1|1", "09|phone|Android|Chrome|2|1|1", "10|phone|Android|Chrome|1|1|1"],
            await _lake.RowsAsync("devices", "hour, device, os, browser, events, pageviews, visitors"));
        Assert.Equal(["09|DE|2|1|1", "09|FR|1|1|1", "10||1|1|1"], await _lake.RowsAsync("countries", "hour, country, events, pageviews, visitors"));
    }

    [Fact]
    public async Task Mail_opens_tells_the_kinds_of_openings_apart()
    {
        await _lake.PutAsync(
            "at    | third_party | utm_campaign | open_class | event_name | user_id",
            "09:00 | mail        | spring       | human      | open       | u1",
            "09:01 | mail        | spring       | human      | open       | u1",
            "09:02 | mail        | spring       | proxy      | open       | u2",
            "09:03 | mail        | spring       | -          | email_open | unknown",
            "09:04 | mail        | spring       | proxy      | pageview   | u3",
            "09:05 | mail        | spring       | -          | pageview   | u4");

        Assert.Equal(["09|human|2|1", "09|proxy|2|2", "09||1|0"], await _lake.RowsAsync("mail_opens", "hour, open_class, opens, people", order: "2"));
    }

    [Fact]
    public async Task Bots_shows_their_share()
    {
        await _lake.PutAsync(
            "at    | third_party | is_bot",
            "09:00 | news        | true",
            "09:01 | news        | false",
            "09:02 | news        | -",
            "09:03 | news        | false",
            "09:04 | blog        | false");

        Assert.Equal(["09|blog|1|0|0.0", "09|news|4|1|0.25"], await _lake.RowsAsync("bots", "hour, third_party, events, bot_events, bot_share"));
    }

    [Fact]
    public async Task Dropped_adds_up_what_the_beacons_counted_once()
    {
        await _lake.PutAsync(
            "event_id | at    | event_name | beacon_id | params",
            "l1       | 09:00 | ledger     | b1        | received=10,dropped=3,dropped_journal_full=2,dropped_query_too_long=1",
            "l1       | 09:00 | ledger     | b1        | received=10,dropped=3,dropped_journal_full=2,dropped_query_too_long=1",
            "l2       | 09:01 | ledger     | b1        | received=10,dropped=5,dropped_journal_full=5",
            "l3       | 10:00 | ledger     | b2        | received=1,dropped=1,dropped_defect=1",
            "l4       | 10:01 | ledger     | b2        | dropped_defect=many",
            "x        | 10:00 | pageview   | b2        | dropped_forged=99");

        Assert.Equal(["09|b1|journal_full|7", "09|b1|query_too_long|1", "10|b2|defect|1"], await _lake.RowsAsync("dropped", "hour, beacon_id, reason, dropped"));
    }

    [Fact]
    public async Task Ledger_is_the_account_of_a_beacons_hour_wherever_it_landed()
    {
        await _lake.PutAsync(
            "event_id | at    | lands | event_name | beacon_id | beacon_seq | params",
            "a        | 09:00 | 15 09 | pageview   | b1        | 1          | -",
            "b        | 09:10 | 15 09 | pageview   | b1        | 2          | -",
            "b        | 09:10 | 15 09 | pageview   | b1        | 2          | -",
            "l        | 09:11 | 15 09 | ledger     | b1        | 3          | received=5,accepted=2,dropped=3,undelivered=7",
            "d        | 09:50 | 15 10 | pageview   | b1        | 5          | -",
            "m        | 09:51 | 15 10 | ledger     | b1        | 6          | received=2,accepted=2,dropped=0,undelivered=0",
            "n        | 09:52 | 15 10 | pageview   | -         | -          | -");

        Assert.Equal(
            ["09|2026-03-15 09:00:00.000|b1|3|1|3|1|5|2|3|7|0", "10|2026-03-15 09:00:00.000|b1|2|5|6|1|2|2|0|0|0", "10|2026-03-15 09:00:00.000||0|||0|||||1"],
            await _lake.RowsAsync("ledger", "hour, received_hour, beacon_id, delivered, first_seq, last_seq, ledger_events, received, accepted, dropped, undelivered, unnumbered"));

        // One is missing: number 4.
        Assert.Equal(
            ["b1|5|6"],
            await _lake.QueryAsync("SELECT beacon_id, sum(delivered), max(last_seq) - min(first_seq) + 1 FROM ledger WHERE year = '2026' AND month = '03' AND day = '15' AND beacon_id IS NOT NULL GROUP BY received_hour, beacon_id"));
    }
}
