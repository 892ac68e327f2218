using Beacon.Api.Journal;
using Microsoft.Extensions.ObjectPool;
using Microsoft.Extensions.Options;

namespace Beacon.Api.Delivery.GroupCommit;

// Requests of a short time go together into one put and are answered after it. The journal takes what Firehose refuses,
// and the delivery service passes it on from there as it does in journal mode.
//
// Invariants
//   1. A request is answered with Kept only when its event is in a record that Firehose acknowledged, or in the journal.
//   2. A put whose outcome is unknown counts as refused: its events go to the journal under the numbers they have, and may
//      arrive twice. One event_id, so the reader of the lake sees one.
//   3. While the gate is shut no request waits for a put, but those of the group that is the probe: groups go to the journal
//      at once. Only when the journal refuses too is Firehose asked all the same, since the alternative is 503.
//   4. A number is given back only when Firehose certainly did not take the event and the journal certainly does not
//      hold it. A flush that failed leaves that open, so with Sync=batch or always only a full journal gives numbers back.
//   5. Every waiter of a closed group is answered, whatever happens, by the one task that commits it.
//
// One lock guards the open group and the scratch line. A group is closed by its timer, by the event that no longer
// fits, or by the end; at most MaxInFlight free puts are on their way, and further groups wait for one to end.

/// <summary>Answers a request after a put that it shares with others, or after an append where that was refused.</summary>
internal sealed class GroupCommitSink : IEventSink, IAsyncDisposable
{
    private readonly EventJournal _journal;
    private readonly FirehoseSender _sender;
    private readonly PutGate _putGate;
    private readonly DeliveryMetrics _metrics;
    private readonly DeliveryOptions _options;
    private readonly TimeProvider _time;
    private readonly bool _failedIsCertain;
    private readonly EventNumbers _numbers;
    private readonly ObjectPool<Waiter> _waiters = Waiter.NewPool();
    private readonly SemaphoreSlim _slots;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Guarded by _gate.
    private readonly Lock _gate = new();
    private byte[] _line = new byte[4096];
    private CommitGroup? _open;
    private int _committing;
    private bool _closed;

    public GroupCommitSink(
        EventJournal journal, FirehoseSender sender, DeliveryMetrics metrics, IOptions<DeliveryOptions> options, IOptions<JournalOptions> journalOptions,
        TimeProvider time, Func<double> random)
    {
        _journal = journal;
        _sender = sender;
        _metrics = metrics;
        _options = options.Value;
        _time = time;
        _failedIsCertain = journalOptions.Value.Sync == JournalSync.Process;
        _numbers = new EventNumbers(journal.BeaconId);
        _putGate = new PutGate(new BackOff(_options.RetryBase, _options.RetryCap, random), time);
        _slots = new SemaphoreSlim(_options.MaxInFlight);
    }

    /// <summary>While either can take an event.</summary>
    public bool CanAppend => _journal.CanAppend || !_putGate.IsShut;

    /// <remarks>The token is not looked at: every wait is bounded, and a stopping host waits for requests.</remarks>
    public ValueTask<AppendResult> AppendAsync(ReadOnlyMemory<byte> openEvent, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return new ValueTask<AppendResult>(AppendResult.Failed);
            }

            var number = _numbers.Take();
            var line = Close_NeedsLock(openEvent.Span, number);
            if (line.Length > PackingLimits.Firehose.RecordBytes)
            {
                return JournalAloneAsync(line.ToArray(), number); // its way ends in the dead letters
            }

            var waiter = _waiters.Get();
            waiter.Number = number;
            var answer = waiter.Task;
            var record = new JournalRecord(number, _time.GetUtcNow(), line);
            _open ??= Begin_NeedsLock();
            if (!_open.TryAdd(record, waiter))
            {
                CloseOpen_NeedsLock();
                _open = Begin_NeedsLock();
                _open.TryAdd(record, waiter);
            }

