using System.Text;

namespace Cli.Cost.Output;

/// <summary>Writes Markdown; lines end alike on every system, since the file is compared byte by byte.</summary>
internal sealed class Markdown
{
    private readonly StringBuilder _text = new();

    public Markdown Heading(string text, int level = 2) => Line($"{new string('#', level)} {text}").Line();

    public Markdown Paragraph(string text) => Line(text).Line();

    /// <summary>Code, or a drawing made of letters.</summary>
    public Markdown Block(IEnumerable<string> lines, string language = "text")
    {
        Line("```" + language);
        foreach (var line in lines)
        {
            Line(line);
        }

        return Line("```").Line();
    }

    /// <summary>A table; columns after the first <paramref name="texts"/> are numbers.</summary>
    public Markdown Table(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows, int texts = 1)
    {
        Row(columns);
        Line("|" + string.Concat(columns.Select((_, index) => index < texts ? "---|" : "---:|")));
        foreach (var row in rows)
        {
            Row(row);
        }

        return Line();
    }

    public override string ToString() => _text.ToString().TrimEnd('\n') + "\n";

    private void Row(IEnumerable<string> cells) => Line($"| {string.Join(" | ", cells)} |");

    private Markdown Line(string text = "")
    {
        _text.Append(text).Append('\n');
        return this;
    }
}
