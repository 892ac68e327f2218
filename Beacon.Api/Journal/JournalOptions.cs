using Microsoft.Extensions.Options;

namespace Beacon.Api.Journal;

/// <summary>Where accepted events are kept until they are delivered, how many, and how surely.</summary>
public sealed class JournalOptions
{
    public const string Section = "Journal";

    /// <summary>The journal's folder, made at start. One process per folder. Default <c>.pixel/journal</c>.</summary>
    public string Folder { get; set; } = ".pixel/journal";

    /// <summary>
    /// The most bytes that segments may take, delivered and undelivered, before events are refused. Default 8 GiB, at least 1 MiB.
    /// </summary>
    public long MaxSize { get; set; } = 8L << 30;

    /// <summary>
    /// The bytes after which a new segment is begun. Space comes back in whole segments, so one is never more than a
    /// quarter of <see cref="MaxSize"/>, whatever is said here. Default 64 MiB, 64 KiB to 1 GiB.
    /// </summary>
    public long SegmentSize { get; set; } = 64L << 20;

    /// <summary>What an acknowledged event survives. Default <see cref="JournalSync.Process"/>.</summary>
    public JournalSync Sync { get; set; } = JournalSync.Process;

    /// <summary>
    /// With <see cref="JournalSync.Batch"/>: how long requests are gathered before one flush answers them all.
    /// Default 10 ms, 1 ms to 1 s.
    /// </summary>
    public TimeSpan SyncEvery { get; set; } = TimeSpan.FromMilliseconds(10);

    /// <summary>The size that a segment really gets.</summary>
    internal long EffectiveSegmentSize => Math.Min(SegmentSize, MaxSize / 4);
}

/// <summary>What an acknowledged event survives, from cheap to dear.</summary>
/// <remarks>
/// A flush is <c>fsync</c> on Linux, <c>F_FULLFSYNC</c> on macOS and <c>FlushFileBuffers</c> on Windows, as
/// <see cref="RandomAccess.FlushToDisk"/> does it. On Unix a new segment's directory entry is flushed too, before its
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

        if (!Enum.IsDefined(options.Sync))
        {
            problems.AddError("Journal:Sync must be process, batch or always.");
        }

        if (options.SyncEvery < TimeSpan.FromMilliseconds(1) || options.SyncEvery > TimeSpan.FromSeconds(1))
        {
            problems.AddError("Journal:SyncEvery must be from 1 ms to 1 s, such as 00:00:00.010.");
        }

        return problems.Build();
    }
}
