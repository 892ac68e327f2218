using Beacon.Api.Journal;

namespace Beacon.Api.Delivery.GroupCommit;

/// <summary>
/// Requests that wait together, and their events as one <c>PutRecordBatch</c>. Waiter <c>i</c> is that of the <c>i</c>-th
/// event over all records.
/// </summary>
/// <remarks>Filled under the sink's lock; once closed it belongs to the task that commits it.</remarks>
internal sealed class CommitGroup(long begun)
{
    private readonly RecordPacker _packer = new(PackingLimits.Firehose);
    private readonly List<Waiter> _waiters = [];
    private AppendResult[]? _results;
    private int _answered;

    /// <summary>The clock's timestamp of its first request.</summary>
    public long Begun => begun;

    /// <summary>Fires when it has waited long enough.</summary>
    public ITimer? Due { get; set; }

    public IReadOnlyList<PackedRecord> Records => Batch?.Records ?? [];

    /// <summary>What is put, once it is closed.</summary>
    public DeliveryBatch? Batch { get; private set; }

    /// <returns>False when it does not fit any more.</returns>
    public bool TryAdd(in JournalRecord line, Waiter waiter)
    {
        if (_packer.Add(line) != PackResult.Added)
        {
            return false;
        }

        _waiters.Add(waiter);
        return true;
    }

    public void Close()
    {
        Due?.Dispose();
        Batch = _packer.Take();
    }

    /// <summary>Notes what became of a record's events, in their order; those of which nothing is noted are kept.</summary>
    public void Note(PackedRecord record, IReadOnlyList<AppendResult> results)
    {
        _results ??= new AppendResult[_waiters.Count];
        var first = Records.TakeWhile(other => other != record).Sum(other => other.Events);
        for (var i = 0; i < record.Events; i++)
        {
            _results[first + i] = results[i];
        }
    }

    /// <summary>Answers the requests. The waiters belong to others from then on.</summary>
    /// <param name="judge">Is told each event's number and result before its request is.</param>
    public void Answer(Action<long, AppendResult> judge)
    {
        while (_answered < _waiters.Count)
        {
            var waiter = _waiters[_answered];
            var result = _results?[_answered] ?? AppendResult.Kept;
            judge(waiter.Number, result);
            _answered++;
            waiter.Answer(result);
        }
    }

    /// <summary>Answers the requests that have no answer with a defect, so that none waits for ever.</summary>
    public void Fail(Exception defect)
    {
        while (_answered < _waiters.Count)
        {
            _waiters[_answered++].Fail(defect);
        }
    }
}
