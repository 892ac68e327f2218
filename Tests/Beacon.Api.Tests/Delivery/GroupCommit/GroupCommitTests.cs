using System.Diagnostics.Metrics;
using Beacon.Api.Delivery;
using Beacon.Api.Delivery.GroupCommit;
using Beacon.Api.Journal;
using Beacon.Api.Tests.Journal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace Beacon.Api.Tests.Delivery.GroupCommit;

/// <summary>Requests that share a put. The clock stands still, so a group is closed when the test says so.</summary>
public sealed class GroupCommitTests : IAsyncLifetime
{
    private static readonly TimeSpan GroupWait = TimeSpan.FromMilliseconds(20);
    private static readonly PutAnswer Refuse = new PutAnswer.Refuse(400, "ResourceNotFoundException");

    private readonly TempFolder _folder = new();
    private readonly ObservedTime _time = new();
    private FirehoseEndpoint _firehose = null!;

    public async ValueTask InitializeAsync() => _firehose = await FirehoseEndpoint.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _firehose.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Requests_of_twenty_milliseconds_share_a_record_and_are_answered_when_firehose_has_it()
    {
        var release = new TaskCompletionSource();
        _firehose.Script = _ => new PutAnswer.TakeAfter(release.Task);
        await using var beacon = await StartAsync();

        var answers = Append(beacon, Journals.Ids("e", 50));
        _time.Advance(GroupWait - TimeSpan.FromMilliseconds(1));
        Assert.Empty(_firehose.Puts);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await _firehose.UntilAsync(firehose => firehose.Puts.Count == 1);
        Assert.DoesNotContain(answers, answer => answer.IsCompleted);
        release.SetResult();

        Assert.All(await Task.WhenAll(answers), result => Assert.Equal(AppendResult.Kept, result));
        Assert.Equal(Journals.Ids("e", 50), Put.Ids(Assert.Single(_firehose.Taken)));
        Assert.Equal(Enumerable.Range(1, 50).Select(i => (long)i), Taken().Select(e => e.BeaconSeq));
        Assert.Equal(0, beacon.Journal.Status.Appended);
    }

    [Fact]
    public async Task Several_groups_are_on_their_way_and_a_later_one_may_be_answered_first()
    {
        var release = new TaskCompletionSource();
        _firehose.Script = put => put.Number == 1 ? new PutAnswer.TakeAfter(release.Task) : PutAnswer.Take;
        await using var beacon = await StartAsync();

        var first = Assert.Single(Append(beacon, ["first"]));
        _time.Advance(GroupWait);
        await _firehose.UntilAsync(firehose => firehose.Puts.Count == 1);
        var second = Assert.Single(Append(beacon, ["second"]));
        _time.Advance(GroupWait);

        Assert.Equal(AppendResult.Kept, await second);
        Assert.False(first.IsCompleted);
        release.SetResult();
        Assert.Equal(AppendResult.Kept, await first);
    }

    [Fact]
    public async Task A_full_batch_goes_without_waiting_in_full_records()
    {
        await using var beacon = await StartAsync();

        var answers = Append(beacon, Journals.Ids("e", 5000), padding: 1000);
        await _firehose.UntilAsync(firehose => firehose.Puts.Count == 1);

        var put = _firehose.Puts[0];
        Assert.Equal(5, put.Records.Count);
        Assert.InRange(put.Records.Sum(record => record.Length), (4 << 20) - 2000, 4 << 20);
        await Task.WhenAll(answers.Take(put.Records.Sum(record => Put.Ids(record).Count)));
        _time.Advance(GroupWait);
        Assert.All(await Task.WhenAll(answers), result => Assert.Equal(AppendResult.Kept, result));
        Assert.Equal(Journals.Ids("e", 5000), _firehose.Puts.SelectMany(p => p.Records.SelectMany(Put.Ids)));
    }

