using Pixel.Events;

namespace Beacon.Api.Enrichment;

/// <summary>Sets <c>page_host</c>, <c>page_path</c> and <c>referrer_host</c> from the fields <c>page_url</c> and <c>referrer</c>.</summary>
internal sealed class PageEnricher(EventSchema schema) : IEventEnricher
{
    // A field file need not have them.
    private readonly int _page = schema.PlaceOf("page_url");
    private readonly int _referrer = schema.PlaceOf("referrer");

    public void Enrich(PixelEvent e, EnrichmentContext context)
    {
        if (_page >= 0 && UrlParts.TryParse(e.Text(_page), out UrlParts page))
        {
            SetHost(e, BuiltIn.PageHost, page.Host);
            e.TrySet(BuiltIn.PagePath, page.Path);
        }

        if (_referrer >= 0 && UrlParts.TryParse(e.Text(_referrer), out UrlParts referrer))
        {
            SetHost(e, BuiltIn.ReferrerHost, referrer.Host);
        }
    }

    private static void SetHost(PixelEvent e, int place, ReadOnlySpan<byte> host)
    {
        if (!host.ContainsAnyInRange((byte)'A', (byte)'Z'))
        {
            e.TrySet(place, host);
            return;
        }

        Span<byte> lower = stackalloc byte[UrlParts.LongestHost];
        System.Text.Ascii.ToLower(host, lower, out int length);
        e.TrySet(place, lower[..length]);
    }
}
