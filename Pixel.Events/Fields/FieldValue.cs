using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Pixel.Events;

/// <summary>A typed value that is not text: a number, a truth value or an instant.</summary>
/// <param name="Bits">The whole number, the bits of the double, 0 or 1, or the Unix time in milliseconds.</param>
internal readonly record struct FieldValue(long Bits)
{
    // Sizes of the ISO 8601 forms are bounded, so that a long text is refused without being read.
    private const int LongestLiteral = 64;

    /// <summary>The years a timestamp may have. Outside of them readers of Parquet disagree.</summary>
    private static readonly long Earliest = new DateTimeOffset(1678, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    private static readonly long Latest = new DateTimeOffset(2262, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    private static readonly string[] TimestampForms =
    [
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd' 'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd",
    ];

    /// <summary>Reads a value of a type. Text of any kind is a value of the type string, whose bits mean nothing.</summary>
    /// <param name="type">The type.</param>
    /// <param name="utf8">The text; space around it is ignored.</param>
    /// <param name="value">The value.</param>
    /// <returns>False when the text is not of that type.</returns>
    public static bool TryParse(FieldType type, ReadOnlySpan<byte> utf8, out FieldValue value)
    {
        value = default;
        if (type == FieldType.String)
        {
            return true;
        }

        utf8 = utf8.Trim(" \t"u8);
        if (utf8.Length is 0 or > LongestLiteral)
        {
            return false;
        }

        switch (type)
        {
            case FieldType.Int when int.TryParse(utf8, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number):
                value = new(number);
                return true;
            case FieldType.BigInt when long.TryParse(utf8, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number):
                value = new(number);
                return true;
            case FieldType.Double when double.TryParse(utf8, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number):
                value = new(BitConverter.DoubleToInt64Bits(number));
                return true;
            case FieldType.Boolean:
                return TryParseBoolean(utf8, out value);
            case FieldType.Timestamp:
                return TryParseTimestamp(utf8, out value);
            default:
                return false;
        }
    }

    private static bool TryParseBoolean(ReadOnlySpan<byte> utf8, out FieldValue value)
    {
        bool isTrue = Ascii.EqualsIgnoreCase(utf8, "true"u8) || utf8.SequenceEqual("1"u8);
        value = new(isTrue ? 1 : 0);
        return isTrue || Ascii.EqualsIgnoreCase(utf8, "false"u8) || utf8.SequenceEqual("0"u8);
    }

    private static bool TryParseTimestamp(ReadOnlySpan<byte> utf8, out FieldValue value)
    {
        value = default;
        if (Utf8Parser.TryParse(utf8, out long number, out int consumed) && consumed == utf8.Length)
        {
            // Unix time: 11 digits of seconds are the year 5138, 12 digits of milliseconds the year 1973.
            value = new(number is > -100_000_000_000 and < 100_000_000_000 ? number * 1000 : number);
        }
        else
        {
            Span<char> text = stackalloc char[utf8.Length];
            if (!Ascii.IsValid(utf8) || Encoding.ASCII.GetChars(utf8, text) != text.Length
                || !DateTimeOffset.TryParseExact(text, TimestampForms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset instant))
            {
                return false;
            }

            value = new(instant.ToUnixTimeMilliseconds());
        }

        return value.Bits >= Earliest && value.Bits < Latest;
    }
}
