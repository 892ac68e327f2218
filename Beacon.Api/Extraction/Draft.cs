using System.Net;
using Beacon.Api.Privacy;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.ObjectPool;
using Pixel.Events;

namespace Beacon.Api.Extraction;

/// <summary>
/// An event in the making, with what the steps of one request need. Used by one request at a time and then again by
/// another, so that a request allocates nothing of it.
/// </summary>
internal sealed class Draft(EventSchema schema, ExtractionPlan plan)
{
    private IFeatureCollection? _features;
    private IHeaderDictionary? _headers;
    private string? _query;

    public PixelEvent Event { get; } = new(schema);

    /// <summary>The query's parameters, decoded.</summary>
    public QueryParameters Parameters { get; } = new(plan);

    /// <summary>All that the server knows about the request.</summary>
    public IFeatureCollection Features => _features ?? throw NoRequest();

    /// <summary>The request's headers.</summary>
    public IHeaderDictionary Headers => _headers ?? throw NoRequest();

    /// <summary>The query as it came, without the question mark.</summary>
    public ReadOnlySpan<char> RawQuery => _query is { Length: > 1 } query ? query.AsSpan(1) : default;

    /// <summary>What the visitor allows.</summary>
    public Consent Consent { get; set; }

    /// <summary>The visitor's full address, which is never stored; null when it is not known.</summary>
    public IPAddress? ClientAddress { get; set; }

    /// <summary>Starts with a request.</summary>
    public void Begin(IFeatureCollection features, IHttpRequestFeature request, DateTimeOffset receivedAt)
    {
        _features = features;
        _headers = request.Headers;
        _query = request.QueryString;
        Event.Begin(receivedAt);
        Parameters.Parse(RawQuery);
    }

    /// <summary>Lets go of the request.</summary>
    public void End()
    {
        _features = null;
        _headers = null;
        _query = null;
        Parameters.Trim();
        ClientAddress = null;
        Consent = Consent.Unknown;
    }

    private static InvalidOperationException NoRequest() => new("The draft has no request.");

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
