using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Spectre.Console;

namespace Cli.Query;

/// <summary>The ways to print a result.</summary>
public static class ResultFormat
{
    /// <summary>
    /// A table for people. What came from the outside is shown, never obeyed: a control character, with which
    /// a user agent could move the cursor or recolour the screen, becomes its visible picture (U+2400…).
    /// </summary>
    public static void WriteTable(QueryResult result, Terminal terminal)
    {
        var table = new Table().Border(terminal.OutIsScreen ? TableBorder.Rounded : TableBorder.Ascii2);
        foreach (var column in result.Columns)
        {
            var shown = new TableColumn(new Text(Visible(column.Name), new Style(decoration: Decoration.Bold)));
            table.AddColumn(IsNumber(column.Type) ? shown.RightAligned() : shown);
        }

        foreach (var row in result.Rows)
        {
            table.AddRow(row.Select(cell => cell is null ? new Text("NULL", new Style(decoration: Decoration.Dim)) : new Text(Visible(cell))));
        }

        if (result.Columns.Count > 0)
        {
            terminal.OutConsole.Write(table);
        }
    }

    // Text stays readable: the output is JSON for a program, not part of a web page.
    private static readonly JsonWriterOptions Readable = new() { Indented = false, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>JSON objects, one a line, as <see cref="WriteJson"/> writes them.</summary>
    public static void WriteJsonLines(QueryResult result, TextWriter output)
    {
        foreach (var row in result.Rows)
        {
            output.WriteLine(ToObject(result.Columns, row));
        }
    }

    /// <summary>A JSON array of objects; numbers and booleans are written as such, everything else as text.</summary>
    public static void WriteJson(QueryResult result, TextWriter output)
    {
        output.Write('[');
        for (var index = 0; index < result.Rows.Count; index++)
        {
            output.Write(index == 0 ? "\n" : ",\n");
            output.Write(ToObject(result.Columns, result.Rows[index]));
        }

        output.WriteLine(result.Rows.Count == 0 ? "]" : "\n]");
    }

    /// <summary>CSV (RFC 4180) with a header; null is an empty field, the empty string is <c>""</c>.</summary>
    public static void WriteCsv(QueryResult result, TextWriter output)
    {
        output.WriteLine(string.Join(',', result.Columns.Select(column => Quoted(column.Name))));
        foreach (var row in result.Rows)
        {
            output.WriteLine(string.Join(',', row.Select(Quoted)));
        }
    }

    private static string ToObject(IReadOnlyList<QueryColumn> columns, IReadOnlyList<string?> row)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Readable))
        {
            WriteObject(json, columns, row);
        }

        return System.Text.Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static void WriteObject(Utf8JsonWriter json, IReadOnlyList<QueryColumn> columns, IReadOnlyList<string?> row)
    {
        json.WriteStartObject();
        for (var index = 0; index < columns.Count; index++)
        {
            json.WritePropertyName(columns[index].Name);
            switch (index < row.Count ? row[index] : null)
            {
                case null:
                    json.WriteNullValue();
                    break;
                case "true" or "false" when columns[index].Type == "boolean":
                    json.WriteBooleanValue(row[index] == "true");
                    break;
                // NaN and Infinity are doubles to Athena and nothing to JSON: they stay text.
                case var text when IsNumber(columns[index].Type) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number):
                    json.WriteRawValue(IsJsonNumber(text) ? text : number.ToString("R", CultureInfo.InvariantCulture));
                    break;
                case var text:
                    json.WriteStringValue(text);
                    break;
            }
        }

        json.WriteEndObject();
    }

    private static bool IsJsonNumber(string text)
    {
        try
        {
            using var parsed = JsonDocument.Parse(text);
            return parsed.RootElement.ValueKind == JsonValueKind.Number;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool IsNumber(string type) =>
        type is "tinyint" or "smallint" or "integer" or "int" or "bigint" or "float" or "real" or "double" || type.StartsWith("decimal", StringComparison.Ordinal);

    private static string Quoted(string? text) => text switch
    {
        null => "",
        "" => "\"\"",
        _ when text.AsSpan().ContainsAny(",\"\r\n") || text[0] == ' ' || text[^1] == ' ' => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"",
        _ => text,
    };

    private static string Visible(string text) => text.Any(char.IsControl)
        ? string.Concat(text.Select(character => character switch
        {
            < ' ' => (char)(0x2400 + character),
            '\x7f' => '\u2421',
            _ when char.IsControl(character) => '\ufffd',
            _ => character,
        }))
        : text;
}
