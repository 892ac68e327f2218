namespace Cli.Bench.Load;

/// <summary>What a run of <see cref="PacedLoad"/> measured.</summary>
/// <param name="Rate">Requests that were due each second.</param>
/// <param name="Requests">Requests that were answered: all that were due.</param>
/// <param name="Latency">From the moment a request was due to its answer.</param>
/// <param name="Spikes">The slowest moments, worst first: at most five, and no two within the same second.</param>
internal sealed record PacedResult(int Rate, long Requests, Latency Latency, IReadOnlyList<Spike> Spikes)
{
    private const int MostSpikes = 5;
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    /// <param name="rate">Requests a second.</param>
    /// <param name="latencies">That of each request, in the order they were due.</param>
    /// <param name="due">When the request with that number was due, from the start.</param>
    public static PacedResult Of(int rate, IReadOnlyList<TimeSpan> latencies, Func<int, TimeSpan> due)
    {
        var sorted = latencies.Order().ToArray();
        return new(rate, sorted.Length, new(At(0.5), At(0.99), At(0.999), sorted[^1]), SpikesOf(latencies, due));

        TimeSpan At(double part) => sorted[(int)Math.Ceiling(part * sorted.Length) - 1];
    }

    /// <summary>A server that stands still for a while makes many requests late; they are one spike.</summary>
    private static List<Spike> SpikesOf(IReadOnlyList<TimeSpan> latencies, Func<int, TimeSpan> due)
    {
        var worst = new Dictionary<long, Spike>();
        for (var number = 0; number < latencies.Count; number++)
        {
            var at = due(number);
            var moment = at.Ticks / Moment.Ticks;
            if (!worst.TryGetValue(moment, out var known) || known.Latency < latencies[number])
            {
                worst[moment] = new(at, latencies[number]);
            }
        }

        return [.. worst.Values.OrderByDescending(spike => spike.Latency).Take(MostSpikes)];
    }
}

/// <param name="At">When the request was due, from the start of the run.</param>
/// <param name="Latency">How long after that it was answered.</param>
internal sealed record Spike(TimeSpan At, TimeSpan Latency);
