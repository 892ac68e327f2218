using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Pixel.Events;

namespace Beacon.Api.Privacy;

/// <summary>
/// Keeps of an address the network it is in: the first 24 bits of IPv4, the first 48 of IPv6, which is what a provider
/// gives to many visitors, or to one site.
/// </summary>
internal static class AddressMask
{
    /// <summary>Sets the column <c>ip</c>.</summary>
    public static void Write(IPAddress address, PixelEvent e)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out int length);
        Span<byte> text = stackalloc byte[32];
        int written = address.AddressFamily == AddressFamily.InterNetwork || address.IsIPv4MappedToIPv6
            ? FormatV4(bytes[(length - 4)..length], text)
            : FormatV6(bytes, text);
        e.TrySet(BuiltIn.Ip, text[..written]);
    }

    private static int FormatV4(ReadOnlySpan<byte> address, Span<byte> text)
    {
        int written = 0;
        foreach (byte part in address[..3])
        {
            part.TryFormat(text[written..], out int digits, default, CultureInfo.InvariantCulture);
            written += digits;
            text[written++] = (byte)'.';
        }

        text[written++] = (byte)'0';
        return written;
    }

    /// <summary>Writes the first three groups as RFC 5952 has it: the zeros from the last group that is not zero on are the longest run.</summary>
    private static int FormatV6(ReadOnlySpan<byte> address, Span<byte> text)
    {
        // 6to4 (RFC 3056) has a whole IPv4 address in bits 16 to 48: of that, too, only 24 bits stay.
        int kept = address is [0x20, 0x02, ..] ? 5 : 6;
        int groups = (address[..kept].LastIndexOfAnyExcept((byte)0) + 2) / 2;
        int written = 0;
        for (int i = 0; i < groups; i++)
        {
            int group = (address[2 * i] << 8) | (2 * i + 1 < kept ? address[(2 * i) + 1] : 0);
            group.TryFormat(text[written..], out int digits, "x", CultureInfo.InvariantCulture);
            written += digits;
            text[written++] = (byte)':';
        }

        "::"u8[Math.Min(groups, 1)..].CopyTo(text[written..]);
        return written + 2 - Math.Min(groups, 1);
    }
}
