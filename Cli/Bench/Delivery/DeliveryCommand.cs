using System.CommandLine;
using System.Globalization;
using Cli.Bench.Load;
using Cli.Bench.Servers;

namespace Cli.Bench.Delivery;

/// <summary><c>bench delivery</c>: whether delivery keeps up with the front, and what a backlog does to it.</summary>
internal static class DeliveryCommand
{
    public static Command Create(Terminal terminal)
    {
        var seconds = BenchOptions.Positive("--seconds", "How long the front is loaded while the sink is up", 30);
        var events = BenchOptions.Positive("--events", "The backlog that is made while the sink is down", 1_000_000);
        var connections = BenchOptions.Positive("--connections", "Connections that are always busy", 64);
        var (beacon, sync, keep, json) = (BenchOptions.Beacon(), BenchOptions.Sync(), BenchOptions.Keep(), BenchOptions.Json());
        var command = new Command("delivery", "Find out whether delivery keeps up with the front, and what a backlog does to it.") { seconds, events, connections, beacon, sync, keep, json };
        command.Measure(async (parsed, cancel) =>
        {
            var tools = Tools.Find(withNginx: false);
            var setup = new BeaconSetup(parsed.GetValue(beacon) is { } path ? Programs.Named(path) : Programs.Beacon, parsed.GetValue(sync)!);
            using var workspace = Workspace.Open(parsed.GetValue(keep));
            var machine = await Machine.DescribeAsync(workspace.Root, cancel);
            var bench = new DeliveryBench(terminal, workspace, new Wrk(tools.Wrk, workspace.Root), setup, parsed.GetValue(connections));
            var keepingUp = await bench.KeepUpAsync(TimeSpan.FromSeconds(parsed.GetValue(seconds)), cancel);
            var drained = await bench.DrainAsync(parsed.GetValue(events), cancel);
            Show(keepingUp, drained, machine, parsed.GetValue(json), terminal);
        });
        return command;
    }

    private static void Show(KeepingUp keepingUp, Drained drained, Machine machine, bool json, Terminal terminal)
    {
        Goal[] goals =
        [
            new("backlog's growth at full load, of what was answered", 0.02, AtLeast: false, keepingUp.Growth),
            new("the front during the drain, of before", 0.8, AtLeast: true, drained.FrontDuring / drained.FrontBefore),
        ];
        if (json)
        {
            Report.WriteJson(new { machine, keepingUp, drained, goals }, terminal);
            return;
        }

        Report.WriteMachine(terminal, machine);
        terminal.Out.WriteLine("wrk, the beacon and the sink share the processors; CPU is processors in use, of those.");
        Report.WriteTable(terminal, ["", "until", "requests/s", "delivered/s", "backlog", "beacon CPU", "sink CPU"],
            [.. Rows("keeping up", keepingUp.Slices), .. Rows("sink down", drained.Before), .. Rows("draining", drained.During)]);
        terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{drained.Events:#,0} events drained in {drained.Took.TotalSeconds:0.0} s ({drained.Events / drained.Took.TotalSeconds:#,0} a second); the front went from {drained.FrontBefore:#,0} to {drained.FrontDuring:#,0} requests/s; the beacon's peak memory was {Report.Mebibytes(drained.PeakMemory)}."));
        Report.WriteGoals(terminal, goals);
    }

    private static IEnumerable<string[]> Rows(string what, IEnumerable<Slice> slices) => slices.Select(slice => new[]
    {
        what, string.Create(CultureInfo.InvariantCulture, $"{slice.End.TotalSeconds:0} s"),
        Report.Count(slice.FrontPerSecond), Report.Count(slice.DeliveredPerSecond), Report.Count(slice.Backlog),
        Share(slice.BeaconCpu, slice), Share(slice.SinkCpu, slice),
    });

    private static string Share(TimeSpan cpu, Slice slice) => (cpu / slice.Duration).ToString("0.00", CultureInfo.InvariantCulture);
}
