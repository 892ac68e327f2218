namespace Beacon.Api.Journal;

/// <summary>What is known of one segment file. The writer owns the upper half of the fields, the reader the lower half.</summary>
internal sealed class JournalSegment(long firstSequence, string path, long published, bool isSealed)
{
    private long _published = published;
    private volatile bool _sealed = isSealed;

    public long FirstSequence { get; } = firstSequence;

    public string Path { get; } = path;

    /// <summary>The file's bytes up to here may be read; a live segment's lie on a record's end. Grows only.</summary>
    public long Published => Volatile.Read(ref _published);

    /// <summary>True once nothing more is written. Read it BEFORE <see cref="Published"/>: then that is final.</summary>
    public bool IsSealed => _sealed;

    /// <summary>The file's bytes that hold records, for accounting.</summary>
    public long Content => Math.Max(0, Published - SegmentFormat.HeaderSize);

    /// <summary>Set by the reader when it has gone past: from then on <see cref="LastRead"/> is final.</summary>
    public bool IsLeft { get; set; }

    /// <summary>The last intact sequence the reader found in it, 0 for none.</summary>
    public long LastRead { get; set; }

    /// <summary>True when something in it is nowhere else: it is moved to the quarantine instead of deleted.</summary>
    public bool MustBeKept { get; private set; }

    public void Publish(long length) => Volatile.Write(ref _published, length);

    public void Seal() => _sealed = true;

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
    /// <exception cref="IOException">It could not be deleted, or moved.</exception>
    public void Remove(Quarantine quarantine)
    {
        if (MustBeKept || File.Exists(KeepMark))
        {
            quarantine.Move(Path);
            File.Delete(KeepMark);
        }
        else
        {
            File.Delete(Path);
        }
    }

    private string KeepMark => Path + ".keep";
}
