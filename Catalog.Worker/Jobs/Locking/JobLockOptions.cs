using Microsoft.Extensions.Options;

namespace Catalog.Worker.Jobs.Locking;

/// <summary>The lock that keeps two workers from doing the same job at once: section <c>JobLock</c>.</summary>
public sealed class JobLockOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "JobLock";

    /// <summary>
    /// How long a lock is good for without being renewed; 30 seconds to one hour. It is renewed three times in that time. A
    /// worker that dies keeps others from its job for this long and for <see cref="ClockTolerance"/>.
    /// </summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How far apart the clocks of two workers may be: a lock of another one is taken this long after its end.</summary>
    public TimeSpan ClockTolerance { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// A name that only one process has at a time, which something else must ensure. Such a process takes back, at once,
    /// the locks that it left when it was killed. Empty: nobody vouches for a name, and left locks end by themselves.
    /// </summary>
    public string Worker { get; set; } = "";
}

internal sealed class JobLockOptionsValidator : IValidateOptions<JobLockOptions>
{
    public ValidateOptionsResult Validate(string? name, JobLockOptions options)
    {
        var problems = new List<string>();
        if (options.Lease < TimeSpan.FromSeconds(30) || options.Lease > TimeSpan.FromHours(1))
        {
            problems.Add($"JobLock:Lease must be between 30 seconds and one hour, not {options.Lease}");
        }

        if (options.ClockTolerance < TimeSpan.Zero || options.ClockTolerance > TimeSpan.FromHours(1))
        {
            problems.Add($"JobLock:ClockTolerance must be between zero and one hour, not {options.ClockTolerance}");
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
