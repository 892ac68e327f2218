using System.Diagnostics;
using Catalog.Worker.Jobs.Locking;
using Catalog.Worker.Jobs.Record;
using Microsoft.Extensions.Options;

namespace Catalog.Worker.Jobs;

/// <summary>
/// One job with its schedule and its last run. Of the loop and any number of requests, one runs the job at a time: it
/// holds <see cref="_running"/> and alone writes <see cref="_last"/> and <see cref="_lastStartTicks"/>; the loop alone
/// writes <see cref="_nextRunTicks"/>. Anyone reads them, so instants are kept as ticks (UTC; 0: none), which are never torn.
/// Between workers the lock in S3 does the same; a dry run, which writes nothing, goes without it.
/// </summary>
internal sealed partial class JobRunner
{
    private readonly IJob _job;
    private readonly JobLocks _locks;
    private readonly JobRunLog _log;
    private readonly JobMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<JobRunner> _logger;
    private int _running;
    private volatile JobRun? _last;
    private long _lastStartTicks;
    private long _nextRunTicks;

    public JobRunner(
        IJob job, IOptionsMonitor<JobOptions> options, JobLocks locks, JobRunLog log, JobMetrics metrics, TimeProvider time, ILogger<JobRunner> logger)
    {
        _job = job;
        _locks = locks;
        _log = log;
        _metrics = metrics;
        _time = time;
        _logger = logger;
        Options = options.Get(job.Name);
        Schedule = JobSchedule.TryParse(Options, out var schedule, out var problem)
            ? schedule
            : throw new OptionsValidationException(job.Name, typeof(JobOptions), [$"{JobOptions.Section}:{job.Name}:{problem}"]);
        _lastStartTicks = time.GetUtcNow().UtcTicks;
    }

    public string Name => _job.Name;

    public JobOptions Options { get; }

    public JobSchedule Schedule { get; }

    public bool IsRunning => Volatile.Read(ref _running) == 1;

    public JobRun? Last => _last;

    /// <summary>When the loop means to run it next: by the schedule, or earlier after a failure. Set by the loop.</summary>
    public DateTimeOffset? NextRun
    {
        get => Volatile.Read(ref _nextRunTicks) is var ticks and not 0 ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;
        set => Volatile.Write(ref _nextRunTicks, value?.UtcTicks ?? 0);
    }

    /// <summary>
    /// Whether a scheduled time passed, and the jitter and grace after it, without any run having begun since, here or in
    /// another worker. A run that failed did begin; one that hangs past the next scheduled time did not.
    /// </summary>
    public bool MissedItsSchedule
    {
        get
        {
            var lastStart = new DateTimeOffset(Volatile.Read(ref _lastStartTicks), TimeSpan.Zero);
            return Schedule.Next(lastStart) is { } due && _time.GetUtcNow() > due + Options.Jitter + Options.Grace;
        }
    }

    /// <summary>Runs the job now, unless it runs already or what was due is done.</summary>
    /// <param name="trigger">What makes it run.</param>
    /// <param name="due">When the work was due; null: it is wanted in any case.</param>
    /// <param name="dryRun">Whether it only looks; it does also when the settings say so.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<JobAttempt> TryRunAsync(JobTrigger trigger, DateTimeOffset? due, bool dryRun, CancellationToken cancellationToken)
    {
        if (Interlocked.CompareExchange(ref _running, 1, 0) != 0)
        {
            return new JobAttempt.Busy($"{Name} is running; GET /jobs shows its result when it is done.", null);
        }

        try
        {
            var context = new JobContext(_time.GetUtcNow(), trigger) { DryRun = dryRun || Options.DryRun };
            Volatile.Write(ref _lastStartTicks, context.StartedAt.UtcTicks);
            using var activity = JobMetrics.Activities.StartActivity(Name);
            var attempt = await TryRunAsync(context, due, cancellationToken);
            if (attempt is JobAttempt.Ran { Run: var run })
            {
                Tell(run, activity);
                if (!run.DryRun)
                {
                    await _log.AppendAsync(run, CancellationToken.None);
                }
            }

            return attempt;
        }
        finally
        {
            Volatile.Write(ref _running, 0);
        }
    }

