using System.CommandLine;
using System.Globalization;
using Cli.Bench.Load;
using Cli.Bench.Servers;

namespace Cli.Bench.Beacon;

/// <summary><c>bench beacon</c>: the beacon beside nginx and a bare Kestrel endpoint, in one run on one machine.</summary>
internal static class BeaconCommand
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestSpike = TimeSpan.FromMilliseconds(50);

    public static Command Create(Terminal terminal)
    {
        var seconds = BenchOptions.Positive("--seconds", "How long each server is loaded, each time; with --minute, 60", 10);
        var rounds = BenchOptions.Positive("--rounds", "How often each server is loaded", 3);
        var warmUp = BenchOptions.Positive("--warm-up", "Seconds of load before, which are not measured", 10);
        var connections = BenchOptions.Positive("--connections", "Connections that are always busy", 64);
        var many = BenchOptions.Positive("--many", "Connections of one more run of the beacon alone, for its memory", 2000);
        var minute = new Option<bool>("--minute") { Description = "Instead: send at a fixed rate for a minute, and find the slowest answers" };
        var rate = BenchOptions.Positive("--rate", "Requests a second with --minute", 20_000);
        var native = new Option<bool>("--native") { Description = "The beacon as a native program, as `publish` deploys it; it is compiled first" };
        var (beacon, sync, keep, json) = (BenchOptions.Beacon(), BenchOptions.Sync(), BenchOptions.Keep(), BenchOptions.Json());
        var command = new Command("beacon", "Compare the beacon with nginx and with a bare Kestrel endpoint.") { seconds, rounds, warmUp, connections, many, minute, rate, native, beacon, sync, keep, json };
        command.Validators.Add(result =>
        {
            if (result.GetValue(native) && result.GetValue(beacon) is not null)
            {
                result.AddError("--native and --beacon name two different programs.");
            }
        });
        command.Measure(async (parsed, cancel) =>
        {
            var paced = parsed.GetValue(minute);
            var tools = Tools.Find(withNginx: true);
            using var workspace = Workspace.Open(parsed.GetValue(keep));
            var program = parsed.GetValue(native) ? await NativeBeacon.PublishAsync(terminal, cancel)
                : parsed.GetValue(beacon) is { } path ? Programs.Named(path)
                : Programs.Beacon;
            var setup = new BeaconSetup(program, parsed.GetValue(sync)!);
            var duration = paced && parsed.GetResult(seconds) is not { Implicit: false } ? Minute : TimeSpan.FromSeconds(parsed.GetValue(seconds));
            var request = new BeaconBenchRequest(setup, parsed.GetValue(rounds), duration, TimeSpan.FromSeconds(parsed.GetValue(warmUp)), parsed.GetValue(connections), parsed.GetValue(many));

            var machine = await Machine.DescribeAsync(workspace.Root, cancel);
            var versions = await tools.VersionsAsync(cancel);
            var bench = new BeaconBench(terminal, workspace, tools);
            if (paced)
            {
                Show(await bench.PaceAsync(request, parsed.GetValue(rate), cancel), request, machine, versions, parsed.GetValue(json), terminal);
            }
            else
            {
                Show(await bench.CompareAsync(request, cancel), request, machine, versions, parsed.GetValue(json), terminal);
            }
        });
        return command;
    }

    private static void Show(IReadOnlyList<Round> rounds, BeaconBenchRequest request, Machine machine, string versions, bool json, Terminal terminal)
    {
        var comparison = new Comparison(rounds);
        if (json)
        {
            Report.WriteJson(new { machine, versions, request, rounds, comparison.Summaries, comparison.Goals }, terminal);
            return;
        }

        Report.WriteMachine(terminal, machine);
        terminal.Out.WriteLine($"{versions}; Journal:Sync={request.Beacon.Sync}");
        terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{request.Rounds} rounds of {request.Duration.TotalSeconds:0} s after {request.WarmUp.TotalSeconds:0} s; medians, memory at its highest. wrk, servers and sink share the processors."));
        Report.WriteTable(terminal,
            ["server", "connections", "requests/s", "p50", "p99", "p99.9", "max", "CPU s per million", "its sink's", "peak memory", "anonymous", "files"],
            comparison.Summaries.Select(row => new[]
            {
                row.Server, Report.Count(row.Connections), Report.Count(row.PerSecond),
                Report.Time(row.P50), Report.Time(row.P99), Report.Time(row.P999), Report.Time(row.Max),
                row.CpuPerMillion.ToString("0.0", CultureInfo.InvariantCulture), row.CpuBesidePerMillion.ToString("0.0", CultureInfo.InvariantCulture),
                Report.Mebibytes(row.PeakMemory), Report.Mebibytes(row.AnonymousMemory), Report.Mebibytes(row.FileMemory),
            }));
        foreach (var server in rounds.Where(round => round.Connections == request.Connections).GroupBy(round => round.Server))
        {
            var answered = server.Sum(round => round.Answered);
            terminal.Out.WriteLine($"{server.Key}: {string.Join(", ", server.Select(round => Report.Count(round.Load.PerSecond)))} requests/s; "
                + (server.Sum(round => round.Kept) is { } kept and > 0 ? $"{Report.Count(answered)} answered, {Report.Count(kept)} kept" : $"{Report.Count(answered)} answered, nothing kept"));
        }

        Report.WriteGoals(terminal, comparison.Goals);
    }

    private static void Show(IReadOnlyList<(string Server, PacedResult Result)> results, BeaconBenchRequest request, Machine machine, string versions, bool json, Terminal terminal)
    {
        var beacon = results.Single(result => result.Server == Comparison.Beacon).Result;
        Goal[] goals = [new("slowest answer", LongestSpike.TotalMilliseconds, AtLeast: false, beacon.Latency.Max.TotalMilliseconds, "ms")];
        if (json)
        {
            Report.WriteJson(new { machine, versions, request, results = results.Select(result => new { result.Server, result.Result }), goals }, terminal);
            return;
        }

        Report.WriteMachine(terminal, machine);
        terminal.Out.WriteLine($"{versions}; Journal:Sync={request.Beacon.Sync}");
        terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{beacon.Rate} requests/s for {request.Duration.TotalSeconds:0} s over {request.Connections} connections, each timed from when it was due."));
        Report.WriteTable(terminal, ["server", "answered", "p50", "p99", "p99.9", "max", "slowest moments (second: ms)"], results.Select(result => new[]
        {
            result.Server, Report.Count(result.Result.Requests),
            Report.Time(result.Result.Latency.P50), Report.Time(result.Result.Latency.P99), Report.Time(result.Result.Latency.P999), Report.Time(result.Result.Latency.Max),
            string.Join("  ", result.Result.Spikes.Select(spike => string.Create(CultureInfo.InvariantCulture, $"{spike.At.TotalSeconds:0.0}: {spike.Latency.TotalMilliseconds:0.0}"))),
        }));
        Report.WriteGoals(terminal, goals);
    }
}
