using System.Net;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Beacon.Api.Privacy;

/// <summary>
/// The visitor's address: whoever connects, to the server or to what AWS has in front of a function
/// (<see cref="ProxyOptions.AddressFrom"/>); or, when that is a known proxy, whom the proxies name.
/// </summary>
/// <remarks>
/// Each proxy adds at the right of <c>X-Forwarded-For</c> the address that connected to it, so only as much of its right
/// end is true as known proxies wrote. Read from there, the first address that is not a known proxy is the
/// visitor; whatever stands to the left of it anybody may have made up. (The middleware of the framework stops after one
/// hop by default and counts hops, which a visitor can shift by sending the header.)
/// </remarks>
internal sealed class ClientAddress(IOptions<ProxyOptions> options)
{
    private readonly AddressSource _source = options.Value.AddressFrom;
    private readonly OriginSecret _secret = new(options);
    private readonly IPNetwork[] _known = [.. options.Value.KnownOnes.Select(k => ProxyOptions.TryParse(k.Text, out IPNetwork network) ? network : default)];

    /// <summary>The full address, or null when it is not known. It is never stored.</summary>
    /// <param name="connection">Whoever connects, as the server knows it.</param>
    /// <param name="headers">The request's headers.</param>
    public IPAddress? Of(IPAddress? connection, IHeaderDictionary headers) => _source switch
    {
        AddressSource.RequestContext => connection is not null && IPAddress.IsLoopback(connection) ? Behind(RequestContext.SourceIp(headers), headers) : Normalize(connection),
        AddressSource.CloudFront => _secret.IsIn(headers) ? OfViewer(headers["CloudFront-Viewer-Address"]) : null,
        _ => Behind(Normalize(connection), headers),
    };

    /// <summary>Whoever connects, or whom the known proxies name.</summary>
    private IPAddress? Behind(IPAddress? address, IHeaderDictionary headers)
    {
        if (_known.Length == 0 || address is null || !IsKnown(address))
        {
            return address;
        }

        StringValues forwarded = headers["X-Forwarded-For"];
        for (int i = forwarded.Count - 1; i >= 0; i--)
        {
            ReadOnlySpan<char> rest = forwarded[i];
            while (!rest.IsEmpty)
            {
                int comma = rest.LastIndexOf(',');
                ReadOnlySpan<char> hop = rest[(comma + 1)..].Trim();
                rest = comma < 0 ? default : rest[..comma];
                if (hop.IsEmpty)
                {
                    continue; // an empty element of a list counts for nothing (RFC 9110, 5.6.1)
                }

                if (!TryParse(hop, out address))
                {
                    // A known proxy did not say who it was; the proxy itself is certainly not the visitor.
                    return null;
                }

                if (!IsKnown(address))
                {
                    return address;
                }
            }
        }

        return address;
    }

    /// <summary>Reads <c>192.0.2.1</c>, <c>192.0.2.1:80</c>, <c>2001:db8::1</c> or <c>[2001:db8::1]:80</c>.</summary>
    private static bool TryParse(ReadOnlySpan<char> hop, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out IPAddress? address)
    {
        // "1" would be read as 0.0.0.1.
        address = hop.ContainsAny('.', ':') && IPEndPoint.TryParse(hop, out IPEndPoint? endpoint) ? Normalize(endpoint.Address) : null;
        return address is not null;
    }

    /// <summary>Reads <c>198.51.100.10:46532</c> or <c>2001:db8::1:46532</c>: CloudFront puts no brackets, so the port is what stands last.</summary>
    private static IPAddress? OfViewer(StringValues viewer)
    {
        if (viewer.Count != 1)
        {
            return null;
        }

        ReadOnlySpan<char> text = viewer[0];
        int port = text.LastIndexOf(':');
        return port > 0 && IPAddress.TryParse(text[..port].Trim("[]"), out IPAddress? address) ? Normalize(address) : null;
    }

    private static IPAddress? Normalize(IPAddress? address) => address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;

    private bool IsKnown(IPAddress address)
    {
        foreach (IPNetwork network in _known)
        {
            if (network.Contains(address))
            {
                return true;
            }
        }

        return false;
    }
}
