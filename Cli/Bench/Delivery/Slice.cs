namespace Cli.Bench.Delivery;

/// <summary>A few seconds under load, measured from outside: what wrk was answered and what arrived at the sink.</summary>
/// <param name="End">When it ended, from the beginning of the measurement.</param>
/// <param name="Answered">Requests answered in it.</param>
/// <param name="Delivered">Events that arrived at the sink in it.</param>
/// <param name="Duration">How long it was.</param>
/// <param name="Backlog">Events answered so far and not delivered, at its end.</param>
/// <param name="BeaconCpu">The beacon's processor time in it.</param>
/// <param name="SinkCpu">The sink's.</param>
internal sealed record Slice(TimeSpan End, long Answered, long Delivered, TimeSpan Duration, long Backlog, TimeSpan BeaconCpu, TimeSpan SinkCpu)
{
    public double FrontPerSecond => Answered / Duration.TotalSeconds;

    public double DeliveredPerSecond => Delivered / Duration.TotalSeconds;
}

/// <summary>What several slices say together.</summary>
internal static class Slices
{
    /// <summary>
    /// How much the backlog grew over the second half, as a part of what was answered in it: what is always on its way
    /// (batches in the making and in flight) is there at both ends and cancels out.
    /// </summary>
    public static double Growth(IReadOnlyList<Slice> slices)
    {
        var half = slices.Count / 2;
        var second = slices.Skip(half).ToList();
        var before = half == 0 ? 0 : slices[half - 1].Backlog;
        return (double)(second[^1].Backlog - before) / second.Sum(slice => slice.Answered);
    }

    /// <summary>Requests a second over all of them.</summary>
    public static double FrontPerSecond(IReadOnlyList<Slice> slices) =>
        slices.Sum(slice => slice.Answered) / slices.Sum(slice => slice.Duration.TotalSeconds);
}
