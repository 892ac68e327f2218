using System.Buffers;

namespace Beacon.Api.Extraction;

/// <summary>Decoding of query text, as forms and browsers write it. The bytes need not be UTF-8.</summary>
internal static class PercentEncoding
{
    private static readonly SearchValues<byte> Encoded = SearchValues.Create("%+"u8);

    /// <summary>Whether decoding would change a text.</summary>
    public static bool IsEncoded(ReadOnlySpan<byte> raw) => raw.ContainsAny(Encoded);

    /// <summary>Decodes a key or a value. Nothing is an error.</summary>
    /// <param name="raw">The text as it came.</param>
    /// <param name="decoded">Room for as many bytes.</param>
    /// <returns>How many bytes were written.</returns>
    public static int Decode(ReadOnlySpan<byte> raw, Span<byte> decoded)
    {
        int written = 0;
        while (true)
        {
            int plain = raw.IndexOfAny(Encoded);
            if (plain < 0)
            {
                raw.CopyTo(decoded[written..]);
                return written + raw.Length;
            }

            raw[..plain].CopyTo(decoded[written..]);
            written += plain;
            raw = raw[plain..];
            if (TryDecodeByte(raw, out byte value))
            {
                raw = raw[3..];
            }
            else
            {
                value = raw[0] == '+' ? (byte)' ' : raw[0];
                raw = raw[1..];
            }

            decoded[written++] = value;
        }
    }

    /// <summary>Reads <c>%XX</c> at the start of a text.</summary>
    public static bool TryDecodeByte(ReadOnlySpan<byte> raw, out byte value)
    {
        value = 0;
        if (raw.Length < 3 || raw[0] != '%')
        {
            return false;
        }

        int high = HexValue(raw[1]);
        int low = HexValue(raw[2]);
        value = (byte)((high << 4) | low);
        return (high | low) >= 0;
    }

    /// <summary>How many bytes at the start of a raw text make so many decoded ones.</summary>
    public static int RawLength(ReadOnlySpan<byte> raw, int decoded)
    {
        int position = 0;
        for (; decoded > 0 && position < raw.Length; decoded--)
        {
            position += TryDecodeByte(raw[position..], out _) ? 3 : 1;
        }

        return position;
    }

    /// <summary>The value of a hexadecimal digit, or -1.</summary>
    private static int HexValue(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        _ => -1,
    };
}
