using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.Athena;
using Cli.Query;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;

namespace Cli.Export;

/// <summary><c>export --user-id X</c>: everything about a person, in the lake and beside it, as JSON lines.</summary>
public static class ExportCommand
{
    public static Command Create(Terminal terminal)
    {
        var subject = new Subject();
        var database = new Option<string>("--database") { Description = "The Glue database", DefaultValueFactory = _ => "pixel" };

        // All hours there are: a person may ask for everything, and other workgroups may limit what a question reads.
        var workgroup = new Option<string>("--workgroup") { Description = "The Athena workgroup", DefaultValueFactory = _ => "pixel-maintenance" };
        var port = RunningSystem.CloudPort();
        var workerPort = RunningWorker.Port();
        var command = new Command("export", "Print everything about a person, as JSON lines.") { database, workgroup, port, workerPort };
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
            using var worker = await RunningWorker.AtAsync(parsed.GetValue(workerPort), cancel);
            await using var clients = RunningSystem.Clients(parsed.GetValue(port));
            var query = new AthenaQuery(clients.GetRequiredService<IAmazonAthena>(), TimeProvider.System);
            var (_, member, value) = subject.Of(parsed)!.Value;
            using var plan = await worker.PostAsync("exports", new JsonObject { [member] = value }.ToJsonString(), cancel);

            var events = 0;
            var statements = plan.RootElement.GetProperty("statements").EnumerateArray().Select(s => s.GetString()!).ToList();
            for (var i = 0; i < statements.Count; i++)
            {
                var run = () => query.RunAsync(statements[i], parsed.GetRequiredValue(database), parsed.GetRequiredValue(workgroup), cancel);
                var result = terminal.ErrorIsScreen
                    ? await terminal.ErrorConsole.Status().StartAsync(string.Create(CultureInfo.InvariantCulture, $"Looking through month {i + 1} of {statements.Count}"), _ => run())
                    : await run();
                ResultFormat.WriteJsonLines(result, terminal.Out);
                events += result.Rows.Count;
            }

            terminal.Error.WriteLine(Count(events, "in the lake") + WriteOthers(plan.RootElement, terminal));
            return 0;
        });
        return command;
    }

    /// <summary>Writes what is in no table, each with its place.</summary>
    /// <returns>What there is to say of it.</returns>
    private static string WriteOthers(JsonElement plan, Terminal terminal)
    {
        var said = "";
        foreach (var place in plan.GetProperty("lines").EnumerateArray().GroupBy(l => l.GetProperty("place").GetString()!))
        {
            foreach (var line in place)
            {
                terminal.Out.WriteLine(new JsonObject { ["place"] = place.Key, ["event"] = line.GetProperty("event").GetString() }.ToJsonString());
            }

            said += $", {Count(place.Count(), $"in {place.Key}")}";
        }

        var notSearched = plan.GetProperty("notSearched").EnumerateArray().Select(p => p.GetString()).ToList();
        return said + (notSearched.Count == 0 ? "." : $". {RunningWorker.NotSearched(notSearched)}");
    }

    private static string Count(int events, string where) => string.Create(CultureInfo.InvariantCulture, $"{events} {(events == 1 ? "event" : "events")} {where}");
}
