namespace Beacon.Api.Journal;

/// <summary>The file behind a segment that is being written, or whose last bytes are not yet flushed.</summary>
internal abstract class LiveSegment(JournalSegment segment) : IDisposable
{
    public JournalSegment Segment { get; } = segment;

    public abstract bool HasRecords { get; }

    /// <summary>
    /// Set for good when a flush failed: nothing in this segment may be called durable any more. A writer looks when its round
    /// has ended, and the flush that failed had ended before that.
    /// </summary>
    public bool IsCondemned { get; set; }

    /// <summary>Makes everything published so far survive the machine. May run beside appends.</summary>
    /// <exception cref="IOException">The disk refused: the segment is condemned by whoever catches this.</exception>
    public abstract void Flush();

    /// <summary>Lets go of the file. Only when the segment is sealed and whole.</summary>
    public abstract void Dispose();
}
