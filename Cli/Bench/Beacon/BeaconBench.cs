using System.Globalization;
using Cli.Bench.Load;
using Cli.Bench.Servers;

namespace Cli.Bench.Beacon;

/// <summary>What <c>bench beacon</c> was asked for.</summary>
/// <param name="Beacon">How the beacon is run.</param>
/// <param name="Rounds">How often each server is loaded.</param>
/// <param name="Duration">How long each time.</param>
/// <param name="WarmUp">How long before, without being measured.</param>
/// <param name="Connections">Connections that are always busy.</param>
/// <param name="ManyConnections">Those of one more run of the beacon alone, for its memory; 0 for none.</param>
internal sealed record BeaconBenchRequest(BeaconSetup Beacon, int Rounds, TimeSpan Duration, TimeSpan WarmUp, int Connections, int ManyConnections);

/// <summary>
/// Starts each server by itself, warms it up, loads it, stops it, and counts what it has kept: an answer without its event
/// would be no answer. The servers take turns, so that what happens to the machine happens to all of them.
/// </summary>
internal sealed class BeaconBench(Terminal terminal, Workspace workspace, Tools tools)
{
    private readonly Wrk _wrk = new(tools.Wrk, workspace.Root);

    /// <exception cref="CommandFailure">A server failed, or has not kept what it answered.</exception>
    public async Task<IReadOnlyList<Round>> CompareAsync(BeaconBenchRequest request, CancellationToken cancel)
    {
        var rounds = new List<Round>();
        for (var number = 1; number <= request.Rounds; number++)
        {
            foreach (var (name, start) in Servers(request.Beacon))
            {
                rounds.Add(await LoadAsync(name, start, request.Connections, $"round {number} of {request.Rounds}", request, cancel));
            }
        }

        if (request.ManyConnections > 0)
        {
            var (name, start) = Servers(request.Beacon)[^1];
            rounds.Add(await LoadAsync(name, start, request.ManyConnections, string.Create(CultureInfo.InvariantCulture, $"{request.ManyConnections} connections"), request, cancel));
        }

        return rounds;
    }

    /// <summary>Loads each server once at a fixed rate; see <see cref="PacedLoad"/>.</summary>
    /// <exception cref="CommandFailure">A server failed, or has not kept what it answered.</exception>
    public async Task<IReadOnlyList<(string Server, PacedResult Result)>> PaceAsync(BeaconBenchRequest request, int rate, CancellationToken cancel)
    {
        var results = new List<(string, PacedResult)>();
        foreach (var (name, start) in Servers(request.Beacon))
        {
            var folder = workspace.Folder(name);
            await using (var server = await start(folder, cancel))
            {
                terminal.Remark($"{name}: warming up for {request.WarmUp.TotalSeconds} s");
                var warmUp = await _wrk.RunAsync(name, server.Port, request.Connections, request.WarmUp, cancel);
                terminal.Remark($"{name}: {rate} requests/s for {request.Duration.TotalSeconds} s");
                var result = await PacedLoad.RunAsync(name, server.Port, request.Connections, rate, request.Duration, cancel);
                await MustHaveKeptAsync(server, warmUp.Requests + result.Requests, cancel);
                results.Add((name, result));
            }

            workspace.Clear(folder);
        }

        return results;
    }

    private delegate Task<IServer> Starter(string folder, CancellationToken cancel);

    private IReadOnlyList<(string Name, Starter Start)> Servers(BeaconSetup beacon) =>
    [
        (Comparison.Nginx, (folder, cancel) => NginxServer.StartAsync(tools.Nginx!, folder, cancel)),
        (Comparison.Kestrel, (folder, cancel) => KestrelServer.StartAsync(Programs.Kestrel, folder, cancel)),
        (Comparison.BeaconAlone, (folder, cancel) => BeaconServer.StartAloneAsync(Comparison.BeaconAlone, beacon, Programs.Sink, folder, cancel)),
        (Comparison.Beacon, (folder, cancel) => BeaconServer.StartAsync(Comparison.Beacon, beacon, Programs.Sink, folder, cancel)),
    ];

    private async Task<Round> LoadAsync(string name, Starter start, int connections, string occasion, BeaconBenchRequest request, CancellationToken cancel)
    {
        var folder = workspace.Folder(name);
        Round round;
        await using (var server = await start(folder, cancel))
        {
            terminal.Remark($"{occasion}: {name}, {request.WarmUp.TotalSeconds} s to warm up, {request.Duration.TotalSeconds} s measured");
            var warmUp = await _wrk.RunAsync(name, server.Port, connections, request.WarmUp, cancel);
            var (before, beside) = (server.Usage, server.UsageBeside);
            var load = await _wrk.RunAsync(name, server.Port, connections, request.Duration, cancel);
            var (after, besideAfter) = (server.Usage, server.UsageBeside);
            terminal.Remark($"  {load.PerSecond:0} requests/s");

            var answered = warmUp.Requests + load.Requests;
            var kept = await MustHaveKeptAsync(server, answered, cancel);
            round = new(name, connections, load, after.Cpu - before.Cpu, besideAfter.Cpu - beside.Cpu, after, answered, kept);
        }

        workspace.Clear(folder);
        return round;
    }

    /// <summary>At least as many: wrk does not count an answer that comes after its end.</summary>
    private static async Task<long?> MustHaveKeptAsync(IServer server, long answered, CancellationToken cancel)
    {
        var kept = await server.StopAndCountAsync(cancel);
        return kept is null || kept.Requests >= answered
            ? kept?.Requests
            : throw new CommandFailure(string.Create(CultureInfo.InvariantCulture,
                $"{server.Name} answered {answered} requests with 200 and has kept {kept.Requests}: {kept.Explanation}."));
    }
}
