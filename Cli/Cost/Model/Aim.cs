namespace Cli.Cost.Model;

/// <summary>A cost that was aimed at, fixed before it was computed.</summary>
/// <param name="Receiving">The way.</param>
/// <param name="Traffic">The traffic.</param>
/// <param name="Limit">US dollars: a month, or a million requests.</param>
/// <param name="PerMillionBeforeEgress">Whether the limit is for a million requests and leaves out answers on their way to the internet.</param>
internal sealed record Aim(Receiving Receiving, Traffic Traffic, double Limit, bool PerMillionBeforeEgress = false)
{
    /// <summary>A million requests a day.</summary>
    public static readonly Traffic Million = Traffic.PerDay(1e6);

    /// <summary>A thousand requests a second.</summary>
    public static readonly Traffic Thousand = new(1_000);

    public static readonly IReadOnlyList<Aim> All =
    [
        new(new(Way.FunctionUrl), Million, 16),
        new(new(Way.CloudFront), Million, 40),
        new(new(Way.CloudFront, Waf: true), Million, 70),
        new(new(Way.HttpApi), Million, 50),
        new(new(Way.FargateAlb), Million, 40),
        new(new(Way.FargateNlb), Million, 40),
        new(new(Way.FargateNlb), Thousand, 0.30, PerMillionBeforeEgress: true),
    ];

    /// <summary>What it is without the allowances: the most that it is in any account.</summary>
    public double Reached(CostModel model) => model.Of(Receiving, Traffic) is var bill && PerMillionBeforeEgress ? bill.PerMillionBeforeEgress : bill.Total;

    /// <summary>What it is in an account that runs nothing else.</summary>
    public double ReachedWithAllowances(CostModel model) => model.Of(Receiving, Traffic) is var bill && PerMillionBeforeEgress
        ? bill.Lines.Where(line => line.Usage.Part != Part.Egress).Sum(line => line.WithAllowances) / Traffic.MillionsPerMonth
        : bill.WithAllowances;

    /// <summary>Whether the bill of an account that runs nothing else meets it.</summary>
    public bool IsMet(CostModel model) => ReachedWithAllowances(model) <= Limit;

    /// <summary>Whether it is met whatever else the account runs.</summary>
    public bool IsMetAnywhere(CostModel model) => Reached(model) <= Limit;
}
