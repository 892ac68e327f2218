using System.Diagnostics.Metrics;
using Amazon.KinesisFirehose;
using Amazon.KinesisFirehose.Model;
using Amazon.Runtime;
using Beacon.Api.Delivery;
using Beacon.Api.Delivery.Quiet;
using Beacon.Api.Journal;
using Beacon.Api.Tests.Journal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace Beacon.Api.Tests.Delivery;

public sealed class DeliveryTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private FirehoseEndpoint _firehose = null!;

    public async ValueTask InitializeAsync() => _firehose = await FirehoseEndpoint.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _firehose.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Everything_appended_arrives_once_and_in_order_and_the_journal_is_empty_afterwards()
    {
        // One batch at a time: several on their way may overtake each other.
        await using (var beacon = await StartAsync(null, ("Delivery:MaxInFlight", "1")))
        {
            await beacon.Journal.AppendAllAsync(Journals.Ids("e", 5000), padding: 300);
        }

        Assert.Equal(Journals.Ids("e", 5000), _firehose.Ids);
        Assert.All(_firehose.Puts, put => Assert.Equal("the-stream", put.Stream));
        Assert.Empty(Journals.Segments(_folder.Path));
        Assert.Equal(5000, new Checkpoint(_folder.Path).Read());
    }

    [Fact]
    public async Task Many_events_share_a_record_and_a_backlog_goes_in_full_batches()
    {
        using (var journal = Journals.Open(_folder.Path))
        {
            await journal.AppendAllAsync(Journals.Ids("e", 12_000), padding: 1000);
        }

        await using var beacon = await StartAsync();
        await _firehose.UntilTakenAsync(12_000);

        Assert.InRange(_firehose.Puts.Count, 3, 8);
        Assert.All(_firehose.Puts, put => Assert.InRange(put.Records.Sum(record => record.Length), 1, 4 << 20));
        Assert.All(_firehose.Taken, record => Assert.InRange(record.Length, 1, 1000 << 10));
    }

    [Fact]
    public async Task A_quiet_beacon_sends_what_it_has_when_the_first_event_has_waited_long_enough()
    {
        var time = new ObservedTime();
        await using var beacon = await StartAsync(time, ("Delivery:DeliverEvery", "00:01:00"));

        await beacon.Journal.AppendAllAsync(["first"]);
        await time.NextWaitAsync(wait => wait > TimeSpan.FromSeconds(59) && wait < TimeSpan.FromSeconds(61));
        Assert.Empty(_firehose.Puts);
        await beacon.Journal.AppendAllAsync(["second"]);
        time.Advance(TimeSpan.FromSeconds(61));
        await _firehose.UntilTakenAsync(2);

        Assert.Single(_firehose.Puts);
        Assert.Equal(["first", "second"], Put.Ids(Assert.Single(_firehose.Taken)));
    }

    [Fact]
    public async Task Only_the_refused_entries_are_sent_again_in_their_order()
    {
        using (var journal = Journals.Open(_folder.Path))
        {
            // Five records of one batch.
            await journal.AppendAllAsync(Journals.Ids("e", 400), padding: 10_000);
        }

        _firehose.Script = put => put.Number switch
        {
            1 => new PutAnswer.TakeAllBut([1, 3], "ServiceUnavailableException"),
            2 => new PutAnswer.TakeAllBut([1], "InternalFailure"),
            _ => PutAnswer.Take,
        };
        await using var beacon = await StartAsync();
        await _firehose.UntilTakenAsync(400);

        var puts = _firehose.Puts;
        Assert.Equal(3, puts.Count);
        Assert.Equal([puts[0].Records[1], puts[0].Records[3]], puts[1].Records);
        Assert.Equal([puts[0].Records[3]], puts[2].Records);
        Assert.Equal(400, _firehose.Ids.Count);
    }

    public static TheoryData<string> Failures => ["unavailable", "throttled", "500", "no such stream", "hang up", "empty answer", "short answer", "entry without a word", "not JSON"];

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task However_firehose_fails_everything_arrives_when_it_works_again(string failure)
    {
        var failures = 0;
        _firehose.Script = _ => Interlocked.Increment(ref failures) > 5 ? PutAnswer.Take : failure switch
        {
            "unavailable" => new PutAnswer.Refuse(503, "ServiceUnavailableException"),
            "throttled" => new PutAnswer.Refuse(400, "ThrottlingException"),
            "500" => new PutAnswer.Refuse(500, "InternalFailure"),
            "no such stream" => new PutAnswer.Refuse(400, "ResourceNotFoundException"),
            "hang up" => new PutAnswer.HangUp(),
            "empty answer" => new PutAnswer.Say("{}"),
            "short answer" => new PutAnswer.Say("""{"FailedPutCount":1,"RequestResponses":[]}"""),
            "entry without a word" => new PutAnswer.Say("""{"FailedPutCount":1,"RequestResponses":[{}]}"""),
            _ => new PutAnswer.Say("<html>"),
        };
        // One batch at a time: on a slow machine the appends last longer than a batch is waited for.
        await using var beacon = await StartAsync(null, ("Delivery:MaxInFlight", "1"));
        await beacon.Journal.AppendAllAsync(Journals.Ids("e", 100));
        await _firehose.UntilTakenAsync(100);

        Assert.Equal(Journals.Ids("e", 100), _firehose.Ids);
        await beacon.StopAsync();
        Assert.Equal(100, new Checkpoint(_folder.Path).Read());
    }

    [Fact]
    public async Task A_failure_is_logged_once_when_it_begins_once_when_it_changes_and_once_when_it_ends()
    {
        _firehose.Script = put => put.Number switch
        {
            <= 5 => new PutAnswer.Refuse(400, "ResourceNotFoundException"),
            <= 10 => new PutAnswer.Refuse(400, "AccessDeniedException"),
            _ => PutAnswer.Take,
        };
        await using var beacon = await StartAsync();
        await beacon.Journal.AppendAllAsync(["e"]);
        await _firehose.UntilTakenAsync(1);
        await beacon.StopAsync();

        Assert.Equal(
            [
                "Firehose does not take events: ResourceNotFoundException: ResourceNotFoundException as told.",
                "Firehose does not take events: AccessDeniedException: AccessDeniedException as told.",
                "Firehose takes events again, after",
            ],
            beacon.Log.GetSnapshot().Where(entry => entry.Category == typeof(DeliveryState).FullName)
                .Select(entry => entry.Message.StartsWith("Firehose takes events again, after", StringComparison.Ordinal) ? "Firehose takes events again, after" : entry.Message));
    }

    [Fact]
    public async Task A_failure_that_comes_and_goes_is_logged_once_a_minute()
    {
        var time = new ObservedTime();
        _firehose.Script = put => put.Number % 2 == 1 ? new PutAnswer.Refuse(400, "ThrottlingException") : PutAnswer.Take;
        await using var beacon = await StartAsync(time, ("Delivery:Mode", "groupcommit"), ("Delivery:DeliverEvery", "00:15:00"));
        var sink = beacon.Sink;
        for (var i = 0; i < 20; i++)
        {
            // The gate shuts for less than a second.
            var answer = sink.AppendAsync(Journals.Event($"e-{i}"), TestContext.Current.CancellationToken).AsTask();
            time.Advance(TimeSpan.FromSeconds(1));
            await answer;
        }

        Assert.Equal(20, _firehose.Puts.Count);
        Assert.Equal(
            ["Firehose does not take events: ThrottlingException: ThrottlingException as told.", "Firehose takes events again, after 00:00:01."],
            beacon.Log.GetSnapshot().Where(entry => entry.Category == typeof(DeliveryState).FullName).Select(entry => entry.Message));
        _firehose.Script = _ => PutAnswer.Take;
    }

    [Fact]
    public async Task During_an_outage_puts_come_ever_more_seldom()
    {
        var time = new ObservedTime();
        _firehose.Script = put => put.Number <= 6 ? new PutAnswer.Refuse(500, "InternalFailure") : PutAnswer.Take;
        await using var beacon = await StartAsync(time, ("Delivery:RetryBase", "00:00:02"), ("Delivery:RetryCap", "00:00:20"), ("Delivery:DeliverEvery", "00:05:00"));
        await beacon.Journal.AppendAllAsync(["e"]);
        await time.NextWaitAsync(wait => wait > TimeSpan.FromMinutes(4));
        time.Advance(TimeSpan.FromMinutes(6));

        for (var failure = 1; failure <= 6; failure++)
        {
            var ceiling = TimeSpan.FromSeconds(Math.Min(20, Math.Pow(2, failure)));
            // Not the put's own time-out, which is 30 s.
            var wait = await time.NextWaitAsync(wait => wait <= TimeSpan.FromSeconds(20));
            Assert.InRange(wait, TimeSpan.FromMilliseconds(200), ceiling);
            Assert.Equal(failure, _firehose.Puts.Count);
            time.Advance(wait);
        }

        await _firehose.UntilTakenAsync(1);
        Assert.Equal(7, _firehose.Puts.Count);
    }

    [Fact]
    public async Task A_put_that_is_never_answered_is_given_up_and_sent_again()
    {
        var time = new ObservedTime();
        var never = new TaskCompletionSource();
        _firehose.Script = put => put.Number == 1 ? new PutAnswer.TakeAfter(never.Task) : PutAnswer.Take;
        await using var beacon = await StartAsync(time, ("Delivery:DeliverEvery", "00:05:00"), ("Delivery:PutTimeout", "00:00:42"), ("Delivery:RetryBase", "00:00:01"), ("Delivery:RetryCap", "00:00:01"));
        await beacon.Journal.AppendAllAsync(["e"]);
        await time.NextWaitAsync(wait => wait > TimeSpan.FromMinutes(4));
        time.Advance(TimeSpan.FromMinutes(6));
        await time.NextWaitAsync(wait => wait == TimeSpan.FromSeconds(42));
        await _firehose.UntilAsync(firehose => firehose.Puts.Count == 1);
        time.Advance(TimeSpan.FromSeconds(43));
        time.Advance(await time.NextWaitAsync(wait => wait < TimeSpan.FromSeconds(1)) + TimeSpan.FromMilliseconds(1));

        await _firehose.UntilTakenAsync(1);
        Assert.Equal(["e"], _firehose.Ids);
    }

    [Fact]
    public async Task Without_a_setting_a_put_carries_one_full_record()
    {
        using (var journal = Journals.Open(_folder.Path))
        {
            await journal.AppendAllAsync(Journals.Ids("e", 3000), padding: 1000);
        }

        await using var beacon = await StartAsync(null, ("Delivery:BatchSize", ""), ("Delivery:MaxInFlight", "1"), ("Delivery:DeliverEvery", "00:15:00"));
        await _firehose.UntilAsync(firehose => firehose.Puts.Count >= 3);

        Assert.All(_firehose.Puts.Take(3), put => Assert.InRange(Assert.Single(put.Records).Length, (1000 << 10) - 2000, 1000 << 10));
    }

    [Fact]
    public async Task An_answer_that_trickles_in_holds_no_other_put_up()
    {
        _firehose.Script = put => put.Number == 1 ? new PutAnswer.TakeAndTrickle() : PutAnswer.Take;
        await using var beacon = await StartAsync(null, ("Delivery:PutTimeout", "00:05:00"), ("Delivery:DrainTimeout", "00:00:00"));

        await beacon.Journal.AppendAllAsync(["first"]);
        await _firehose.UntilAsync(firehose => firehose.Puts.Count == 1);
        await beacon.Journal.AppendAllAsync(["second"]);
        await _firehose.UntilAsync(firehose => firehose.Ids.Contains("second"));
        await beacon.Journal.AppendAllAsync(["third"]);
        await _firehose.UntilAsync(firehose => firehose.Ids.Contains("third"));
    }

    [Fact]
    public async Task What_follows_an_answer_of_firehose_runs_on_the_deliverys_own_thread()
    {
        using var thread = new QuietThread("quiet");
        var config = new AmazonKinesisFirehoseConfig { ServiceURL = _firehose.Url, AuthenticationRegion = "us-east-1", HttpClientFactory = new QuietHttpClients(thread) };
        using var client = new AmazonKinesisFirehoseClient(new BasicAWSCredentials("test", "test"), config);
        for (var i = 0; i < 3; i++)
        {
            // The answer comes when somebody waits for it: what is there already is gone on with where one is.
            var waitedFor = new TaskCompletionSource();
            _firehose.Script = _ => new PutAnswer.TakeAfter(waitedFor.Task);
            var request = new PutRecordBatchRequest { DeliveryStreamName = "the-stream", Records = [new() { Data = new MemoryStream(Line(3 << 20)) }] };
            var after = ThreadAfterAsync(client.PutRecordBatchAsync(request, TestContext.Current.CancellationToken));
            waitedFor.SetResult();
            Assert.Equal("quiet", await after);
        }

        static async Task<string?> ThreadAfterAsync(Task put)
        {
            await put.ConfigureAwait(false);
            return Thread.CurrentThread.Name;
        }

        static byte[] Line(int length) => [.. "{\"event_id\":\"e\",\"beacon_id\":\"b\",\"beacon_seq\":1,\"pad\":\""u8, .. Enumerable.Repeat((byte)'x', length), .. "\"}\n"u8];
    }

    [Fact]
    public async Task The_checkpoint_waits_for_the_first_of_several_batches_on_their_way()
    {
        using (var journal = Journals.Open(_folder.Path))
        {
            await journal.AppendAllAsync(Journals.Ids("e", 12_000), padding: 1000);
        }

        var release = new TaskCompletionSource();
        _firehose.Script = put => Put.Ids(put.Records[0])[0] == "e-1" ? new PutAnswer.TakeAfter(release.Task) : PutAnswer.Take;
        await using (var beacon = await StartAsync())
        {
            await _firehose.UntilAsync(firehose => firehose.Puts.Count >= 3 && firehose.Ids.Contains("e-12000"));
            Assert.DoesNotContain("e-1", _firehose.Ids);
            Assert.Equal(0, new Checkpoint(_folder.Path).Read());

            // What a restart would find now: everything, the batches that were acknowledged out of turn too.
            Assert.Equal(12_000, beacon.Status.Undelivered);

            release.SetResult();
            await _firehose.UntilTakenAsync(12_000);
        }

        Assert.Equal(12_000, new Checkpoint(_folder.Path).Read());
        Assert.Equal(12_000, _firehose.Ids.Count);
    }

    [Fact]
    public async Task After_a_stop_in_the_middle_nothing_is_missing_and_only_what_was_on_its_way_comes_twice()
    {
        using (var journal = Journals.Open(_folder.Path))
        {
            await journal.AppendAllAsync(Journals.Ids("e", 12_000), padding: 1000);
        }

        _firehose.Script = put => put.Number == 2 ? new PutAnswer.TakeAndHangUp() : put.Number > 2 ? new PutAnswer.Refuse(500, "InternalFailure") : PutAnswer.Take;
        var beacon = await StartAsync(null, ("Delivery:MaxInFlight", "1"));
        await _firehose.UntilAsync(firehose => firehose.Puts.Count >= 4);
        await beacon.StopWithoutDrainAsync();
        var onItsWay = _firehose.Puts[1].Records.SelectMany(Put.Ids).ToHashSet();

        _firehose.Script = _ => PutAnswer.Take;
        await using (await StartAsync())
        {
            await _firehose.UntilTakenAsync(12_000);
        }

        var twice = _firehose.Ids.GroupBy(id => id).Where(group => group.Count() > 1).Select(group => group.Key);
        Assert.Equal(12_000, _firehose.Ids.Distinct().Count());
        Assert.Equal(onItsWay, twice.ToHashSet());
    }

    [Fact]
    public async Task A_stopping_beacon_sends_what_it_has_without_waiting_for_more()
    {
        var beacon = await StartAsync(null, ("Delivery:DeliverEvery", "00:15:00"));
        await beacon.Journal.AppendAllAsync(Journals.Ids("e", 10));

        await beacon.DisposeAsync();

        Assert.Equal(Journals.Ids("e", 10), _firehose.Ids);
    }

    [Fact]
    public async Task A_drain_ends_at_its_time_and_leaves_the_rest_for_the_next_start()
    {
        var time = new ObservedTime();
        _firehose.Script = _ => new PutAnswer.Refuse(503, "ServiceUnavailableException");
        var beacon = await StartAsync(time, ("Delivery:DrainTimeout", "00:00:33"), ("Delivery:RetryCap", "00:10:00"), ("Delivery:RetryBase", "00:01:00"));
        await beacon.Journal.AppendAllAsync(Journals.Ids("e", 10));
        time.Advance(TimeSpan.FromSeconds(1));

        var stopping = beacon.StopAsync();
        await _firehose.UntilAsync(firehose => firehose.Puts.Count >= 1);
        Assert.False(stopping.IsCompleted);
        while (!stopping.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await stopping;
        Assert.Contains(beacon.Log.GetSnapshot(), entry => entry.Message == "10 events stay in the journal for the next start.");
        await beacon.DisposeAsync();

        _firehose.Script = _ => PutAnswer.Take;
        await using var next = await StartAsync();
        await _firehose.UntilTakenAsync(10);
    }

    [Fact]
    public async Task An_event_no_record_can_carry_is_put_aside_with_its_reason_and_holds_nothing_up()
    {
        // One batch at a time, so that they arrive in order.
        await using (var beacon = await StartAsync(null, ("Delivery:MaxInFlight", "1")))
        {
            await beacon.Journal.AppendAllAsync(["before"]);
            await beacon.Journal.AppendAllAsync(["large"], padding: 1000 << 10);
            await beacon.Journal.AppendAllAsync(["after"]);
            await _firehose.UntilTakenAsync(2);
        }

        Assert.Equal(["before", "after"], _firehose.Ids);
        var files = Directory.GetFiles(_folder["dead-letter"]).Order().ToArray();
        Assert.Equal([$"{2:D20}.json", $"{2:D20}.reason"], files.Select(Path.GetFileName));
        Assert.StartsWith("{\"event_id\":\"large\"", File.ReadAllText(files[0]), StringComparison.Ordinal);
        Assert.Matches(@"^The event has \d+ bytes; a Firehose record carries 1024000\.\n$", File.ReadAllText(files[1]));
        Assert.Empty(Journals.Segments(_folder.Path));
    }

    [Fact]
    public async Task An_event_that_cannot_even_be_put_aside_keeps_its_segment()
    {
        File.WriteAllText(_folder["dead-letter"], "a file where the folder should be");
        await using (var beacon = await StartAsync())
        {
            await beacon.Journal.AppendAllAsync(["large"], padding: 1000 << 10);
            await beacon.Journal.AppendAllAsync(["after"]);
            await _firehose.UntilTakenAsync(1);
        }

        var kept = Assert.Single(Directory.GetFiles(_folder["quarantine"]));
        Assert.Contains("\"event_id\":\"large\"", File.ReadAllText(kept), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_outage_is_told_as_degraded_never_as_unhealthy()
    {
        _firehose.Script = put => new PutAnswer.Refuse(500, "InternalFailure");
        await using var beacon = await StartAsync();
        var health = beacon.Services.GetRequiredService<HealthCheckService>();
        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync()).Status);

        await beacon.Journal.AppendAllAsync(Journals.Ids("e", 3));
        await _firehose.UntilAsync(firehose => firehose.Puts.Count >= 2);

        Assert.Equal(HealthStatus.Degraded, (await health.CheckHealthAsync()).Entries["delivery"].Status);
        Assert.Equal("InternalFailure: InternalFailure as told.", beacon.Status.Failure);
        Assert.Equal(3, beacon.Status.Undelivered);
        Assert.True(beacon.Journal.CanAppend);

        _firehose.Script = _ => PutAnswer.Take;
        await _firehose.UntilTakenAsync(3);
        await beacon.StopAsync();
        Assert.False(beacon.Status.IsDegraded);
        Assert.Equal(0, beacon.Status.Undelivered);
    }

    [Fact]
    public async Task What_is_delivered_is_counted_with_what_it_costs()
    {
        await using var beacon = await StartAsync(null, ("Delivery:DeliverEvery", "00:15:00"));
        var meters = beacon.Services.GetRequiredService<IMeterFactory>();
        using var events = new MetricCollector<long>(meters, DeliveryMetrics.MeterName, "pixel.delivery.events");
        using var bytes = new MetricCollector<long>(meters, DeliveryMetrics.MeterName, "pixel.delivery.bytes");
        using var billed = new MetricCollector<long>(meters, DeliveryMetrics.MeterName, "pixel.delivery.billed_bytes");
        using var retries = new MetricCollector<long>(meters, DeliveryMetrics.MeterName, "pixel.delivery.retries");
        using var packing = new MetricCollector<double>(meters, DeliveryMetrics.MeterName, "pixel.delivery.pack.duration");
        using var puts = new MetricCollector<double>(meters, DeliveryMetrics.MeterName, "pixel.delivery.put.duration");
        using var ages = new MetricCollector<double>(meters, DeliveryMetrics.MeterName, "pixel.delivery.duration");
        _firehose.Script = put => put.Number == 1 ? new PutAnswer.TakeAllBut([0], "ThrottlingException") : PutAnswer.Take;

        await beacon.Journal.AppendAllAsync(Journals.Ids("e", 100), padding: 100);
        await beacon.StopAsync();

        var record = Assert.Single(_firehose.Taken);
        Assert.Equal(100, events.GetMeasurementSnapshot().Sum(m => m.Value));
        Assert.Equal(record.Length, bytes.GetMeasurementSnapshot().Sum(m => m.Value));
        Assert.Equal(PackingLimits.Billed(record.Length), billed.GetMeasurementSnapshot().Sum(m => m.Value));
        Assert.Equal(1, retries.GetMeasurementSnapshot().Sum(m => m.Value));
        Assert.Single(packing.GetMeasurementSnapshot());
        Assert.Equal(["failed", "taken"], puts.GetMeasurementSnapshot().Select(m => m.Tags["outcome"]));
        Assert.Single(ages.GetMeasurementSnapshot());
    }

    [Fact]
    public async Task Without_credentials_the_beacon_starts_and_keeps_events()
    {
        await using var beacon = await StartAsync(
            null, ("AWS:AccessKey", ""), ("AWS:SecretKey", ""), ("AWS:ServiceURL", "http://127.0.0.1:1"), ("Delivery:DrainTimeout", "00:00:00"));

        await beacon.Journal.AppendAllAsync(Journals.Ids("e", 3));

        Assert.Equal(3, beacon.Status.Undelivered);
        Assert.True(beacon.Journal.CanAppend);
    }

    private Task<DeliveringBeacon> StartAsync(TimeProvider? time = null, params (string, string)[] settings) =>
        DeliveringBeacon.StartAsync(_folder.Path, _firehose.Url, time, settings);
}
