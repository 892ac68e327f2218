using System.Net;
using Beacon.Api.Privacy;
using Microsoft.Extensions.ObjectPool;
using Pixel.Events;

namespace Beacon.Api.Extraction;

/// <summary>
/// An event in the making, with what the steps of one request need. Used by one request at a time and then again by
/// another, so that a request allocates nothing of it.
/// </summary>
internal sealed class Draft(EventSchema schema, ExtractionPlan plan)
{
    private HttpContext? _http;

    public PixelEvent Event { get; } = new(schema);

    /// <summary>The query's parameters, decoded.</summary>
    public QueryParameters Parameters { get; } = new(plan);

    /// <summary>The request.</summary>
    public HttpContext Http => _http ?? throw new InvalidOperationException("The draft has no request.");

    /// <summary>The request's headers.</summary>
    public IHeaderDictionary Headers => Http.Request.Headers;

    /// <summary>The query as it came, without the question mark.</summary>
    public ReadOnlySpan<char> RawQuery => Http.Request.QueryString.Value is { Length: > 1 } query ? query.AsSpan(1) : default;

    /// <summary>What the visitor allows.</summary>
    public Consent Consent { get; set; }

    /// <summary>The visitor's full address, which is never stored; null when it is not known.</summary>
    public IPAddress? ClientAddress { get; set; }

    /// <summary>Starts with a request.</summary>
    public void Begin(HttpContext http, DateTimeOffset receivedAt)
    {
        _http = http;
        Event.Begin(receivedAt);
        Parameters.Parse(RawQuery);
    }

    /// <summary>Lets go of the request.</summary>
    public void End()
    {
        _http = null;
        Parameters.Trim();
        ClientAddress = null;
        Consent = Consent.Unknown;
    }

    /// <summary>Makes and recycles drafts.</summary>
    internal sealed class Policy(EventSchema schema, ExtractionPlan plan) : PooledObjectPolicy<Draft>
    {
        public override Draft Create() => new(schema, plan);

        public override bool Return(Draft draft)
        {
            draft.End();
            return true;
        }
    }
}
