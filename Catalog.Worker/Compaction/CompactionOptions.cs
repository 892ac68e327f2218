using Catalog.Worker.Jobs;
using Microsoft.Extensions.Options;

namespace Catalog.Worker.Compaction;

/// <summary>How hours are compacted: section <c>Jobs:compaction</c>, beside the schedule.</summary>
public sealed class CompactionOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = $"{JobOptions.Section}:{CompactionJob.JobName}";

    private const long Mebibyte = 1024 * 1024;

    /// <summary>
    /// How long after its end an hour is compacted. Firehose collects for up to 15 minutes, so by then nearly all of an
    /// hour has landed; what comes later is compacted again.
    /// </summary>
    public TimeSpan CloseAfter { get; set; } = TimeSpan.FromHours(1);

    /// <summary>An hour with fewer objects than this stays as it is; 2 or more.</summary>
    public int MinFiles { get; set; } = 2;

    /// <summary>
    /// About how large the files become, in bytes, 64 to 256 MiB: an hour with more is written in slices of time. Larger
    /// files are fewer requests, smaller ones are read by more readers at once.
    /// </summary>
    public long FileSize { get; set; } = 128 * Mebibyte;

    /// <summary>
    /// How long the objects that an hour was compacted from are kept after the switch; 24 hours or more. A query that began
    /// before the switch goes on reading them, and they are the way back.
    /// </summary>
    public TimeSpan KeepInputs { get; set; } = TimeSpan.FromHours(24);

    /// <summary>
    /// The hour of the day (UTC, 0 to 23) about which a dashboard's questions are asked before and after it is compacted, so
    /// that the job can say what it saves; -1: none. One an hour would be cheap, too, but tell nothing more.
    /// </summary>
    public int MeasureHour { get; set; } = 12;

    internal IEnumerable<string> Problems()
    {
        if (CloseAfter < TimeSpan.FromMinutes(15) || CloseAfter > TimeSpan.FromDays(7))
        {
            yield return $"{Section}:CloseAfter must be between 15 minutes and 7 days, not {CloseAfter}";
        }

        if (MinFiles < 2)
        {
            yield return $"{Section}:MinFiles must be 2 or more, not {MinFiles}";
        }

        if (FileSize is < 64 * Mebibyte or > 256 * Mebibyte)
        {
            yield return $"{Section}:FileSize must be between 67108864 and 268435456 bytes, not {FileSize}";
        }

        if (MeasureHour is < -1 or > 23)
        {
            yield return $"{Section}:MeasureHour must be between 0 and 23, or -1 for none, not {MeasureHour}";
        }

        if (KeepInputs < TimeSpan.FromHours(24) || KeepInputs > TimeSpan.FromDays(90))
        {
            yield return $"{Section}:KeepInputs must be between 24 hours and 90 days, not {KeepInputs}";
        }
    }
}

internal sealed class CompactionOptionsValidator : IValidateOptions<CompactionOptions>
{
    public ValidateOptionsResult Validate(string? name, CompactionOptions options)
        => options.Problems().ToList() is { Count: > 0 } problems ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;
}
