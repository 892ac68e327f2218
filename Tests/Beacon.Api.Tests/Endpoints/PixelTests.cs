using System.Net;
using System.Text.Json;
using Beacon.Api.Journal;
using Beacon.Api.Tests.Delivery;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Beacon.Api.Tests.Endpoints;

public class PixelTests
{
    [Fact]
    public async Task A_page_view_gets_the_image_and_is_in_the_journal_when_the_answer_comes()
    {
        await using RunningBeacon beacon = await RunningBeacon.StartAsync();

        using HttpResponseMessage response = await beacon.GetAsync(
            "userid=aws_user&thirdpartyname=example.hightrafficwebsite.com&color=red",
            ("User-Agent", "Mozilla/5.0"), ("Referer", "https://Shop.example:8443/cart?item=7#top"), ("Accept-Language", "de-CH, en"));

        await Pixels.AssertPixelAsync(response, 200);
        JsonElement e = Assert.Single(beacon.Events());
        Assert.Equal("aws_user", e.Text("user_id"));
        Assert.Equal("example.hightrafficwebsite.com", e.Text("third_party"));
        Assert.Equal("pageview", e.Text("event_name"));
        Assert.Equal("https://Shop.example:8443/cart?item=7#top", e.Text("page_url"));
        Assert.Equal("shop.example", e.Text("page_host"));
        Assert.Equal("/cart", e.Text("page_path"));
        Assert.Equal("Mozilla/5.0", e.Text("user_agent"));
        Assert.Equal("de-CH, en", e.Text("language"));
        Assert.Equal("127.0.0.0", e.Text("ip"));
        Assert.Equal("unknown", e.Text("consent"));
        Assert.Equal("userid=aws_user&thirdpartyname=example.hightrafficwebsite.com&color=red", e.Text("query"));
        Assert.Equal(["color=red"], e.Params());
        Assert.Equal(1, e.GetProperty("beacon_seq").GetInt64());
        Assert.Equal((1, 1), (beacon.Received, beacon.Accepted));
    }

    [Fact]
    public async Task Id_and_time_come_from_the_clock()
    {
        var now = new DateTimeOffset(2026, 11, 23, 8, 25, 1, 234, TimeSpan.Zero);
        await using RunningBeacon beacon = await RunningBeacon.StartAsync(services => services.AddSingleton<TimeProvider>(new FakeTimeProvider(now)));

        JsonElement e = await beacon.KeepAsync();

        Assert.Equal("2026-11-23T08:25:01.234Z", e.Text("received_at"));
        Assert.Equal(now.ToUnixTimeMilliseconds(), Convert.ToInt64(e.GetProperty("event_id").GetGuid().ToString("N")[..12], 16));
    }

    [Fact]
    public async Task A_request_without_anything_makes_an_event_of_defaults()
    {
        await using RunningBeacon beacon = await RunningBeacon.StartAsync();

        byte[] answer = await beacon.SendAsync("GET /trackingpixel HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

        Pixels.AssertPixel(answer, 200);
        Assert.Equal(
            ["event_id", "received_at", "ip", "consent", "event_name", "user_id", "third_party", "beacon_id", "beacon_seq"],
            Assert.Single(beacon.Events()).EnumerateObject().Select(p => p.Name));
    }

    [Fact]
    public async Task A_head_request_gets_the_headers_and_makes_no_event()
    {
        await using RunningBeacon beacon = await RunningBeacon.StartAsync();

        using HttpResponseMessage response = await beacon.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "trackingpixel?userid=a"), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Pixels.AssertHeaders(response);
        Assert.Empty(beacon.Events());
        Assert.Equal(0, beacon.Received);
    }

