using System.Collections.Concurrent;
using System.Diagnostics;
using Beacon.Api.Endpoints;
using Beacon.Api.Journal;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Beacon.Api.Tests.Endpoints;

/// <summary>Listeners hear the whole process: these tests and those of the delivery's spans do not run at the same time.</summary>
[Collection(nameof(TracingTests))]
public sealed class TracingTests : IDisposable
{
    private readonly ConcurrentQueue<Activity> _spans = new();
    private readonly ActivityListener _listener;

    public TracingTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Pixel.Beacon",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _spans.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public void Dispose() => _listener.Dispose();

    [Theory]
    [InlineData(1, 3000)]
    [InlineData(1000, 3)]
    [InlineData(0, 0)]
    public void One_request_in_so_many_is_traced(int oneIn, int traced)
    {
        using var tracing = new BeaconTracing(Options.Create(new BeaconOptions { TraceOneIn = oneIn }));

        Assert.Equal(traced, Enumerable.Range(1, 3000).Count(number => tracing.Samples(number)));
    }

    [Fact]
    public void Without_a_listener_nothing_is_traced()
    {
        _listener.Dispose();
        using var tracing = new BeaconTracing(Options.Create(new BeaconOptions { TraceOneIn = 1 }));

        Assert.Null(tracing.Start(new HttpRequestFeature()));
    }

    [Fact]
    public async Task A_span_tells_the_request_but_neither_its_query_nor_who_it_was()
    {
        await using RunningBeacon beacon = await RunningBeacon.StartAsync(("Beacon:TraceOneIn", "1"));

        await beacon.Client.GetAsync("TrackingPixel?userid=secret", TestContext.Current.CancellationToken);

        Activity span = SpanOf("/TrackingPixel");
        Assert.Equal(("GET /trackingpixel", ActivityKind.Server, ActivityStatusCode.Unset), (span.DisplayName, span.Kind, span.Status));
        Assert.Equal(
            ["http.request.method=GET", "http.response.status_code=200", "http.route=/trackingpixel", "network.protocol.version=1.1", "url.path=/TrackingPixel", "url.scheme=http"],
            span.TagObjects.Select(tag => $"{tag.Key}={tag.Value}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_visitor_does_not_choose_the_trace()
    {
        await using RunningBeacon beacon = await RunningBeacon.StartAsync(("Beacon:TraceOneIn", "1"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "tracKingpixel")
        {
            Headers = { { "traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" } },
        };

        await beacon.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Activity span = SpanOf("/tracKingpixel");
        Assert.NotEqual("0af7651916cd43dd8448eb211c80319c", span.TraceId.ToHexString());
        Assert.Equal(default, span.ParentSpanId);
    }

    [Fact]
    public async Task The_event_is_kept_within_the_span_which_ends_after_a_wait_with_the_failure_it_led_to()
    {
        var sink = new WaitingSink();
        await using RunningBeacon beacon = await RunningBeacon.StartAsync(services => services.AddSingleton<IEventSink>(sink), ("Beacon:TraceOneIn", "1"));

        Task<HttpResponseMessage> first = beacon.Client.GetAsync("trackingPixel", TestContext.Current.CancellationToken);
        Activity? within = await sink.Appending;
        Assert.DoesNotContain(_spans, span => Equals(span.GetTagItem("url.path"), "/trackingPixel"));
        sink.Fail();
        await first;

        Activity span = SpanOf("/trackingPixel");
        Assert.Same(span, within);
        Assert.Equal((503, ActivityStatusCode.Error), (span.GetTagItem("http.response.status_code"), span.Status));
    }

    /// <summary>Other tests' spans come here too: each test asks for the pixel in a spelling of its own.</summary>
    private Activity SpanOf(string path) => Assert.Single(_spans, span => Equals(span.GetTagItem("url.path"), path));

    private sealed class WaitingSink : IEventSink
    {
        private readonly TaskCompletionSource<Activity?> _appending = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource<AppendResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool CanAppend => true;

        public Task<Activity?> Appending => _appending.Task;

        public void Fail() => _result.SetResult(AppendResult.Failed);

        public async ValueTask<AppendResult> AppendAsync(ReadOnlyMemory<byte> openEvent, CancellationToken cancellationToken)
        {
            _appending.SetResult(Activity.Current);
            return await _result.Task;
        }
    }
}
