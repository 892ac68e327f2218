using System.Diagnostics;
using System.Text;
using Beacon.Api.Enrichment;
using Beacon.Api.Extraction;
using Beacon.Api.Journal;
using Beacon.Api.Privacy;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.ObjectPool;
using Microsoft.Extensions.Options;
using Pixel.Events;

namespace Beacon.Api.Endpoints;

/// <summary>
/// The way of one request, from its arrival to its verdict. Each step is a method below, in this order; a reader who
/// knows them knows the beacon.
/// </summary>
internal sealed partial class BeaconPipeline(
    ObjectPool<Draft> drafts,
    FieldExtractor extractor,
    ClientAddress addresses,
    OriginSecret secret,
    Enrichers enrichers,
    IEventSink sink,
    EventSchema schema,
    BeaconMetrics metrics,
    IOptions<BeaconOptions> options,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<BeaconPipeline> logger)
{
    private readonly int _maxQueryLength = options.Value.MaxQueryLength;
    private readonly int _eventName = LedgerEvent.PlaceOfName(schema);

    /// <summary>
    /// Makes the request's event and keeps it. Completes when it is kept, or when it is certain that it is not; at once
    /// unless the sink must be waited for. Never fails: nothing a visitor sends should, but an image is an image, and
    /// every request is accounted for.
    /// </summary>
    /// <param name="features">The request.</param>
    /// <param name="request">The same.</param>
    /// <param name="timer">Times the steps; null for most requests.</param>
    /// <param name="span">The request's span; null for most requests.</param>
    public ValueTask<Verdict> ReceiveAsync(IFeatureCollection features, IHttpRequestFeature request, StepTimer? timer, Activity? span)
    {
        if (!secret.Admits(request.Headers))
        {
            return new(Judge(Verdict.Dropped(DropReason.PastTheEdge)));
        }

        if (!Accepts(request))
        {
            return new(Judge(Verdict.Dropped(DropReason.QueryTooLong)));
        }

        try
        {
            Draft draft = drafts.Get();
            Extract(Trace(Begin(draft, features, request), span));
            timer?.Done(Step.Extract);
            Name(Enrich(Locate(draft)));
            timer?.Done(Step.Enrich);
            ValueTask<AppendResult> append = AppendAsync(draft);
            return append.IsCompletedSuccessfully ? new(Finish(draft, append.Result, timer)) : FinishLaterAsync(draft, append, timer);
        }
        catch (Exception e)
        {
            return new(JudgeDefect(e));
        }
    }

    /// <summary>A query that an event cannot hold is refused before it is looked at.</summary>
    private bool Accepts(IHttpRequestFeature request) => request.QueryString.Length - 1 <= _maxQueryLength;

    /// <summary>Id, time, the parameters, and what the visitor refuses, which everything after depends on.</summary>
    private Draft Begin(Draft draft, IFeatureCollection features, IHttpRequestFeature request)
    {
        draft.Begin(features, request, time.GetUtcNow());
        draft.Consent = ConsentReader.Read(draft.Headers, draft);
        return draft;
    }

    /// <summary>The event says to which trace it belongs, so that whoever passes it on can go on with it.</summary>
    private static Draft Trace(Draft draft, Activity? span)
    {
        if (span is { Recorded: true, IdFormat: ActivityIdFormat.W3C, Id: { } traceparent })
        {
            draft.Event.Trace(traceparent);
        }

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
        draft.ClientAddress = addresses.Of(draft.Features.Get<IHttpConnectionFeature>()?.RemoteIpAddress, draft.Headers);
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

    /// <summary>The name of the beacon's own events is no request's to use.</summary>
    private Draft Name(Draft draft)
    {
        if (_eventName >= 0 && Ascii.EqualsIgnoreCase(draft.Event.Text(_eventName), "ledger"u8))
        {
            draft.Event.Set(_eventName, LedgerEvent.RequestedName);
            if (draft.Event.Text(_eventName).Length < LedgerEvent.RequestedName.Length)
            {
                draft.Event.Clear(_eventName); // a column that is too short for it would make it the beacon's own again
            }
        }

        return draft;
    }

    /// <summary>The event outlives the request: a visitor who leaves meanwhile does not take it back.</summary>
    private ValueTask<AppendResult> AppendAsync(Draft draft) => sink.AppendAsync(draft.Event.WriteOpen(), lifetime.ApplicationStopped);

    /// <summary>The draft goes back only from here: one that a defect met stays away, since nobody knows what it holds.</summary>
    private Verdict Finish(Draft draft, AppendResult result, StepTimer? timer)
    {
        timer?.Done(Step.Append);
        drafts.Return(draft);
        return Judge(result switch
        {
            AppendResult.Kept => Verdict.Accepted,
            AppendResult.Full => Verdict.Dropped(DropReason.JournalFull),
            AppendResult.NotDelivered => Verdict.Dropped(DropReason.DeliveryFailed),
            _ => Verdict.Dropped(DropReason.JournalFailed),
        });
    }

    private async ValueTask<Verdict> FinishLaterAsync(Draft draft, ValueTask<AppendResult> append, StepTimer? timer)
    {
        try
        {
            return Finish(draft, await append, timer);
        }
        catch (Exception e)
        {
            return JudgeDefect(e);
        }
    }

    private Verdict JudgeDefect(Exception exception)
    {
        LogDefect(exception);
        return Judge(Verdict.Dropped(DropReason.Defect));
    }

    private Verdict Judge(Verdict verdict)
    {
        metrics.Judged(verdict);
        return verdict;
    }

    [LoggerMessage(LogLevel.Error, "A request for the pixel failed and left no event.")]
    private partial void LogDefect(Exception exception);
}
