using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace Cli.Bench;

/// <summary>How results are printed: tables for people, JSON for programs.</summary>
internal static class Report
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new Milliseconds() },
    };

    /// <summary>Times are milliseconds, sizes bytes.</summary>
    public static void WriteJson(object result, Terminal terminal) => terminal.Out.WriteLine(JsonSerializer.Serialize(result, Json));

    /// <summary>The first column is a name, the others numbers.</summary>
    public static void WriteTable(Terminal terminal, IEnumerable<string> columns, IEnumerable<IEnumerable<string>> rows)
    {
        var table = new Table().Border(terminal.OutIsScreen ? TableBorder.Rounded : TableBorder.Ascii2);
        foreach (var (name, index) in columns.Select((name, index) => (name, index)))
        {
            var column = new TableColumn(new Text(name, new Style(decoration: Decoration.Bold)));
            table.AddColumn(index == 0 ? column : column.RightAligned());
        }

        foreach (var row in rows)
        {
            table.AddRow(row.Select(cell => new Text(cell)));
        }

        terminal.OutConsole.Write(table);
    }

    public static void WriteGoals(Terminal terminal, IEnumerable<Goal> goals) =>
        WriteTable(terminal, ["goal", "wanted", "measured", "met"], goals.Select(goal => new[] { goal.Name, goal.WantedText, goal.MeasuredText, goal.IsMet ? "yes" : "NO" }));

    public static void WriteMachine(Terminal terminal, Machine machine)
    {
        terminal.Out.WriteLine(machine.ToString());
        if (machine.IsBusy)
        {
            terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"Others were using the machine ({machine.Busy:0.0} of its {machine.Processors} processors): of what follows only the ratios say something, and those less."));
        }
    }

    public static string Count(double value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    public static string Time(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.00} ms");

    public static string Mebibytes(double bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1 << 20):0} MiB");

    private sealed class Milliseconds : JsonConverter<TimeSpan>
    {
        public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => TimeSpan.FromMilliseconds(reader.GetDouble());

        public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) => writer.WriteNumberValue(value.TotalMilliseconds);
    }
}
