using System.Buffers.Text;

namespace Beacon.Api.Journal;

// Beginning, sealing, refusing and taking up again: all under the lock.
internal sealed partial class EventJournal
{
    private const int MostAdded = 22; // the digits of a number, and the event's end

    private static readonly byte[] ProbeBytes = new byte[4096];

    /// <summary>
    /// Does once a second what nobody else would: finds out whether a blocked journal could append again (a load balancer that
    /// took the beacon away sends nothing that would), and asks again for a file that could not be prepared.
    /// </summary>
    /// <exception cref="InvalidOperationException">The journal is broken by a defect and will take nothing any more.</exception>
    internal void Tick()
    {
        _groupFlush?.ThrowIfBroken();
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }

            _emptying.RemoveAll(segment => segment.Cursor.IsWhole(out _));
            TryUnblock_NeedsLock();
            WantNext_NeedsLock();
        }
    }

    /// <summary>What <see cref="Tick"/> does for a blocked journal.</summary>
    internal void TryUnblock()
    {
        lock (_gate)
        {
            TryUnblock_NeedsLock();
        }
    }

    /// <summary>
    /// Finds a place for an event in a mapped segment, the current one or the next, or writes it through the file.
    /// </summary>
    /// <param name="start">The payload's beginning.</param>
    /// <param name="tail">What follows before the number, empty where there is none to add.</param>
    /// <param name="mapped">The segment in which the place is, null when the result is final.</param>
    /// <param name="place">The place.</param>
    private AppendResult ReserveOrWrite_NeedsLock(ReadOnlySpan<byte> start, ReadOnlySpan<byte> tail, out MappedSegment? mapped, out RecordPlace place)
    {
        mapped = null;
        place = default;
        if (_closed)
        {
            return AppendResult.Failed;
        }

        // Another may have begun it while this one waited.
        if (_mapped is { } current && TryReserve(current, start, tail, out place))
        {
            mapped = current;
            return AppendResult.Kept;
        }

        if (FitsSegment(start, tail) && TryBeginMapped_NeedsLock() && TryReserve(_mapped!, start, tail, out place))
        {
            mapped = _mapped;
            return AppendResult.Kept;
        }

        SealMapped_NeedsLock();
        return Append_NeedsLock(start, tail);
    }

    private bool FitsSegment(ReadOnlySpan<byte> start, ReadOnlySpan<byte> tail) =>
        SegmentFormat.HeaderSize + SegmentFormat.RecordSize(start.Length + tail.Length + MostAdded) <= _options.EffectiveSegmentSize;

    private bool TryBeginMapped_NeedsLock()
    {
        if (_preparer?.TryTake(hurry: _mapped is not null) is not { } file)
        {
            return false;
        }

        SealCurrent_NeedsLock();
        try
        {
            _mapped = MappedSegment.Begin(file, _disk, _options.Folder, _nextSequence, _time.GetUtcNow(), _published, _beaconSequence + 1);
        }
        catch (Exception exception) when (DiskError.IsExpected(exception))
        {
            _preparer.GiveUp(file);
            _size -= _options.EffectiveSegmentSize;
            return false; // writing through the file will say what is wrong, and the next tick asks for another
        }

        _segments.Add(_mapped.Segment);
        _folderIsUnflushed = true;
        if (_groupFlush is null)
        {
            Unblock_NeedsLock();
        }

        WantNext_NeedsLock();
        return true;
    }

    /// <summary>Has the next file prepared, if there is none and there is room for it.</summary>
    private void WantNext_NeedsLock()
    {
        if (_preparer is { IsIdle: true } && _blocked is null && HasRoomForNext_NeedsLock())
        {
            _size += _options.EffectiveSegmentSize;
            _preparer.Want();
        }
    }

    /// <summary>
    /// Whether a whole segment fits in advance. On a disk that is nearly full it must not take the last bytes that events
    /// could have; those are then written one by one.
    /// </summary>
    private bool HasRoomForNext_NeedsLock()
    {
        if (_size + (2 * _options.EffectiveSegmentSize) > _options.MaxSize)
        {
            return false;
        }

        try
        {
            return new DriveInfo(_options.Folder).AvailableFreeSpace >= 2 * _options.EffectiveSegmentSize;
        }
        catch (Exception exception) when (exception is ArgumentException || DiskError.IsExpected(exception))
        {
            return false;
        }
    }

    /// <summary>The file was counted when it was asked for and, as a delivered segment's, all along.</summary>
    private void SpareTaken()
    {
        lock (_gate)
        {
            _size -= _options.EffectiveSegmentSize;
        }
    }

    private void PreparationFailed(Exception exception)
    {
        lock (_gate)
        {
            _size -= _options.EffectiveSegmentSize;
        }

        LogCannotPrepare(exception.Message);
    }

    private AppendResult Append_NeedsLock(ReadOnlySpan<byte> start, ReadOnlySpan<byte> tail)
    {
        var payload = BuildPayload_NeedsLock(start, tail, _beaconSequence + 1);
        var record = _record.AsSpan(0, SegmentFormat.RecordSize(payload));
        if (!HasRoom_NeedsLock(record.Length + SegmentFormat.HeaderSize))
        {
            return Refuse_NeedsLock(AppendResult.Full, $"{nameof(JournalOptions.MaxSize)} is reached");
        }

        try
        {
            Write_NeedsLock(record, payload);
        }
        catch (Exception exception) when (DiskError.IsExpected(exception))
        {
            return Refuse_NeedsLock(DiskError.IsFull(exception) ? AppendResult.Full : AppendResult.Failed, exception.Message);
        }

        _lastSequence = _nextSequence++;
        _beaconSequence++;
        _size += record.Length;
        _preparer?.Pace(_written!.Length - record.Length, _written.Length);
        Volatile.Write(ref _published, _published + record.Length);
        TellReader_NeedsLock();
        if (_groupFlush is null)
        {
            Unblock_NeedsLock();
        }

        return AppendResult.Kept;
    }

    /// <summary>Whether so many bytes may be added; what is only kept or prepared for later makes way for them.</summary>
    private bool HasRoom_NeedsLock(int bytes)
    {
        if (_preparer is not null && _size + bytes > _options.MaxSize && TryDropSpare(_preparer))
        {
            _size -= _options.EffectiveSegmentSize;
        }

        if (_preparer is not null && _size + bytes > _options.MaxSize && _preparer.TryCancel())
        {
            _size -= _options.EffectiveSegmentSize;
        }

        return _size + bytes <= _options.MaxSize;

        static bool TryDropSpare(SegmentPreparer preparer)
        {
            try
            {
                return preparer.DropSpare();
            }
            catch (Exception exception) when (DiskError.IsExpected(exception))
            {
                return false;
            }
        }
    }

    private void Write_NeedsLock(Span<byte> record, int payload)
    {
        // A record larger than a segment gets one of its own.
        if (_written is { HasRecords: true } && _written.Length + record.Length > _options.EffectiveSegmentSize)
        {
            SealCurrent_NeedsLock();
        }

        for (var first = true; ; first = false)
        {
            _written ??= BeginWritten_NeedsLock();
            SegmentFormat.PublishRecord(record, payload, _written.Segment.FirstSequence, _nextSequence, _time.GetUtcNow());
            try
            {
                _written.Append(record);
                return;
            }
            catch (Exception exception) when (first && _written.HasRecords && DiskError.IsTooLarge(exception))
            {
                SealCurrent_NeedsLock(); // the process's file-size limit is below our segments': make do with smaller ones
            }
        }
    }

    private WrittenSegment BeginWritten_NeedsLock()
    {
        var segment = WrittenSegment.Create(_options.Folder, _disk, _nextSequence, _time.GetUtcNow());
        _segments.Add(segment.Segment);
        _size += SegmentFormat.HeaderSize;
        _folderIsUnflushed = true;
        return segment;
    }

    private void SealCurrent_NeedsLock()
    {
        SealMapped_NeedsLock();
        SealWritten_NeedsLock();
    }

    private void SealMapped_NeedsLock()
    {
        if (_mapped is not { } segment)
        {
            return;
        }

        segment.Segment.Seal();
        var records = segment.Cursor.Count;
        _nextSequence = segment.Segment.FirstSequence + Math.Max(1, records); // the name of one without records is spent
        _lastSequence = records > 0 ? _nextSequence - 1 : _lastSequence;
        _beaconSequence += records;
        Volatile.Write(ref _published, segment.ReservedPosition);
        _mapped = null; // after _published: who reads without the lock sees one or the other
        _emptying.Add(segment);
        if (_groupFlush is null)
        {
            _preparer!.PutAway(segment);
        }
        else
        {
            _unflushed.Add(segment);
        }
    }

    private void SealWritten_NeedsLock()
    {
        if (_written is not { } segment)
        {
            return;
        }

        segment.Segment.Seal();
        if (!segment.HasRecords)
        {
            // Its name is spent: a next segment of the same one would be neither read nor safe from this one's deletion.
            _nextSequence++;
        }

        if (_groupFlush is null)
        {
            segment.Dispose();
        }
        else
        {
            _unflushed.Add(segment); // even without records: the committer may be flushing it
        }

        _written = null;
    }

    /// <summary>Lays the event out at the record's payload and returns its length.</summary>
    private int BuildPayload_NeedsLock(ReadOnlySpan<byte> start, ReadOnlySpan<byte> tail, long number)
    {
        var room = SegmentFormat.RecordHeaderSize + start.Length + tail.Length + MostAdded + SegmentFormat.Alignment;
        if (_record.Length < room)
        {
            _record = new byte[Math.Max(room, _record.Length * 2)];
        }

        var payload = _record.AsSpan(SegmentFormat.RecordHeaderSize);
        start.CopyTo(payload);
        var length = start.Length;
        if (!tail.IsEmpty)
        {
            tail.CopyTo(payload[length..]);
            length += tail.Length;
            Utf8Formatter.TryFormat(number, payload[length..], out var digits);
            length += digits;
            SegmentFormat.EventEnd.CopyTo(payload[length..]);
            length += SegmentFormat.EventEnd.Length;
        }

        return length;
    }

    private AppendResult Refuse_NeedsLock(AppendResult result, string reason)
    {
        Interlocked.Increment(ref _refusedSinceBlocked);
        Block_NeedsLock(result, reason);
        return result;
    }

    private void Block_NeedsLock(AppendResult result, string reason)
    {
        if (_blocked != result)
        {
            _blocked = result;
            LogBlocked(_options.Folder, reason);
        }
    }

    private void Unblock_NeedsLock()
    {
        if (_blocked is null)
        {
            return;
        }

        LogUnblocked(_options.Folder, Interlocked.Exchange(ref _refusedSinceBlocked, 0));
        _blocked = null;
    }

    private void TryUnblock_NeedsLock()
    {
        if (_closed || _blocked is null)
        {
            return;
        }

        if (_mapped is not null)
        {
            // It was begun since and has its room already, so a flush of it decides; nobody else may come to ask for one.
            _ = _groupFlush?.JoinAsync();
            return;
        }

        if (!HasRoom_NeedsLock(ProbeBytes.Length))
        {
            return;
        }

        try
        {
            _written ??= BeginWritten_NeedsLock();
            _written.Probe(ProbeBytes);
            if (_groupFlush is null)
            {
                Unblock_NeedsLock();
            }
            else
            {
                _ = _groupFlush.JoinAsync(); // its flush decides; here requests would wait for it
            }
        }
        catch (Exception exception) when (DiskError.IsExpected(exception))
        {
            if (DiskError.IsTooLarge(exception) && _written is { HasRecords: true })
            {
                SealCurrent_NeedsLock();
            }
        }
    }

    [LoggerMessage(LogLevel.Error, "The journal in {Folder} refuses events: {Reason}")]
    private partial void LogBlocked(string folder, string reason);

    [LoggerMessage(LogLevel.Warning, "The journal in {Folder} takes events again; {Refused} were refused.")]
    private partial void LogUnblocked(string folder, long refused);

    [LoggerMessage(LogLevel.Warning, "No segment could be prepared in advance, so events are written one by one, which is slower: {Reason}")]
    private partial void LogCannotPrepare(string reason);
}
