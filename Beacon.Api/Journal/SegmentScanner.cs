using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Beacon.Api.Journal;

/// <summary>One event as it lies in the journal.</summary>
/// <param name="Sequence">Its number in this folder, over all processes.</param>
/// <param name="AppendedAt">The clock's time when it was appended.</param>
/// <param name="Payload">The JSON object with its line feed. Valid until the next record is read.</param>
internal readonly record struct JournalRecord(long Sequence, DateTimeOffset AppendedAt, ReadOnlyMemory<byte> Payload);

/// <summary>A stretch of a segment that is not a record.</summary>
/// <param name="Offset">Where it starts in the file.</param>
/// <param name="Length">How many bytes it has.</param>
/// <param name="Unfinished">
/// True for a write that ended with its process: the record says so itself, or nothing intact follows and it is shorter than
/// its header says. It was never acknowledged, so it is no error.
/// </param>
internal readonly record struct DamagedStretch(long Offset, long Length, bool Unfinished);

internal enum ScanResult
{
    /// <summary>Nothing more before the limit, or nothing yet. A larger limit, or a later call, may bring more.</summary>
    End,

    /// <summary><see cref="SegmentScanner.Record"/> is the next event.</summary>
    Record,

    /// <summary><see cref="SegmentScanner.Damage"/> was stepped over; the next call goes on behind it.</summary>
    Damaged,
}

/// <summary>
/// Reads the records of one segment in the order they lie there, past whatever is not a record.
/// </summary>
/// <remarks>
/// Belongs to one caller at a time. A record's payload is pooled memory: nobody may touch it after the next
/// <see cref="Next"/>, or the end. The buffer holds the file's bytes [<c>_bufferStart</c>, <c>_bufferStart + _buffered</c>),
/// as they were when they were read. In a segment that is being written they may have become records since, so whatever
/// does not look like one is read again before anything is said about it.
/// </remarks>
internal sealed class SegmentScanner(SafeFileHandle file, long segment) : IDisposable
{
    private const int ChunkSize = 256 << 10;

    private byte[] _buffer = [];
    private long _bufferStart;
    private int _buffered;

    /// <summary>Where the next record is looked for.</summary>
    public long Position { get; private set; } = SegmentFormat.HeaderSize;

    public JournalRecord Record { get; private set; }

    public DamagedStretch Damage { get; private set; }

