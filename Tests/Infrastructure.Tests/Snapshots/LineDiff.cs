using System.Text;

namespace Infrastructure.Tests.Snapshots;

/// <summary>What differs between two texts, by lines: <c>-</c> of the first, <c>+</c> of the second, each place with a heading.</summary>
internal static class LineDiff
{
    private const int Around = 2, Most = 60;

    /// <summary>At most sixty lines; the headings are the nearest lines above that are indented by four, as the members of a template's sections are.</summary>
    public static string Of(string before, string after)
    {
        var (old, now) = (before.Split('\n'), after.Split('\n'));
        var lines = Script(old, now);
        var shown = new StringBuilder();
        var (count, last) = (0, -1);
        for (var i = 0; i < lines.Count; i++)
        {
            if (!Enumerable.Range(Math.Max(0, i - Around), (2 * Around) + 1).Any(near => near < lines.Count && lines[near].Sign != ' '))
            {
                continue;
            }

            if (++count > Most)
            {
                var more = lines.Skip(i).Count(line => line.Sign != ' ');
                return shown.Append(System.Globalization.CultureInfo.InvariantCulture, $"… and {more} more lines that differ").ToString();
            }

            if (last < 0 || i != last + 1)
            {
                shown.Append("@@ ").AppendLine(Heading(lines, i));
            }

            shown.Append(lines[i].Sign).AppendLine(lines[i].Text);
            last = i;
        }

        return shown.ToString().TrimEnd();
    }

    private static string Heading(List<(char Sign, string Text)> lines, int at) =>
        lines.Take(at + 1).LastOrDefault(line => line.Text.StartsWith("    \"", StringComparison.Ordinal)).Text?.Trim().TrimEnd('{', ' ', ':') ?? "";

    // The longest common subsequence of what is between the equal beginning and the equal end.
    private static List<(char Sign, string Text)> Script(string[] old, string[] now)
    {
        var start = 0;
        while (start < Math.Min(old.Length, now.Length) && old[start] == now[start])
        {
            start++;
        }

        var end = 0;
        while (end < Math.Min(old.Length, now.Length) - start && old[^(end + 1)] == now[^(end + 1)])
        {
            end++;
        }

        var (a, b) = (old[start..^end], now[start..^end]);
        var common = new int[a.Length + 1, b.Length + 1];
        for (var i = a.Length - 1; i >= 0; i--)
        {
            for (var j = b.Length - 1; j >= 0; j--)
            {
                common[i, j] = a[i] == b[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }

        List<(char, string)> script = [.. old[..start].Select(line => (' ', line))];
        for (int i = 0, j = 0; i < a.Length || j < b.Length;)
        {
            script.Add(
                i < a.Length && j < b.Length && a[i] == b[j] ? (' ', a[Both(ref i, ref j)])
                : j == b.Length || (i < a.Length && common[i + 1, j] >= common[i, j + 1]) ? ('-', a[i++])
                : ('+', b[j++]));
        }

        script.AddRange(old[^end..].Select(line => (' ', line)));
        return script;

        static int Both(ref int i, ref int j)
        {
            j++;
            return i++;
        }
    }
}
