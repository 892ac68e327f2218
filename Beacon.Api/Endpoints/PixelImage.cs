using System.Buffers;
using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Beacon.Api.Endpoints;

/// <summary>The answer to every request for the pixel: one image, whatever became of the event.</summary>
internal sealed class PixelImage(IOptions<BeaconOptions> options)
{
    public const string CacheControl = "no-store, no-cache, must-revalidate";
    public const string ResourcePolicy = "cross-origin";
    public const string DroppedHeader = "x-pixel-dropped";

    private static readonly StringValues ContentType = "image/gif";
    private static readonly StringValues CacheControlValue = CacheControl;
    private static readonly StringValues ResourcePolicyValue = ResourcePolicy;

    private readonly bool _explain = options.Value.ExplainDrops;
    private readonly StringValues _retryAfter = Math.Ceiling(options.Value.RetryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);

    /// <summary>
    /// A transparent GIF89a of one pixel, 43 bytes: header, a palette of two colours, the first of them transparent,
    /// one image, trailer.
    /// </summary>
    public static ReadOnlySpan<byte> Gif =>
    [
        0x47, 0x49, 0x46, 0x38, 0x39, 0x61, 0x01, 0x00, 0x01, 0x00, 0x80, 0x00, 0x00, 0x00, 0x00, 0x00,
        0xFF, 0xFF, 0xFF, 0x21, 0xF9, 0x04, 0x01, 0x00, 0x00, 0x00, 0x00, 0x2C, 0x00, 0x00, 0x00, 0x00,
        0x01, 0x00, 0x01, 0x00, 0x00, 0x02, 0x02, 0x44, 0x01, 0x00, 0x3B,
    ];

    /// <summary>Writes status and headers, and the image itself unless only the headers were asked for.</summary>
    public void Write(IFeatureCollection features, Verdict verdict, bool headersOnly)
    {
        IHttpResponseFeature response = features.GetRequiredFeature<IHttpResponseFeature>();
        IHeaderDictionary headers = response.Headers;
        headers.ContentType = ContentType;
        headers.ContentLength = Gif.Length;
        headers.CacheControl = CacheControlValue;
        headers["Cross-Origin-Resource-Policy"] = ResourcePolicyValue;
        if (verdict.Reason is { } reason)
        {
            Explain(response, reason);
        }

        if (!headersOnly)
        {
            // Copied to the connection's buffer; the server sends it with the headers when the request ends.
            features.GetRequiredFeature<IHttpResponseBodyFeature>().Writer.Write(Gif);
        }
    }

    private void Explain(IHttpResponseFeature response, DropReason reason)
    {
        response.StatusCode = reason.ToStatus();
        if (response.StatusCode == StatusCodes.Status503ServiceUnavailable)
        {
            response.Headers.RetryAfter = _retryAfter;
        }

        if (_explain)
        {
            response.Headers[DroppedHeader] = reason.ToName();
        }
    }
}
