using Cli.Bench;
using Cli.Bench.Beacon;
using Cli.Bench.Load;
using Cli.Bench.Processes;

namespace Cli.Tests.Bench;

public class ComparisonTests
{
    [Fact]
    public void A_ratio_is_the_median_of_the_rounds_own_ratios()
    {
        // The machine is slow in the second round: of each server's median alone, the ratio would be 0.6.
        var comparison = new Comparison([
            A("nginx", perSecond: 1000), A("bare Kestrel", perSecond: 900), A("beacon", perSecond: 800),
            A("nginx", perSecond: 100), A("bare Kestrel", perSecond: 90), A("beacon", perSecond: 80),
            A("nginx", perSecond: 1000), A("bare Kestrel", perSecond: 1000), A("beacon", perSecond: 600),
        ]);

        Assert.Equal(0.8, comparison.Ratio("nginx", round => round.Load.PerSecond), 6);
        Assert.Equal(80 / 90.0, comparison.Ratio("bare Kestrel", round => round.Load.PerSecond), 6);
    }

    [Fact]
    public void A_row_has_the_medians_of_its_rounds_and_the_highest_memory()
    {
        var comparison = new Comparison([
            A("nginx"), A("bare Kestrel"),
            A("beacon", perSecond: 100, p99: 5, cpu: 2, peak: 70), A("beacon", perSecond: 300, p99: 9, cpu: 6, peak: 90), A("beacon", perSecond: 200, p99: 1, cpu: 3, peak: 80),
        ]);

        var row = comparison.Summaries.Single(summary => summary.Server == "beacon");

        Assert.Equal((200, TimeSpan.FromMilliseconds(5)), (row.PerSecond, row.P99));
        Assert.Equal(15_000, row.CpuPerMillion, 6); // 3 s for 200 requests: the three are 20,000, 20,000 and 15,000
        Assert.Equal(90L << 20, row.PeakMemory);
    }

    [Fact]
    public void The_goals_are_met_at_their_limits_and_not_beyond()
    {
        var met = Goals(beacon: 850, nginx: 1000, kestrel: 1000, p99: 20, nginxP99: 10, peak: 200, many: 200);
        Assert.All(met, goal => Assert.True(goal.IsMet, goal.Name));

        var missed = Goals(beacon: 749, nginx: 1000, kestrel: 1000, p99: 20.1, nginxP99: 10, peak: 201, many: 201);
        Assert.All(missed, goal => Assert.False(goal.IsMet, goal.Name));
        Assert.Equal(
            ["requests/s, of the bare Kestrel endpoint", "requests/s, of nginx with its log", "p99, of nginx's", "peak memory at 64 connections", "peak memory at 2,000 connections"],
            missed.Select(goal => goal.Name));
        Assert.Equal(("at least 0.75", "0.749"), (missed[1].WantedText, missed[1].MeasuredText));
        Assert.Equal(("at most 200 MiB", "201 MiB"), (missed[3].WantedText, missed[3].MeasuredText));
    }

    [Theory]
    [InlineData(2, 1, 2, 3)]
    [InlineData(2.5, 4, 1, 3, 2)]
    [InlineData(7, 7)]
    public void A_median_is_the_middle(double expected, params double[] values) => Assert.Equal(expected, Statistics.Median(values));

    private static IReadOnlyList<Goal> Goals(double beacon, double nginx, double kestrel, double p99, double nginxP99, int peak, int many) => new Comparison([
        A("nginx", perSecond: nginx, p99: nginxP99), A("bare Kestrel", perSecond: kestrel),
        A("beacon", perSecond: beacon, p99: p99, peak: peak), A("beacon", connections: 2000, perSecond: 1, p99: 1000, peak: many),
    ]).Goals;

    private static Round A(string server, int connections = 64, double perSecond = 100, double p99 = 1, double cpu = 1, int peak = 1) => new(
        server, connections,
        new WrkResult((long)perSecond, TimeSpan.FromSeconds(1), 0, 0, new(TimeSpan.Zero, TimeSpan.FromMilliseconds(p99), TimeSpan.Zero, TimeSpan.Zero)),
        TimeSpan.FromSeconds(cpu), TimeSpan.Zero,
        new ProcessUsage(TimeSpan.Zero, (long)peak << 20, 0, 0, 0),
        Answered: (long)perSecond, Kept: null);
}