    /// <summary>Opens a segment that may be written, or deleted, by others at the same time.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static SegmentScanner Open(string path, long segment) =>
        new(File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete), segment);

    /// <summary>Steps to the next record, or over the next damage.</summary>
    /// <param name="limit">The file's bytes from here on are not looked at.</param>
    /// <param name="isWhole">
    /// Whether everything before the limit was published when the call began. Else what is no record may still become one:
    /// then the scanner stays where it is and the result is <see cref="ScanResult.End"/>.
    /// </param>
    /// <exception cref="IOException">The disk refused to read.</exception>
    public ScanResult Next(long limit, bool isWhole = true)
    {
        if (Position >= limit)
        {
            return ScanResult.End;
        }

        if (TryRead(Position, limit, out _))
        {
            return ScanResult.Record;
        }

        _buffered = 0;
        if (TryRead(Position, limit, out var isCut))
        {
            return ScanResult.Record;
        }

        if (!isWhole)
        {
            return ScanResult.End;
        }

        var start = Position;
        var unfinished = SegmentFormat.UnfinishedSize(Bytes(start, SegmentFormat.RecordHeaderSize, limit).Span);
        var next = FindRecord(start + SegmentFormat.Alignment, limit);

        // An unfinished record knows its size, but an intact one that is found within it counts more.
        var end = Math.Min(next ?? limit, start + (unfinished ?? limit));
        Position = end;
        if (end == limit && IsZero(start, limit))
        {
            return ScanResult.End;
        }

        Damage = new DamagedStretch(start, end - start, unfinished is not null || (isCut && next is null));
        return ScanResult.Damaged;
    }

    public void Dispose()
    {
        file.Dispose();
        GiveBack();
    }

    /// <summary>Reads the record at an offset and steps behind it, or leaves everything as it is.</summary>
    private bool TryRead(long offset, long limit, out bool unfinished)
    {
        unfinished = false;
        var header = Bytes(offset, SegmentFormat.RecordHeaderSize, limit);
        if (header.Length < SegmentFormat.RecordHeaderSize)
        {
            unfinished = true;
            return false;
        }

        if (SegmentFormat.ClaimedLength(header.Span) is not { } length)
        {
            return false;
        }

        // The padding of a segment's last record may be cut without harm.
        var size = SegmentFormat.RecordHeaderSize + length;
        var record = Bytes(offset, size, limit);
        if (record.Length < size)
        {
            unfinished = true;
            return false;
        }

        if (!SegmentFormat.IsIntact(record.Span, length, segment))
        {
            return false;
        }

        Record = new JournalRecord(
            SegmentFormat.Sequence(record.Span),
            SegmentFormat.AppendedAt(record.Span),
            record.Slice(SegmentFormat.RecordHeaderSize, length));
        Position = Math.Min(offset + SegmentFormat.RecordSize(length), limit);
        return true;
    }

    /// <summary>The offset of the next intact record. Leaves <see cref="Position"/> to the caller.</summary>
    private long? FindRecord(long from, long limit)
    {
        for (var offset = from; offset + SegmentFormat.RecordHeaderSize <= limit;)
        {
            var bytes = Bytes(offset, SegmentFormat.RecordHeaderSize, limit);
            if (bytes.Length < SegmentFormat.RecordHeaderSize)
            {
                return null;
            }

            var found = bytes.Span.IndexOf(SegmentFormat.RecordMagic);
            if (found < 0)
            {
                // The magic may straddle the end of what is buffered, but then it starts at a multiple of 8.
                offset += (bytes.Length - SegmentFormat.Alignment) & ~(SegmentFormat.Alignment - 1);
                continue;
            }

            offset += found & ~(SegmentFormat.Alignment - 1);
            if (found % SegmentFormat.Alignment == 0 && TryRead(offset, limit, out _))
            {
                return offset;
            }

            offset += SegmentFormat.Alignment;
        }

        return null;
    }

    private bool IsZero(long from, long limit)
    {
        while (from < limit)
        {
            var bytes = Bytes(from, 1, limit);
            if (bytes.Span.ContainsAnyExcept((byte)0))
            {
                return false;
            }

            if (bytes.IsEmpty)
            {
                return true;
            }

            from += bytes.Length;
        }

        return true;
    }

    /// <summary>At least <paramref name="wanted"/> bytes from an offset, or as many as there are before the limit.</summary>
    private ReadOnlyMemory<byte> Bytes(long offset, int wanted, long limit)
    {
        var available = (int)Math.Min(wanted, Math.Max(0, limit - offset));
        if (available == 0)
        {
            return default;
        }

        if (offset < _bufferStart || offset + available > _bufferStart + _buffered)
        {
            Fill(offset, Math.Max(available, (int)Math.Min(ChunkSize, Math.Max(0, limit - offset))));
        }

        var start = (int)(offset - _bufferStart);
        var length = (int)Math.Min(_buffered - start, Math.Max(0, limit - offset));
        return _buffer.AsMemory(start, Math.Max(0, length));
    }

    private void GiveBack()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
            _buffered = 0;
        }
    }

    private void Fill(long offset, int length)
    {
        if (_buffer.Length < length)
        {
            // From a pool: ten segments a second would leave a heap of large arrays behind that is seldom collected.
            GiveBack();
            _buffer = ArrayPool<byte>.Shared.Rent(length);
        }

        _bufferStart = offset;
        _buffered = 0;
        while (_buffered < length)
        {
            var read = RandomAccess.Read(file, _buffer.AsSpan(_buffered, length - _buffered), offset + _buffered);
            if (read == 0)
            {
                return;
            }

            _buffered += read;
        }
    }
}
