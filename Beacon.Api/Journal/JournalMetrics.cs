using System.Diagnostics.Metrics;

namespace Beacon.Api.Journal;

/// <summary>What the journal tells about itself. Appends are counted by the journal under its lock, so they cost nothing here.</summary>
internal sealed class JournalMetrics
{
    public const string MeterName = "Pixel.Journal";

    private readonly Meter _meter;
    private readonly Counter<long> _damaged;

    public JournalMetrics(IMeterFactory meterFactory)
    {
        _meter = meterFactory.Create(MeterName);
        _damaged = _meter.CreateCounter<long>(
            "pixel.journal.damaged", "{stretch}", "Stretches of segments that were not events and went to the quarantine.");
    }

    public void Damaged() => _damaged.Add(1);

    /// <summary>Lets the journal's own numbers be collected. Called once.</summary>
    public void Observe(EventJournal journal)
    {
        _meter.CreateObservableCounter(
            "pixel.journal.appended", () => journal.Status.Appended, "{event}", "Events kept since the process started.");
        _meter.CreateObservableGauge(
            "pixel.journal.size", () => journal.Status.Size, "By", "Bytes of the journal's segments on disk.");
        _meter.CreateObservableGauge(
            "pixel.journal.undelivered", () => journal.Status.Undelivered, "{event}", "Events kept and not yet delivered.");
        _meter.CreateObservableGauge(
            "pixel.journal.blocked", () => journal.Status.Blocked is null ? 0 : 1, "{journal}", "1 while the journal refuses events.");
    }
}
