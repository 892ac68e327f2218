using System.Net;
using Beacon.Api.Privacy;
using Microsoft.AspNetCore.Http.Features;
using Pixel.Events;

namespace Beacon.Api.Enrichment;

/// <summary>
/// Sets columns that no mapping gives: the place for logic of your own. Add it in BeaconExtensions with
/// <c>AddEnricher&lt;T&gt;()</c>; enrichers run in the order of their registration, after privacy and before
/// the event is written.
/// </summary>
/// <remarks>
/// Give the column a field without <c>from</c> in the field file, and find its place once with
/// <see cref="EventSchema.PlaceOf"/>. One instance serves all requests at the same time. It is called for every event
/// while a visitor waits: look things up beforehand, not here. One that throws costs its own columns only.
/// </remarks>
public interface IEventEnricher
{
    /// <summary>Sets columns of the event.</summary>
    void Enrich(PixelEvent e, EnrichmentContext context);
}

/// <summary>What an enricher may know besides the event.</summary>
/// <param name="Features">
/// All that the server knows about the request. There is no HttpContext, since making one costs more than the event;
/// an enricher that needs one gets it from <c>new DefaultHttpContext(context.Features)</c>.
/// </param>
/// <param name="Consent">What the visitor allows.</param>
/// <param name="ClientAddress">
/// The visitor's full address, or null when it is not known. It is for deriving what is coarser, and must not be kept.
/// </param>
public readonly record struct EnrichmentContext(IFeatureCollection Features, Consent Consent, IPAddress? ClientAddress)
{
    /// <summary>Method, path, query and headers as they came. When the visitor refuses, do not read from it what identifies.</summary>
    public IHttpRequestFeature Request => Features.GetRequiredFeature<IHttpRequestFeature>();

    /// <summary>The request's headers.</summary>
    public IHeaderDictionary Headers => Request.Headers;
}
