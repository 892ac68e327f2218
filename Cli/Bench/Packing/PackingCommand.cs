using System.CommandLine;
using System.Globalization;
using Cli.Bench.Servers;

namespace Cli.Bench.Packing;

/// <summary><c>bench packing</c>: how much of what Firehose bills carries events.</summary>
internal static class PackingCommand
{
    private const double MostWasted = 2;

    public static Command Create(Terminal terminal)
    {
        var seconds = BenchOptions.Positive("--seconds", "How long events are sent; a beacon delivers what it has every 60 s", 60);
        var (beacon, keep, json) = (BenchOptions.Beacon(), BenchOptions.Keep(), BenchOptions.Json());
        var command = new Command("packing", "Find out how much of what Firehose bills carries events, at 100 and 1,000 events a second.") { seconds, beacon, keep, json };
        command.SetAction(async (parsed, cancel) =>
        {
            Tools.MustBeLinux();
            var setup = new BeaconSetup(parsed.GetValue(beacon) is { } path ? Programs.Named(path) : Programs.Beacon, "process");
            using var workspace = Workspace.Open(parsed.GetValue(keep));
            var packed = await new PackingBench(terminal, workspace, setup).RunAsync([100, 1000], TimeSpan.FromSeconds(parsed.GetValue(seconds)), cancel);
            Show(packed, parsed.GetValue(json), terminal);
            return 0;
        });
        return command;
    }

    private static void Show(IReadOnlyList<Packed> packed, bool json, Terminal terminal)
    {
        Goal[] goals = [.. packed.Select(one => new Goal($"wasted of billed bytes at {Report.Count(one.Rate)} events/s", MostWasted, AtLeast: false, 100 * one.Wasted, "%"))];
        if (json)
        {
            Report.WriteJson(new { packed, goals }, terminal);
            return;
        }

        Report.WriteTable(terminal, ["events/s", "events", "bytes each", "puts", "records", "KiB each", "wasted", "wasted, one event a record"], packed.Select(one => new[]
        {
            Report.Count(one.Rate), Report.Count(one.Tally.Events), Report.Count((double)one.Tally.Bytes / one.Tally.Events),
            Report.Count(one.Tally.Puts), Report.Count(one.Tally.Records), Report.Count(one.Tally.Bytes / 1024.0 / one.Tally.Records),
            Percent(one.Wasted), Percent(one.WastedAlone),
        }));
        Report.WriteGoals(terminal, goals);
    }

    private static string Percent(double part) => string.Create(CultureInfo.InvariantCulture, $"{100 * part:0.0} %");
}
