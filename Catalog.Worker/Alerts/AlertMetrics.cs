using System.Diagnostics.Metrics;
using Catalog.Worker.Jobs;

namespace Catalog.Worker.Alerts;

/// <summary>Which alerts are on, for alarms: 1 or 0 for each name.</summary>
internal sealed class AlertMetrics
{
    private volatile IReadOnlySet<string> _on = new HashSet<string>();

    public AlertMetrics(IMeterFactory meters)
        => meters.Create(JobMetrics.Name).CreateObservableGauge(
            "pixel.alerts.on",
            () => AlertRules.Names.Select(name => new Measurement<int>(_on.Contains(name) ? 1 : 0, new KeyValuePair<string, object?>("alert", name))),
            "{alert}",
            "Alerts that are on, by name.");

    public void On(IEnumerable<Alert> alerts) => _on = alerts.Select(a => a.Name).ToHashSet();
}
