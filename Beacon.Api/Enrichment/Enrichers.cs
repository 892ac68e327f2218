using Beacon.Api.Endpoints;
using Beacon.Api.Extraction;

namespace Beacon.Api.Enrichment;

/// <summary>Runs the enrichers.</summary>
internal sealed partial class Enrichers(IEnumerable<IEventEnricher> enrichers, BeaconMetrics metrics, ILogger<Enrichers> logger)
{
    private readonly Entry[] _enrichers = [.. enrichers.Select(e => new Entry(e, e.GetType().Name))];

    public void Enrich(Draft draft)
    {
        var context = new EnrichmentContext(draft.Features, draft.Consent, draft.ClientAddress);
        foreach (Entry entry in _enrichers)
        {
            try
            {
                entry.Enricher.Enrich(draft.Event, context);
            }
            catch (Exception e)
            {
                // The event is worth more than the columns of a faulty enricher. Logged once: it would fail on each request.
                metrics.EnrichmentFailed(entry.Name);
                if (!Interlocked.Exchange(ref entry.Reported, true))
                {
                    LogFailed(entry.Name, e);
                }
            }
        }
    }

    [LoggerMessage(LogLevel.Error, "The enricher {Enricher} failed; events go on without its columns. Further failures are only counted.")]
    private partial void LogFailed(string enricher, Exception exception);

    private sealed class Entry(IEventEnricher enricher, string name)
    {
        public bool Reported;

        public IEventEnricher Enricher { get; } = enricher;

        public string Name { get; } = name;
    }
}
