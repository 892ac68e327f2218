namespace Beacon.Api.Journal;

// Flushing for Sync=batch and always. On the committer's thread, beside appends.
//
// A flush covers whatever was written before it began. A sealed segment leaves _unflushed when it was whole before a flush
// that succeeded: then all its writers had joined this round or an earlier one, or their bytes are covered all the same.
// One whose flush failed is never tried again. A mapped one stays to fail the next round too, which its last writers may
// have joined; those of a written one joined under the lock, before anything else could happen to it.
internal sealed partial class EventJournal
{
    /// <summary>Flushes all that was written before the call.</summary>
    private bool FlushWritten()
    {
        (LiveSegment Segment, bool IsWhole)[] closed;
        LiveSegment? open;
        bool folder;
        lock (_gate)
        {
            closed = [.. _unflushed.Select(segment => (segment, segment.Segment.IsWhole(out _)))];
            open = (LiveSegment?)_mapped ?? _written;
            folder = _folderIsUnflushed;
            _folderIsUnflushed = false;
        }

        var flushed = true;
        foreach (var (segment, isWhole) in closed)
        {
            var done = TryFlush(segment, folder);
            flushed &= done;
            if (isWhole && (done || segment.IsGivenUp || segment is WrittenSegment))
            {
                LetGo(segment);
            }

            segment.IsGivenUp |= isWhole && !done;
        }

        flushed &= open is null || TryFlush(open, folder);
        if (flushed)
        {
            // Not at the append: with a disk that takes writes and refuses flushes, every round would log twice.
            lock (_gate)
            {
                Unblock_NeedsLock();
            }
        }

        return flushed;
    }

    private void LetGo(LiveSegment segment)
    {
        lock (_gate)
        {
            _unflushed.Remove(segment);
        }

        if (segment is MappedSegment mapped)
        {
            _preparer!.PutAway(mapped);
        }
        else
        {
            segment.Dispose();
        }
    }

    private bool TryFlush(LiveSegment segment, bool folder)
    {
        if (segment.IsCondemned)
        {
            return false;
        }

        try
        {
            segment.Flush();
            if (folder)
            {
                DiskFlush.Folder(_options.Folder);
            }

            return true;
        }
        catch (Exception exception) when (DiskError.IsExpected(exception))
        {
            lock (_gate)
            {
                segment.IsCondemned = true;
                _folderIsUnflushed |= folder;
                if (_mapped == segment || _written == segment)
                {
                    SealCurrent_NeedsLock();
                }

                Refuse_NeedsLock(AppendResult.Failed, $"a flush failed: {exception.Message}");
            }

            return false;
        }
    }
}