    private async Task<JobAttempt> TryRunAsync(JobContext context, DateTimeOffset? due, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        try
        {
            if (context.DryRun)
            {
                return new JobAttempt.Ran(await WorkAsync(context, started, cancellationToken));
            }

            switch (await _locks.TryTakeAsync(_job.LockName, Name, due, cancellationToken))
            {
                case LockAttempt.Held { By: var by }:
                    return new JobAttempt.Busy(by.Job == Name || by.Job is null
                        ? $"{Name} is running in another worker, on {by.Host}."
                        : $"{Name} waits for {by.Job}, which is running on {by.Host}.", by.ExpiresAt);
                case LockAttempt.Taken { Lock: var held }:
                    await using (held)
                    {
                        return new JobAttempt.Ran(await LockedAsync(held, context with { Fence = held.Token }, started, cancellationToken));
                    }

                default:
                    return new JobAttempt.DoneElsewhere();
            }
        }
        catch (Exception e)
        {
            return new JobAttempt.Ran(Failed(e, context, started, cancellationToken));
        }
    }

    private async Task<JobRun> LockedAsync(JobLock held, JobContext context, long started, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, held.Lost);
        JobRun run;
        try
        {
            run = await WorkAsync(context, started, stop.Token);
        }
        catch (OperationCanceledException) when (held.Lost.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            run = Ended(context, started, JobOutcome.Refused, JobResult.Of(), "The lock was lost, so another worker may do the work; what was done so far is kept.");
        }
        catch (Exception e)
        {
            run = Failed(e, context, started, cancellationToken);
        }

        await held.ReleaseAsync(doneAt: run.Outcome == JobOutcome.Succeeded ? context.StartedAt : null);
        return run;
    }

    private async Task<JobRun> WorkAsync(JobContext context, long started, CancellationToken cancellationToken)
    {
        using var outOfTime = new CancellationTokenSource(Options.TimeLimit ?? Timeout.InfiniteTimeSpan, _time);
        var result = await _job.RunAsync(context with { OutOfTime = outOfTime.Token }, cancellationToken);
        return Ended(context, started, result.Unfinished ? JobOutcome.Unfinished : JobOutcome.Succeeded, result, null);
    }

    private JobRun Failed(Exception exception, JobContext context, long started, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException && cancellationToken.IsCancellationRequested)
        {
            return Ended(context, started, JobOutcome.Stopped, JobResult.Of(), "The worker is stopping.");
        }

        if (JobFailure.Explain(exception) is { } sentence)
        {
            return Ended(context, started, JobOutcome.Refused, JobResult.Of(), sentence);
        }

        LogFailed(exception, Name);
        return Ended(context, started, JobOutcome.Failed, JobResult.Of(), $"{Name} failed with {exception.GetType().Name}; the worker's log says where.");
    }

    private JobRun Ended(JobContext context, long started, JobOutcome outcome, JobResult result, string? error) => new(
        Name, outcome, context.Trigger, context.StartedAt, _time.GetElapsedTime(started).TotalSeconds, context.DryRun,
        result.Counts.ToDictionary(c => c.Name, c => c.Value), result.Notes, error)
    {
        Fence = context.Fence == 0 ? null : context.Fence,
    };

    private void Tell(JobRun run, Activity? activity)
    {
        activity?.SetStatus(run.StatusCode == StatusCodes.Status200OK ? ActivityStatusCode.Ok : ActivityStatusCode.Error, run.Error);
        foreach (var (name, value) in run.Counts)
        {
            activity?.SetTag($"pixel.job.{name}", value);
        }

        _metrics.Ran(run);
        if (run.StatusCode == StatusCodes.Status200OK)
        {
            LogDone(Name, run.DryRun ? " (dry run)" : "", run.Seconds, string.Join(", ", run.Counts.Select(c => $"{c.Key} {c.Value}")));
        }

        // The same sentence again says nothing new: one line, however often it is tried.
        else if (run.Outcome == JobOutcome.Refused && _last?.Error != run.Error)
        {
            LogRefused(Name, run.Error!);
        }

        foreach (var note in run.Notes.Except(_last?.Notes ?? []))
        {
            LogRefused(Name, note);
        }

        _last = run;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Job}{DryRun} ran for {Seconds:0.000} s: {Counts}.")]
    private partial void LogDone(string job, string dryRun, double seconds, string counts);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Job}: {Sentence}")]
    private partial void LogRefused(string job, string sentence);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Job} failed.")]
    private partial void LogFailed(Exception exception, string job);
}
