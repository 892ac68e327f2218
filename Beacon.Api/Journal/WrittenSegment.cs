using Microsoft.Win32.SafeHandles;

namespace Beacon.Api.Journal;

/// <summary>
/// A segment that is written through its file, one record after the other, under the journal's lock (except
/// <see cref="Flush"/>): where mappings are not safe, and where there is no room for a whole segment in advance.
/// </summary>
/// <remarks>
/// Invariant: the bytes before <see cref="Length"/> are whole records and are published; what lies behind is a write that
/// failed, and the next one overwrites it. <see cref="RandomAccess.Write(SafeFileHandle, ReadOnlySpan{byte}, long)"/>
/// goes to the page cache, which outlives the process: that is what makes an append survive <c>kill -9</c>.
/// </remarks>
internal sealed class WrittenSegment : LiveSegment
{
    private readonly SafeFileHandle _file;
    private readonly DiskFlush _disk;

    private WrittenSegment(SafeFileHandle file, DiskFlush disk, JournalSegment segment)
        : base(segment)
    {
        _file = file;
        _disk = disk;
        Length = SegmentFormat.HeaderSize;
    }

    public long Length { get; private set; }

    public override bool HasRecords => Length > SegmentFormat.HeaderSize;

    /// <summary>
    /// Begins a segment. Its name is new: a file of that name can only be left over from a beginning that failed.
    /// </summary>
    /// <exception cref="IOException">There is no room, or the folder refuses; nothing of it is left behind.</exception>
    public static WrittenSegment Create(string folder, DiskFlush disk, long firstSequence, DateTimeOffset now)
    {
        var path = Path.Combine(folder, SegmentFormat.FileName(firstSequence));
        var file = File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            Span<byte> header = stackalloc byte[SegmentFormat.HeaderSize];
            SegmentFormat.WriteHeader(header, firstSequence, now);
            RandomAccess.Write(file, header, 0);
        }
        catch
        {
            file.Dispose();
            File.Delete(path);
            throw;
        }

        return new WrittenSegment(file, disk, new JournalSegment(firstSequence, path, SegmentFormat.HeaderSize, isSealed: false));
    }

    /// <summary>Appends one record and publishes it, or takes back what was written of it.</summary>
    /// <exception cref="IOException">The disk refused.</exception>
    public void Append(ReadOnlySpan<byte> record)
    {
        try
        {
            RandomAccess.Write(_file, record, Length);
        }
        catch
        {
            TakeBack();
            throw;
        }

        Length += record.Length;
        Segment.Publish(Length);
    }

    /// <summary>Finds out whether so many bytes could be written now, and leaves the file as it was.</summary>
    /// <exception cref="IOException">The disk refused.</exception>
    public void Probe(ReadOnlySpan<byte> bytes)
    {
        try
        {
            RandomAccess.Write(_file, bytes, Length);
        }
        finally
        {
            TakeBack();
        }
    }

    public override void Flush() => _disk.File(_file);

    public override void Dispose() => _file.Dispose();

    private void TakeBack()
    {
        try
        {
            RandomAccess.SetLength(_file, Length);
        }
        catch (Exception exception) when (DiskError.IsExpected(exception))
        {
            // Then the next append overwrites it, or the next start finds an unfinished record there.
        }
    }
}
