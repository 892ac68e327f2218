using System.Buffers.Text;

namespace Beacon.Api.Journal;

/// <summary>
/// A segment that its writers fill through a mapping of its file, side by side and without a system call.
/// </summary>
/// <remarks>
/// Invariants: every byte of the mapping is backed by the file system before the first writer sees it (see
/// <see cref="PreparedFile"/>), so no store meets a missing block. Behind the header it is zero until a writer fills its own
/// place. A stored byte is in the page cache at once and outlives the process. The mapping goes only when the cursor is sealed
/// and whole. What none of this prevents: a disk that breaks under a mapping can end the process.
/// </remarks>
internal sealed class MappedSegment : LiveSegment
{
    private readonly PreparedFile _file;
    private readonly DiskFlush _disk;

    /// <param name="file">The prepared file, under its final name.</param>
    /// <param name="disk">Flushes it.</param>
    /// <param name="segment">What others know of it.</param>
    /// <param name="position">How many bytes of records were published before this segment.</param>
    /// <param name="firstNumber">The beacon_seq of its first record.</param>
    public MappedSegment(PreparedFile file, DiskFlush disk, JournalSegment segment, long position, long firstNumber)
        : base(segment)
    {
        _file = file;
        _disk = disk;
        Cursor = segment.Cursor ?? throw new ArgumentException("A mapped segment has a cursor.", nameof(segment));
        Position = position;
        FirstNumber = firstNumber;
    }

    public SegmentCursor Cursor { get; }

    public long Position { get; }

    public long FirstNumber { get; }

    public override bool HasRecords => Cursor.Count > 0;

    /// <summary>Whether the space behind the last record is given back with the mapping.</summary>
    public bool IsCutAtEnd { get; set; }

    /// <summary>How many bytes of records were handed out up to here, counted from the folder's opening.</summary>
    public long ReservedPosition => Position + Cursor.Reserved - SegmentFormat.HeaderSize;

    /// <summary>Begins a segment in a prepared file: names it and writes its header.</summary>
    /// <exception cref="IOException">The folder refuses; the file is as it was.</exception>
    public static MappedSegment Begin(
        PreparedFile file, DiskFlush disk, string folder, long firstSequence, DateTimeOffset now, long position, long firstNumber)
    {
        var path = Path.Combine(folder, SegmentFormat.FileName(firstSequence));
        file.Rename(path);
        SegmentFormat.WriteHeader(file.Bytes(0, SegmentFormat.HeaderSize), firstSequence, now);
        var segment = new JournalSegment(firstSequence, path, new SegmentCursor(file.Length), file.Length);
        return new MappedSegment(file, disk, segment, position, firstNumber);
    }

    /// <summary>Fills a place with an event and publishes it: its length is stored last.</summary>
    /// <param name="place">The caller's own.</param>
    /// <param name="start">The payload's beginning.</param>
    /// <param name="tail">What follows it before the number; empty for a payload that is complete.</param>
    /// <param name="now">When it is appended.</param>
    public void Write(in RecordPlace place, ReadOnlySpan<byte> start, ReadOnlySpan<byte> tail, DateTimeOffset now)
    {
        var record = _file.Bytes(place.Offset, place.Size);
        SegmentFormat.BeginRecord(record, place.PayloadLength);
        var payload = record.Slice(SegmentFormat.RecordHeaderSize, place.PayloadLength);
        start.CopyTo(payload);
        if (!tail.IsEmpty)
        {
            tail.CopyTo(payload[start.Length..]);
            Utf8Formatter.TryFormat(FirstNumber + place.Index, payload[(start.Length + tail.Length)..], out _);
            SegmentFormat.EventEnd.CopyTo(payload[^SegmentFormat.EventEnd.Length..]);
        }

        SegmentFormat.PublishRecord(record, place.PayloadLength, Segment.FirstSequence, Segment.FirstSequence + place.Index, now);
    }

    public override void Flush() => _file.Flush(_disk);

    public override void Dispose()
    {
        if (IsCutAtEnd)
        {
            _file.Cut(Cursor.Reserved);
        }

        _file.Dispose();
    }
}
