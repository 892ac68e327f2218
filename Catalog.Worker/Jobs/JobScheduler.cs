namespace Catalog.Worker.Jobs;

/// <summary>
/// Runs every job at its times, one loop a job, so that a slow one delays no other. After a failed run it comes back
/// sooner than the schedule says; while AWS does not answer at all, that is the wait for it.
/// </summary>
internal sealed class JobScheduler(JobCatalog jobs, TimeProvider time) : BackgroundService
{
    /// <summary>Longer than this the loop wakes up to look at the clock: timers have a longest time, and clocks are set.</summary>
    private static readonly TimeSpan LongestSleep = TimeSpan.FromHours(1);

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
        => Task.WhenAll(jobs.All.Where(job => !job.Schedule.IsOff).Select(job => RunAtItsTimesAsync(job, stoppingToken)));

    private async Task RunAtItsTimesAsync(JobRunner job, CancellationToken stoppingToken)
    {
        var backoff = new RetryBackoff(job.Options.RetryAfter, job.Options.RetryAtMost);
        var trigger = JobTrigger.Start;
        job.NextRun = job.Options.RunAtStart ? time.GetUtcNow() : Scheduled(job);
        if (!job.Options.RunAtStart)
        {
            trigger = JobTrigger.Schedule;
        }

        while (job.NextRun is { } due)
        {
            await WaitUntilAsync(due, stoppingToken);

            // A request that is running it at this moment does this run's work.
            var run = await job.TryRunAsync(trigger, stoppingToken);
            (job.NextRun, trigger) = After(job, run, backoff);
        }
    }

    private (DateTimeOffset?, JobTrigger) After(JobRunner job, JobRun? run, RetryBackoff backoff)
    {
        var scheduled = Scheduled(job);
        if (run is null or { Outcome: JobOutcome.Succeeded })
        {
            backoff.Succeeded();
            return (scheduled, JobTrigger.Schedule);
        }

        var retry = time.GetUtcNow() + backoff.Failed();
        return scheduled < retry ? (scheduled, JobTrigger.Schedule) : (retry, JobTrigger.Retry);
    }

    private DateTimeOffset? Scheduled(JobRunner job) => job.Schedule.Next(time.GetUtcNow());

    private async Task WaitUntilAsync(DateTimeOffset due, CancellationToken stoppingToken)
    {
        for (var wait = due - time.GetUtcNow(); wait > TimeSpan.Zero; wait = due - time.GetUtcNow())
        {
            await Task.Delay(wait < LongestSleep ? wait : LongestSleep, time, stoppingToken);
        }

        stoppingToken.ThrowIfCancellationRequested();
    }
}
