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
        Span<byte> text = stackalloc byte[64];
        int written;
        if (address.AddressFamily == AddressFamily.InterNetwork || address.IsIPv4MappedToIPv6)
        {
            Mask(bytes[(length - 4)..length], 24);
            FormatV4(bytes[(length - 4)..length], text, out written);
        }
        else
        {
            // 6to4 (RFC 3056) has a whole IPv4 address in bits 16 to 48: of that, too, only 24 bits stay.
            Mask(bytes, bytes[0] == 0x20 && bytes[1] == 0x02 ? 40 : 48);
            new IPAddress(bytes).TryFormat(text, out written);
        }

        e.TrySet(BuiltIn.Ip, text[..written]);
    }

    private static void Mask(Span<byte> address, int bits) => address[(bits / 8)..].Clear();

    private static void FormatV4(ReadOnlySpan<byte> address, Span<byte> text, out int written) =>
        System.Text.Unicode.Utf8.TryWrite(text, $"{address[0]}.{address[1]}.{address[2]}.{address[3]}", out written);
}
