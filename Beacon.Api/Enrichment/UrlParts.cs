using System.Buffers;
using System.Text;

namespace Beacon.Api.Enrichment;

/// <summary>Where host and path of a web address are in its text.</summary>
/// <param name="Host">The host without user and port, in the case it came in.</param>
/// <param name="Path">The path without query and fragment; empty when there is none, which means a slash.</param>
internal readonly record struct UrlParts(Range Host, Range Path)
{
    /// <summary>The longest DNS name, in its dotted form without the last dot (RFC 1035, 2.3.4).</summary>
    public const int LongestHost = 253;

    // Names, addresses, and an IPv6 address in its brackets. Other scripts come as xn--… in an address.
    private static readonly SearchValues<byte> HostBytes = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._[]:"u8);

    /// <summary>Reads an absolute http or https address, or one that starts with two slashes.</summary>
    public static bool TryParse(ReadOnlySpan<byte> url, out UrlParts parts)
    {
        parts = default;
        int start = SkipScheme(url);
        if (start < 0)
        {
            return false;
        }

        int end = End(url, start, "/?#\\"u8);
        (int host, int hostEnd) = FindHost(url, start, end);
        if (hostEnd - host is 0 or > LongestHost || url[host..hostEnd].ContainsAnyExcept(HostBytes))
        {
            return false;
        }

        parts = new UrlParts(host..hostEnd, end..End(url, end, "?#"u8));
        return true;
    }

    /// <summary>Where the authority starts, or -1 when this is no web address.</summary>
    private static int SkipScheme(ReadOnlySpan<byte> url)
    {
        int slashes = url.StartsWith("https://"u8) ? "https:".Length : url.IndexOf("//"u8);
        if (slashes < 0)
        {
            return -1;
        }

        ReadOnlySpan<byte> scheme = url[..slashes];
        return scheme.IsEmpty || Ascii.EqualsIgnoreCase(scheme, "https:"u8) || Ascii.EqualsIgnoreCase(scheme, "http:"u8) ? slashes + 2 : -1;
    }

    private static (int Start, int End) FindHost(ReadOnlySpan<byte> url, int start, int end)
    {
        ReadOnlySpan<byte> authority = url[start..end];
        if (!authority.ContainsAny((byte)'@', (byte)':'))
        {
            return (start, end);
        }

        int user = authority.LastIndexOf((byte)'@') + 1;
        ReadOnlySpan<byte> host = authority[user..];
        int port = host.LastIndexOf((byte)':');
        return (start + user, port > host.LastIndexOf((byte)']') ? start + user + port : end);
    }

    private static int End(ReadOnlySpan<byte> url, int start, ReadOnlySpan<byte> marks)
    {
        int length = url[start..].IndexOfAny(marks);
        return length < 0 ? url.Length : start + length;
    }
}
