using System.Text;

namespace LocalCloud.Athena.Translation;

/// <summary>Turns the two pattern languages of Trino's date functions into the one of strftime.</summary>
internal static class DatePatterns
{
    /// <summary>The specifiers of date_format and date_parse (https://trino.io/docs/current/functions/datetime.html#mysql-date-functions).</summary>
    public static string FromMySql(string pattern)
    {
        var result = new StringBuilder();
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] != '%' || i + 1 == pattern.Length)
            {
                result.Append(pattern[i]);
                continue;
            }

            i++;
            result.Append(pattern[i] switch
            {
                'a' => "%a",
                'b' => "%b",
                'c' => "%-m",
                'd' => "%d",
                'e' => "%-d",
                'f' => "%f",
                'H' => "%H",
                'h' or 'I' => "%I",
                'i' => "%M",
                'j' => "%j",
                'k' => "%-H",
                'l' => "%-I",
                'M' => "%B",
                'm' => "%m",
                'p' => "%p",
                'r' => "%I:%M:%S %p",
                'S' or 's' => "%S",
                'T' => "%H:%M:%S",
                'v' => "%V",
                'W' => "%A",
                'x' => "%G",
                'Y' => "%Y",
                'y' => "%y",
                '%' => "%%",
                'D' or 'U' or 'u' or 'V' or 'w' or 'X' => throw new QueryFailure(
                    QueryError.InvalidFunctionArgument, $"%{pattern[i]} not supported in date format string"),
                var other => other.ToString(),
            });
        }

        return result.ToString();
    }

    /// <summary>The letters of format_datetime and parse_datetime: Joda's.</summary>
    public static string FromJoda(string pattern)
    {
        var result = new StringBuilder();
        for (var i = 0; i < pattern.Length;)
        {
            var c = pattern[i];
            if (c == '\'')
            {
                i = Quoted(pattern, i, result);
                continue;
            }

            if (!char.IsAsciiLetter(c))
            {
                result.Append(c == '%' ? "%%" : c.ToString());
                i++;
                continue;
            }

            var run = 1;
            while (i + run < pattern.Length && pattern[i + run] == c)
            {
                run++;
            }

            i += run;
            result.Append((c, run) switch
            {
                ('y' or 'Y', 2) => "%y",
                ('y' or 'Y', _) => "%Y",
                ('x', _) => "%G",
                ('w', _) => "%V",
                ('M', 1) => "%-m",
                ('M', 2) => "%m",
                ('M', 3) => "%b",
                ('M', _) => "%B",
                ('d', 1) => "%-d",
                ('d', _) => "%d",
                ('D', _) => "%j",
                ('e', _) => "%u",
                ('E', <= 3) => "%a",
                ('E', _) => "%A",
                ('H', 1) => "%-H",
                ('H', _) => "%H",
                ('h' or 'K', 1) => "%-I",
                ('h' or 'K', _) => "%I",
                ('m', 1) => "%-M",
                ('m', _) => "%M",
                ('s', 1) => "%-S",
                ('s', _) => "%S",
                ('S', <= 3) => "%g",
                ('S', _) => "%f",
                ('a', _) => "%p",
                ('Z', _) => "%z",
                ('z', _) => "%Z",
                _ => throw new QueryFailure(QueryError.InvalidFunctionArgument, $"Illegal pattern component: {c}"),
            });
        }

        return result.ToString();
    }

    // 'text' is text, '' is a quote, inside and outside.
    private static int Quoted(string pattern, int at, StringBuilder result)
    {
        if (at + 1 < pattern.Length && pattern[at + 1] == '\'')
        {
            result.Append('\'');
            return at + 2;
        }

        for (at++; at < pattern.Length; at++)
        {
            if (pattern[at] != '\'')
            {
                result.Append(pattern[at] == '%' ? "%%" : pattern[at].ToString());
            }
            else if (at + 1 < pattern.Length && pattern[at + 1] == '\'')
            {
                result.Append('\'');
                at++;
            }
            else
            {
                return at + 1;
            }
        }

        return at;
    }
}