    [Fact]
    public async Task Only_what_firehose_refuses_goes_to_the_journal_and_from_there_to_firehose()
    {
        _firehose.Script = put => put.Number == 1 ? new PutAnswer.TakeAllBut([1, 3], "ServiceUnavailableException") : PutAnswer.Take;
        await using (var beacon = await StartAsync())
        {
            // Five records of one batch.
            var answers = Append(beacon, Journals.Ids("e", 400), padding: 10_000);
            _time.Advance(GroupWait);
            Assert.All(await Task.WhenAll(answers), result => Assert.Equal(AppendResult.Kept, result));

            var refused = _firehose.Puts[0].Records.Where((_, i) => i is 1 or 3).Sum(record => Put.Ids(record).Count);
            Assert.Equal(refused, beacon.Journal.Status.Appended);
        }

        Assert.True(ByLines([_firehose.Puts[0].Records[1], _firehose.Puts[0].Records[3]], _firehose.Puts[1].Records));
        Assert.Equal(Journals.Ids("e", 400).Order(), _firehose.Ids.Order());
        Assert.Equal(Enumerable.Range(1, 400).Select(i => (long)i), Taken().Select(e => e.BeaconSeq).Order());
        Assert.Single(Taken().Select(e => e.BeaconId).Distinct());
        Assert.Empty(Journals.Segments(_folder.Path));
    }

    [Theory]
    [InlineData("hang up")]
    [InlineData("no answer")]
    public async Task A_put_whose_outcome_is_unknown_counts_as_refused(string failure)
    {
        _firehose.Script = _ => failure == "hang up" ? new PutAnswer.TakeAndHangUp() : new PutAnswer.TakeAfter(new TaskCompletionSource().Task);
        await using (var beacon = await StartAsync(("Delivery:RequestTimeout", "00:00:05")))
        {
            var answers = Append(beacon, Journals.Ids("e", 10));
            _time.Advance(GroupWait);
            await _firehose.UntilAsync(firehose => firehose.Puts.Count == 1);
            if (failure == "no answer")
            {
                await _time.NextWaitAsync(wait => wait == TimeSpan.FromSeconds(5));
                _time.Advance(TimeSpan.FromSeconds(5));
            }

            Assert.All(await Task.WhenAll(answers), result => Assert.Equal(AppendResult.Kept, result));
            Assert.Equal(10, beacon.Journal.Status.Appended);
            _firehose.Script = _ => PutAnswer.Take;
        }

        // Perhaps twice, then under the same number.
        Assert.Equal(Journals.Ids("e", 10), _firehose.Ids.Distinct());
        Assert.Equal(10, Taken().DistinctBy(e => (e.Id, e.BeaconSeq)).Count());
    }

    [Fact]
    public async Task While_firehose_fails_groups_go_to_the_journal_at_once_and_one_probes()
    {
        _firehose.Script = put => put.Number <= 2 ? Refuse : PutAnswer.Take;
        await using var beacon = await StartAsync(("Delivery:RetryBase", "00:01:00"), ("Delivery:RetryCap", "00:02:00"));

        await CommitAsync(beacon, "finds-it-out");
        await CommitAsync(beacon, "spared-1");
        await CommitAsync(beacon, "spared-2");
        Assert.Equal((1, 3), (_firehose.Puts.Count, beacon.Journal.Status.Appended));

        _time.Advance(TimeSpan.FromMinutes(1));
        await CommitAsync(beacon, "probe-in-vain");
        await CommitAsync(beacon, "spared-3");
        Assert.Equal((2, 5), (_firehose.Puts.Count, beacon.Journal.Status.Appended));

        _time.Advance(TimeSpan.FromMinutes(2));
        await CommitAsync(beacon, "probe");
        await CommitAsync(beacon, "after");
        Assert.Equal((4, 5), (_firehose.Puts.Count, beacon.Journal.Status.Appended));
        Assert.Equal(["probe", "after"], _firehose.Ids);
    }

