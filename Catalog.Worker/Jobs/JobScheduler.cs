using Microsoft.Extensions.Options;

namespace Catalog.Worker.Jobs;

/// <summary>
/// Runs every job at its times, one loop a job, so that a slow one delays no other. After a failed run it comes back
/// sooner than the schedule says; while AWS does not answer at all, that is the wait for it.
/// </summary>
internal sealed class JobScheduler(JobCatalog jobs, IOptions<SchedulerOptions> options, IOptions<Locking.JobLockOptions> locks, TimeProvider time) : BackgroundService
{
    /// <summary>Longer than this the loop wakes up to look at the clock: timers have a longest time, and clocks are set.</summary>
    private static readonly TimeSpan LongestSleep = TimeSpan.FromHours(1);

    /// <summary>A time at which a job runs.</summary>
    /// <param name="At">When.</param>
    /// <param name="Due">When the schedule says, without jitter; a run of another worker since then has done the work.</param>
    /// <param name="Trigger">Why then.</param>
    private sealed record Appointment(DateTimeOffset At, DateTimeOffset? Due, JobTrigger Trigger);

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
        => options.Value.Enabled
            ? Task.WhenAll(jobs.All.Where(job => !job.Schedule.IsOff).Select(job => RunAtItsTimesAsync(job, stoppingToken)))
            : Task.CompletedTask;

    private async Task RunAtItsTimesAsync(JobRunner job, CancellationToken stoppingToken)
    {
        var backoff = new RetryBackoff(job.Options.RetryAfter, job.Options.RetryAtMost);
        for (var next = First(job); next is not null;)
        {
            // In this order the time that is shown is one that is waited for.
            var waiting = WaitUntilAsync(next.At, stoppingToken);
            job.NextRun = next.At;
            await waiting;
            var attempt = await job.TryRunAsync(next.Trigger, next.Due, dryRun: false, stoppingToken);
            next = After(job, next, attempt, backoff);
        }

        job.NextRun = null;
    }

    private Appointment? First(JobRunner job)
        => job.Options.RunAtStart ? new(time.GetUtcNow(), null, JobTrigger.Start) : Scheduled(job);

    private Appointment? After(JobRunner job, Appointment now, JobAttempt attempt, RetryBackoff backoff)
    {
        var scheduled = Scheduled(job);
        switch (attempt)
        {
            case JobAttempt.Ran { Run.Outcome: JobOutcome.Unfinished }:
                backoff.Succeeded();
                return new(time.GetUtcNow(), now.Due, JobTrigger.Continuation);

            case JobAttempt.Ran { Run.Outcome: not JobOutcome.Succeeded }:
                return Earlier(scheduled, time.GetUtcNow() + backoff.Failed(), now.Due);

            // The other worker may die in the middle: then its lock ends, and the work is ours. If it does not, it has
            // been done by then.
            case JobAttempt.Busy { FreeAt: { } freeAt }:
                return Earlier(scheduled, freeAt + locks.Value.ClockTolerance, now.Due ?? time.GetUtcNow());

            // A request that is running it at this moment does this run's work.
            default:
                backoff.Succeeded();
                return scheduled;
        }
    }

    private static Appointment Earlier(Appointment? scheduled, DateTimeOffset retry, DateTimeOffset? due)
        => scheduled?.At < retry ? scheduled : new(retry, due, JobTrigger.Retry);

    private Appointment? Scheduled(JobRunner job)
        => job.Schedule.Next(time.GetUtcNow()) is { } due
            ? new(due + (job.Options.Jitter * Random.Shared.NextDouble()), due, JobTrigger.Schedule)
            : null;

    private async Task WaitUntilAsync(DateTimeOffset due, CancellationToken stoppingToken)
    {
        for (var wait = due - time.GetUtcNow(); wait > TimeSpan.Zero; wait = due - time.GetUtcNow())
        {
            await Task.Delay(wait < LongestSleep ? wait : LongestSleep, time, stoppingToken);
        }

        stoppingToken.ThrowIfCancellationRequested();
    }
}
