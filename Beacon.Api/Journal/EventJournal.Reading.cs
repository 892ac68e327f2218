namespace Beacon.Api.Journal;

// What the delivery uses: the reader's way through the segments, the checkpoint, and the deletion of what is delivered.
internal sealed partial class EventJournal
{
    private bool _checkpointFails; // the delivery's side only

    /// <summary>The journal's reader, starting behind the checkpoint. There is one at a time.</summary>
    public JournalReader OpenReader(JournalMetrics metrics, ILogger<JournalReader> logger)
    {
        lock (_gate)
        {
            return new JournalReader(this, _delivered, metrics, logger);
        }
    }

    /// <summary>The oldest segment that begins above a sequence, or null.</summary>
    internal JournalSegment? NextSegment(long above)
    {
        lock (_gate)
        {
            return _segments.Find(segment => segment.FirstSequence > above && !segment.IsLeft);
        }
    }

    /// <summary>
    /// Completes when so many bytes of records have been published, counted from the folder's opening, or earlier: then
    /// a writer that held the reader up has gone on.
    /// </summary>
    internal Task WaitForPublishedAsync(long target, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            // The target first and then the look: a writer fills its place first and then looks at the target.
            Volatile.Write(ref _waiterTarget, target);
            Interlocked.MemoryBarrier();
            if (IsPublished_NeedsLock(target))
            {
                _waiterTarget = long.MaxValue;
                return Task.CompletedTask;
            }

            _waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _waiter.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Moves the checkpoint: everything up to and including a sequence is delivered.</summary>
    internal async ValueTask MarkDeliveredAsync(long sequence)
    {
        var closed = Task.FromResult(true);
        lock (_gate)
        {
            if (_closed || sequence <= _delivered)
            {
                return;
            }

            _delivered = sequence;
            if (_blocked is not null && _mapped is null && _delivered >= _lastSequence && _written is { HasRecords: true })
            {
                // The reader leaves it next, and its space comes back once its file is closed.
                SealCurrent_NeedsLock();
                closed = _groupFlush?.JoinAsync() ?? closed;
            }
        }

        await closed;
        try
        {
            _checkpoint.Write(sequence);
            _checkpointFails = false;
        }
        catch (Exception exception) when (DiskError.IsExpected(exception))
        {
            // Deleting segments does not need it, and gives it the room it may lack.
            if (!_checkpointFails)
            {
                LogCheckpointFails(exception.Message);
            }

            _checkpointFails = true;
        }

        DeleteDelivered();
    }

    /// <summary>Deletes what the reader has left and the checkpoint has passed.</summary>
    internal void DeleteDelivered()
    {
        JournalSegment[] done;
        lock (_gate)
        {
            done = [.. _segments.Where(segment => segment.IsLeft && segment.LastRead <= _delivered)];
        }

        foreach (var segment in done)
        {
            bool isUsedAgain;
            try
            {
                isUsedAgain = segment.Remove(Quarantine, _preparer);
            }
            catch (Exception exception) when (DiskError.IsExpected(exception))
            {
                LogDeleteFailed(segment.Path, exception.Message);
                continue; // tried again with the next checkpoint
            }

            lock (_gate)
            {
                _segments.Remove(segment);
                _size -= isUsedAgain ? 0 : segment.Size;
            }
        }
    }

    private bool IsPublished_NeedsLock(long target)
    {
        _emptying.RemoveAll(segment => segment.Cursor.IsWhole(out _));
        return _emptying.Count == 0
            && (_mapped is { } mapped
                ? mapped.Cursor.IsWhole(out var end) && mapped.Position + end - SegmentFormat.HeaderSize >= target
                : _published >= target);
    }

    /// <summary>After a place is filled: wakes the reader if it waits for no more than there is.</summary>
    private void TellReader()
    {
        if (Volatile.Read(ref _waiterTarget) <= (_mapped?.ReservedPosition ?? Volatile.Read(ref _published)))
        {
            lock (_gate)
            {
                TellReader_NeedsLock();
            }
        }
    }

    private void TellReader_NeedsLock()
    {
        if (_waiterTarget <= (_mapped?.ReservedPosition ?? _published))
        {
            _waiterTarget = long.MaxValue;
            _waiter!.TrySetResult();
        }
    }

    [LoggerMessage(LogLevel.Warning, "The checkpoint cannot be written; after a restart some events would be delivered twice. {Reason}")]
    private partial void LogCheckpointFails(string reason);

    [LoggerMessage(LogLevel.Warning, "The delivered segment {Path} cannot be deleted: {Reason}")]
    private partial void LogDeleteFailed(string path, string reason);
}
