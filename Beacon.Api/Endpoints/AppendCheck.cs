using Beacon.Api.Journal;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Beacon.Api.Endpoints;

/// <summary>
/// Ready means: an event can be appended. What lies behind the journal never matters here: an outage there is when the
/// beacon is needed most, and must not make a load balancer take it away.
/// </summary>
internal sealed class AppendCheck(IEventSink sink) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(sink.CanAppend ? HealthCheckResult.Healthy("Events are kept.") : HealthCheckResult.Unhealthy("No event can be kept: the journal has no room or cannot be written."));
}