    [Theory]
    [InlineData("POST", "trackingpixel", 405)]
    [InlineData("DELETE", "trackingpixel", 405)]
    [InlineData("GET", "elsewhere", 404)]
    [InlineData("GET", "", 404)]
    [InlineData("GET", "trackingpixel/more", 404)]
    public async Task Another_method_or_path_is_told_so_and_makes_no_event(string method, string path, int status)
    {
        await using RunningBeacon beacon = await RunningBeacon.StartAsync();

        using HttpResponseMessage response = await beacon.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path) { Headers = { ConnectionClose = true } }, TestContext.Current.CancellationToken);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Empty(beacon.Events());
    }

    [Fact]
    public async Task When_the_journal_has_no_room_the_image_comes_with_503_and_is_counted()
    {
        await using RunningBeacon beacon = await RunningBeacon.StartAsync(("Journal:MaxSize", "1048576"), ("Beacon:ExplainDrops", "true"), ("Beacon:RetryAfter", "00:00:07"));
        string query = "x=" + new string('x', 100_000);
        HttpResponseMessage response = await beacon.GetAsync(query);
        int kept = 0;
        while (response.IsSuccessStatusCode)
        {
            kept++;
            response = await beacon.GetAsync(query);
        }

        await Pixels.AssertPixelAsync(response, 503);
        Assert.Equal("7", response.Headers.GetValues("Retry-After").Single());
        Assert.Equal("journal_full", response.Headers.GetValues("x-pixel-dropped").Single());
        Assert.Equal(["journal_full"], beacon.Dropped);
        Assert.Equal((kept + 1, kept), (beacon.Received, beacon.Accepted));
        Assert.Equal(kept, beacon.Events().Count);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await beacon.Client.GetAsync("ready", TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await beacon.Client.GetAsync("health", TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task A_beacon_that_can_append_is_ready()
    {
        await using RunningBeacon beacon = await RunningBeacon.StartAsync();

        Assert.Equal(HttpStatusCode.OK, (await beacon.Client.GetAsync("ready", TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await beacon.Client.GetAsync("health", TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task A_beacon_with_a_backlog_stays_ready_and_says_that_it_is_degraded()
    {
        await using FirehoseEndpoint firehose = await FirehoseEndpoint.StartAsync();
        firehose.Script = _ => new PutAnswer.Refuse(500, "InternalFailure");
        await using RunningBeacon beacon = await RunningBeacon.StartAsync(("AWS:ServiceURL", firehose.Url), ("Delivery:DeliverEvery", "00:00:00.005"), ("Delivery:RetryBase", "00:00:00.001"));

        await beacon.KeepAsync("a=b");
        await firehose.UntilAsync(endpoint => endpoint.Puts.Count >= 2); // the first has failed before the second comes
        using HttpResponseMessage ready = await beacon.Client.GetAsync("ready", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        Assert.Equal("""{"status":"degraded","checks":{"accepting":"healthy","delivery":"degraded"}}""", await ready.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        await beacon.KeepAsync("a=c");
    }

    [Theory]
    [InlineData(AppendResult.Failed, 503, "journal_failed")]
    [InlineData(null, 500, "defect")]
    public async Task Whatever_goes_wrong_behind_it_the_image_comes_and_is_never_a_200(AppendResult? result, int status, string reason)
    {
        await using RunningBeacon beacon = await RunningBeacon.StartAsync(services => services.AddSingleton<IEventSink>(new FailingSink(result)), ("Beacon:ExplainDrops", "true"));

        using HttpResponseMessage response = await beacon.GetAsync("a=b");

        await Pixels.AssertPixelAsync(response, status);
        Assert.Equal(reason, response.Headers.GetValues("x-pixel-dropped").Single());
        Assert.Equal([reason], beacon.Dropped);
    }

    [Fact]
    public async Task A_reason_is_told_only_when_asked_for()
    {
        await using RunningBeacon beacon = await RunningBeacon.StartAsync(services => services.AddSingleton<IEventSink>(new FailingSink(AppendResult.Full)));

        using HttpResponseMessage response = await beacon.GetAsync();

        await Pixels.AssertPixelAsync(response, 503);
        Assert.False(response.Headers.Contains("x-pixel-dropped"));
    }

    [Fact]
    public async Task A_request_under_way_is_answered_before_the_beacon_stops()
    {
        var sink = new HoldingSink();
        await using RunningBeacon beacon = await RunningBeacon.StartAsync(services => services.AddSingleton<IEventSink>(sink));
        Task<HttpResponseMessage> request = beacon.GetAsync("userid=late");
        await sink.Appending;

        Task stopped = beacon.App.StopAsync(TestContext.Current.CancellationToken);
        Assert.False(request.IsCompleted);
        sink.Release();

        await Pixels.AssertPixelAsync(await request, 200);
        await stopped;
    }

    [Fact]
    public async Task A_visitor_who_leaves_does_not_take_the_event_back()
    {
        var sink = new HoldingSink();
        await using RunningBeacon beacon = await RunningBeacon.StartAsync(services => services.AddSingleton<IEventSink>(sink));
        using var leave = new CancellationTokenSource();
        Task<HttpResponseMessage> request = beacon.Client.GetAsync("trackingpixel?userid=gone", leave.Token);
        await sink.Appending;

        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        sink.Release();

        await sink.Kept;
    }

    [Fact]
    public async Task A_thousand_requests_at_once_make_a_thousand_events_with_ids_of_their_own()
    {
        await using RunningBeacon beacon = await RunningBeacon.StartAsync();

        HttpResponseMessage[] responses = await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => beacon.GetAsync($"userid=u{i}&n={i}")));

        Assert.All(responses, r => Assert.Equal(HttpStatusCode.OK, r.StatusCode));
        List<JsonElement> events = beacon.Events();
        Assert.Equal(1000, events.Select(e => e.Text("event_id")).Distinct().Count());
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => $"u{i} n={i}").Order(), events.Select(e => $"{e.Text("user_id")} {e.Params().Single()}").Order());
        Assert.Equal(Enumerable.Range(1, 1000).Select(i => (long)i), events.Select(e => e.GetProperty("beacon_seq").GetInt64()));
    }

    /// <summary>A sink whose disk fails, or that is broken altogether.</summary>
    private sealed class FailingSink(AppendResult? result) : IEventSink
    {
        public bool CanAppend => false;

        public ValueTask<AppendResult> AppendAsync(ReadOnlyMemory<byte> openEvent, CancellationToken cancellationToken) =>
            ValueTask.FromResult(result ?? throw new InvalidOperationException("broken"));
    }

    /// <summary>A sink that takes its time, until it is told otherwise.</summary>
    private sealed class HoldingSink : IEventSink
    {
        private readonly TaskCompletionSource _appending = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _kept = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool CanAppend => true;

        public Task Appending => _appending.Task;

        public Task Kept => _kept.Task;

        public void Release() => _released.SetResult();

        public async ValueTask<AppendResult> AppendAsync(ReadOnlyMemory<byte> openEvent, CancellationToken cancellationToken)
        {
            _appending.SetResult();
            await _released.Task.WaitAsync(cancellationToken);
            _kept.SetResult();
            return AppendResult.Kept;
        }
    }
}
