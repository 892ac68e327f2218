using System.Globalization;
using Cli.Bench.Processes;

namespace Cli.Bench.Servers;

/// <summary>The real beacon and the sink that it delivers to.</summary>
internal sealed class BeaconServer : IServer
{
    /// <summary>One that was away is asked for every second, as seldom as <c>Delivery:RetryCap</c> says.</summary>
    private static readonly string[] AskEverySecond = ["--Delivery:RetryCap", "00:00:01"];

    private readonly BeaconProcess _beacon;
    private readonly Func<CancellationToken, Task<SinkServer>> _startSink;
    private SinkServer? _sink;

    private BeaconServer(string name, BeaconProcess beacon, SinkServer? sink, Func<CancellationToken, Task<SinkServer>> startSink)
    {
        Name = name;
        _beacon = beacon;
        _sink = sink;
        _startSink = startSink;
    }

    public string Name { get; }

    public int Port => _beacon.Port;

    public ProcessUsage Usage => _beacon.Usage;

    public ProcessUsage UsageBeside => _sink?.Usage ?? default;

    public static async Task<IServer> StartAsync(string name, BeaconSetup setup, string sinkProgram, string folder, CancellationToken cancel)
    {
        var sinkPort = FreePort.Choose();
        var sink = await SinkServer.StartAsync(sinkProgram, folder, sinkPort, cancel);
        try
        {
            return new BeaconServer(name, await BeaconProcess.StartAsync(setup, folder, sinkPort, cancel), sink, _ => Task.FromResult(sink));
        }
        catch
        {
            await sink.DisposeAsync();
            throw;
        }
    }

    /// <summary>As <see cref="StartAsync"/>, but the sink comes when the load is over: what its journal alone costs a beacon.</summary>
    public static async Task<IServer> StartAloneAsync(string name, BeaconSetup setup, string sinkProgram, string folder, CancellationToken cancel)
    {
        var sinkPort = FreePort.Choose();
        var patient = setup with { Settings = [.. setup.Settings, .. AskEverySecond] };
        return new BeaconServer(name, await BeaconProcess.StartAsync(patient, folder, sinkPort, cancel), null, start => SinkServer.StartAsync(sinkProgram, folder, sinkPort, start));
    }

    /// <summary>Everything it accepted is to be at the sink, each event once however often it came.</summary>
    public async Task<Kept?> StopAndCountAsync(CancellationToken cancel)
    {
        _sink ??= await _startSink(cancel);
        await _beacon.StopAsync(cancel);
        var tally = await _sink.TallyAsync(cancel);
        return new(tally.Different, string.Create(CultureInfo.InvariantCulture,
            $"the sink has {tally.Different} different events of {tally.Events} that came, after a stop that had {BeaconProcess.DrainTimeout.TotalMinutes} minutes to deliver what was left"));
    }

    public async ValueTask DisposeAsync()
    {
        await _beacon.DisposeAsync();
        if (_sink is not null)
        {
            await _sink.DisposeAsync();
        }
    }
}
