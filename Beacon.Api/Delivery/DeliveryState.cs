using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Beacon.Api.Delivery;

/// <summary>How delivery fares, for people and probes. It never decides whether the beacon takes events.</summary>
/// <param name="IsDegraded">Puts are failing, or the oldest event waits longer than two rounds and a minute.</param>
/// <param name="Undelivered">Events kept and not yet delivered.</param>
/// <param name="OldestAge">How long the oldest of them has waited, zero without any.</param>
/// <param name="Failure">Why the last put failed, null when it did not.</param>
public sealed record DeliveryStatus(bool IsDegraded, long Undelivered, TimeSpan OldestAge, string? Failure);

/// <summary>
/// Gathers what puts and the delivery's loop tell so that others may ask at any time. Says a failure once and then only
/// when it becomes another, or ends.
/// </summary>
/// <param name="undelivered">How many events wait in the journal; always zero where there is none.</param>
/// <param name="options">For how long an event usually waits.</param>
/// <param name="time">Tells ages.</param>
/// <param name="logger">For failures of puts.</param>
internal sealed partial class DeliveryState(
    Func<long> undelivered, IOptions<DeliveryOptions> options, TimeProvider time, ILogger<DeliveryState> logger)
{
    private readonly Lock _gate = new();
    private PutFailure? _failure;
    private DateTimeOffset _failingSince;
    private DateTimeOffset? _oldestAt;

    public DeliveryStatus Current
    {
        get
        {
            lock (_gate)
            {
                var now = time.GetUtcNow();
                var age = _oldestAt is { } oldest && oldest < now ? now - oldest : TimeSpan.Zero;
                var patience = (2 * options.Value.DeliverEvery) + TimeSpan.FromMinutes(1);
                return new DeliveryStatus(
                    _failure is not null || age > patience,
                    undelivered(),
                    age,
                    _failure is { } failure ? $"{failure.Code}: {failure.Message}" : null);
            }
        }
    }

    public void OldestIs(DateTimeOffset? appendedAt)
    {
        lock (_gate)
        {
            _oldestAt = appendedAt;
        }
    }

    public void PutFailed(PutFailure failure)
    {
        lock (_gate)
        {
            if (_failure?.Code != failure.Code)
            {
                LogFailing(failure.Code, failure.Message);
            }

            _failingSince = _failure is null ? time.GetUtcNow() : _failingSince;
            _failure = failure;
        }
    }

    public void PutSucceeded()
    {
        lock (_gate)
        {
            if (_failure is not null)
            {
                LogRecovered(time.GetUtcNow() - _failingSince);
                _failure = null;
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Firehose does not take events: {Code}: {Message}")]
    private partial void LogFailing(string code, string message);

    [LoggerMessage(LogLevel.Information, "Firehose takes events again, after {Outage}.")]
    private partial void LogRecovered(TimeSpan outage);
}

/// <summary>Says a backlog in the health report's body: degraded at most, since the beacon still does its work.</summary>
internal sealed class DeliveryHealthCheck(DeliveryState state) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var status = state.Current;
        var data = new Dictionary<string, object>
        {
            ["undelivered"] = status.Undelivered,
            ["oldestSeconds"] = Math.Round(status.OldestAge.TotalSeconds),
        };
        return Task.FromResult(status.IsDegraded
            ? HealthCheckResult.Degraded(status.Failure ?? "Events wait longer than they should.", data: data)
            : HealthCheckResult.Healthy(data: data));
    }
}
