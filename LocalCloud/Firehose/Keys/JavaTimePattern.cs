using System.Globalization;
using System.Text;

namespace LocalCloud.Firehose.Keys;

/// <summary>
/// A pattern of Java's <c>DateTimeFormatter</c>, as Firehose takes it in <c>!{timestamp:…}</c>, in the locale en-US:
/// letters are fields, their number the width; <c>'…'</c> is literal, <c>''</c> an apostrophe; <c>[ ]</c> mark
/// what may be left out when there is no such field, which never is the case here.
/// </summary>
/// <remarks>
/// <c>YYYY</c> is the year of the week, not of the day: in the last days of December it can already be the next
/// year, here as on AWS. Weeks start on Sunday, and the first one contains January 1.
/// </remarks>
internal sealed class JavaTimePattern
{
    private static readonly CultureInfo English = CultureInfo.InvariantCulture;

    private readonly List<(char Letter, int Count, string Literal)> _parts = [];

    private JavaTimePattern()
    {
    }

    /// <summary>Reads a pattern; false with the reason when it is none.</summary>
    public static bool TryParse(string pattern, out JavaTimePattern? result, out string? problem)
    {
        var parsed = new JavaTimePattern();
        for (var i = 0; i < pattern.Length;)
        {
            var c = pattern[i];
            var start = i;
            if (char.IsAsciiLetter(c))
            {
                while (i < pattern.Length && pattern[i] == c)
                {
                    i++;
                }

                if (i - start > MostOf(c))
                {
                    (result, problem) = (null, MostOf(c) == 0 ? $"Unknown pattern letter: {c}" : $"Too many pattern letters: {c}");
                    return false;
                }

                if (c == 'V' && i - start != 2)
                {
                    (result, problem) = (null, $"Pattern letter count must be 2: {c}");
                    return false;
                }

                parsed._parts.Add((c, i - start, ""));
            }
            else if (c == '\'')
            {
                if (!Quoted(pattern, ref i, out var literal))
                {
                    (result, problem) = (null, $"Pattern ends with an incomplete string literal: {pattern}");
                    return false;
                }

                parsed._parts.Add(('\'', 0, literal));
            }
            else if (c is '{' or '}' or '#')
            {
                (result, problem) = (null, $"Pattern includes reserved character: '{c}'");
                return false;
            }
            else
            {
                i++;
                if (c is not ('[' or ']'))
                {
                    parsed._parts.Add(('\'', 0, c.ToString()));
                }
            }
        }

        (result, problem) = (parsed, null);
        return true;
    }

    /// <summary>The time, which is already in the zone, as the pattern wants it.</summary>
    public string Format(DateTimeOffset time, TimeZoneInfo zone)
    {
        var text = new StringBuilder();
        foreach (var (letter, count, literal) in _parts)
        {
            text.Append(letter == '\'' ? literal : Field(letter, count, time, zone));
        }

        return text.ToString();
    }

    private static bool Quoted(string pattern, ref int i, out string literal)
    {
        var text = new StringBuilder();
        i++;
        while (i < pattern.Length)
        {
            if (pattern[i] != '\'')
            {
                text.Append(pattern[i++]);
            }
            else if (i + 1 < pattern.Length && pattern[i + 1] == '\'')
            {
                text.Append('\'');
                i += 2;
            }
            else
            {
                i++;
                literal = text.Length == 0 ? "'" : text.ToString();
                return true;
            }
        }

        literal = "";
        return false;
    }

    // The most letters in a row that Java takes; 0 for what is no field, or none that a file name could want (p, B, g, v).
    private static int MostOf(char letter) => letter switch
    {
        'u' or 'y' or 'Y' => 19,
        'A' or 'n' or 'N' => 19,
        'S' => 9,
        'G' or 'M' or 'L' or 'Q' or 'q' or 'E' or 'e' or 'X' or 'x' or 'Z' => 5,
        'c' => 5,
        'D' => 3,
        'z' or 'O' => 4,
        'd' or 'w' or 'h' or 'H' or 'k' or 'K' or 'm' or 's' or 'V' => 2,
        'W' or 'F' or 'a' => 1,
        _ => 0,
    };

