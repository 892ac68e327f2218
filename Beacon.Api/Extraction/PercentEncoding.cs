using System.Buffers;
using System.Numerics;
using System.Runtime.Intrinsics;

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
        int read = 0;
        while (read < raw.Length)
        {
            // Whole blocks are copied, plain or not: what is behind the first encoded byte is written over.
            if (raw.Length - read >= Vector128<byte>.Count && decoded.Length - written >= Vector128<byte>.Count)
            {
                Vector128<byte> block = Vector128.Create(raw[read..]);
                block.CopyTo(decoded[written..]);
                uint encoded = (Vector128.Equals(block, Vector128.Create((byte)'%')) | Vector128.Equals(block, Vector128.Create((byte)'+'))).ExtractMostSignificantBits();
                int plain = Math.Min(BitOperations.TrailingZeroCount(encoded), Vector128<byte>.Count);
                read += plain;
                written += plain;
                if (encoded == 0)
                {
                    continue;
                }
            }

            byte value = raw[read];
            if (value == '%' && TryDecodeByte(raw[read..], out byte escaped))
            {
                value = escaped;
                read += 2;
            }
            else if (value == '+')
            {
                value = (byte)' ';
            }

            decoded[written++] = value;
            read++;
        }

        return written;
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
