namespace Beacon.Api.Journal;

/// <summary>What is known of one segment file. The writer owns the upper half of the fields, the reader the lower half.</summary>
internal sealed class JournalSegment
{
    private long _published;
    private volatile bool _sealed;
    private readonly long _size;

    /// <summary>A segment of a former process, or one that is written through the file.</summary>
    public JournalSegment(long firstSequence, string path, long published, bool isSealed)
    {
        FirstSequence = firstSequence;
        Path = path;
        _published = published;
        _sealed = isSealed;
    }

    /// <summary>A segment that is written through a mapping.</summary>
    public JournalSegment(long firstSequence, string path, SegmentCursor cursor, long size)
    {
        FirstSequence = firstSequence;
        Path = path;
        Cursor = cursor;
        _size = size;
    }

    public long FirstSequence { get; }

    public string Path { get; }

    /// <summary>Null but for a mapped segment.</summary>
    public SegmentCursor? Cursor { get; }

    /// <summary>Where its records end, for now, or where its file does. Grows only.</summary>
    public long End => Cursor?.Reserved ?? Volatile.Read(ref _published);

    /// <summary>True once nothing more is begun in it. Read it BEFORE <see cref="IsWhole"/>: then that end is final.</summary>
    public bool IsSealed => Cursor?.IsSealed ?? _sealed;

    /// <summary>The file's bytes that hold records, for accounting.</summary>
    public long Content => Math.Max(0, End - SegmentFormat.HeaderSize);

    /// <summary>The bytes it takes on the disk.</summary>
    public long Size => Cursor is null ? End : _size;

    /// <summary>Set by the reader when it has gone past: from then on <see cref="LastRead"/> is final.</summary>
    public bool IsLeft { get; set; }

    /// <summary>The last intact sequence the reader found in it, 0 for none.</summary>
    public long LastRead { get; set; }

    /// <summary>True when something in it is nowhere else: it is moved to the quarantine instead of deleted.</summary>
    public bool MustBeKept { get; private set; }

    private string KeepMark => Path + ".keep";

    /// <summary>
    /// Whether everything before <paramref name="end"/> is published. While it is not, what looks like damage there may be
    /// a record that a writer is still busy with.
    /// </summary>
    public bool IsWhole(out long end)
    {
        if (Cursor is null)
        {
            end = Volatile.Read(ref _published);
            return true;
        }

        var whole = Cursor.IsWhole(out var reserved);
        end = reserved;
        return whole;
    }

    public void Publish(long length) => Volatile.Write(ref _published, length);

    public void Seal()
    {
        _sealed = true;
        Cursor?.Seal();
    }

    /// <summary>Sets <see cref="MustBeKept"/>, with an empty file beside the segment so that the next process knows it too.</summary>
    public void Keep()
    {
        MustBeKept = true;
        try
        {
            File.WriteAllBytes(KeepMark, []);
        }
        catch (Exception exception) when (DiskError.IsExpected(exception))
        {
            // Then this process alone knows.
        }
    }

    /// <summary>Ends the segment's time in the journal.</summary>
    /// <param name="quarantine">Where it goes if it must be kept.</param>
    /// <param name="reuse">Takes the file if it can be used again.</param>
    /// <returns>Whether the file was taken to be used again; else its space is free.</returns>
    /// <exception cref="IOException">It could not be deleted, or moved.</exception>
    public bool Remove(Quarantine quarantine, SegmentPreparer? reuse)
    {
        try
        {
            if (MustBeKept || File.Exists(KeepMark))
            {
                quarantine.Move(Path);
                File.Delete(KeepMark);
                return false;
            }

            if (Cursor is not null && reuse is not null && reuse.TryKeep(Path))
            {
                return true;
            }

            File.Delete(Path);
            return false;
        }
        catch (FileNotFoundException)
        {
            return false; // somebody else deleted it
        }
    }
}
