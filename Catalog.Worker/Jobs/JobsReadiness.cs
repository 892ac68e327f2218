using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Catalog.Worker.Jobs;

/// <summary>
/// Unhealthy only when a schedule is missed. A job that fails is not: another instance of the worker would meet the same
/// AWS, and restarting this one mends nothing.
/// </summary>
internal sealed class JobsReadiness(JobCatalog jobs, IOptions<SchedulerOptions> scheduler) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var missed = jobs.All.Where(job => scheduler.Value.Enabled && job.MissedItsSchedule).Select(job => job.Name).ToList();
        return Task.FromResult(missed.Count == 0
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy($"The schedule of {string.Join(" and ", missed)} was missed."));
    }
}
