using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace LocalCloud.Athena.Scanning;

/// <summary>One reading of files in DuckDB's plan.</summary>
/// <param name="Scan">The number that the scan's marker has.</param>
/// <param name="Format">What kind of files.</param>
/// <param name="Columns">The names that occur in what is read or filtered; more than the columns, never fewer.</param>
/// <param name="FileFilters">Conditions that choose files, in SQL, on partition columns only.</param>
internal sealed record PlannedScan(int Scan, FileFormat Format, IReadOnlySet<string> Columns, IReadOnlyList<string> FileFilters);

/// <summary>Reads <c>EXPLAIN (FORMAT JSON)</c>.</summary>
internal static partial class QueryPlan
{
    /// <summary>The hive key that every file of a scan carries, with the scan's number, so that the plan tells scans apart.</summary>
    public const string Marker = "__scan__";

    public static List<PlannedScan> Scans(string json)
    {
        using var plan = JsonDocument.Parse(json);
        var scans = new List<PlannedScan>();
        foreach (var root in plan.RootElement.EnumerateArray())
        {
            Visit(root, scans);
        }

        return scans;
    }

    /// <summary>
    /// The message of a comparison that Trino refuses to type (see the macro pixel_same_kind), when the plan has one: a right
    /// comparison is gone from it, and a wrong one would fail only once there are rows.
    /// </summary>
    public static string? TypeMismatch(string json) => MismatchError().Match(json) is { Success: true } found
        ? Regex.Unescape(found.Groups[1].Value).Replace("''", "'", StringComparison.Ordinal)
        : null;

    private static void Visit(JsonElement node, List<PlannedScan> scans)
    {
        var name = node.GetProperty("name").GetString()!.Trim();
        var info = node.TryGetProperty("extra_info", out var extra) ? extra : default;
        if (name is "READ_PARQUET" or "READ_JSON" && Scan(info, name == "READ_JSON" ? FileFormat.Json : FileFormat.Parquet) is { } scan)
        {
            scans.Add(scan);
        }

        foreach (var child in node.GetProperty("children").EnumerateArray())
        {
            Visit(child, scans);
        }
    }

    private static PlannedScan? Scan(JsonElement info, FileFormat format)
    {
        var fileFilters = Split(Texts(info, "File Filters"));
        var marker = fileFilters.Select(f => MarkerFilter().Match(f)).FirstOrDefault(m => m.Success);
        if (marker is null)
        {
            return null;
        }

        var columns = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var projected in Texts(info, "Projections"))
        {
            columns.Add(projected);
            columns.UnionWith(Names(projected)); // a.b of a struct
        }

        foreach (var filter in Texts(info, "Filters"))
        {
            columns.UnionWith(Names(filter));
        }

        return new PlannedScan(
            int.Parse(marker.Groups[1].ValueSpan, CultureInfo.InvariantCulture), format, columns,
            [.. fileFilters.Where(f => !MarkerFilter().IsMatch(f))]);
    }

    // A value is a text, or a list of the lines that text had.
    private static List<string> Texts(JsonElement info, string member)
    {
        if (info.ValueKind != JsonValueKind.Object || !info.TryGetProperty(member, out var value))
        {
            return [];
        }

        return value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(v => v.ToString())] : [value.ToString()];
    }

    /// <summary>
    /// Filters stand one behind the other, <c>(a = 'x')prefix(b, '0')</c>: each ends where its parenthesis closes. A text or
    /// a quoted name may hold anything. What does not come apart well cannot be evaluated either, and chooses nothing.
    /// </summary>
    private static List<string> Split(List<string> lines)
    {
        var filters = new List<string>();
        foreach (var line in lines)
        {
            var (start, depth) = (0, 0);
            for (var i = 0; i < line.Length; i++)
            {
                switch (line[i])
                {
                    case '\'' or '"':
                        var end = line.IndexOf(line[i], i + 1);
                        i = end < 0 ? line.Length : end;
                        break;
                    case '(':
                        depth++;
                        break;
                    case ')' when --depth == 0:
                        filters.Add(line[start..(i + 1)]);
                        start = i + 1;
                        break;
                }
            }

            if (start < line.Length && !string.IsNullOrWhiteSpace(line[start..]))
            {
                filters.Add(line[start..]);
            }
        }

        return filters.SelectMany(Conjuncts).ToList();
    }

    // ((a) AND (b)) is two filters, each good by itself.
    private static IEnumerable<string> Conjuncts(string filter)
    {
        if (!filter.StartsWith("((", StringComparison.Ordinal) || !filter.EndsWith("))", StringComparison.Ordinal))
        {
            return [filter];
        }

        var parts = new List<string>();
        var inner = filter[1..^1];
        var (start, depth) = (0, 0);
        for (var i = 0; i < inner.Length; i++)
        {
            if (inner[i] is '\'' or '"')
            {
                var end = inner.IndexOf(inner[i], i + 1);
                i = end < 0 ? inner.Length : end;
            }
            else if (inner[i] == '(')
            {
                depth++;
            }
            else if (inner[i] == ')')
            {
                depth--;
            }
            else if (depth == 0 && string.CompareOrdinal(inner, i, " AND ", 0, 5) == 0)
            {
                parts.Add(inner[start..i]);
                start = i + 5;
            }
        }

        parts.Add(inner[start..]);
        return parts.Count > 1 && parts.All(p => p.StartsWith('(') && p.EndsWith(')')) ? parts.SelectMany(Conjuncts) : [filter];
    }

    private static IEnumerable<string> Names(string sql)
    {
        for (var i = 0; i < sql.Length; i++)
        {
            if (sql[i] == '\'')
            {
                var end = sql.IndexOf('\'', i + 1);
                i = end < 0 ? sql.Length : end;
            }
            else if (sql[i] == '"')
            {
                var name = new StringBuilder();
                for (i++; i < sql.Length && sql[i] != '"'; i++)
                {
                    name.Append(sql[i]);
                }

                yield return name.ToString();
            }
            else if (char.IsLetter(sql[i]) || sql[i] == '_')
            {
                var start = i;
                while (i + 1 < sql.Length && (char.IsLetterOrDigit(sql[i + 1]) || sql[i + 1] == '_'))
                {
                    i++;
                }

                yield return sql[start..(i + 1)];
            }
        }
    }

    [GeneratedRegex(@"error\\""\('TYPE_MISMATCH: ([^\n]*?)'\)")]
    private static partial Regex MismatchError();

    [GeneratedRegex($@"^\(""?{Marker}""? = '(\d+)'\)$")]
    private static partial Regex MarkerFilter();
}
