using System.Text.RegularExpressions;

namespace Catalog.Worker.Views;

/// <summary>
/// A view as its file has it: <c>Views/{name}.sql</c> begins with comment lines that say what a row is, then comes one
/// SELECT. <c>${table}</c> stands for the events table and <c>${columns}</c> for its columns without the partition's.
/// </summary>
internal sealed partial record ViewFile(string Name, string Description, string Sql)
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="FormatException">It has no header, or a name that Athena would not take without quotes.</exception>
    public static ViewFile Parse(string name, string text)
    {
        if (!NamePattern().IsMatch(name))
        {
            throw new FormatException($"The view file {name}.sql must be named with lower-case letters, digits and underscores.");
        }

        var lines = text.ReplaceLineEndings("\n").Split('\n');
        var header = lines.TakeWhile(l => l.StartsWith("--", StringComparison.Ordinal)).Select(l => l[2..].Trim()).ToList();
        if (header.Count == 0)
        {
            throw new FormatException($"The view file {name}.sql must begin with a comment that says what a row is.");
        }

        return new(name, string.Join(' ', header), string.Join('\n', lines.Skip(header.Count)).Trim());
    }

    /// <summary>Whether the view reads a table or view of this name.</summary>
    public bool Reads(string name)
        => SourcePattern().Matches(Sql).Any(m => m.Groups["name"].Value.Equals(name, StringComparison.OrdinalIgnoreCase));

    [GeneratedRegex("^[a-z][a-z0-9_]*$")]
    private static partial Regex NamePattern();

    [GeneratedRegex("""\b(?:FROM|JOIN)\s+"?(?<name>[A-Za-z_][A-Za-z0-9_]*)""", RegexOptions.IgnoreCase)]
    private static partial Regex SourcePattern();
}
