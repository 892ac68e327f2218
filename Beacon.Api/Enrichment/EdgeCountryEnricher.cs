using Beacon.Api.Privacy;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Pixel.Events;

namespace Beacon.Api.Enrichment;

/// <summary>
/// Sets <c>country</c> from CloudFront's <c>CloudFront-Viewer-Country</c>, where every request that is accepted came through
/// CloudFront. Anywhere else a visitor could send it.
/// </summary>
internal sealed class EdgeCountryEnricher(IOptions<ProxyOptions> options) : IEventEnricher
{
    private readonly bool _isBehindCloudFront = options.Value.AddressFrom == AddressSource.CloudFront;

    public void Enrich(PixelEvent e, EnrichmentContext context)
    {
        if (!_isBehindCloudFront)
        {
            return;
        }

        StringValues country = context.Headers["CloudFront-Viewer-Country"];
        if (country.Count == 1 && country[0] is [>= 'A' and <= 'Z', >= 'A' and <= 'Z'] code)
        {
            e.Set(BuiltIn.Country, code);
        }
    }
}
