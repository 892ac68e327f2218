namespace Cli.Bench.Beacon;

/// <summary>One server's rounds in one row: medians, but for the peak of memory.</summary>
internal sealed record Summary(
    string Server, int Connections, double PerSecond, TimeSpan P50, TimeSpan P99, TimeSpan P999, TimeSpan Max,
    double CpuPerMillion, double CpuBesidePerMillion, long PeakMemory, long AnonymousMemory, long FileMemory)
{
    /// <param name="rounds">Those of one server with as many connections.</param>
    public static Summary Of(IReadOnlyList<Round> rounds) => new(
        rounds[0].Server,
        rounds[0].Connections,
        Statistics.Median(rounds.Select(round => round.Load.PerSecond)),
        Median(rounds, round => round.Load.Latency.P50),
        Median(rounds, round => round.Load.Latency.P99),
        Median(rounds, round => round.Load.Latency.P999),
        Median(rounds, round => round.Load.Latency.Max),
        Statistics.Median(rounds.Select(round => round.CpuPerMillion)),
        Statistics.Median(rounds.Select(round => round.CpuBesidePerMillion)),
        rounds.Max(round => round.Memory.Peak),
        rounds.Max(round => round.Memory.Anonymous),
        rounds.Max(round => round.Memory.Files));

    private static TimeSpan Median(IReadOnlyList<Round> rounds, Func<Round, TimeSpan> time) =>
        TimeSpan.FromMilliseconds(Statistics.Median(rounds.Select(round => time(round).TotalMilliseconds)));
}

/// <summary>
/// Ratios of the beacon to the others. Each is the median of the rounds' own ratios: what slows the machine for a round
/// slows all of them in it.
/// </summary>
internal sealed class Comparison(IReadOnlyList<Round> rounds)
{
    public const string Nginx = "nginx", Kestrel = "bare Kestrel", Beacon = "beacon", BeaconAlone = "beacon, sink away";
    private const double Mebibyte = 1 << 20;

    /// <summary>A row for each server and number of connections, in the order they ran.</summary>
    public IReadOnlyList<Summary> Summaries { get; } = [.. rounds.GroupBy(round => (round.Server, round.Connections)).Select(group => Summary.Of([.. group]))];

    /// <summary>What was promised of the beacon under load.</summary>
    public IReadOnlyList<Goal> Goals =>
    [
        new("requests/s, of the bare Kestrel endpoint", 0.85, AtLeast: true, Ratio(Kestrel, round => round.Load.PerSecond)),
        new("requests/s, of nginx with its log", 0.75, AtLeast: true, Ratio(Nginx, round => round.Load.PerSecond)),
        new("p99, of nginx's", 2, AtLeast: false, Ratio(Nginx, round => round.Load.Latency.P99.TotalMilliseconds)),
        .. Summaries.Where(summary => summary.Server == Beacon)
            .Select(summary => new Goal($"peak memory at {Report.Count(summary.Connections)} connections", 200, AtLeast: false, summary.PeakMemory / Mebibyte, "MiB")),
    ];

    /// <summary>The beacon's value over another's, in rounds with as many connections.</summary>
    public double Ratio(string other, Func<Round, double> value)
    {
        var theirs = rounds.Where(round => round.Server == other).ToList();
        var ours = rounds.Where(round => round.Server == Beacon && round.Connections == theirs[0].Connections);
        return Statistics.Median(ours.Zip(theirs, (our, their) => value(our) / value(their)));
    }
}
