using System.Text.Json.Serialization;

namespace Catalog.Worker.Jobs;

/// <summary>How one run ended. What <c>POST /jobs/{name}</c> answers, and <c>GET /jobs</c> as the last one.</summary>
/// <param name="Job">The job's name.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Trigger">What made it run.</param>
/// <param name="StartedAt">When it began, UTC.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="DryRun">Whether it only looked.</param>
/// <param name="Counts">What it did, or would do; empty when it failed.</param>
/// <param name="Notes">What somebody should know or do, in sentences.</param>
/// <param name="Error">Why it failed, in one sentence; null when it did not.</param>
internal sealed record JobRun(
    string Job,
    JobOutcome Outcome,
    JobTrigger Trigger,
    DateTimeOffset StartedAt,
    double Seconds,
    bool DryRun,
    IReadOnlyDictionary<string, long> Counts,
    IReadOnlyList<string> Notes,
    string? Error)
{
    /// <summary>The fencing token that it held; null when it had none.</summary>
    [JsonIgnore]
    public long? Fence { get; init; }

    /// <summary>200; 502 when what is behind the worker failed; 500 when the worker did.</summary>
    [JsonIgnore]
    public int StatusCode => Outcome switch
    {
        JobOutcome.Succeeded or JobOutcome.Unfinished => StatusCodes.Status200OK,
        JobOutcome.Refused => StatusCodes.Status502BadGateway,
        _ => StatusCodes.Status500InternalServerError,
    };
}

/// <summary>How a run ended.</summary>
internal enum JobOutcome
{
    /// <summary>All its work is done.</summary>
    Succeeded,

    /// <summary>Its time was up; the next run goes on where it stopped.</summary>
    Unfinished,

    /// <summary>Something behind it said no or was not there; the sentence says what to do.</summary>
    Refused,

    /// <summary>A defect; the log has the stack trace.</summary>
    Failed,

    /// <summary>The host stopped; the next start goes on.</summary>
    Stopped,
}
