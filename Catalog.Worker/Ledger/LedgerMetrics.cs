using System.Diagnostics.Metrics;
using Catalog.Worker.Jobs;

namespace Catalog.Worker.Ledger;

/// <summary>What the ledger found last, for alarms.</summary>
internal sealed class LedgerMetrics
{
    private long _missing;
    private long _silent;

    public LedgerMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(JobMetrics.Name);
        meter.CreateObservableGauge("pixel.ledger.missing", () => Volatile.Read(ref _missing), "{event}", "Accepted events that are not in the lake though the late window has passed.");
        meter.CreateObservableGauge("pixel.ledger.undelivered_beacons", () => Volatile.Read(ref _silent), "{beacon}", "Beacons that hold events and keep the late window open.");
    }

    public void Found(long missing, long holding)
    {
        Volatile.Write(ref _missing, missing);
        Volatile.Write(ref _silent, holding);
    }
}
