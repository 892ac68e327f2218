namespace Catalog.Worker.Jobs;

/// <summary>
/// Work that keeps the catalog right. A job is safe to repeat: it looks at what is there and does what is missing, so a
/// run that was cut short is mended by the next one.
/// </summary>
public interface IJob
{
    /// <summary>Its name in settings, URLs, logs and metrics, such as <c>load-partitions</c>.</summary>
    string Name { get; }

    /// <summary>The lock that it runs under: jobs that must not run at the same time have the same one.</summary>
    string LockName => Name;

    /// <summary>Does the work once. Never called while an earlier run of the same job goes on.</summary>
    /// <exception cref="JobException">The work cannot be done, for a reason that its reader can mend.</exception>
    Task<JobResult> RunAsync(JobContext context, CancellationToken cancellationToken);
}

/// <summary>What a run knows about itself.</summary>
/// <param name="StartedAt">When it began; a job that asks for the time in the middle of its work uses this one.</param>
/// <param name="Trigger">What made it run.</param>
public sealed record JobContext(DateTimeOffset StartedAt, JobTrigger Trigger)
{
    /// <summary>Whether to look and count only, and to write nothing. Such a run holds no lock.</summary>
    public bool DryRun { get; init; }

    /// <summary>
    /// The fencing token of the run's lock: grows with every run of the job, in whatever worker. What the job writes carries
    /// it. Zero in a dry run.
    /// </summary>
    public long Fence { get; init; }

    /// <summary>
    /// Asks the run to end soon (<see cref="JobOptions.TimeLimit"/>). A long job looks at it between two pieces of work and
    /// answers <see cref="JobResult.Unfinished"/>; it keeps what the next run needs to go on.
    /// </summary>
    public CancellationToken OutOfTime { get; init; }
}

/// <summary>What made a job run.</summary>
public enum JobTrigger
{
    /// <summary>The host started.</summary>
    Start,

    /// <summary>Its time came.</summary>
    Schedule,

    /// <summary>The run before failed.</summary>
    Retry,

    /// <summary>The run before ended because its time was up.</summary>
    Continuation,

    /// <summary>Somebody asked for it.</summary>
    Request,
}

/// <summary>What a run did, in numbers.</summary>
/// <param name="Counts">Named counts in the order in which they are worth reading; few and fixed names, as they tag metrics.</param>
public sealed record JobResult(IReadOnlyList<JobCount> Counts)
{
    /// <summary>What somebody should know or do, in sentences; shown with the result.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Whether the run ended early, because its time was up, and the next one goes on.</summary>
    public bool Unfinished { get; init; }

    /// <summary>The result with these counts.</summary>
    public static JobResult Of(params JobCount[] counts) => new(counts);
}

/// <summary>One number of a <see cref="JobResult"/>.</summary>
/// <param name="Name">In camelCase, such as <c>added</c>.</param>
/// <param name="Value">How many.</param>
public readonly record struct JobCount(string Name, long Value);

/// <summary>A job cannot do its work for a reason that lies behind it: a missing table, a refused request.</summary>
/// <param name="message">One sentence that says what to do.</param>
/// <param name="innerException">What happened underneath.</param>
public sealed class JobException(string message, Exception? innerException = null) : Exception(message, innerException);
