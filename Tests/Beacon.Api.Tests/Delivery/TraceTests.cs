using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Beacon.Api.Endpoints;
using Beacon.Api.Tests.Journal;

namespace Beacon.Api.Tests.Delivery;

/// <summary>One trace from the request to what Firehose has taken. The listener hears the whole process, so each test looks at traces of its own.</summary>
[Collection(nameof(Endpoints.TracingTests))]
public sealed class TraceTests : IAsyncLifetime
{
    private const string HttpClient = "System.Net.Http";

    private readonly TempFolder _folder = new();
    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly SemaphoreSlim _news = new(0);
    private readonly ActivityListener _listener;
    private FirehoseEndpoint _firehose = null!;

    public TraceTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is BeaconTracing.SourceName or HttpClient,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                _ended.Enqueue(span);
                _news.Release();
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public async ValueTask InitializeAsync() => _firehose = await FirehoseEndpoint.StartAsync();

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _firehose.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("Journal", "journal")]
    [InlineData("GroupCommit", "group")]
    public async Task A_pixel_is_one_trace_from_its_request_over_its_wait_to_the_put(string mode, string waitedIn)
    {
        await using var beacon = await StartAsync(("Delivery:Mode", mode), ("Delivery:DeliverEvery", "00:00:00.005"), ("Beacon:TraceOneIn", "1"));

        using var response = await beacon.GetAsync("event=traced");
        await _firehose.UntilTakenAsync(1);

        var request = await RequestAsync(TraceOf(Assert.Single(Lines())));
        var (wait, deliver) = (await SpanAsync(request.TraceId, waitedIn), await SpanAsync(request.TraceId, "deliver"));
        var put = await SpanAsync(request.TraceId, "System.Net.Http.HttpRequestOut");
        Assert.Equal((request.SpanId, request.SpanId, deliver.SpanId), (wait.ParentSpanId, deliver.ParentSpanId, put.ParentSpanId));
        Assert.Equal((1, ActivityStatusCode.Unset), (deliver.GetTagItem("pixel.delivery.events"), deliver.Status));
        Assert.InRange(wait.StartTimeUtc, request.StartTimeUtc.AddMilliseconds(-1), deliver.StartTimeUtc); // the journal notes milliseconds
        Assert.Equal(deliver.StartTimeUtc, wait.StartTimeUtc + wait.Duration);
    }

    [Fact]
    public async Task A_put_before_the_answer_is_below_the_request_itself()
    {
        await using var beacon = await StartAsync(("Delivery:Mode", "WriteThrough"), ("Beacon:TraceOneIn", "1"));

        using var response = await beacon.GetAsync("event=traced");

        var request = await RequestAsync(TraceOf(Assert.Single(Lines())));
        Assert.Equal(request.SpanId, (await SpanAsync(request.TraceId, "System.Net.Http.HttpRequestOut")).ParentSpanId);
    }

    [Fact]
    public async Task Events_that_are_put_together_are_each_followed_and_linked_with_the_one_that_has_the_call()
    {
        await using var beacon = await StartAsync(("Delivery:DeliverEvery", "00:10:00"), ("Delivery:DrainTimeout", "00:01:00"), ("Beacon:TraceOneIn", "1"));
        foreach (var name in new[] { "one", "two", "three" })
        {
            using var response = await beacon.GetAsync($"event={name}");
        }

        await beacon.App.StopAsync(TestContext.Current.CancellationToken); // all that is there goes at once

        Assert.Single(_firehose.Puts);
        var delivers = new List<Activity>();
        foreach (var trace in Lines().Select(TraceOf))
        {
            delivers.Add(await SpanAsync(trace.TraceId, "deliver"));
        }

        Assert.Equal(3, delivers.Select(span => span.TraceId).Distinct().Count());
        Assert.Equal(2, delivers[0].Links.Count());
        Assert.All(delivers.Skip(1), span => Assert.Equal(delivers[0].SpanId, Assert.Single(span.Links).Context.SpanId));
        Assert.Equal(delivers[0].SpanId, (await SpanAsync(delivers[0].TraceId, "System.Net.Http.HttpRequestOut")).ParentSpanId);
    }

    [Fact]
    public async Task The_next_process_goes_on_with_the_trace_of_an_event_that_the_last_one_left()
    {
        _firehose.Script = _ => new PutAnswer.Refuse(503, "ServiceUnavailableException");
        await using (var beacon = await StartAsync(("Delivery:DeliverEvery", "00:00:00.005"), ("Beacon:TraceOneIn", "1")))
        {
            using var response = await beacon.GetAsync("event=left");
            await _firehose.UntilAsync(firehose => firehose.Puts.Count > 1);
        }

        var request = await RequestAsync(TraceOf(Encoding.UTF8.GetString(_firehose.Puts[0].Records[0])));
        var left = await SpanAsync(request.TraceId, "deliver");
        Assert.Equal((ActivityStatusCode.Error, "Left in the journal for the next start."), (left.Status, left.StatusDescription));
        Assert.Contains(left.Events, happened => happened.Name == "put failed" && happened.Tags.Contains(new("error.type", "ServiceUnavailableException")));

        _firehose.Script = _ => PutAnswer.Take;
        await using var next = await StartAsync(("Delivery:DeliverEvery", "00:00:00.005"));
        await _firehose.UntilTakenAsync(1);

        Assert.Equal(request.SpanId, (await SpanAsync(request.TraceId, "deliver", span => span != left)).ParentSpanId);
    }

    [Fact]
    public async Task What_a_visitor_calls_a_trace_is_none()
    {
        await using var beacon = await StartAsync(("Delivery:DeliverEvery", "00:00:00.005"), ("Beacon:TraceOneIn", "0"));

        using var response = await beacon.GetAsync("traceparent=00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        await _firehose.UntilTakenAsync(1);

        var line = Assert.Single(Lines());
        Assert.Contains("0af7651916cd43dd8448eb211c80319c", line, StringComparison.Ordinal);
        Assert.False(Pixel.Events.Traceparent.TryRead(Encoding.UTF8.GetBytes(line), out _));
    }

    private Task<RunningBeacon> StartAsync(params (string Key, string Value)[] settings) => RunningBeacon.StartAsync(
    [
        .. new Dictionary<string, string>([.. settings.Select(setting => KeyValuePair.Create(setting.Key, setting.Value))])
        {
            ["Journal:Folder"] = _folder["journal"],
            ["AWS:ServiceURL"] = _firehose.Url,
            ["AWS:Resources:EventStreamName"] = "the-stream",
            ["Delivery:RetryBase"] = "00:00:00.001",
            ["Delivery:RetryCap"] = "00:00:00.010",
            ["Delivery:RequestTimeout"] = "00:00:25", // a slow put is not put again
        }.Select(setting => (setting.Key, setting.Value)),
    ]);

    private List<string> Lines() => [.. _firehose.Taken.SelectMany(record => Encoding.UTF8.GetString(record).Split('\n', StringSplitOptions.RemoveEmptyEntries))];

    private static ActivityContext TraceOf(string line)
    {
        Assert.True(Pixel.Events.Traceparent.TryRead(Encoding.UTF8.GetBytes(line), out var context), line);
        return context;
    }

    /// <summary>The span that an event says it comes from.</summary>
    private async Task<Activity> RequestAsync(ActivityContext trace) => await SpanAsync(trace.TraceId, "GET /trackingpixel", span => span.SpanId == trace.SpanId);

    /// <summary>Waits for a span to end: that may be a moment after what it is about.</summary>
    private async Task<Activity> SpanAsync(ActivityTraceId trace, string name, Predicate<Activity>? isMeant = null)
    {
        while (true)
        {
            if (_ended.FirstOrDefault(span => span.TraceId == trace && span.OperationName == name && isMeant?.Invoke(span) != false) is { } found)
            {
                return found;
            }

            await _news.WaitAsync(TestContext.Current.CancellationToken);
        }
    }
}
