using Beacon.Api.Enrichment;
using Beacon.Api.Extraction;
using Beacon.Api.Journal;
using Beacon.Api.Privacy;
using Microsoft.Extensions.ObjectPool;
using Microsoft.Extensions.Options;

namespace Beacon.Api.Endpoints;

/// <summary>
/// The way of one request, from its arrival to its verdict. Each step is a method below, in this order; a reader who
/// knows them knows the beacon.
/// </summary>
internal sealed partial class BeaconPipeline(
    ObjectPool<Draft> drafts,
    FieldExtractor extractor,
    ClientAddress addresses,
    Enrichers enrichers,
    IEventSink sink,
    BeaconMetrics metrics,
    IOptions<BeaconOptions> options,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<BeaconPipeline> logger)
{
    private readonly int _maxQueryLength = options.Value.MaxQueryLength;

    /// <summary>Makes the request's event and keeps it. Completes when it is kept, or when it is certain that it is not.</summary>
    public async ValueTask<Verdict> ReceiveAsync(HttpContext http)
    {
        metrics.Received();
        Verdict verdict;
        try
        {
            verdict = Accepts(http.Request) ? await MakeEventAsync(http) : Verdict.Dropped(DropReason.QueryTooLong);
        }
        catch (Exception e)
        {
            // Nothing a visitor sends comes here; but an image is an image, and every request is accounted for.
            LogDefect(e);
            verdict = Verdict.Dropped(DropReason.Defect);
        }

        metrics.Judged(verdict);
        return verdict;
    }

    /// <summary>A query that an event cannot hold is refused before it is looked at.</summary>
    private bool Accepts(HttpRequest request) => request.QueryString.Value is not { } query || query.Length - 1 <= _maxQueryLength;

    private async ValueTask<Verdict> MakeEventAsync(HttpContext http)
    {
        Draft draft = drafts.Get();
        Verdict verdict = await KeepAsync(Enrich(Locate(Extract(Begin(draft, http)))));
        drafts.Return(draft);
        return verdict;
    }

    /// <summary>Id, time, the parameters, and what the visitor refuses, which everything after depends on.</summary>
    private Draft Begin(Draft draft, HttpContext http)
    {
        draft.Begin(http, time.GetUtcNow());
        draft.Consent = ConsentReader.Read(http.Request.Headers, draft);
        return draft;
    }

    /// <summary>The field file's columns, <c>params</c>, <c>query</c>, <c>user_agent</c> and <c>consent</c>.</summary>
    private Draft Extract(Draft draft)
    {
        extractor.Extract(draft);
        return draft;
    }

    /// <summary>The visitor's network, unless refused.</summary>
    private Draft Locate(Draft draft)
    {
        draft.ClientAddress = addresses.Of(draft.Http);
        if (draft.ClientAddress is { } address && draft.Consent.MayIdentify())
        {
            AddressMask.Write(address, draft.Event);
        }

        return draft;
    }

    /// <summary>What follows from the columns so far: page and referrer parts, and whatever BeaconExtensions adds.</summary>
    private Draft Enrich(Draft draft)
    {
        enrichers.Enrich(draft);
        return draft;
    }

    /// <summary>The event outlives the request: a visitor who leaves meanwhile does not take it back.</summary>
    private async ValueTask<Verdict> KeepAsync(Draft draft) =>
        await sink.AppendAsync(draft.Event.WriteOpen(), lifetime.ApplicationStopped) switch
        {
            AppendResult.Kept => Verdict.Accepted,
            AppendResult.Full => Verdict.Dropped(DropReason.JournalFull),
            AppendResult.NotDelivered => Verdict.Dropped(DropReason.DeliveryFailed),
            _ => Verdict.Dropped(DropReason.JournalFailed),
        };

    [LoggerMessage(LogLevel.Error, "A request for the pixel failed and left no event.")]
    private partial void LogDefect(Exception exception);
}
