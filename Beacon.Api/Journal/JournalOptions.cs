using Microsoft.Extensions.Options;

namespace Beacon.Api.Journal;

/// <summary>Where accepted events are kept until they are delivered, how many, and how surely.</summary>
public sealed class JournalOptions
{
    public const string Section = "Journal";

    /// <summary>The journal's folder, made at start. One process per folder, unless <see cref="Shared"/>. Default <c>.pixel/journal</c>.</summary>
    public string Folder { get; set; } = ".pixel/journal";

    /// <summary>
    /// Whether several beacons share the folder, as containers share a network volume: then each has a journal of its own in
    /// a folder below, and delivers besides what others that are gone have left. Default false.
    /// </summary>
    public bool Shared { get; set; }

    /// <summary>
    /// With <see cref="Shared"/>: how often a beacon looks for what others have left. Default 1 min, 100 ms to 1 h.
    /// </summary>
    public TimeSpan AdoptEvery { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The most bytes that segments may take, delivered and undelivered, before events are refused. Default 8 GiB, at least 1 MiB.
    /// </summary>
    public long MaxSize { get; set; } = 8L << 30;

    /// <summary>
    /// The bytes after which a new segment is begun. Space comes back in whole segments, so one is never more than a
    /// quarter of <see cref="MaxSize"/>, whatever is said here. Default 4 MiB, 64 KiB to 1 GiB.
    /// </summary>
    /// <remarks>Of mapped segments two or three are in memory at a time when events come; an idle beacon has none.</remarks>
    public long SegmentSize { get; set; } = 4L << 20;

    /// <summary>How segments are written. Default <see cref="JournalAccess.Auto"/>.</summary>
    public JournalAccess Access { get; set; } = JournalAccess.Auto;

    /// <summary>What an acknowledged event survives. Default <see cref="JournalSync.Process"/>.</summary>
    public JournalSync Sync { get; set; } = JournalSync.Process;

    /// <summary>
    /// With <see cref="JournalSync.Batch"/>: how long requests are gathered before one flush answers them all.
    /// Default 10 ms, 1 ms to 1 s.
    /// </summary>
    public TimeSpan SyncEvery { get; set; } = TimeSpan.FromMilliseconds(10);

    /// <summary>The same settings for a journal in another folder, that nobody shares.</summary>
    internal JournalOptions In(string folder, JournalAccess? access = null) => new()
    {
        Folder = folder,
        MaxSize = MaxSize,
        SegmentSize = SegmentSize,
        Access = access ?? Access,
        Sync = Sync,
        SyncEvery = SyncEvery,
    };

    /// <summary>The size that a segment really gets.</summary>
    internal long EffectiveSegmentSize => Math.Min(SegmentSize, MaxSize / 4);

    /// <summary>Whether segments are mapped. The folder exists.</summary>
    internal bool MapsSegments() => Access switch
    {
        JournalAccess.Mapped => true,
        JournalAccess.Written => false,
        _ => SafeMapping.IsPossible(Folder),
    };
}

/// <summary>How the journal's segments are written.</summary>
public enum JournalAccess
{
    /// <summary>
    /// Mapped where the file system is known to keep the space that it has given out, else written. The first half of a
    /// segment's bytes is written in any case: the mapped one is made ready meanwhile. A disk that breaks under
    /// a mapping can end the process; what was acknowledged is in the journal as far as the disk still has it.
    /// </summary>
    Auto,

    /// <summary>
    /// Through a mapping of a file that is filled in advance: no system call per event, from the first event on. On a
    /// copy-on-write or network file system a full disk then ends the process, which nothing can prevent.
    /// </summary>
    Mapped,

    /// <summary>Through the file, one write per event: slower, and safe everywhere.</summary>
    Written,
}

/// <summary>What an acknowledged event survives, from cheap to dear.</summary>
/// <remarks>
/// A flush is <c>fsync</c> on Linux, <c>F_FULLFSYNC</c> on macOS and <c>FlushFileBuffers</c> on Windows, as
/// <see cref="DiskFlush"/> does it. On Unix a new segment's directory entry is flushed too, before its
/// first answer; Windows keeps it with the file. None of them helps against a disk that lies about its own cache.
/// </remarks>
public enum JournalSync
{
    /// <summary>The process: killed at any moment, nothing acknowledged is lost. A power cut may take the last seconds.</summary>
    Process,

    /// <summary>The machine: requests wait for a flush that is made every <see cref="JournalOptions.SyncEvery"/> for all of them.</summary>
    Batch,

    /// <summary>The machine: each request waits for a flush begun after it was written; requests that come during one share the next.</summary>
    Always,
}

/// <summary>Checks the settings at the start; by hand, because a generated check does not name the section.</summary>
internal sealed class JournalOptionsValidator : IValidateOptions<JournalOptions>
{
    private const long Kibi = 1L << 10, Mebi = 1L << 20, Gibi = 1L << 30;

    public ValidateOptionsResult Validate(string? name, JournalOptions options)
    {
        var problems = new ValidateOptionsResultBuilder();
        if (string.IsNullOrWhiteSpace(options.Folder))
        {
            problems.AddError("Journal:Folder must name a folder.");
        }

        if (options.MaxSize is < Mebi or > Mebi * Gibi)
        {
            problems.AddError($"Journal:MaxSize must be from {Mebi} bytes (1 MiB) to {Mebi * Gibi} (1 PiB).");
        }

        if (options.SegmentSize is < 64 * Kibi or > Gibi)
        {
            problems.AddError($"Journal:SegmentSize must be from {64 * Kibi} bytes (64 KiB) to {Gibi} (1 GiB).");
        }

        if (!Enum.IsDefined(options.Access))
        {
            problems.AddError("Journal:Access must be auto, mapped or written.");
        }

        if (!Enum.IsDefined(options.Sync))
        {
            problems.AddError("Journal:Sync must be process, batch or always.");
        }

        if (options.SyncEvery < TimeSpan.FromMilliseconds(1) || options.SyncEvery > TimeSpan.FromSeconds(1))
        {
            problems.AddError("Journal:SyncEvery must be from 1 ms to 1 s, such as 00:00:00.010.");
        }

        if (options.AdoptEvery < TimeSpan.FromMilliseconds(100) || options.AdoptEvery > TimeSpan.FromHours(1))
        {
            problems.AddError("Journal:AdoptEvery must be from 100 ms to 1 h, such as 00:01:00.");
        }

        return problems.Build();
    }
}
