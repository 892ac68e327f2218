using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Catalog.Worker.Jobs;

/// <summary>Jobs over HTTP: what there is, and run one now.</summary>
internal static class JobEndpoints
{
    public static void MapJobs(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/jobs", (JobCatalog jobs, IOptions<SchedulerOptions> scheduler) => jobs.All.Select(job => Describe(job, scheduler.Value)).ToArray());
        routes.MapPost("/jobs/{name}", RunAsync);
    }

    private static JobDescription Describe(JobRunner job, SchedulerOptions scheduler) => new(
        job.Name,
        job.Schedule.IsOff || !scheduler.Enabled ? null : job.Options.Schedule,
        job.Options.TimeZone,
        job.IsRunning,
        job.NextRun,
        job.Last);

    // The run ends with the worker, not with the request: somebody who hangs up has still asked for it.
    private static async Task<Results<JsonHttpResult<JobRun>, JsonHttpResult<JobProblem>>> RunAsync(
        string name, bool? dryRun, JobCatalog jobs, IHostApplicationLifetime lifetime)
    {
        if (!jobs.TryFind(name, out var job))
        {
            var known = string.Join(", ", jobs.All.Select(j => j.Name));
            return Problem($"There is no job named {name}; there are {known}.", StatusCodes.Status404NotFound);
        }

        return await job.TryRunAsync(JobTrigger.Request, due: null, dryRun ?? false, lifetime.ApplicationStopping) switch
        {
            JobAttempt.Ran { Run: var run } => TypedResults.Json(run, JobsJson.Default.JobRun, statusCode: run.StatusCode),
            JobAttempt.Busy { Sentence: var sentence } => Problem(sentence, StatusCodes.Status409Conflict),
            _ => throw new InvalidOperationException("What is asked for is never done already."),
        };
    }

    private static JsonHttpResult<JobProblem> Problem(string error, int status)
        => TypedResults.Json(new JobProblem(error), JobsJson.Default.JobProblem, statusCode: status);
}

/// <summary>One job, as <c>GET /jobs</c> shows it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Schedule">Its cron expression; null when it runs only on request.</param>
/// <param name="TimeZone">The time zone of the expression.</param>
/// <param name="Running">Whether it runs at this moment.</param>
/// <param name="NextRun">When it runs next, UTC.</param>
/// <param name="LastRun">How it ended last; null when it has not run since the worker started.</param>
internal sealed record JobDescription(string Name, string? Schedule, string TimeZone, bool Running, DateTimeOffset? NextRun, JobRun? LastRun);

/// <summary>Why a request was not carried out.</summary>
/// <param name="Error">One sentence.</param>
internal sealed record JobProblem(string Error);

[JsonSerializable(typeof(JobDescription[]))]
[JsonSerializable(typeof(JobRun))]
[JsonSerializable(typeof(JobProblem))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
internal sealed partial class JobsJson : JsonSerializerContext;