    [Fact]
    public async Task A_group_does_not_wait_for_a_probe_that_hangs()
    {
        _firehose.Script = put => put.Number == 1 ? Refuse : new PutAnswer.TakeAfter(new TaskCompletionSource().Task);
        await using var beacon = await StartAsync(
            ("Delivery:RetryBase", "00:01:00"), ("Delivery:RetryCap", "00:01:00"), ("Delivery:MaxInFlight", "1"), ("Delivery:RequestTimeout", "00:00:07"));
        await CommitAsync(beacon, "finds-it-out");
        _time.Advance(TimeSpan.FromMinutes(1));

        var probe = Assert.Single(Append(beacon, ["probe"]));
        _time.Advance(GroupWait);
        await _firehose.UntilAsync(firehose => firehose.Puts.Count == 2);
        await CommitAsync(beacon, "spared");

        Assert.False(probe.IsCompleted);
        await _time.NextWaitAsync(wait => wait == TimeSpan.FromSeconds(7));
        await _time.NextWaitAsync(wait => wait == TimeSpan.FromSeconds(7));
        _time.Advance(TimeSpan.FromSeconds(7));
        Assert.Equal(AppendResult.Kept, await probe);
        _firehose.Script = _ => PutAnswer.Take;
    }

    [Fact]
    public async Task When_the_journal_refuses_too_the_answer_is_503_and_the_numbers_come_back()
    {
        _firehose.Script = _ => Refuse;
        await using var beacon = await StartAsync(("Journal:MaxSize", "1048576"), ("Delivery:RetryBase", "00:01:00"), ("Delivery:RetryCap", "00:01:00"));
        var results = new List<AppendResult>();
        for (var i = 0; !results.Contains(AppendResult.Full); i++)
        {
            var answers = Append(beacon, Journals.Ids($"e{i}", 10), padding: 20_000);
            _time.Advance(GroupWait);
            results.AddRange(await Task.WhenAll(answers));
        }

        Assert.All(results, result => Assert.True(result is AppendResult.Kept or AppendResult.Full));
        var kept = results.Count(result => result == AppendResult.Kept);
        Assert.Equal(kept, beacon.Journal.Status.Appended);
        Assert.False(beacon.Sink.CanAppend);

        // The gate is shut and the journal full: Firehose, which works again, is asked all the same.
        _firehose.Script = _ => PutAnswer.Take;
        await CommitAsync(beacon, "large", padding: 20_000);
        Assert.Equal(kept + 1, Assert.Single(Taken()).BeaconSeq);
        Assert.True(beacon.Sink.CanAppend);
    }

