using System.Globalization;
using System.Text.Json;
using Cli.Bench;

namespace Cli.Tests.Bench;

/// <summary>Real runs, as short as they can be. What they assert is what must hold at any speed: nothing is lost, nothing is left.</summary>
public class BeaconBenchTests
{
    private static readonly string[] Short = ["--seconds", "1", "--warm-up", "1", "--rounds", "1", "--many", "100"];

    [Fact]
    public async Task Every_server_is_loaded_and_what_they_answered_is_kept()
    {
        SkipUnlessToolsAreHere();

        var run = await CommandRun.OfAsync(["bench", "beacon", "--json", .. Short]);

        Assert.True(run.ExitCode == 0, run.Error);
        using var json = JsonDocument.Parse(run.Out);
        var rounds = json.RootElement.GetProperty("rounds").EnumerateArray().ToList();
        Assert.Equal(
            [("nginx", 64), ("bare Kestrel", 64), ("beacon, sink away", 64), ("beacon", 64), ("beacon", 100)],
            rounds.Select(round => (round.GetProperty("server").GetString()!, round.GetProperty("connections").GetInt32())));
        Assert.All(rounds, round =>
        {
            Assert.True(round.GetProperty("answered").GetInt64() > round.GetProperty("load").GetProperty("requests").GetInt64());
            Assert.True(round.GetProperty("cpuPerMillion").GetDouble() > 0);
            Assert.True(round.GetProperty("memory").GetProperty("peak").GetInt64() > 0);
        });
        Assert.All(rounds.Where(round => round.GetProperty("server").GetString() != "bare Kestrel"), round =>
            Assert.True(round.GetProperty("kept").GetInt64() >= round.GetProperty("answered").GetInt64()));
        Assert.Equal(JsonValueKind.Null, rounds[1].GetProperty("kept").ValueKind);
        Assert.Equal(5, json.RootElement.GetProperty("goals").GetArrayLength());
    }

    [Fact]
    public async Task A_fixed_rate_is_answered_to_the_last_request()
    {
        SkipUnlessToolsAreHere();

        var run = await CommandRun.OfAsync("bench", "beacon", "--minute", "--seconds", "1", "--warm-up", "1", "--rate", "500");

        Assert.True(run.ExitCode == 0, run.Error);
        string[] servers = ["| nginx ", "| bare Kestrel ", "| beacon, sink away ", "| beacon "];
        Assert.All(servers, server => Assert.Single(run.Lines, line => line.StartsWith(server, StringComparison.Ordinal)));
        Assert.Equal(4, run.Lines.Count(line => line.Contains("|      500 |", StringComparison.Ordinal)));
        Assert.Contains("slowest answer", run.Out);
    }

    [Fact]
    public async Task A_server_that_answers_and_keeps_nothing_is_found_out()
    {
        SkipUnlessToolsAreHere();

        // Fast, with every answer a 200: only counting tells it from a beacon.
        var run = await CommandRun.OfAsync(["bench", "beacon", "--beacon", Programs.Kestrel, .. Short]);

        Assert.Equal((1, ""), (run.ExitCode, run.Out));
        Assert.Matches(@"\nbeacon, sink away answered \d+ requests with 200 and has kept 0: the sink has 0 different events of 0 that came, ", run.Error);
    }

    [Fact]
    public async Task An_interrupted_run_leaves_nothing_running()
    {
        SkipUnlessToolsAreHere();
        var keep = Path.Combine(Path.GetTempPath(), $"pixel-bench-test-{Guid.NewGuid():N}");
        using var interrupt = new CancellationTokenSource();
        using var error = new Watched("to warm up", interrupt.Cancel);
        try
        {
            var exitCode = await CommandLine.RunAsync(["bench", "beacon", "--keep", keep, "--warm-up", "600"], new Terminal(TextWriter.Null, error, false, false), interrupt.Token);

            Assert.Equal(130, exitCode);
            var nginx = int.Parse(await File.ReadAllTextAsync(Path.Combine(keep, "01-nginx", "nginx.pid"), TestContext.Current.CancellationToken), CultureInfo.InvariantCulture);
            Assert.False(Directory.Exists($"/proc/{nginx}") && File.ReadAllText($"/proc/{nginx}/comm").Trim() == "nginx");
        }
        finally
        {
            Directory.Delete(keep, recursive: true);
        }
    }

    [Fact]
    public async Task A_folder_to_keep_must_be_empty()
    {
        SkipUnlessToolsAreHere();

        var run = await CommandRun.OfAsync("bench", "beacon", "--keep", AppContext.BaseDirectory);

        Assert.Equal((1, ""), (run.ExitCode, run.Out));
        Assert.EndsWith("is not empty: --keep takes a new or empty folder.\n", run.Error);
    }

    private static void SkipUnlessToolsAreHere()
    {
        try
        {
            Tools.Find(withNginx: true);
        }
        catch (CommandFailure missing)
        {
            Assert.Skip(missing.Message);
        }
    }

    /// <summary>Calls back once when a line says something.</summary>
    private sealed class Watched(string text, Action said) : StringWriter(CultureInfo.InvariantCulture)
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (value?.Contains(text, StringComparison.Ordinal) == true)
            {
                said();
            }
        }
    }
}
