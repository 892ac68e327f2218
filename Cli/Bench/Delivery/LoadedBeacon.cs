using System.Globalization;
using Cli.Bench.Load;
using Cli.Bench.Processes;
using Cli.Bench.Servers;

namespace Cli.Bench.Delivery;

/// <summary>A beacon under load whose answers and deliveries are counted; its sink may come later.</summary>
/// <remarks>
/// wrk tells what was answered only at its end, so it runs in slices. Between two of them the front rests for some
/// milliseconds; that is the price of a backlog that is counted and not estimated.
/// </remarks>
internal sealed class LoadedBeacon : IAsyncDisposable
{
    private readonly BeaconProcess _beacon;
    private readonly Wrk _wrk;
    private readonly string _folder;
    private readonly int _sinkPort;
    private readonly int _connections;
    private readonly TimeProvider _time;
    private readonly long _started;
    private SinkServer? _sink;

    private LoadedBeacon(BeaconProcess beacon, Wrk wrk, string folder, int sinkPort, int connections, TimeProvider time)
    {
        _beacon = beacon;
        _wrk = wrk;
        _folder = folder;
        _sinkPort = sinkPort;
        _connections = connections;
        _time = time;
        _started = time.GetTimestamp();
    }

    /// <summary>Requests answered so far.</summary>
    public long Answered { get; private set; }

    public ProcessUsage Usage => _beacon.Usage;

    public static async Task<LoadedBeacon> StartAsync(BeaconSetup setup, Wrk wrk, string folder, int connections, CancellationToken cancel)
    {
        var sinkPort = FreePort.Choose();
        var beacon = await BeaconProcess.StartAsync(setup, folder, sinkPort, cancel);
        return new(beacon, wrk, folder, sinkPort, connections, TimeProvider.System);
    }

    public async Task StartSinkAsync(CancellationToken cancel) => _sink = await SinkServer.StartAsync(Programs.Sink, _folder, _sinkPort, cancel);

    /// <summary>Loads the front for some seconds.</summary>
    public async Task<Slice> LoadAsync(TimeSpan duration, CancellationToken cancel)
    {
        var (begin, beaconCpu, sinkCpu, delivered) = (_time.GetTimestamp(), _beacon.Usage.Cpu, SinkCpu, await DeliveredAsync(cancel));
        var load = await _wrk.RunAsync("The beacon", _beacon.Port, _connections, duration, cancel);
        Answered += load.Requests;
        var deliveredNow = await DeliveredAsync(cancel);
        return new(
            _time.GetElapsedTime(_started), load.Requests, deliveredNow - delivered, _time.GetElapsedTime(begin),
            Math.Max(0, Answered - deliveredNow), _beacon.Usage.Cpu - beaconCpu, SinkCpu - sinkCpu);
    }

    /// <summary>Completes when so many different events have arrived.</summary>
    /// <returns>How long that took from now.</returns>
    /// <exception cref="CommandFailure">Nothing arrived for a minute.</exception>
    public async Task<TimeSpan> WhenDeliveredAsync(long events, CancellationToken cancel)
    {
        var patience = TimeSpan.FromMinutes(1);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100), _time);
        var (begin, lastArrival, last) = (_time.GetTimestamp(), _time.GetTimestamp(), -1L);
        while (true)
        {
            var delivered = await DeliveredAsync(cancel);
            if (delivered >= events)
            {
                return _time.GetElapsedTime(begin);
            }

            if (delivered > last)
            {
                (last, lastArrival) = (delivered, _time.GetTimestamp());
            }
            else if (_time.GetElapsedTime(lastArrival) > patience)
            {
                throw new CommandFailure(string.Create(CultureInfo.InvariantCulture, $"The beacon has delivered nothing for {patience.TotalSeconds:0} s; {delivered} of {events} events are at the sink."));
            }

            await timer.WaitForNextTickAsync(cancel);
        }
    }

    /// <summary>Stops it; everything that it answered must then be at the sink.</summary>
    /// <exception cref="CommandFailure">It is not.</exception>
    public async Task<SinkTally> StopAsync(CancellationToken cancel)
    {
        await _beacon.StopAsync(cancel);
        var tally = await _sink!.TallyAsync(cancel);
        return tally.Different >= Answered
            ? tally
            : throw new CommandFailure(string.Create(CultureInfo.InvariantCulture, $"The beacon answered {Answered} requests with 200, and only {tally.Different} different events are at the sink."));
    }

    public async ValueTask DisposeAsync()
    {
        await _beacon.DisposeAsync();
        if (_sink is not null)
        {
            await _sink.DisposeAsync();
        }
    }

    private TimeSpan SinkCpu => _sink?.Usage.Cpu ?? TimeSpan.Zero;

    private async Task<long> DeliveredAsync(CancellationToken cancel) => _sink is null ? 0 : (await _sink.TallyAsync(cancel)).Different;
}
