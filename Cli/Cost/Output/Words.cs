using System.Globalization;
using Cli.Cost.Model;
using Cli.Cost.Pricing;

namespace Cli.Cost.Output;

/// <summary>Parts, rates, quotas and prices in words.</summary>
internal static class Words
{
    public static string Of(Part part) => part switch
    {
        Part.Receiving => "receiving",
        Part.Waf => "WAF",
        Part.Beacon => "beacon",
        Part.Egress => "egress",
        Part.Firehose => "Firehose",
        Part.Storage => "storage",
        Part.Jobs => "jobs",
        Part.Questions => "questions",
        Part.Watching => "watching",
        _ => throw new ArgumentOutOfRangeException(nameof(part), part, null),
    };

    /// <summary>A rate, and the million a day by its name.</summary>
    public static string Of(Traffic traffic) => traffic == Aim.Million ? "11.6 (1 M a day)" : Number(traffic.PerSecond);

    /// <summary>At most two decimals, and none where they say nothing.</summary>
    public static string Number(double number) => number.ToString(number >= 100 ? "#,0" : "#,0.##", CultureInfo.InvariantCulture);

    /// <summary>The rate that a quota allows, rounded down.</summary>
    public static string Rate(Quota quota) => Math.Floor(quota.Rate).ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>Such as <c>$1.00 a million requests up to 300 million, then $0.90</c>.</summary>
    public static string Of(Price price)
    {
        var per = price.Per switch
        {
            1 => $"{(price.Unit[0] is 'h' or 'L' or 'N' ? "an" : "a")} {Singular(price.Unit)}", // an hour, an LCU, an NLCU
            1e6 => $"a million {price.Unit}",
            _ => $"for {Count(price.Per)} {price.Unit}",
        };
        var steps = price.Tiers.Select((tier, index) =>
            $"{(index == 0 ? "" : "then ")}{Exact(tier.Usd)}{(index == 0 ? $" {per}" : "")}{(tier.UpTo is { } end ? $" up to {Count(end)}" : "")}");
        return string.Join(", ", steps);
    }

    /// <summary>Such as <c>10 million</c> or <c>1,024</c>.</summary>
    public static string Count(double count) =>
        count >= 1e6 ? string.Create(CultureInfo.InvariantCulture, $"{count / 1e6:#,0.##} million") : count.ToString("#,0", CultureInfo.InvariantCulture);

    // All digits that AWS names, and at least the cents.
    private static string Exact(double usd) => string.Create(CultureInfo.InvariantCulture, $"${usd:0.00########}");

    private static string Singular(string unit) => unit.EndsWith("s", StringComparison.Ordinal) && unit != "GB-s" ? unit[..^1] : unit;
}
