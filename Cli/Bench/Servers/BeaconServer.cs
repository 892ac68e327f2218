using System.Globalization;
using Cli.Bench.Processes;

namespace Cli.Bench.Servers;

/// <summary>The real beacon and the sink that it delivers to.</summary>
internal sealed class BeaconServer : IServer
{
    private readonly BeaconProcess _beacon;
    private readonly SinkServer _sink;

    private BeaconServer(BeaconProcess beacon, SinkServer sink)
    {
        _beacon = beacon;
        _sink = sink;
    }

    public string Name => "beacon";

    public int Port => _beacon.Port;

    public ProcessUsage Usage => _beacon.Usage;

    public ProcessUsage UsageBeside => _sink.Usage;

    public static async Task<IServer> StartAsync(BeaconSetup setup, string sinkProgram, string folder, CancellationToken cancel)
    {
        var sinkPort = FreePort.Choose();
        var sink = await SinkServer.StartAsync(sinkProgram, folder, sinkPort, cancel);
        try
        {
            return new BeaconServer(await BeaconProcess.StartAsync(setup, folder, sinkPort, cancel), sink);
        }
        catch
        {
            await sink.DisposeAsync();
            throw;
        }
    }

    /// <summary>Everything it accepted is to be at the sink, each event once however often it came.</summary>
    public async Task<Kept?> StopAndCountAsync(CancellationToken cancel)
    {
        await _beacon.StopAsync(cancel);
        var tally = await _sink.TallyAsync(cancel);
        return new(tally.Different, string.Create(CultureInfo.InvariantCulture,
            $"the sink has {tally.Different} different events of {tally.Events}, and {Left(_beacon.Journal)} bytes are left in the journal"));
    }

    public async ValueTask DisposeAsync()
    {
        await _beacon.DisposeAsync();
        await _sink.DisposeAsync();
    }

    private static long Left(string journal) => Directory.Exists(journal) ? new DirectoryInfo(journal).EnumerateFiles().Sum(file => file.Length) : 0;
}
