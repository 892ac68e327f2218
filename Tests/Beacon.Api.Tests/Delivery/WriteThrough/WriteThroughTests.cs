using System.Diagnostics.Metrics;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Beacon.Api.Delivery;
using Beacon.Api.Tests.Journal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace Beacon.Api.Tests.Delivery.WriteThrough;

/// <summary>Nothing outlives the request: what is answered 200 is in Firehose or in the queue.</summary>
public sealed class WriteThroughTests : IAsyncLifetime
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly TempFolder _folder = new();
    private FirehoseEndpoint _firehose = null!;
    private QueueEndpoint _queue = null!;

    public async ValueTask InitializeAsync() =>
        (_firehose, _queue) = (await FirehoseEndpoint.StartAsync(), await QueueEndpoint.StartAsync());

    public async ValueTask DisposeAsync()
    {
        await _firehose.DisposeAsync();
        await _queue.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_request_is_answered_when_firehose_has_its_event_and_there_is_no_journal()
    {
        var release = new TaskCompletionSource();
        _firehose.Script = put => put.Number == 1 ? new PutAnswer.TakeAfter(release.Task) : PutAnswer.Take;
        await using var beacon = await StartAsync();

        var first = beacon.GetAsync("userid=a");
        await _firehose.UntilAsync(firehose => firehose.Puts.Count == 1);
        Assert.False(first.IsCompleted);
        release.SetResult();
        await Pixels.AssertPixelAsync(await first, 200);
        await Pixels.AssertPixelAsync(await beacon.GetAsync("userid=b"), 200);

        var events = _firehose.Taken.Select(record => Pixels.ParseLine(record)).ToList();
        Assert.Equal(["a", "b"], events.Select(e => e.Text("user_id")));
        Assert.Equal([1, 2], events.Select(Number));
        Assert.Single(events.Select(e => e.Text("beacon_id")).Distinct());
        Assert.False(Directory.Exists(_folder["journal"]));
    }

    public static TheoryData<string> Failures => ["refuse", "throttle", "500", "hang up", "take and hang up", "refuse the entry", "nonsense"];

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_put_that_fails_is_tried_again_before_the_answer(string failure)
    {
        _firehose.Script = put => put.Number > 2 ? PutAnswer.Take : Answer(failure);
        await using var beacon = await StartAsync();

        await Pixels.AssertPixelAsync(await beacon.GetAsync("userid=a"), 200);

        Assert.Equal(3, _firehose.Puts.Count);
        Assert.Equal("a", Pixels.ParseLine(_firehose.Taken[^1]).Text("user_id"));
        Assert.Empty(_queue.Messages);
    }

    [Fact]
    public async Task What_firehose_does_not_take_in_time_goes_to_the_queue_as_it_is()
    {
        _firehose.Script = _ => Answer("refuse");
        await using var beacon = await StartAsync([.. _queue.Settings, ("Delivery:RequestTimeout", "00:00:00.1")]);
        using var overflowed = Collect(beacon, "pixel.delivery.overflowed");

        // SQS would refuse U+FFFE and U+FFFF as they are.
        await Pixels.AssertPixelAsync(await beacon.GetAsync("userid=%EF%BF%BE%EF%BF%BF%F0%9F%90%9E&x=%00"), 200);

        var body = Assert.Single(_queue.Messages);
        Assert.DoesNotContain('\uFFFF', body);
        var e = Pixels.ParseLine(Encoding.UTF8.GetBytes(body));
        Assert.Equal(("\uFFFE\uFFFF🐞", 1), (e.Text("user_id"), Number(e)));
        Assert.Equal(1, overflowed.GetMeasurementSnapshot().Sum(m => m.Value));
        Assert.Equal((1, 1), (beacon.Received, beacon.Accepted));
    }

    [Theory]
    [InlineData("refuse", 1)] // certainly not kept: the next event gets its number
    [InlineData("hang up", 2)] // perhaps taken: the number stays used
    public async Task Without_a_queue_it_is_answered_503_and_counted_as_dropped(string failure, long nextNumber)
    {
        _firehose.Script = _ => Answer(failure);
        // A wait before a second try would be longer than a request may last; and no time passes, however slow the machine is.
        await using var beacon = await StartAsync(
            new ObservedTime(), [("Delivery:RetryBase", "00:01:00"), ("Delivery:RetryCap", "00:01:00"), ("Beacon:ExplainDrops", "true")]);

        var response = await beacon.GetAsync("userid=lost");
        await Pixels.AssertPixelAsync(response, 503);
        Assert.Equal("10", response.Headers.GetValues("Retry-After").Single());
        Assert.Equal("delivery_failed", response.Headers.GetValues("x-pixel-dropped").Single());
        Assert.Equal(["delivery_failed"], beacon.Dropped);

        _firehose.Script = _ => PutAnswer.Take;
        await Pixels.AssertPixelAsync(await beacon.GetAsync("userid=next"), 200);
        Assert.Equal(nextNumber, Number(Pixels.ParseLine(_firehose.Taken.Single())));
        Assert.Equal((2, 1), (beacon.Received, beacon.Accepted));
    }

    [Fact]
    public async Task During_an_outage_the_queue_is_asked_first_until_a_probe_finds_firehose_working()
    {
        var time = new ObservedTime();
        _firehose.Script = _ => Answer("refuse");
        await using var beacon = await StartAsync(time, [.. _queue.Settings, ("Delivery:RetryBase", "00:01:00"), ("Delivery:RetryCap", "00:01:00")]);

        await Pixels.AssertPixelAsync(await beacon.GetAsync("userid=finds-it-out"), 200);
        await Pixels.AssertPixelAsync(await beacon.GetAsync("userid=spared"), 200);
        Assert.Equal((1, 2), (_firehose.Puts.Count, _queue.Messages.Count));

        _firehose.Script = _ => PutAnswer.Take;
        time.Advance(Minute);
        await Pixels.AssertPixelAsync(await beacon.GetAsync("userid=probe"), 200);
        await Pixels.AssertPixelAsync(await beacon.GetAsync("userid=after"), 200);
        Assert.Equal((3, 2), (_firehose.Puts.Count, _queue.Messages.Count));
    }

    [Fact]
    public async Task A_queue_that_fails_too_leaves_firehose_as_the_last_hope()
    {
        var time = new ObservedTime();
        _firehose.Script = put => put.Number == 1 ? Answer("refuse") : PutAnswer.Take;
        _queue.Script = _ => QueueAnswer.Refuse;
        await using var beacon = await StartAsync(time, [.. _queue.Settings, ("Delivery:RetryBase", "00:01:00"), ("Delivery:RetryCap", "00:01:00")]);

        await Pixels.AssertPixelAsync(await beacon.GetAsync("userid=lost"), 503);
        await Pixels.AssertPixelAsync(await beacon.GetAsync("userid=saved"), 200);

        Assert.Equal("saved", Pixels.ParseLine(_firehose.Taken.Single()).Text("user_id"));
    }

    [Fact]
    public async Task A_firehose_that_does_not_answer_is_asked_three_times_within_the_time_of_a_request()
    {
        var time = new ObservedTime();
        _firehose.Script = _ => new PutAnswer.TakeAfter(new TaskCompletionSource().Task);
        await using var beacon = await StartAsync(time, [("Delivery:RequestTimeout", "00:00:12"), ("Delivery:RetryBase", "00:00:01"), ("Delivery:RetryCap", "00:00:01")]);

        var answer = beacon.GetAsync("userid=a");
        for (var put = 1; put <= 3; put++)
        {
            // Four seconds, and for the last try what the two pauses leave of them.
            var timeout = await time.NextWaitAsync(wait => wait > TimeSpan.FromSeconds(1.5) && wait <= TimeSpan.FromSeconds(4));
            await _firehose.UntilAsync(firehose => firehose.Puts.Count == put);
            time.Advance(timeout);
            if (put < 3)
            {
                time.Advance(await time.NextWaitAsync(wait => wait < TimeSpan.FromSeconds(1)) + TimeSpan.FromMilliseconds(1));
            }
        }

        await Pixels.AssertPixelAsync(await answer, 503);
    }

    [Fact]
    public async Task Whatever_firehose_and_the_queue_do_every_200_is_in_one_of_them()
    {
        _firehose.Script = put => new Random(put.Number).Next(8) switch
        {
            0 => Answer("refuse"),
            1 => Answer("throttle"),
            2 => Answer("500"),
            3 => Answer("hang up"),
            4 => Answer("refuse the entry"),
            5 => new PutAnswer.TakeAfter(new TaskCompletionSource().Task), // never
            _ => PutAnswer.Take,
        };
        _queue.Script = number => (QueueAnswer)new Random(number).Next(4);
        await using var beacon = await StartAsync([.. _queue.Settings, ("Delivery:RequestTimeout", "00:00:00.3")]);

        var statuses = await Task.WhenAll(Enumerable.Range(0, 8).Select(visitor => Task.Run(async () =>
        {
            var mine = new List<(string User, HttpStatusCode Status)>();
            for (var i = 0; i < 25; i++)
            {
                using var response = await beacon.GetAsync($"userid={visitor}-{i}");
                Assert.Equal(response.StatusCode == HttpStatusCode.ServiceUnavailable, response.Headers.Contains("Retry-After"));
                mine.Add(($"{visitor}-{i}", response.StatusCode));
            }

            return mine;
        })));

        var arrived = _firehose.Taken.Select(record => Pixels.ParseLine(record))
            .Concat(_queue.Messages.Select(body => Pixels.ParseLine(Encoding.UTF8.GetBytes(body)))).ToList();
        var acknowledged = statuses.SelectMany(mine => mine).Where(answer => answer.Status == HttpStatusCode.OK).Select(answer => answer.User).ToList();
        Assert.NotEmpty(acknowledged);
        Assert.Empty(acknowledged.Except(arrived.Select(e => e.Text("user_id")!)));

        // One number, one event: however often it arrived.
        Assert.All(arrived.GroupBy(Number), same => Assert.Single(same.Select(e => e.Text("event_id")).Distinct()));
        Assert.Equal((200, acknowledged.Count, 200 - acknowledged.Count), (beacon.Received, beacon.Accepted, beacon.Dropped.Count(reason => reason == "delivery_failed")));
    }

    [Fact]
    public async Task An_outage_is_told_but_never_takes_the_beacon_away()
    {
        _firehose.Script = _ => Answer("refuse");
        await using var beacon = await StartAsync(("Delivery:RequestTimeout", "00:00:00.1"));
        await Pixels.AssertPixelAsync(await beacon.GetAsync(), 503);

        using var ready = await beacon.Client.GetAsync("/ready", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        Assert.Contains("\"Degraded\"", await ready.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task What_each_event_costs_is_counted()
    {
        await using var beacon = await StartAsync();
        using var bytes = Collect(beacon, "pixel.delivery.bytes");
        using var billed = Collect(beacon, "pixel.delivery.billed_bytes");

        await beacon.GetAsync("userid=a");
        await beacon.GetAsync("userid=b");

        Assert.Equal(_firehose.Taken.Sum(record => record.Length), bytes.GetMeasurementSnapshot().Sum(m => m.Value));
        Assert.Equal(2 * 5120, billed.GetMeasurementSnapshot().Sum(m => m.Value));
    }

    private static PutAnswer Answer(string failure) => failure switch
    {
        "refuse" => new PutAnswer.Refuse(400, "ResourceNotFoundException"),
        "throttle" => new PutAnswer.Refuse(503, "ServiceUnavailableException"),
        "500" => new PutAnswer.Refuse(500, "InternalFailure"),
        "hang up" => new PutAnswer.HangUp(),
        "take and hang up" => new PutAnswer.TakeAndHangUp(),
        "refuse the entry" => new PutAnswer.TakeAllBut([0], "InternalFailure"),
        _ => new PutAnswer.Say("<html>"),
    };

    private static MetricCollector<long> Collect(RunningBeacon beacon, string instrument) =>
        new(beacon.App.Services.GetRequiredService<IMeterFactory>(), DeliveryMetrics.MeterName, instrument);

    private static long Number(JsonElement e) => e.GetProperty("beacon_seq").GetInt64();

    private Task<RunningBeacon> StartAsync(params (string Key, string Value)[] settings) => StartAsync(null, settings);

    private Task<RunningBeacon> StartAsync(TimeProvider? time, (string Key, string Value)[] settings)
    {
        (string Key, string Value)[] usual =
        [
            ("Delivery:Mode", "writethrough"),
            ("Journal:Folder", _folder["journal"]),
            ("AWS:ServiceURL", _firehose.Url),
            ("Delivery:RetryBase", "00:00:00.001"),
            ("Delivery:RetryCap", "00:00:00.010"),
            // By the machine's clock a try that is slow, and not only one that fails, would be a second put.
            .. time is null ? new[] { ("Delivery:RequestTimeout", "00:00:25") } : [],
        ];
        return RunningBeacon.StartAsync(
            services => _ = time is null ? services : services.AddSingleton(time), [.. settings.Concat(usual).DistinctBy(setting => setting.Key)]);
    }
}
