using System.Runtime.InteropServices;
using System.Text.Json;
using ServiceDefaults;

namespace Catalog.Worker.Jobs;

/// <summary><c>Catalog.Worker run {job} --once [--dry-run]</c>: one run and its result on standard output, for cron and one-off tasks.</summary>
internal static class JobCommand
{
    // Standard output is the result alone.
    private const string LogToStandardError = "--Logging:Console:LogToStandardErrorThreshold=Trace";

    public static bool Is(string[] args) => args is ["run", ..];

    /// <returns>0 when the job did its work, 1 when it failed, 2 when the command is not one.</returns>
    public static async Task<int> RunAsync(string[] args, Func<string[], WebApplication> build)
    {
        if (args is not [_, var name, "--once", .. var rest] || name.StartsWith('-'))
        {
            await Console.Error.WriteLineAsync("Use: Catalog.Worker run JOB --once [--dry-run] [--setting value …]");
            return 2;
        }

        var dryRun = rest is ["--dry-run", ..];
        rest = dryRun ? rest[1..] : rest;

        try
        {
            // Built, not started: no port, no schedule.
            await using var app = build([LogToStandardError, .. rest]);
            using var stop = new CancellationTokenSource();
            void Stop(PosixSignalContext signal)
            {
                signal.Cancel = true;
                stop.Cancel();
            }

            // What a terminal sends, and what a container service does: the lock is left either way.
            using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
            using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

            var jobs = app.Services.GetRequiredService<JobCatalog>();
            if (!jobs.TryFind(name, out var job))
            {
                await Console.Error.WriteLineAsync($"There is no job named {name}; there are {string.Join(", ", jobs.All.Select(j => j.Name))}.");
                return 2;
            }

            // An unfinished run is gone on with at once: here nobody calls again.
            JobAttempt attempt;
            var trigger = JobTrigger.Request;
            do
            {
                attempt = await job.TryRunAsync(trigger, due: null, dryRun, stop.Token);
                trigger = JobTrigger.Continuation;
            }
            while (attempt is JobAttempt.Ran { Run.Outcome: JobOutcome.Unfinished });

            if (attempt is not JobAttempt.Ran { Run: var run })
            {
                await Console.Error.WriteLineAsync(attempt is JobAttempt.Busy busy ? busy.Sentence : $"{name} is done already.");
                return 1;
            }

            Console.WriteLine(JsonSerializer.Serialize(run, JobsJson.Default.JobRun));
            return run.Outcome == JobOutcome.Succeeded ? 0 : 1;
        }
        catch (Exception e) when (StartFailure.Explain(e) is not null)
        {
            await Console.Error.WriteLineAsync(StartFailure.Explain(e));
            return 1;
        }
    }
}
