using System.Diagnostics.Metrics;

namespace Beacon.Api.Endpoints;

/// <summary>
/// Counts requests for the pixel. Always <c>received = accepted + dropped</c>, summed over the reasons: each request
/// is counted once when it arrives and once when its verdict is known.
/// </summary>
/// <remarks>
/// What every request raises is a <see cref="Tally"/> that is read when somebody collects: a counter tells each of its
/// listeners at once, which costs as much as a step of the request.
/// </remarks>
internal sealed class BeaconMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Pixel.Beacon";

    /// <summary>
    /// One request in so many has its steps timed: five looks at the clock and four records cost a twentieth of a
    /// request, so all of them together cost less than a thousandth; and at one request a second that is still an
    /// observation a minute. A power of two.
    /// </summary>
    private const int TimedOneIn = 64;

    private readonly TimeProvider _time;
    private readonly Tally _received = new();
    private readonly Tally _accepted = new();
    private readonly Tally[] _dropped = [.. Enum.GetValues<DropReason>().Select(_ => new Tally())];
    private readonly Counter<long> _enrichmentFailed;
    private readonly Histogram<double> _stepDuration;

    public BeaconMetrics(IMeterFactory meters, TimeProvider time)
    {
        _time = time;
        Meter meter = meters.Create(MeterName);
        meter.CreateObservableCounter("pixel.beacon.received", () => _received.Total, "{request}", "Requests for the pixel.");
        meter.CreateObservableCounter("pixel.beacon.accepted", () => _accepted.Total, "{event}", "Requests whose event is kept.");
        meter.CreateObservableCounter("pixel.beacon.dropped", ReadDropped, "{request}", "Requests that left no event, by reason.");
        _enrichmentFailed = meter.CreateCounter<long>("pixel.beacon.enrichment.failed", "{event}", "Events that an enricher failed on; they are kept without its columns.");
        _stepDuration = meter.CreateHistogram<double>("pixel.beacon.step.duration", "s", $"Time of each step of a request, of one request in {TimedOneIn}.");
    }

    /// <summary>Counts a request and returns a number that serves to pick one in so many.</summary>
    public long Received() => _received.Increment();

    public void Judged(Verdict verdict) => (verdict.Reason is { } reason ? _dropped[(int)reason] : _accepted).Increment();

    /// <summary>
    /// All counts. A request that is judged while they are read may be missing in one of them and is in the next ones: what
    /// is judged is read first, so that never more is judged than received.
    /// </summary>
    public BeaconCounts ReadCounts()
    {
        long[] dropped = [.. _dropped.Select(tally => tally.Total)];
        var accepted = _accepted.Total;
        return new(_received.Total, accepted, dropped);
    }

    public void EnrichmentFailed(string enricher) => _enrichmentFailed.Add(1, new KeyValuePair<string, object?>("enricher", enricher));

    /// <summary>Something to time the request of this number with, or null when it is not its turn or nobody listens.</summary>
    public StepTimer? TimeSteps(long number) => number % TimedOneIn == 0 && _stepDuration.Enabled ? new StepTimer(_stepDuration, _time) : null;

    private IEnumerable<Measurement<long>> ReadDropped() =>
        from reason in Enum.GetValues<DropReason>()
        let total = _dropped[(int)reason].Total
        where total > 0
        select new Measurement<long>(total, new KeyValuePair<string, object?>("reason", reason.ToName()));
}
