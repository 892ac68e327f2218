using System.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace Beacon.Api.Endpoints;

/// <summary>
/// Traces one request for the pixel in <c>Beacon:TraceOneIn</c>. The instrumentation of the framework would begin a span for
/// every one, and each would cost more than the event.
/// </summary>
/// <remarks>
/// A span never has the query or the address: it goes where the beacon's privacy rules do not reach. It always begins a
/// trace of its own: a visitor is a stranger, who must not decide what is traced, nor under which id.
/// </remarks>
internal sealed class BeaconTracing(IOptions<BeaconOptions> options) : IDisposable
{
    /// <summary>The activity source's name.</summary>
    public const string SourceName = "Pixel.Beacon";

    private readonly ActivitySource _source = new(SourceName);
    private readonly int _oneIn = options.Value.TraceOneIn;

    /// <summary>Whether the request of this number is traced.</summary>
    public bool Samples(long number) => _oneIn > 0 && _source.HasListeners() && number % _oneIn == 0;

    /// <summary>Begins the span; null when the tracing itself does not want it.</summary>
    public Activity? Start(IHttpRequestFeature request)
    {
        Activity? span = _source.StartActivity($"GET {PixelEndpoint.Path}", ActivityKind.Server, default(ActivityContext));

        // https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-server-span
        return span?
            .SetTag("http.request.method", request.Method)
            .SetTag("http.route", PixelEndpoint.Path)
            .SetTag("url.path", request.Path)
            .SetTag("url.scheme", request.Scheme)
            .SetTag("network.protocol.version", request.Protocol.AsSpan().TrimStart("HTTP/").ToString());
    }

    /// <summary>Says how it ended; only the beacon's own failures are errors of the span.</summary>
    public static void Answered(Activity? span, int status)
    {
        span?.SetTag("http.response.status_code", status);
        if (status >= StatusCodes.Status500InternalServerError)
        {
            span?.SetStatus(ActivityStatusCode.Error);
        }
    }

    public void Dispose() => _source.Dispose();
}