            return answer;
        }
    }

    /// <summary>Commits what has come and waits for it.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (!_closed)
            {
                _closed = true;
                CloseOpen_NeedsLock();
                EndIfDone_NeedsLock();
            }
        }

        await _ended.Task;
        _slots.Dispose();
    }

    private ReadOnlyMemory<byte> Close_NeedsLock(ReadOnlySpan<byte> openEvent, long number)
    {
        if (_line.Length < _numbers.MostBytes(openEvent.Length))
        {
            _line = new byte[_numbers.MostBytes(openEvent.Length) * 2];
        }

        return _line.AsMemory(0, _numbers.Close(openEvent, number, _line));
    }

    private CommitGroup Begin_NeedsLock()
    {
        var group = new CommitGroup(_time.GetTimestamp());
        group.Due = _time.CreateTimer(CloseDue, group, _options.GroupWait, Timeout.InfiniteTimeSpan);
        return group;
    }

    private void CloseDue(object? group)
    {
        lock (_gate)
        {
            if (_open == group)
            {
                CloseOpen_NeedsLock();
            }
        }
    }

    private void CloseOpen_NeedsLock()
    {
        if (_open is not { } group)
        {
            return;
        }

        _open = null;
        group.Close();
        _committing++;
        _ = Task.Run(() => CommitAsync(group));
    }

    private void EndIfDone_NeedsLock()
    {
        if (_closed && _committing == 0)
        {
            _ended.TrySetResult();
        }
    }

    private async Task CommitAsync(CommitGroup group)
    {
        try
        {
            var (where, mayHaveArrived) = await KeepAsync(group);
            _metrics.Kept(_time.GetElapsedTime(group.Begun), where);
            group.Answer((number, result) =>
            {
                if (!mayHaveArrived && IsCertainlyNotKept(result))
                {
                    _numbers.GiveBack(number);
                }
            });
        }
        catch (Exception defect)
        {
            group.Fail(defect); // the requests tell it
        }

        foreach (var record in group.Records)
        {
            record.Release();
        }

        lock (_gate)
        {
            _committing--;
            EndIfDone_NeedsLock();
        }
    }

    /// <returns>The worst place that one of its events is in, and whether Firehose may have what it did not acknowledge.</returns>
    private async Task<(KeptIn Where, bool MayHaveArrived)> KeepAsync(CommitGroup group)
    {
        using var trace = DeliveryTrace.Begin(group.Batch!, "group", "Not taken by Firehose.", _time);
        var outcome = await AskAsync(group.Records);
        if (outcome is { Failure: null })
        {
            trace?.Delivered();
            return (KeptIn.Firehose, false);
        }

        if (outcome is { Failure: { } refusal })
        {
            trace?.Failed(refusal);
        }

        var left = outcome?.Refused ?? group.Records;
        if (await TryJournalAsync(group, left))
        {
            return (KeptIn.Journal, false);
        }

        if (outcome is null)
        {
            outcome = await PutAsync(left, Pass.None);
            foreach (var taken in left.Except(outcome.Value.Refused))
            {
                group.Note(taken, new AppendResult[taken.Events]);
            }

            if (outcome.Value.Failure is null)
            {
                trace?.Delivered();
            }
        }

        return outcome is { Failure: { } failure } ? (KeptIn.Nowhere, failure.MayHaveArrived) : (KeptIn.Firehose, false);
    }

    /// <summary>Puts the records if the gate lets them pass.</summary>
    /// <returns>Null when Firehose was not asked.</returns>
    private async ValueTask<PutOutcome?> AskAsync(IReadOnlyList<PackedRecord> records)
    {
        // A probe needs no slot: those may all be with puts that hang.
        var needsSlot = !_putGate.IsShut;
        if (needsSlot)
        {
            await _slots.WaitAsync();
        }

        try
        {
            var pass = _putGate.Enter(); // behind the slot: the put that made it free may have shut the gate
            return pass == Pass.None ? null : await PutAsync(records, pass);
        }
        finally
        {
            if (needsSlot)
            {
                _slots.Release();
            }
        }
    }

    private async ValueTask<PutOutcome> PutAsync(IReadOnlyList<PackedRecord> records, Pass pass)
    {
        var outcome = await _sender.PutAsync(records, _options.RequestTimeout, CancellationToken.None);
        _putGate.Ended(pass, outcome.Failure);
        return outcome;
    }

    /// <summary>Appends the events of some records; all before the first is waited for, so that they share flushes.</summary>
    /// <returns>Whether the journal has them all.</returns>
    private async ValueTask<bool> TryJournalAsync(CommitGroup group, IReadOnlyList<PackedRecord> records)
    {
        var appends = records.Select(record => record.Lines().Select(_journal.AppendNumberedAsync).ToArray()).ToArray();
        var all = true;
        for (var i = 0; i < appends.Length; i++)
        {
            var results = new AppendResult[appends[i].Length];
            for (var j = 0; j < results.Length; j++)
            {
                results[j] = await appends[i][j];
                all &= results[j] == AppendResult.Kept;
            }

            group.Note(records[i], results);
        }

        return all;
    }

    private async ValueTask<AppendResult> JournalAloneAsync(ReadOnlyMemory<byte> line, long number)
    {
        var result = await _journal.AppendNumberedAsync(line);
        if (IsCertainlyNotKept(result))
        {
            _numbers.GiveBack(number);
        }

        return result;
    }

    private bool IsCertainlyNotKept(AppendResult result) => result == AppendResult.Full || (result == AppendResult.Failed && _failedIsCertain);
}