    private static string Field(char letter, int count, DateTimeOffset time, TimeZoneInfo zone) => letter switch
    {
        'u' or 'y' => Year(time.Year, count),
        'Y' => Year(WeekYear(time.DateTime), count),
        'G' => count == 4 ? "Anno Domini" : count == 5 ? "A" : "AD",
        'M' or 'L' => NumberOrName(time.Month, count, English.DateTimeFormat.GetMonthName(time.Month)),
        'Q' or 'q' => Quarter((time.Month + 2) / 3, count),
        'd' => Number(time.Day, count),
        'D' => Number(time.DayOfYear, count),
        'E' => Text(Math.Max(count, 3), time.DayOfWeek.ToString()),
        'e' or 'c' => NumberOrName((int)time.DayOfWeek + 1, count, time.DayOfWeek.ToString()),
        'w' => Number(WeekOfYear(time.DateTime), count),
        'W' => Number(WeekOfMonth(time.DateTime), count),
        'F' => Number(((time.Day - 1) / 7) + 1, count),
        'a' => time.Hour < 12 ? "AM" : "PM",
        'H' => Number(time.Hour, count),
        'k' => Number(time.Hour == 0 ? 24 : time.Hour, count),
        'K' => Number(time.Hour % 12, count),
        'h' => Number(time.Hour % 12 == 0 ? 12 : time.Hour % 12, count),
        'm' => Number(time.Minute, count),
        's' => Number(time.Second, count),
        'S' => NanoOfSecond(time).ToString("D9", English)[..count],
        'n' => Number(NanoOfSecond(time), count),
        'A' => Number((long)time.TimeOfDay.TotalMilliseconds, count),
        'N' => Number(time.TimeOfDay.Ticks * 100, count),
        'V' => zone.Id,
        'z' => time.Offset == TimeSpan.Zero && zone.Id == "UTC" ? "UTC" : Localized(time.Offset, count),
        'O' => Localized(time.Offset, count),
        'X' => time.Offset == TimeSpan.Zero ? "Z" : Offset(time.Offset, count),
        'x' => Offset(time.Offset, count),
        'Z' => count == 4 ? Localized(time.Offset, 4)
            : count == 5 ? (time.Offset == TimeSpan.Zero ? "Z" : Offset(time.Offset, 3))
            : Offset(time.Offset, 2),
        _ => throw new InvalidOperationException($"The pattern letter {letter} was let through."),
    };

    private static string Number(long value, int width) => value.ToString("D" + width, English);

    // Two letters are the last two digits; any other number is the least width.
    private static string Year(int year, int count) => count == 2 ? Number(year % 100, 2) : Number(year, count);

    private static string NumberOrName(int value, int count, string name) => count <= 2 ? Number(value, count) : Text(count, name);

    private static string Text(int count, string name) => count switch
    {
        3 => name[..3],
        4 => name,
        _ => name[..1],
    };

    private static string Quarter(int quarter, int count) => count switch
    {
        <= 2 => Number(quarter, count),
        3 => $"Q{quarter}",
        4 => quarter switch { 1 => "1st", 2 => "2nd", 3 => "3rd", _ => "4th" } + " quarter",
        _ => $"{quarter}",
    };

    private static long NanoOfSecond(DateTimeOffset time) => time.Ticks % TimeSpan.TicksPerSecond * 100;

    private static int WeekYear(DateTime day) => day.AddDays(DayOfWeek.Saturday - day.DayOfWeek).Year;

    private static int WeekOfYear(DateTime day)
    {
        var weekYear = WeekYear(day);
        var firstOfYear = new DateTime(weekYear, 1, 1);
        var firstSunday = firstOfYear.AddDays(-(int)firstOfYear.DayOfWeek);
        return ((day.Date - firstSunday).Days / 7) + 1;
    }

    private static int WeekOfMonth(DateTime day) =>
        ((day.Day - 1 + (int)new DateTime(day.Year, day.Month, 1).DayOfWeek) / 7) + 1;

    private static string Localized(TimeSpan offset, int count) =>
        offset == TimeSpan.Zero ? "GMT"
        : count == 4 ? "GMT" + Offset(offset, 3)
        : $"GMT{(offset < TimeSpan.Zero ? '-' : '+')}{offset.Duration().Hours}{(offset.Minutes == 0 ? "" : offset.Duration().ToString(@"\:mm", English))}";

    // 1: hours, and minutes if there are any; 2 and 4: +HHmm; 3 and 5: +HH:mm.
    private static string Offset(TimeSpan offset, int count)
    {
        var sign = offset < TimeSpan.Zero ? "-" : "+";
        var format = count == 1 ? (offset.Minutes == 0 ? "hh" : "hhmm") : count is 2 or 4 ? "hhmm" : @"hh\:mm";
        return sign + offset.Duration().ToString(format, English);
    }
}