    [Fact]
    public async Task An_event_no_record_can_carry_goes_to_the_dead_letters_and_holds_nothing_up()
    {
        await using (var beacon = await StartAsync())
        {
            var answers = Append(beacon, ["before"]);
            answers.AddRange(Append(beacon, ["large"], padding: 1000 << 10));
            answers.AddRange(Append(beacon, ["after"]));
            _time.Advance(GroupWait);
            Assert.All(await Task.WhenAll(answers), result => Assert.Equal(AppendResult.Kept, result));
        }

        Assert.Equal(["before", "after"], _firehose.Ids);
        Assert.Contains("\"event_id\":\"large\"", File.ReadAllText(Assert.Single(Directory.GetFiles(_folder["dead-letter"], "*.json"))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_that_dawdles_after_its_answer_holds_no_other_up()
    {
        await using var beacon = await StartAsync();
        using var enough = new ManualResetEventSlim();
        var dawdled = new TaskCompletionSource();
        var dawdler = beacon.Sink.AppendAsync(Journals.Event("dawdler"), TestContext.Current.CancellationToken).GetAwaiter();
        dawdler.UnsafeOnCompleted(() =>
        {
            enough.Wait();
            dawdler.GetResult();
            dawdled.SetResult();
        });
        var other = Assert.Single(Append(beacon, ["other"]));

        _time.Advance(GroupWait);

        Assert.Equal(AppendResult.Kept, await other);
        enough.Set();
        await dawdled.Task;
    }

    [Fact]
    public async Task The_end_answers_the_requests_that_wait_and_refuses_later_ones()
    {
        await using var beacon = await StartAsync();
        var answers = Append(beacon, Journals.Ids("e", 5));

        await ((GroupCommitSink)beacon.Sink).DisposeAsync();

        Assert.All(await Task.WhenAll(answers), result => Assert.Equal(AppendResult.Kept, result));
        Assert.Equal(Journals.Ids("e", 5), _firehose.Ids);
        Assert.Equal(AppendResult.Failed, await Assert.Single(Append(beacon, ["late"])));
    }

    [Fact]
    public async Task How_long_requests_waited_is_told_by_where_their_events_are()
    {
        _firehose.Script = put => put.Number == 1 ? PutAnswer.Take : Refuse;
        await using var beacon = await StartAsync();
        using var waits = new MetricCollector<double>(beacon.Services.GetRequiredService<IMeterFactory>(), DeliveryMetrics.MeterName, "pixel.delivery.keep.duration");

        await CommitAsync(beacon, "in-firehose");
        await CommitAsync(beacon, "in-the-journal");

        Assert.Equal(
            [(0.02, "firehose"), (0.02, "journal")],
            waits.GetMeasurementSnapshot().Select(m => (Math.Round(m.Value, 3), (string)m.Tags["kept_in"]!)));
        _firehose.Script = _ => PutAnswer.Take;
    }

    [Theory]
    [InlineData("process")]
    [InlineData("batch")]
    public async Task Under_load_with_a_firehose_that_flaps_everything_acknowledged_arrives(string sync)
    {
        _firehose.Script = put => (put.Number % 6) switch
        {
            1 => Refuse,
            2 => new PutAnswer.TakeAllBut([0], "ServiceUnavailableException"),
            3 => new PutAnswer.TakeAndHangUp(),
            4 => new PutAnswer.Refuse(500, "InternalFailure"),
            _ => PutAnswer.Take,
        };
        var kept = new System.Collections.Concurrent.ConcurrentBag<string>();
        await using (var beacon = await DeliveringBeacon.StartAsync(
            _folder.Path, _firehose.Url, null, ("Delivery:Mode", "groupcommit"), ("Delivery:GroupWait", "00:00:00.002"), ("Journal:Sync", sync)))
        {
            await Task.WhenAll(Enumerable.Range(0, 16).Select(visitor => Task.Run(async () =>
            {
                for (var i = 0; i < 60; i++)
                {
                    if (await beacon.Sink.AppendAsync(Journals.Event($"{visitor}-{i}", padding: 2000), CancellationToken.None) == AppendResult.Kept)
                    {
                        kept.Add($"{visitor}-{i}");
                    }
                }
            })));
        }

        Assert.Equal(16 * 60, kept.Count);
        Assert.Empty(kept.Except(_firehose.Ids));
        Assert.Equal(Enumerable.Range(1, 16 * 60).Select(i => (long)i), Taken().Select(e => e.BeaconSeq).Distinct().Order());
    }

    private static List<Task<AppendResult>> Append(DeliveringBeacon beacon, IEnumerable<string> ids, int padding = 0) =>
        [.. ids.Select(id => beacon.Sink.AppendAsync(Journals.Event(id, padding), TestContext.Current.CancellationToken).AsTask())];

    private async Task CommitAsync(DeliveringBeacon beacon, string id, int padding = 0)
    {
        var answer = Assert.Single(Append(beacon, [id], padding));
        _time.Advance(GroupWait);
        Assert.Equal(AppendResult.Kept, await answer);
    }

    private List<StoredEvent> Taken() =>
        [.. _firehose.Taken.SelectMany(record => System.Text.Encoding.UTF8.GetString(record).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            .Select(line => StoredEvent.Parse(new JournalRecord(0, default, System.Text.Encoding.UTF8.GetBytes(line + "\n"))))];

    /// <summary>The journal packs its own records: the same lines, perhaps in others.</summary>
    private static bool ByLines(IEnumerable<byte[]> left, IEnumerable<byte[]> right) =>
        left.SelectMany(record => record).SequenceEqual(right.SelectMany(record => record));

    /// <summary>The journal's own delivery comes at the end only: it would put meanwhile.</summary>
    private Task<DeliveringBeacon> StartAsync(params (string Key, string Value)[] settings) => DeliveringBeacon.StartAsync(
        _folder.Path, _firehose.Url, _time, [("Delivery:Mode", "groupcommit"), ("Delivery:DeliverEvery", "00:15:00"), .. settings]);
}
