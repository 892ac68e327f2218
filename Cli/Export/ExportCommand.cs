using System.CommandLine;
using System.Globalization;
using Amazon.Athena;
using Cli.Query;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;

namespace Cli.Export;

/// <summary><c>export --user-id X</c>: everything that the lake holds about a person, as JSON lines.</summary>
public static class ExportCommand
{
    public static Command Create(Terminal terminal)
    {
        var subject = new Subject();
        var database = new Option<string>("--database") { Description = "The Glue database", DefaultValueFactory = _ => "pixel" };
        var workgroup = new Option<string>("--workgroup") { Description = "The Athena workgroup", DefaultValueFactory = _ => "pixel" };
        var port = RunningSystem.CloudPort();
        var command = new Command("export", "Print everything about a person, as JSON lines.") { database, workgroup, port };
        subject.AddTo(command);
        command.Validators.Add(result =>
        {
            if (subject.Of(result) is null)
            {
                result.AddError("Say whom it is about, by exactly one of --user-id, --visitor-id and --third-party.");
            }
        });
        command.SetAction(async (parsed, cancel) =>
        {
            await RunningSystem.MustAnswerAsync(RunningSystem.Cloud(parsed.GetValue(port)), cancel);
            await using var clients = RunningSystem.Clients(parsed.GetValue(port));
            var query = new AthenaQuery(clients.GetRequiredService<IAmazonAthena>(), TimeProvider.System);
            var (column, _, value) = subject.Of(parsed)!.Value;

            // All hours there are: a person may ask for everything. The view has each event once.
            var sql = $"SELECT * FROM events WHERE {column} = '{value.Replace("'", "''", StringComparison.Ordinal)}' ORDER BY received_at";
            var run = () => query.RunAsync(sql, parsed.GetRequiredValue(database), parsed.GetRequiredValue(workgroup), cancel);
            var result = terminal.ErrorIsScreen ? await terminal.ErrorConsole.Status().StartAsync("Looking through the lake", _ => run()) : await run();
            ResultFormat.WriteJsonLines(result, terminal.Out);
            terminal.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Rows.Count} {(result.Rows.Count == 1 ? "event" : "events")}."));
            return 0;
        });
        return command;
    }
}
