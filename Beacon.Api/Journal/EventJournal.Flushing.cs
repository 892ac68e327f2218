namespace Beacon.Api.Journal;

// Flushing for Sync=batch and always. On the committer's thread, beside appends.
//
// A flush covers whatever was written before it began. A writer is answered when the round that it joined has ended, by two
// things: the round's own result, and whether its segment was condemned by then. So a segment whose flush failed answers for
// itself, whichever rounds its writers joined, and is never tried again.
// A sealed segment leaves _unflushed with the first flush that began when it was whole: that flush covered all there will ever
// be in it. Its file is closed here and nowhere else, since only here it may be in use.
internal sealed partial class EventJournal
{
    /// <summary>Flushes all that was written before the call; false when nothing of it may be called durable.</summary>
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

        // The folder first: on macOS its flush reaches the drive's cache only, and a file's flush then empties that.
        var folderFlushed = !folder || TryFlushFolder([.. closed.Select(pair => pair.Segment).Append(open).OfType<LiveSegment>()]);
        foreach (var (segment, isWhole) in closed)
        {
            if (segment.HasRecords)
            {
                TryFlush(segment);
            }

            if (isWhole)
            {
                LetGo(segment);
            }
        }

        if (open is not null && TryFlush(open) && folderFlushed)
        {
            // Not at the append: with a disk that takes writes and refuses flushes, every round would log twice.
            lock (_gate)
            {
                Unblock_NeedsLock();
            }
        }

        return folderFlushed;
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

    private bool TryFlush(LiveSegment segment)
    {
        if (segment.IsCondemned)
        {
            return false;
        }

        try
        {
            segment.Flush();
            return true;
        }
        catch (Exception exception) when (DiskError.IsExpected(exception))
        {
            lock (_gate)
            {
                Condemn_NeedsLock(segment);
                Block_NeedsLock(AppendResult.Failed, $"a flush failed: {exception.Message}");
            }

            return false;
        }
    }

    private bool TryFlushFolder(LiveSegment[] segments)
    {
        try
        {
            _disk.Folder(_options.Folder);
            return true;
        }
        catch (Exception exception) when (DiskError.IsExpected(exception))
        {
            // Any of them may be the one whose name is lost.
            lock (_gate)
            {
                _folderIsUnflushed = true;
                Array.ForEach(segments, Condemn_NeedsLock);
                Block_NeedsLock(AppendResult.Failed, $"a flush failed: {exception.Message}");
            }

            return false;
        }
    }

    private void Condemn_NeedsLock(LiveSegment segment)
    {
        segment.IsCondemned = true;
        if (_mapped == segment || _written == segment)
        {
            SealCurrent_NeedsLock();
        }
    }
}
