using System.CommandLine;
using System.Globalization;
using Amazon.Athena;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;

namespace Cli.Query;

/// <summary><c>query "SQL"</c>: a statement through the Athena API of the running system.</summary>
public static class QueryCommand
{
    public static Command Create(Terminal terminal)
    {
        var sql = new Argument<string>("sql") { Description = "The statement, in Athena's SQL" };
        var database = new Option<string>("--database") { Description = "The Glue database that names without one mean", DefaultValueFactory = _ => "pixel" };
        var workgroup = new Option<string>("--workgroup") { Description = "The Athena workgroup", DefaultValueFactory = _ => "pixel" };
        var port = RunningSystem.CloudPort();
        var json = new Option<bool>("--json") { Description = "Print a JSON array of objects" };
        var csv = new Option<bool>("--csv") { Description = "Print CSV with a header" };
        var command = new Command("query", "Ask a question in SQL.") { sql, database, workgroup, port, json, csv };
        command.Validators.Add(result =>
        {
            if (result.GetValue(json) && result.GetValue(csv))
            {
                result.AddError("--json and --csv exclude each other.");
            }
        });
        command.SetAction(async (parsed, cancel) =>
        {
            var format = parsed.GetValue(json) ? WriteJson : parsed.GetValue(csv) ? WriteCsv : (Action<QueryResult, Terminal>)WriteTable;
            var result = await RunAsync(parsed.GetValue(port), parsed.GetRequiredValue(sql), parsed.GetRequiredValue(database), parsed.GetRequiredValue(workgroup), terminal, cancel);
            format(result, terminal);
            return 0;
        });
        return command;
    }

    private static async Task<QueryResult> RunAsync(int port, string sql, string database, string workgroup, Terminal terminal, CancellationToken cancel)
    {
        await RunningSystem.MustAnswerAsync(RunningSystem.Cloud(port), cancel);
        await using var clients = RunningSystem.Clients(port);
        var query = new AthenaQuery(clients.GetRequiredService<IAmazonAthena>(), TimeProvider.System);
        return terminal.ErrorIsScreen
            ? await terminal.ErrorConsole.Status().StartAsync("Running the query", _ => query.RunAsync(sql, database, workgroup, cancel))
            : await query.RunAsync(sql, database, workgroup, cancel);
    }

    private static void WriteTable(QueryResult result, Terminal terminal)
    {
        ResultFormat.WriteTable(result, terminal);
        terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{result.Rows.Count} {(result.Rows.Count == 1 ? "row" : "rows")}, {Size(result.ScannedBytes)} scanned, {result.Duration.TotalSeconds:0.00} s"));
    }

    private static void WriteJson(QueryResult result, Terminal terminal) => ResultFormat.WriteJson(result, terminal.Out);

    private static void WriteCsv(QueryResult result, Terminal terminal) => ResultFormat.WriteCsv(result, terminal.Out);

    private static string Size(long bytes) => bytes switch
    {
        < 1_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.0} kB"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.00} GB"),
    };
}
