using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace Cli.Erase;

/// <summary>
/// <c>erase --user-id X</c>: removes a person's events from the lake now, and again until no more can appear;
/// <c>erase --receipt ID</c> shows how far that is, and the signed receipt when it is complete.
/// </summary>
public static class EraseCommand
{
    // What the worker calls a place, and what it is called here.
    private static readonly (string Name, string Title)[] Places =
    [
        ("events", "Events in the lake"),
        ("dailyRollup", "Rows of the daily rollup"),
        ("errors", "Records that Firehose could not convert"),
        ("quarantine", "Events put aside for good"),
        ("deadLetters", "Events put aside by the beacon"),
        ("queryResults", "Old query results (files, not looked into)"),
    ];

    public static Command Create(Terminal terminal)
    {
        var subject = new Subject();
        var receipt = new Option<string?>("--receipt") { Description = "The id of an erasure: show how far it is, and its receipt" };
        var port = RunningWorker.Port();
        var command = new Command("erase", "Remove a person's events from everywhere.") { receipt, port };
        subject.AddTo(command);
        command.Validators.Add(result =>
        {
            if ((subject.Of(result) is null) == string.IsNullOrEmpty(result.GetValue(receipt)))
            {
                result.AddError("Say whose events are to go, by exactly one of --user-id, --visitor-id and --third-party, or --receipt with an erasure's id.");
            }
        });
        command.SetAction(async (parsed, cancel) =>
        {
            using var worker = await RunningWorker.AtAsync(parsed.GetValue(port), cancel);
            var id = subject.Of(parsed) is var (_, member, value)
                ? await EraseAsync(worker, member, value, terminal, cancel)
                : parsed.GetRequiredValue(receipt)!;
            using var status = await worker.GetAsync($"erasures/{Uri.EscapeDataString(id)}", cancel);
            Show(status.RootElement, terminal);
            return 0;
        });
        return command;
    }

    private static async Task<string> EraseAsync(RunningWorker worker, string member, string value, Terminal terminal, CancellationToken cancel)
    {
        using var asked = await worker.PostAsync("erasures", $$"""{"{{member}}":{{JsonSerializer.Serialize(value)}}}""", cancel);
        if (terminal.ErrorIsScreen)
        {
            await terminal.ErrorConsole.Status().StartAsync("Erasing", _ => PassAsync());
        }
        else
        {
            await PassAsync();
        }

        return asked.RootElement.GetProperty("id").GetString()!;

        async Task PassAsync() => (await worker.RunAsync("erasure", cancel)).Dispose();
    }

    private static void Show(JsonElement status, Terminal terminal)
    {
        var table = new Table().Border(terminal.OutIsScreen ? TableBorder.Rounded : TableBorder.Ascii2)
            .AddColumn("Place").AddColumn(new TableColumn("Found").RightAligned()).AddColumn(new TableColumn("Removed").RightAligned());
        var places = status.GetProperty("places");
        foreach (var (name, title) in Places)
        {
            if (places.TryGetProperty(name, out var place))
            {
                table.AddRow(title, place.GetProperty("found").ToString(), place.GetProperty("removed").ToString());
            }
        }

        terminal.OutConsole.Write(table);
        foreach (var (name, title) in Places)
        {
            if (places.TryGetProperty(name, out var place) && place.GetProperty("unreadable").GetInt64() is > 0 and var lines)
            {
                terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{title}: {lines} {(lines == 1 ? "line" : "lines")} that cannot be read, so nobody knows whose."));
            }
        }

        if (status.GetProperty("notSearched").EnumerateArray().Select(p => p.GetString()).ToList() is { Count: > 0 } notSearched)
        {
            terminal.Out.WriteLine(RunningWorker.NotSearched(notSearched));
        }

        var id = status.GetProperty("id").GetString();
        if (status.GetProperty("receipt") is { ValueKind: JsonValueKind.Object } receipt)
        {
            terminal.Out.WriteLine(receipt.GetRawText());
        }
        else
        {
            terminal.Out.WriteLine(
                $"What lies in hours that are over is removed. The hour under way, and events that are still on their way, follow as they come in; when none can come any more, `dotnet pixel.cs erase --receipt {id}` shows the signed receipt.");
        }
    }
}
