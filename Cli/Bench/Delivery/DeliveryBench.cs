using System.Globalization;
using Cli.Bench.Load;
using Cli.Bench.Servers;

namespace Cli.Bench.Delivery;

/// <summary>The beacon at full load with its sink up from the beginning.</summary>
/// <param name="Slices">In their order.</param>
/// <param name="Growth">See <see cref="Delivery.Slices.Growth"/>.</param>
internal sealed record KeepingUp(IReadOnlyList<Slice> Slices, double Growth);

/// <summary>The beacon with its sink down until there is a backlog, then up; the front is loaded all the time.</summary>
/// <param name="Before">Slices while the sink was down.</param>
/// <param name="During">Slices while the backlog was delivered.</param>
/// <param name="Events">The backlog: events answered when the sink came.</param>
/// <param name="Took">How long until all of them had arrived.</param>
/// <param name="PeakMemory">The most memory that the beacon held, in bytes.</param>
internal sealed record Drained(IReadOnlyList<Slice> Before, IReadOnlyList<Slice> During, long Events, TimeSpan Took, long PeakMemory)
{
    /// <summary>
    /// The second half of the slices before: in the first ones the program still warms up. That front has no delivery to
    /// share the processors with, so the ratio is to the best it can do.
    /// </summary>
    public double FrontBefore => Slices.FrontPerSecond([.. Before.Skip(Before.Count / 2)]);

    public double FrontDuring => Slices.FrontPerSecond(During);
}

internal sealed class DeliveryBench(Terminal terminal, Workspace workspace, Wrk wrk, BeaconSetup setup, int connections)
{
    private static readonly TimeSpan LongSlice = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ShortSlice = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);

    // An event of the sample request in the journal, with room to spare; and the same again for what comes during the drain.
    private const long BytesAnEvent = 1200;

    /// <summary>Whether delivery is as fast as the front.</summary>
    public async Task<KeepingUp> KeepUpAsync(TimeSpan duration, CancellationToken cancel)
    {
        var folder = workspace.Folder("keeping up");
        var slices = new List<Slice>();
        await using (var beacon = await LoadedBeacon.StartAsync(setup, wrk, folder, connections, cancel))
        {
            await beacon.StartSinkAsync(cancel);
            terminal.Remark($"at full load with the sink up: {WarmUp.TotalSeconds} s to warm up, {duration.TotalSeconds} s measured");
            await beacon.LoadAsync(WarmUp, cancel);
            for (var left = duration; left > TimeSpan.Zero; left -= LongSlice)
            {
                slices.Add(Say(await beacon.LoadAsync(left < LongSlice ? left : LongSlice, cancel)));
            }

            await beacon.StopAsync(cancel);
        }

        workspace.Clear(folder);
        return new(slices, Slices.Growth(slices));
    }

    /// <summary>What a backlog does to the front while it is delivered.</summary>
    public async Task<Drained> DrainAsync(long events, CancellationToken cancel)
    {
        var folder = workspace.Folder("draining");
        MustHaveRoom(folder, events);
        // A journal without the limit of 8 GiB, and a beacon that looks every second whether the sink is back: the wait of
        // up to 30 s that production allows itself would only be waited.
        var patient = setup with
        {
            Settings = ["--Journal:MaxSize", (1L << 40).ToString(CultureInfo.InvariantCulture), "--Delivery:RetryCap", "00:00:01"],
        };
        Drained drained;
        await using (var beacon = await LoadedBeacon.StartAsync(patient, wrk, folder, connections, cancel))
        {
            terminal.Remark($"with the sink down, until {events} events wait");
            var before = new List<Slice>();
            while (beacon.Answered < events)
            {
                before.Add(Say(await beacon.LoadAsync(ShortSlice, cancel)));
            }

            var backlog = beacon.Answered;
            terminal.Remark($"the sink is up: until {backlog} events are delivered");
            await beacon.StartSinkAsync(cancel);
            var delivered = beacon.WhenDeliveredAsync(backlog, cancel);
            var during = new List<Slice>();
            while (!delivered.IsCompleted)
            {
                during.Add(Say(await beacon.LoadAsync(ShortSlice, cancel)));
            }

            drained = new(before, during, backlog, await delivered, beacon.Usage.Peak);
            terminal.Remark($"stopping: until the rest is delivered");
            await beacon.StopAsync(cancel);
        }

        workspace.Clear(folder);
        return drained;
    }

    private static void MustHaveRoom(string folder, long events)
    {
        var needed = 2 * events * BytesAnEvent;
        if (new DriveInfo(folder).AvailableFreeSpace is var free && free < needed)
        {
            throw new CommandFailure($"A backlog of {Report.Count(events)} events needs {Report.Mebibytes(needed)}, and {folder} has {Report.Mebibytes(free)}: choose fewer with --events, or another disk with --keep.");
        }
    }

    private Slice Say(Slice slice)
    {
        terminal.Remark($"  {slice.End.TotalSeconds,5:0} s: {slice.FrontPerSecond:0} requests/s, {slice.DeliveredPerSecond:0} delivered/s, backlog {slice.Backlog}");
        return slice;
    }
}
