namespace Catalog.Worker.Tests.Views;

/// <summary>Views whose rows are about people in a day.</summary>
public sealed class PeopleViewTests : IAsyncLifetime
{
    private ViewLake _lake = null!;

    public async ValueTask InitializeAsync() => _lake = await ViewLake.StartAsync();

    public ValueTask DisposeAsync() => _lake.DisposeAsync();

    [Fact]
    public async Task Daily_pageviews_counts_people_on_pages_over_the_whole_day()
    {
        await _lake.PutAsync(
            "at    | page_host | page_path | event_name | user_id | visitor_id | is_bot",
            "09:00 | shop      | /         | pageview   | u1      | v1         | false",
            "11:00 | shop      | /         | pageview   | u1      | v1         | -",
            "11:10 | shop      | /cart     | pageview   | u2      | v2         | false",
            "11:20 | shop      | /cart     | purchase   | u2      | v2         | false",
            "11:30 | shop      | /         | pageview   | u3      | v3         | true",
            "12:00 | shop      | /cart     | pageview   | unknown | v4         | false");

        Assert.Equal(["09|shop|/|2|1|1", "11|shop|/cart|2|1|2"], await _lake.RowsAsync("daily_pageviews", "hour, page_host, page_path, pageviews, users, visitors"));
    }

    [Fact]
    public async Task Unique_visitors_counts_a_person_once_a_day_and_no_programs()
    {
        await _lake.PutAsync(
            "at       | third_party | visitor_id | user_id | event_name | is_bot",
            "09:00    | news        | v1         | u1      | pageview   | false",
            "10:00    | news        | v1         | u1      | pageview   | false",
            "11:00    | news        | v2         | unknown | purchase   | false",
            "12:00    | news        | v3         | u3      | pageview   | true",
            "12:00    | blog        | v1         | u1      | pageview   | false",
            "14 09:00 | news        | v9         | u9      | pageview   | false");

        Assert.Equal(["15|09|news|2|1|2|3", "15|12|blog|1|1|1|1"], await _lake.RowsAsync("unique_visitors", "day, hour, third_party, visitors, users, pageviews, events"));
    }

    [Fact]
    public async Task Campaigns_knows_the_first_and_the_last_of_a_persons_day()
    {
        await _lake.PutAsync(
            "at       | utm_source | utm_campaign | visitor_id | user_id | is_bot",
            "09:00    | mail       | spring       | v1         | -       | false",
            "10:00    | search     | brand        | v1         | -       | false",
            "11:00    | mail       | spring       | v1         | -       | false",
            "09:30    | search     | brand        | -          | u2      | false",
            "09:40    | search     | brand        | -          | unknown | false",
            "09:50    | search     | brand        | v9         | -       | true",
            "09:55    | -          | -            | v1         | -       | false",
            "14 23:59 | print      | old          | v1         | -       | false");

        Assert.Equal(
            ["09|mail|spring|2|1|1|1", "09|search|brand|3|2|1|1"],
            await _lake.RowsAsync("campaigns", "hour, utm_source, utm_campaign, touches, people, first_touches, last_touches"));
    }

    [Fact]
    public async Task Sessions_end_after_thirty_minutes_of_nothing_and_at_midnight()
    {
        await _lake.PutAsync(
            "at       | visitor_id | user_id | page_url | referrer_host | event_name | is_bot",
            "09:00    | v1         | -       | /in      | search        | pageview   | false",
            "09:30    | v1         | -       | /more    | shop          | purchase   | false",
            "10:01    | v1         | -       | /again   | -             | pageview   | false",
            "09:05    | -          | u2      | /other   | -             | pageview   | false",
            "09:06    | -          | unknown | /nobody  | -             | pageview   | false",
            "09:07    | v3         | -       | /bot     | -             | pageview   | true",
            "14 23:50 | v1         | -       | /late    | -             | pageview   | false",
            "00:05    | v1         | -       | /early   | -             | pageview   | false");

        Assert.Equal(
            [
                "15|00|v1|1|0|1|/early|/early|",
                "15|09|u2|1|0|1|/other|/other|",
                "15|09|v1|2|1800|2|/in|/more|search",
                "15|10|v1|3|0|1|/again|/again|",
            ],
            await _lake.RowsAsync("sessions", "day, hour, person, session, seconds, events, entry_page, exit_page, referrer_host"));
        Assert.Equal(
            ["23|2026-03-14 23:50:00.000|2026-03-14 23:50:00.000|1"],
            await _lake.RowsAsync("sessions", "hour, started_at, ended_at, pageviews", where: "day = '14'"));
    }

    [Fact]
    public async Task Funnel_counts_who_came_how_far_in_order()
    {
        await _lake.PutAsync(
            "at       | third_party | visitor_id | event_name  | is_bot",
            "09:00    | shop        | v1         | pageview    | false",
            "09:01    | shop        | v1         | add_to_cart | false",
            "09:02    | shop        | v1         | checkout    | false",
            "09:03    | shop        | v1         | purchase    | false",
            "10:00    | shop        | v2         | add_to_cart | false", // before the pageview
            "10:01    | shop        | v2         | pageview    | false",
            "10:02    | shop        | v2         | checkout    | false",
            "10:00    | shop        | v3         | pageview    | false",
            "10:05    | shop        | v3         | add_to_cart | false",
            "10:05    | shop        | v4         | pageview    | true",
            "14 10:00 | shop        | v5         | pageview    | false");

        Assert.Equal(["15|09|shop|3|2|1|1"], await _lake.RowsAsync("funnel", "day, hour, third_party, pageview, add_to_cart, checkout, purchase"));
    }

    [Fact]
    public async Task Retention_is_a_join_of_two_days_as_its_description_says()
    {
        await _lake.PutAsync(
            "at       | third_party | user_id | event_name | is_bot",
            "01 09:00 | news        | u1      | pageview   | false",
            "01 10:00 | news        | u1      | pageview   | false",
            "01 10:00 | news        | u2      | pageview   | false",
            "01 10:00 | news        | u3      | pageview   | true",
            "01 10:00 | news        | unknown | pageview   | false",
            "08 09:00 | news        | u1      | purchase   | false",
            "08 09:00 | blog        | u2      | pageview   | false");

        Assert.Equal(["09|u1|2|2", "10|u2|1|1"], await _lake.RowsAsync("retention", "hour, user_id, events, pageviews", where: "day = '01'"));
        Assert.Equal(
            ["2|1"],
            await _lake.QueryAsync(
                """
                SELECT count(*) AS users, count(later.user_id) AS returned FROM retention first LEFT JOIN retention later
                ON later.user_id = first.user_id AND later.third_party = first.third_party AND later.year = '2026' AND later.month = '03'
                AND later.day = '08' WHERE first.year = '2026' AND first.month = '03' AND first.day = '01'
                """));
    }
}
