namespace Catalog.Worker.Jobs;

/// <summary>When a job runs: section <c>Jobs:{name}</c>, for example <c>Jobs:load-partitions:Schedule</c>.</summary>
public sealed class JobOptions
{
    /// <summary>The section that holds one section for each job.</summary>
    public const string Section = "Jobs";

    /// <summary>A cron expression of five fields, or six with seconds first; empty or <c>off</c>: only on request.</summary>
    public string Schedule { get; set; } = "";

    /// <summary>The time zone that the expression is read in, such as <c>Europe/Berlin</c>.</summary>
    public string TimeZone { get; set; } = "UTC";

    /// <summary>
    /// Each scheduled run begins a random time of up to this after its due time, so that many workers, or many jobs, do not
    /// ask AWS in the same second.
    /// </summary>
    public TimeSpan Jitter { get; set; } = TimeSpan.Zero;

    /// <summary>Whether runs only look and count, and write nothing. A request can ask for such a run by itself.</summary>
    public bool DryRun { get; set; }

    /// <summary>
    /// After how long a run is asked to end and to leave the rest to the next one; null: never. In Lambda, which ends a
    /// function after 15 minutes, the default is 12 minutes.
    /// </summary>
    public TimeSpan? TimeLimit { get; set; }

    /// <summary>Whether it also runs when the host starts. A job without a schedule never does.</summary>
    public bool RunAtStart { get; set; } = true;

    /// <summary>How late, after its jitter, a scheduled run may begin before <c>/ready</c> says that it was missed.</summary>
    public TimeSpan Grace { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The wait after a first failed run; it doubles with each further one.</summary>
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait after a failed run. A scheduled time that comes earlier is kept.</summary>
    public TimeSpan RetryAtMost { get; set; } = TimeSpan.FromMinutes(5);
}
