using System.Buffers;

namespace Beacon.Api.Enrichment;

/// <summary>Host and path of a web address, as pieces of its text.</summary>
internal readonly ref struct UrlParts
{
    /// <summary>The longest DNS name, in its dotted form without the last dot (RFC 1035, 2.3.4).</summary>
    public const int LongestHost = 253;

    // Names, addresses, and an IPv6 address in its brackets. Other scripts come as xn--… in an address.
    private static readonly SearchValues<byte> HostBytes = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._[]:"u8);

    private UrlParts(ReadOnlySpan<byte> host, ReadOnlySpan<byte> path)
    {
        Host = host;
        Path = path;
    }

    /// <summary>The host without user and port, in the case it came in.</summary>
    public ReadOnlySpan<byte> Host { get; }

    /// <summary>The path without query and fragment; at least a slash.</summary>
    public ReadOnlySpan<byte> Path { get; }

    /// <summary>Reads an absolute http or https address, or one that starts with two slashes.</summary>
    public static bool TryParse(ReadOnlySpan<byte> url, out UrlParts parts)
    {
        parts = default;
        if (!TrySkipScheme(ref url))
        {
            return false;
        }

        int end = url.IndexOfAny("/?#\\"u8);
        ReadOnlySpan<byte> authority = end < 0 ? url : url[..end];
        ReadOnlySpan<byte> host = authority[(authority.LastIndexOf((byte)'@') + 1)..];
        int port = host.LastIndexOf((byte)':');
        if (port > host.LastIndexOf((byte)']'))
        {
            host = host[..port];
        }

        if (host.Length is 0 or > LongestHost || host.ContainsAnyExcept(HostBytes))
        {
            return false;
        }

        ReadOnlySpan<byte> path = end < 0 ? default : url[end..];
        int behind = path.IndexOfAny("?#"u8);
        path = behind < 0 ? path : path[..behind];
        parts = new UrlParts(host, path.IsEmpty ? "/"u8 : path);
        return true;
    }

    private static bool TrySkipScheme(ref ReadOnlySpan<byte> url)
    {
        int slashes = url.IndexOf("//"u8);
        if (slashes < 0)
        {
            return false;
        }

        ReadOnlySpan<byte> scheme = url[..slashes];
        url = url[(slashes + 2)..];
        return scheme.IsEmpty || System.Text.Ascii.EqualsIgnoreCase(scheme, "https:"u8) || System.Text.Ascii.EqualsIgnoreCase(scheme, "http:"u8);
    }
}
