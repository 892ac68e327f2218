namespace Beacon.Api.Journal;

// What an opening journal does before anyone else is there.
internal sealed partial class EventJournal
{
    /// <summary>
    /// Lists the segments and finds the next sequence. Only the newest is read through: the others' damage is met,
    /// and dealt with, when delivery reads them.
    /// </summary>
    private void Recover()
    {
        try
        {
            _preparer?.Clean();
            _delivered = _checkpoint.Read();
            foreach (var (first, path) in SegmentFormat.Find(_options.Folder))
            {
                RefuseNewerLayout(path);
                _segments.Add(new JournalSegment(first, path, new FileInfo(path).Length, isSealed: true));
            }

            _nextSequence = _delivered + 1;
            if (_segments.Count > 0)
            {
                var newest = _segments[^1];
                _lastSequence = LastSequence(newest);
                _nextSequence = Math.Max(_nextSequence, Math.Max(newest.FirstSequence, _lastSequence) + 1);
                _lastSequence = Math.Max(_lastSequence, newest.FirstSequence - 1);
                _delivered = Math.Max(_delivered, _segments[0].FirstSequence - 1);
            }

            _lastSequence = Math.Max(_lastSequence, _delivered);

            // Left over by a process that ended between its checkpoint and the deletion.
            for (var i = 0; i + 1 < _segments.Count; i++)
            {
                _segments[i].IsLeft = _segments[i + 1].FirstSequence <= _delivered + 1;
            }

            _size = _segments.Sum(segment => segment.Size);
            _published = _segments.Where(segment => !segment.IsLeft).Sum(segment => segment.Content);
        }
        catch (Exception exception) when (DiskError.IsExpected(exception))
        {
            throw JournalLock.Refuse($"'{_options.Folder}' cannot be read: {exception.Message}", exception);
        }

        DeleteDelivered();
        LogOpened(_options.Folder, _segments.Count, _size, _lastSequence - _delivered);
    }

    private void RefuseNewerLayout(string path)
    {
        Span<byte> header = stackalloc byte[SegmentFormat.HeaderSize];
        using var file = File.OpenHandle(path);
        var read = RandomAccess.Read(file, header, 0);
        if (SegmentFormat.ReadVersion(header[..read]) is { } version and not SegmentFormat.Version)
        {
            throw JournalLock.Refuse(
                $"'{_options.Folder}' holds segments of layout {version}, and this beacon reads layout {SegmentFormat.Version}; use the version that wrote them.");
        }
    }

    private static long LastSequence(JournalSegment segment)
    {
        long last = 0;
        using var scanner = SegmentScanner.Open(segment.Path, segment.FirstSequence);
        for (var step = scanner.Next(segment.Size); step != ScanResult.End; step = scanner.Next(segment.Size))
        {
            if (step == ScanResult.Record)
            {
                last = Math.Max(last, scanner.Record.Sequence);
            }
        }

        return last;
    }

    /// <summary>
    /// Makes the first mapped segment ready when that is asked for. Else it comes with use, as the later ones do: the first
    /// half of a segment's bytes is written, and a beacon that nobody asks holds no segment in memory.
    /// </summary>
    private void PrepareFirst()
    {
        if (_options.Access != JournalAccess.Mapped)
        {
            Tick();
            return;
        }

        if (_preparer is null || !HasRoomForNext_NeedsLock())
        {
            return;
        }

        try
        {
            _preparer.PrepareNow();
            _size += _options.EffectiveSegmentSize;
        }
        catch (Exception exception) when (DiskError.IsExpected(exception))
        {
            LogCannotPrepare(exception.Message);
        }
    }

    [LoggerMessage(LogLevel.Information, "The journal in {Folder} has {Segments} segments ({Size} bytes) with {Undelivered} undelivered events.")]
    private partial void LogOpened(string folder, int segments, long size, long undelivered);
}
