using System.Text;
using System.Text.Unicode;

namespace Beacon.Api.Extraction;

/// <summary>Decoding of query text, as forms and browsers write it.</summary>
internal static class PercentEncoding
{
    /// <summary>Decodes a key or a value. Nothing is an error.</summary>
    /// <param name="raw">The text as it came.</param>
    /// <param name="bytes">Room for one byte a character, and for three when not all of them are ASCII.</param>
    /// <returns>How many bytes were written; they need not be UTF-8.</returns>
    public static int Decode(ReadOnlySpan<char> raw, Span<byte> bytes)
    {
        int written = 0;
        while (!raw.IsEmpty)
        {
            int plain = raw.IndexOfAny('%', '+');
            plain = plain < 0 ? raw.Length : plain;
            written += Copy(raw[..plain], bytes[written..]);
            raw = raw[plain..];
            if (raw.IsEmpty)
            {
                break;
            }

            if (raw[0] == '+')
            {
                bytes[written++] = (byte)' ';
                raw = raw[1..];
            }
            else if (TryDecodeByte(raw, out byte value))
            {
                bytes[written++] = value;
                raw = raw[3..];
            }
            else
            {
                bytes[written++] = (byte)'%';
                raw = raw[1..];
            }
        }

        return written;
    }

    /// <summary>Reads <c>%XX</c> at the start of a text.</summary>
    public static bool TryDecodeByte(ReadOnlySpan<char> raw, out byte value)
    {
        value = 0;
        if (raw.Length < 3 || raw[0] != '%' || !char.IsAsciiHexDigit(raw[1]) || !char.IsAsciiHexDigit(raw[2]))
        {
            return false;
        }

        value = (byte)((HexValue(raw[1]) << 4) | HexValue(raw[2]));
        return true;
    }

    /// <summary>How many characters at the start of a raw text make so many decoded bytes.</summary>
    public static int RawLength(ReadOnlySpan<char> raw, int decoded)
    {
        int position = 0;
        while (decoded > 0 && position < raw.Length)
        {
            if (TryDecodeByte(raw[position..], out _))
            {
                position += 3;
                decoded--;
            }
            else
            {
                _ = Rune.DecodeFromUtf16(raw[position..], out Rune rune, out int consumed);
                position += consumed;
                decoded -= rune.Utf8SequenceLength;
            }
        }

        return position;
    }

    private static int Copy(ReadOnlySpan<char> text, Span<byte> bytes)
    {
        if (Ascii.FromUtf16(text, bytes, out int written) != System.Buffers.OperationStatus.Done)
        {
            Utf8.FromUtf16(text, bytes, out _, out written, replaceInvalidSequences: true);
        }

        return written;
    }

    private static int HexValue(char digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
