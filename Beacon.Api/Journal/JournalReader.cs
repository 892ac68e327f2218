namespace Beacon.Api.Journal;

// Reads the journal in order. Belongs to the delivery alone; the journal's writer knows nothing of it but the fields
// of JournalSegment that are the reader's.
//
// Invariants: _consumed counts the bytes of records up to where the next read starts, on the same scale as the
// journal's published bytes, so that the reader can say "wake me when so many more are there". A segment is left only
// when it is sealed, whole and read to its end. A record that a writer is still busy with is waited for: the order of
// events is that of their places.

/// <summary>The events behind the checkpoint, one after the other, past whatever is damaged.</summary>
internal sealed partial class JournalReader : IDisposable
{
    private readonly EventJournal _journal;
    private readonly JournalMetrics _metrics;
    private readonly ILogger<JournalReader> _logger;
    private readonly long _after;
    private JournalSegment? _segment;
    private SegmentScanner? _scanner;
    private long _consumedBefore; // by the segments already left

    internal JournalReader(EventJournal journal, long after, JournalMetrics metrics, ILogger<JournalReader> logger)
    {
        _journal = journal;
        _after = after;
        _metrics = metrics;
        _logger = logger;
    }

    private long Consumed => _consumedBefore + (_scanner is null ? 0 : Math.Max(0, _scanner.Position - SegmentFormat.HeaderSize));

    /// <summary>Reads the next event.</summary>
    /// <param name="record">It, with a payload that is valid until the next call.</param>
    /// <returns>False when nothing more is published; later calls may find more.</returns>
    /// <exception cref="IOException">The disk refused to read; the call may be repeated.</exception>
    public bool TryRead(out JournalRecord record)
    {
        while (TryEnterSegment())
        {
            var isSealed = _segment!.IsSealed; // before IsWhole: then its end is final
            var isWhole = _segment.IsWhole(out var limit);
            switch (_scanner!.Next(limit, isWhole))
            {
                case ScanResult.Record when _scanner.Record.Sequence > _after:
                    record = _scanner.Record;
                    _segment.LastRead = record.Sequence;
                    return true;

                case ScanResult.Record:
                    _segment.LastRead = _scanner.Record.Sequence;
                    break;

                case ScanResult.Damaged:
                    SetAside(_segment, _scanner.Damage);
                    break;

                case ScanResult.End when isSealed && isWhole:
                    LeaveSegment();
                    break;

                default:
                    record = default;
                    return false;
            }
        }

        record = default;
        return false;
    }

    /// <summary>Completes when at least so many more bytes of records are there to read.</summary>
    public Task WaitAsync(long bytes, CancellationToken cancellationToken) =>
        _journal.WaitForPublishedAsync(Consumed + bytes, cancellationToken);

    /// <summary>Has the segment of the last read event moved to the quarantine, when it is done with, instead of deleted.</summary>
    public void KeepSegment() => _segment!.Keep();

    public void Dispose() => _scanner?.Dispose();

    private bool TryEnterSegment()
    {
        if (_scanner is not null)
        {
            return true;
        }

        while (true)
        {
            var next = _journal.NextSegment(above: _segment?.FirstSequence ?? 0);
            if (next is null)
            {
                return false;
            }

            try
            {
                _scanner = SegmentScanner.Open(next.Path, next.FirstSequence);
                _segment = next;
                return true;
            }
            catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
            {
                // Somebody deleted it under us. Its events are gone, and waiting would not bring them back.
                LogSegmentIsGone(next.Path);
                _metrics.Damaged();
                _segment = next;
                LeaveSegment();
            }
        }
    }

    private void LeaveSegment()
    {
        _scanner?.Dispose();
        _scanner = null;
        _consumedBefore += _segment!.Content;
        _segment.IsLeft = true;
        _journal.DeleteDelivered();
    }

    private void SetAside(JournalSegment segment, DamagedStretch damage)
    {
        try
        {
            if (!_journal.Quarantine.Copy(segment.Path, damage))
            {
                return;
            }
        }
        catch (Exception exception) when (DiskError.IsExpected(exception))
        {
            // No room for a copy: then the whole segment is moved there when it is done with.
            segment.Keep();
            LogCannotCopy(segment.Path, exception.Message);
        }

        if (damage.Unfinished)
        {
            LogUnfinished(segment.Path, damage.Offset, damage.Length);
        }
        else
        {
            _metrics.Damaged();
            LogDamaged(segment.Path, damage.Offset, damage.Length);
        }
    }

    [LoggerMessage(LogLevel.Error, "{Path} is damaged at {Offset} ({Length} bytes): copied to the quarantine; what follows is delivered.")]
    private partial void LogDamaged(string path, long offset, long length);

    [LoggerMessage(LogLevel.Information, "{Path} ends at {Offset} in a write that its process did not finish ({Length} bytes); it was never acknowledged.")]
    private partial void LogUnfinished(string path, long offset, long length);

    [LoggerMessage(LogLevel.Warning, "Damage in {Path} cannot be copied to the quarantine, so the segment is kept whole: {Reason}")]
    private partial void LogCannotCopy(string path, string reason);

    [LoggerMessage(LogLevel.Error, "The segment {Path} is gone, and its undelivered events with it.")]
    private partial void LogSegmentIsGone(string path);
}
