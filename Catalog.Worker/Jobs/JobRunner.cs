using System.Diagnostics;
using Microsoft.Extensions.Options;

namespace Catalog.Worker.Jobs;

/// <summary>
/// One job with its schedule and its last run. Of the loop and any number of requests, one runs the job at a time: it
/// holds <see cref="_running"/> and alone writes <see cref="_last"/> and <see cref="_lastStartTicks"/>; the loop alone
/// writes <see cref="_nextRunTicks"/>. Anyone reads them, so instants are kept as ticks (UTC; 0: none), which are never torn.
/// </summary>
internal sealed partial class JobRunner
{
    private readonly IJob _job;
    private readonly JobMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<JobRunner> _logger;
    private int _running;
    private volatile JobRun? _last;
    private long _lastStartTicks;
    private long _nextRunTicks;

    public JobRunner(IJob job, IOptionsMonitor<JobOptions> options, JobMetrics metrics, TimeProvider time, ILogger<JobRunner> logger)
    {
        _job = job;
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
    /// Whether a scheduled time passed, and the grace after it, without any run having begun since. A run that failed
    /// did begin; one that hangs past the next scheduled time did not.
    /// </summary>
    public bool MissedItsSchedule
    {
        get
        {
            var lastStart = new DateTimeOffset(Volatile.Read(ref _lastStartTicks), TimeSpan.Zero);
            return Schedule.Next(lastStart) is { } due && _time.GetUtcNow() > due + Options.Grace;
        }
    }

    /// <summary>Runs the job now.</summary>
    /// <returns>How it ended; null when it is running already.</returns>
    public async Task<JobRun?> TryRunAsync(JobTrigger trigger, CancellationToken cancellationToken)
    {
        if (Interlocked.CompareExchange(ref _running, 1, 0) != 0)
        {
            return null;
        }

        try
        {
            var context = new JobContext(_time.GetUtcNow(), trigger);
            Volatile.Write(ref _lastStartTicks, context.StartedAt.UtcTicks);
            var started = _time.GetTimestamp();
            using var activity = JobMetrics.Activities.StartActivity(Name);
            var run = await RunAsync(context, started, cancellationToken);
            activity?.SetStatus(run.Outcome == JobOutcome.Succeeded ? ActivityStatusCode.Ok : ActivityStatusCode.Error, run.Error);
            _metrics.Ran(run);
            _last = run;
            return run;
        }
        finally
        {
            Volatile.Write(ref _running, 0);
        }
    }

    private async Task<JobRun> RunAsync(JobContext context, long started, CancellationToken cancellationToken)
    {
        try
        {
            var result = await _job.RunAsync(context, cancellationToken);
            var run = Ended(JobOutcome.Succeeded, result.Counts, null);
            LogDone(Name, run.Seconds, string.Join(", ", result.Counts.Select(c => $"{c.Name} {c.Value}")));
            return run;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return Ended(JobOutcome.Stopped, [], "The worker is stopping.");
        }
        catch (Exception e) when (JobFailure.Explain(e) is { } sentence)
        {
            // The same sentence again says nothing new: one line, however often it is tried.
            if (_last?.Error != sentence)
            {
                LogRefused(Name, sentence);
            }

            return Ended(JobOutcome.Refused, [], sentence);
        }
        catch (Exception e)
        {
            LogFailed(e, Name);
            return Ended(JobOutcome.Failed, [], $"{Name} failed with {e.GetType().Name}; the worker's log says where.");
        }

        JobRun Ended(JobOutcome outcome, IReadOnlyList<JobCount> counts, string? error) => new(
            Name, outcome, context.Trigger, context.StartedAt, _time.GetElapsedTime(started).TotalSeconds,
            counts.ToDictionary(c => c.Name, c => c.Value), error);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Job} ran for {Seconds:0.000} s: {Counts}.")]
    private partial void LogDone(string job, double seconds, string counts);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Job}: {Sentence}")]
    private partial void LogRefused(string job, string sentence);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Job} failed.")]
    private partial void LogFailed(Exception exception, string job);
}
