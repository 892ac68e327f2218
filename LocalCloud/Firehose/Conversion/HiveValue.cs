using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace LocalCloud.Firehose.Conversion;

/// <summary>Texts of dates, times and numbers as Firehose's deserializers take them, in one normal form; null when they do not.</summary>
internal static partial class HiveValue
{
    // A number below this many is seconds since 1970, any other one milliseconds: what real streams do.
    private const decimal FirstMillisecond = 1_000_000_000_000m;

    /// <summary><c>2026-11-23</c>; one-digit months and days are taken too.</summary>
    public static string? Date(string text)
    {
        var match = DateForm().Match(text);
        return match.Success && Day(match) is { } day ? day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : null;
    }

    /// <summary>
    /// <c>2026-11-23T08:30:00.123Z</c> (two digits everywhere, up to nine of the second, the Z optional), <c>2026-11-23 8:30:00</c>
    /// (digits may be single), or seconds or milliseconds since 1970, as number or text. Microseconds are kept.
    /// </summary>
    public static string? Timestamp(string text)
    {
        var match = IsoTimestamp().Match(text);
        match = match.Success ? match : SpacedTimestamp().Match(text);
        if (!match.Success)
        {
            return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var epoch) ? FromEpoch(epoch) : null;
        }

        var (hour, minute, second) = (Group(match, "h"), Group(match, "m"), Group(match, "s"));
        if (Day(match) is not { } day || hour > 23 || minute > 59 || second > 59)
        {
            return null;
        }

        var fraction = match.Groups["f"].Value.PadRight(6, '0')[..6];
        return $"{day:yyyy-MM-dd} {hour:D2}:{minute:D2}:{second:D2}.{fraction}";
    }

    /// <summary>The number rounded half up to the scale; null when it is none or has more digits than the precision allows.</summary>
    public static string? Decimal(string text, int precision, int scale)
    {
        var match = NumberForm().Match(text);
        if (!match.Success || !int.TryParse(match.Groups["e"].Success ? match.Groups["e"].Value : "0", NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var exponent))
        {
            return null;
        }

        var fraction = match.Groups["f"].Value;
        var digits = BigInteger.Parse(match.Groups["i"].Value + fraction, CultureInfo.InvariantCulture);

        // The value is digits × 10^power. A power out of all proportion is decided before it is written out.
        var power = (long)exponent - fraction.Length + scale;
        if (digits.IsZero || power < -(long)text.Length - 1)
        {
            digits = 0;
        }
        else if (power > precision)
        {
            return null;
        }
        else if (power >= 0)
        {
            digits *= BigInteger.Pow(10, (int)power);
        }
        else
        {
            var unit = BigInteger.Pow(10, (int)-power);
            digits = (digits + (unit / 2)) / unit;
        }

        if (digits >= BigInteger.Pow(10, precision))
        {
            return null;
        }

        var plain = digits.ToString(CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
        var sign = text.StartsWith('-') && !digits.IsZero ? "-" : "";
        return scale == 0 ? sign + plain : $"{sign}{plain[..^scale]}.{plain[^scale..]}";
    }

    private static string? FromEpoch(decimal epoch)
    {
        var milliseconds = Math.Abs(epoch) < FirstMillisecond ? epoch * 1000 : epoch;
        var microseconds = decimal.Round(milliseconds * 1000, MidpointRounding.AwayFromZero);
        if (microseconds < -62_135_596_800_000_000m || microseconds > 253_402_300_799_999_999m)
        {
            return null;   // before the year 1 or after 9999
        }

        return DateTime.UnixEpoch.AddTicks((long)microseconds * TimeSpan.TicksPerMicrosecond)
            .ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture);
    }

    private static DateTime? Day(Match match)
    {
        var (year, month, day) = (Group(match, "y"), Group(match, "mo"), Group(match, "d"));
        return year > 0 && month is > 0 and <= 12 && day > 0 && day <= DateTime.DaysInMonth(year, month) ? new DateTime(year, month, day) : null;
    }

    private static int Group(Match match, string name) => int.Parse(match.Groups[name].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(?<y>\d{4})-(?<mo>\d{1,2})-(?<d>\d{1,2})$", RegexOptions.ECMAScript)]
    private static partial Regex DateForm();

    [GeneratedRegex(@"^(?<y>\d{4})-(?<mo>\d{2})-(?<d>\d{2})T(?<h>\d{2}):(?<m>\d{2}):(?<s>\d{2})(\.(?<f>\d{1,9}))?Z?$", RegexOptions.ECMAScript)]
    private static partial Regex IsoTimestamp();

    [GeneratedRegex(@"^(?<y>\d{4})-(?<mo>\d{1,2})-(?<d>\d{1,2}) (?<h>\d{1,2}):(?<m>\d{1,2}):(?<s>\d{1,2})(\.(?<f>\d{1,9}))?$", RegexOptions.ECMAScript)]
    private static partial Regex SpacedTimestamp();

    [GeneratedRegex(@"^[+-]?(?<i>\d+)(\.(?<f>\d*))?([eE](?<e>[+-]?\d{1,9}))?$", RegexOptions.ECMAScript)]
    private static partial Regex NumberForm();
}
