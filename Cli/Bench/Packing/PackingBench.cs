using System.Globalization;
using Cli.Bench.Processes;
using Cli.Bench.Servers;
using Cli.Demo;

namespace Cli.Bench.Packing;

/// <summary>What a beacon at a steady rate put into Firehose records.</summary>
/// <param name="Rate">Events a second.</param>
/// <param name="Tally">What arrived.</param>
internal sealed record Packed(int Rate, SinkTally Tally)
{
    /// <summary>The part of the billed bytes that carried nothing, because each record is rounded up to 5 KB.</summary>
    public double Wasted => Share(Tally.BilledBytes);

    /// <summary>The same if each event had been a record of its own.</summary>
    public double WastedAlone => Share(Tally.BilledBytesAlone);

    private double Share(long billed) => billed == 0 ? 0 : 1 - ((double)Tally.Bytes / billed);
}

/// <summary>
/// Runs the real beacon at several rates at once, with production's <c>Delivery:DeliverEvery</c>: nothing here depends on
/// speed, so they need not wait for each other.
/// </summary>
internal sealed class PackingBench(Terminal terminal, Workspace workspace, BeaconSetup setup)
{
    private const int Seed = 1;
    private static readonly TimeSpan SayEvery = TimeSpan.FromSeconds(10);

    public async Task<IReadOnlyList<Packed>> RunAsync(IReadOnlyList<int> rates, TimeSpan duration, CancellationToken cancel)
    {
        terminal.Remark($"{string.Join(" and ", rates)} events/s for {duration.TotalSeconds} s");
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var progress = SayHowFarAsync(duration, ended.Token);
        var folders = rates.Select(rate => workspace.Folder(string.Create(CultureInfo.InvariantCulture, $"{rate} a second"))).ToList();
        try
        {
            return await Task.WhenAll(rates.Zip(folders, (rate, folder) => PackAsync(rate, duration, folder, ended.Token)));
        }
        finally
        {
            await ended.CancelAsync();
            await progress;
        }
    }

    private async Task<Packed> PackAsync(int rate, TimeSpan duration, string folder, CancellationToken cancel)
    {
        var sinkPort = FreePort.Choose();
        await using var sink = await SinkServer.StartAsync(Programs.Sink, folder, sinkPort, cancel);
        await using var beacon = await BeaconProcess.StartAsync(setup, folder, sinkPort, cancel);

        // The visitors of the demo: events of many lengths, which is what packing is about.
        var events = (int)(rate * duration.TotalSeconds);
        var target = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{beacon.Port}/trackingpixel"));
        var summary = await new PixelSender(target, TimeProvider.System).SendAsync(new Traffic(Seed, events).Requests(), rate, null, cancel);

        // What is not yet due goes out at the stop, as it would at any stop.
        await beacon.StopAsync(cancel);
        var tally = await sink.TallyAsync(cancel);
        return summary.Other == 0 && tally.Different >= summary.Kept
            ? new(rate, tally)
            : throw new CommandFailure(string.Create(CultureInfo.InvariantCulture,
                $"At {rate} events/s {summary.Kept} requests were answered 200 and {summary.Other} otherwise, and {tally.Different} different events are at the sink."));
    }

    private async Task SayHowFarAsync(TimeSpan duration, CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(SayEvery, TimeProvider.System);
        try
        {
            for (var passed = SayEvery; await timer.WaitForNextTickAsync(cancel); passed += SayEvery)
            {
                terminal.Remark($"  {Math.Min(passed.TotalSeconds, duration.TotalSeconds)} of {duration.TotalSeconds} s");
            }
        }
        catch (OperationCanceledException)
        {
            // Done, or interrupted.
        }
    }
}
