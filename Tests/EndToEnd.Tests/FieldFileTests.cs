using System.Text.Json;
using System.Text.Json.Nodes;

namespace EndToEnd.Tests;

/// <summary>Editing the field file is all that a new column takes.</summary>
public class FieldFileTests
{
    [Fact]
    public async Task A_field_that_is_added_to_the_field_file_is_a_column_after_the_next_start()
    {
        using var folder = new TemporaryFolder();
        using var files = new TemporaryFolder();
        await using (var before = await RunningSystem.StartAsync(folder.Path))
        {
            await SendAsync(before, "userid=early&price=1.5");
            await before.UntilAsync("SELECT user_id FROM tp_events WHERE event_name <> 'ledger'", rows => rows.Count == 1);
            before.Process.EndInput();
            Assert.Equal(0, await before.Process.ExitAsync());
        }

        var edited = Path.Combine(files.Path, "fields.json");
        await File.WriteAllTextAsync(edited, WithField("price", "double"), TestContext.Current.CancellationToken);
        await using var after = await RunningSystem.StartAsync(folder.Path, new Dictionary<string, string> { ["Fields__File"] = edited });
        await SendAsync(after, "userid=late&price=12.5");

        var rows = await after.UntilAsync("SELECT user_id, price FROM tp_events WHERE event_name <> 'ledger' ORDER BY user_id", rows => rows.Count == 2);
        Assert.Equal(["early", null], rows[0]);
        Assert.Equal(["late", "12.5"], rows[1]);
    }

    [Fact]
    public async Task A_wrong_field_file_stops_the_start_with_one_sentence_that_names_every_problem()
    {
        using var folder = new TemporaryFolder();
        using var files = new TemporaryFolder();
        var wrong = Path.Combine(files.Path, "fields.json");
        await File.WriteAllTextAsync(wrong, WithField("price", "money"), TestContext.Current.CancellationToken);

        var (exitCode, printed) = await RunningProcess.RunAsync(
            Built.Standalone,
            ["--data", folder.Path, "--port", "0", "--cloud-port", "0", "--worker-port", "0"],
            new Dictionary<string, string> { ["Fields__File"] = wrong });

        Assert.Equal(1, exitCode);
        Assert.Matches(@"\AThe field file .*field price: the type 'money' is not known[^\n]*\.\n\z", printed);
    }

    private static string WithField(string name, string type)
    {
        var options = new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
        var file = JsonNode.Parse(File.ReadAllText(Path.Combine(Path.GetDirectoryName(Built.Standalone)!, "pixel.fields.json")), documentOptions: options)!;
        file["fields"]!.AsArray().Add(new JsonObject { ["name"] = name, ["type"] = type, ["from"] = new JsonArray($"query:{name}") });
        return file.ToJsonString();
    }

    private static async Task SendAsync(RunningSystem system, string query)
    {
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri($"{system.Pixel}?{query}"), TestContext.Current.CancellationToken);
        Assert.Equal(200, (int)answer.StatusCode);
    }
}
