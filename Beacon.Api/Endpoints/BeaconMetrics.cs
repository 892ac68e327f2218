using System.Diagnostics.Metrics;

namespace Beacon.Api.Endpoints;

/// <summary>
/// Counts requests for the pixel. Always <c>received = accepted + dropped</c>, summed over the reasons: each request
/// is counted once when it arrives and once when its verdict is known.
/// </summary>
internal sealed class BeaconMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Pixel.Beacon";

    private readonly Counter<long> _received;
    private readonly Counter<long> _accepted;
    private readonly Counter<long> _dropped;
    private readonly Counter<long> _enrichmentFailed;

    public BeaconMetrics(IMeterFactory meters)
    {
        Meter meter = meters.Create(MeterName);
        _received = meter.CreateCounter<long>("pixel.beacon.received", "{request}", "Requests for the pixel.");
        _accepted = meter.CreateCounter<long>("pixel.beacon.accepted", "{event}", "Requests whose event is kept.");
        _dropped = meter.CreateCounter<long>("pixel.beacon.dropped", "{request}", "Requests that left no event, by reason.");
        _enrichmentFailed = meter.CreateCounter<long>("pixel.beacon.enrichment.failed", "{event}", "Events that an enricher failed on; they are kept without its columns.");
    }

    public void Received() => _received.Add(1);

    public void Judged(Verdict verdict)
    {
        if (verdict.Reason is { } reason)
        {
            _dropped.Add(1, new KeyValuePair<string, object?>("reason", reason.ToName()));
        }
        else
        {
            _accepted.Add(1);
        }
    }

    public void EnrichmentFailed(string enricher) => _enrichmentFailed.Add(1, new KeyValuePair<string, object?>("enricher", enricher));
}
