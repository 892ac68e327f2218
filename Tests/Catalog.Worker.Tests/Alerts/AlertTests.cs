using System.Collections.Concurrent;
using System.Text.Json;
using Catalog.Worker.Alerts;
using Catalog.Worker.Tests.Views;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Catalog.Worker.Tests.Alerts;

public sealed class AlertTests
{
    private static readonly DateTimeOffset Nine = new(2026, 3, 15, 9, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, "traffic_stopped")]
    [InlineData(300, "traffic_dropped")]
    [InlineData(334, null)]
    [InlineData(2999, null)]
    [InlineData(3001, "traffic_jumped")]
    public void Traffic_is_compared_with_the_median_of_the_same_hour_of_earlier_weeks(int events, string? alert)
    {
        var earlier = new[] { 1000, 1000, 40_000, 900 }.Select(n => new Traffic(n, 0, n, 0)).ToList();

        var alerts = AlertRules.Of(Nine, new(events, 0, events, 0), earlier, new AlertsOptions());

        Assert.Equal(alert, alerts.SingleOrDefault()?.Name);
    }

    [Fact]
    public void Little_traffic_and_a_lake_without_a_past_are_no_reason_to_wake_anybody()
    {
        Assert.Empty(AlertRules.Of(Nine, new(0, 0, 0, 0), [new(99, 0, 99, 0)], new AlertsOptions()));
        Assert.Empty(AlertRules.Of(Nine, new(50_000, 0, 50_000, 0), [], new AlertsOptions()));
    }

    [Theory]
    [InlineData(1000, 30, 0, "drops_growing")]
    [InlineData(1000, 30, 20, null)] // no more than twice the usual share
    [InlineData(1000, 9, 0, null)]
    public void A_share_of_drops_that_grows_is_an_alert(int received, int dropped, int usuallyDropped, string? alert)
    {
        var alerts = AlertRules.Of(Nine, new(received, 0, received, dropped), [new(1000, 0, 1000, usuallyDropped)], new AlertsOptions());

        Assert.Equal(alert, alerts.SingleOrDefault()?.Name);
    }

    [Theory]
    [InlineData(300, 100, "bots_growing")]
    [InlineData(300, 200, null)]
    [InlineData(150, 0, null)]
    public void A_share_of_bots_that_grows_is_an_alert(int bots, int usualBots, string? alert)
    {
        var alerts = AlertRules.Of(Nine, new(1000, bots, 1000, 0), [new(1000, usualBots, 1000, 0)], new AlertsOptions());

        Assert.Equal(alert, alerts.SingleOrDefault()?.Name);
    }

    [Fact]
    public async Task An_alert_is_told_when_it_begins_and_when_it_ends()
    {
        await using var hook = await Webhook.StartAsync();
        await using var lake = await ViewLake.StartAsync(("Jobs:alerts:WebhookUrl", hook.Url), ("Jobs:alerts:MinEvents", "3"));
        await lake.PutAsync("at", "08 09:00", "08 09:01", "08 09:02", "01 09:00", "01 09:01", "01 09:02", "01 09:03");
        var worker = lake.Lake.Worker; // the clock stands at 10:30: it is the hour of 9

        var first = await worker.RunAsync("alerts");
        var second = await worker.RunAsync("alerts");
        await lake.PutAsync("at", "09:10", "09:11", "09:12");
        var third = await worker.RunAsync("alerts");

        Assert.Equal([(1, 1, 0), (1, 0, 0), (0, 0, 1)], new[] { first, second, third }.Select(c => (c["alerts"], c["raised"], c["ended"])));
        Assert.Equal(
            ["traffic_stopped raised No event arrived in the hour of 2026-03-15 09:00 UTC; usual are 3.", "traffic_stopped ended traffic_stopped is over."],
            hook.Messages.Select(m => $"{m.GetProperty("alert")} {m.GetProperty("state")} {m.GetProperty("text")}"));
    }

    [Fact]
    public async Task Drops_and_a_backlog_are_read_from_the_beacons_ledger_events()
    {
        await using var lake = await ViewLake.StartAsync(("Jobs:alerts:MinEvents", "3"));
        await lake.PutAsync(
            "at    | event_name | beacon_id | beacon_seq | params",
            "09:30 | ledger     | b1        | 1          | received=100,accepted=50,dropped=50,dropped_journal_full=50,undelivered=4,oldest_undelivered=2026-03-15T08:20:00.000Z");

        var counts = await lake.Lake.Worker.RunAsync("alerts");

        Assert.Equal(2, counts["alerts"]);
        var jobs = await lake.Lake.Worker.Http.GetStringAsync("/jobs");
        Assert.Contains("50.0% of the requests were dropped in the hour of 2026-03-15 09:00 UTC; usual are 0.0%.", jobs, StringComparison.Ordinal);
        Assert.Contains("1 beacon holds events that are not delivered, the oldest since 2026-03-15 08:20 UTC.", jobs, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Athena_is_asked_about_an_hour_only_when_something_in_it_has_changed()
    {
        await using var lake = await ViewLake.StartAsync(("Jobs:alerts:MinEvents", "3"), ("Jobs:compaction:MeasureHour", "-1"));
        await lake.PutAsync("at", "08 09:00", "08 09:01", "08 09:02", "08 09:03", "09:00");
        await lake.PutAsync(
            "at    | event_name | beacon_id | beacon_seq | params",
            "09:30 | ledger     | b1        | 1          | received=1,accepted=1,dropped=0,undelivered=4,oldest_undelivered=2026-03-15T08:20:00.000Z");

        Assert.Equal((2, 1), await RunAsync()); // one event in place of four, and a backlog
        Assert.Equal((2, 0), await RunAsync());
        await lake.PutAsync("at", "09:40");
        Assert.Equal((1, 1), await RunAsync());
        await lake.Lake.Worker.RunAsync("compaction"); // which is of an hour that is not closed to it: nothing
        Assert.Equal((1, 0), await RunAsync());
        await lake.PutAsync("at | event_name | beacon_id | beacon_seq | params", "10:20 | ledger | b1 | 2 | received=0,accepted=0,dropped=0,undelivered=0");
        Assert.Equal((0, 1), await RunAsync());

        // The next hour is compared with hours that nobody has read yet, of which there are none.
        lake.Lake.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal((0, 1), await RunAsync());
        Assert.Equal((0, 0), await RunAsync());

        async Task<(long Alerts, int Statements)> RunAsync()
        {
            var before = await StatementsAsync();
            var counts = await lake.Lake.Worker.RunAsync("alerts");
            return (counts["alerts"], await StatementsAsync() - before);
        }

        async Task<int> StatementsAsync() => (await lake.Lake.Athena.ListQueryExecutionsAsync(new() { WorkGroup = "pixel-maintenance" })).QueryExecutionIds?.Count ?? 0;
    }

    [Fact]
    public async Task What_is_usual_is_what_the_earlier_hours_have_become()
    {
        await using var lake = await ViewLake.StartAsync(("Jobs:alerts:MinEvents", "3"));
        await lake.PutAsync("at", "09:00", "09:01", "09:02");
        Assert.Equal(0, (await lake.Lake.Worker.RunAsync("alerts"))["alerts"]);

        // A week later 9 o'clock is compared with that hour and all that has landed in it since it was judged itself.
        await lake.PutAsync("at", "09:10", "09:11", "09:12", "09:13", "09:14", "09:15", "09:16");
        await lake.PutAsync("at", "22 09:00", "22 09:01", "22 09:02");
        lake.Lake.Time.Advance(TimeSpan.FromDays(7));
        await lake.Lake.Worker.RunAsync("alerts");

        Assert.Contains("3 events arrived in the hour of 2026-03-22 09:00 UTC; usual are 10.", await lake.Lake.Worker.Http.GetStringAsync("/jobs"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_webhook_that_does_not_answer_fails_the_run_and_is_tried_again()
    {
        await using var lake = await ViewLake.StartAsync(("Jobs:alerts:WebhookUrl", "http://127.0.0.1:1/secret"), ("Jobs:alerts:MinEvents", "1"));
        await lake.PutAsync("at", "08 09:00");

        var (status, error) = await lake.Lake.Worker.FailAsync("alerts");

        Assert.Equal(502, status);
        Assert.StartsWith("The webhook for alerts did not answer (ConnectionError)", error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error, StringComparison.Ordinal);
        Assert.Equal(502, (await lake.Lake.Worker.FailAsync("alerts")).Status);
    }

    private sealed class Webhook(WebApplication app, ConcurrentQueue<JsonElement> messages) : IAsyncDisposable
    {
        public string Url => $"{app.Urls.Single()}/hook";

        public IEnumerable<JsonElement> Messages => messages;

        public static async Task<Webhook> StartAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Logging.ClearProviders();
            var app = builder.Build();
            var messages = new ConcurrentQueue<JsonElement>();
            app.MapPost("/hook", async (HttpContext context) => messages.Enqueue((await JsonSerializer.DeserializeAsync<JsonElement>(context.Request.Body)).Clone()));
            await app.StartAsync();
            return new(app, messages);
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();
    }
}
