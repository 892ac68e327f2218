using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Catalog.Worker.Jobs;

/// <summary>What jobs did: meter and activity source <c>Pixel.Catalog</c>.</summary>
internal sealed class JobMetrics
{
    public const string Name = "Pixel.Catalog";

    public static readonly ActivitySource Activities = new(Name);

    private readonly Counter<long> _runs;
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _items;

    public JobMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(Name);
        _runs = meter.CreateCounter<long>("pixel.catalog.job.runs", "{run}", "Runs of jobs, by job and outcome.");
        _duration = meter.CreateHistogram<double>("pixel.catalog.job.duration", "s", "How long runs took, by job and outcome.");
        _items = meter.CreateCounter<long>("pixel.catalog.job.items", "{item}", "What runs counted, by job and name of the count.");
    }

    public void Ran(JobRun run)
    {
        var tags = new TagList { { "job", run.Job }, { "outcome", run.Outcome.ToString().ToLowerInvariant() } };
        _runs.Add(1, tags);
        _duration.Record(run.Seconds, tags);
        foreach (var (name, value) in run.Counts)
        {
            _items.Add(value, new("job", run.Job), new("count", name));
        }
    }
}
