using Cli.Cost.Pricing;

namespace Cli.Cost.Model;

/// <summary>What money goes to.</summary>
internal enum Part
{
    /// <summary>What stands before the beacon: API Gateway, CloudFront, load balancers and addresses.</summary>
    Receiving,

    /// <summary>The web ACL.</summary>
    Waf,

    /// <summary>The beacon's own processors and memory: Lambda or Fargate.</summary>
    Beacon,

    /// <summary>Answers on their way to the internet.</summary>
    Egress,

    /// <summary>Firehose.</summary>
    Firehose,

    /// <summary>Events kept, in S3 and in the catalog.</summary>
    Storage,

    /// <summary>The worker's jobs, the statements they send to Athena included.</summary>
    Jobs,

    /// <summary>What people and dashboards ask Athena.</summary>
    Questions,

    /// <summary>Alarms, metrics, the dashboard, logs.</summary>
    Watching,
}

/// <summary>Something used in a month.</summary>
/// <param name="Part">What for.</param>
/// <param name="Price">The name of its price.</param>
/// <param name="Quantity">In the price's unit.</param>
/// <param name="IsFixed">Whether it is used without a single request, too.</param>
internal sealed record Usage(Part Part, string Price, double Quantity, bool IsFixed = false);

/// <summary>Something used, with what it costs.</summary>
/// <param name="Usage">What is used.</param>
/// <param name="Price">Its price.</param>
/// <param name="Cost">US dollars a month, at list prices.</param>
/// <param name="WithAllowances">The same in an account that uses AWS's free allowances for nothing else.</param>
internal sealed record BillLine(Usage Usage, Price Price, double Cost, double WithAllowances);

/// <summary>What a way of receiving costs in a month at some rate.</summary>
internal sealed class Bill
{
    /// <param name="receiving">The way.</param>
    /// <param name="traffic">The traffic.</param>
    /// <param name="usages">All that is used.</param>
    /// <param name="prices">What it is billed by.</param>
    public Bill(Receiving receiving, Traffic traffic, IEnumerable<Usage> usages, PriceSheet prices)
    {
        Receiving = receiving;
        Traffic = traffic;

        // Tiers and allowances hold for an account's whole month, so for everything that has the price; the lines share it
        // by their quantities.
        Lines = [.. usages.Where(usage => usage.Quantity > 0).GroupBy(usage => usage.Price).SelectMany(same =>
        {
            var (price, all) = (prices[same.Key], same.Sum(usage => usage.Quantity));
            return same.Select(usage => new BillLine(usage, price, price.Of(all) * usage.Quantity / all, price.WithAllowance(all) * usage.Quantity / all));
        }).OrderBy(line => line.Usage.Part)];
    }

    public Receiving Receiving { get; }

    public Traffic Traffic { get; }

    public IReadOnlyList<BillLine> Lines { get; }

    /// <summary>
    /// US dollars a month at list prices, no allowance taken off: the most that it is, and what it is where other programs of
    /// the account have used the allowances up.
    /// </summary>
    public double Total => Lines.Sum(line => line.Cost);

    /// <summary>What the bill of an account says that runs nothing else: less what AWS charges no account for.</summary>
    public double WithAllowances => Lines.Sum(line => line.WithAllowances);

    /// <summary>What of <see cref="Total"/> is there without a request.</summary>
    public double Fixed => Lines.Where(line => line.Usage.IsFixed).Sum(line => line.Cost);

    /// <summary><see cref="WithAllowances"/> for a million requests.</summary>
    public double PerMillionWithAllowances => WithAllowances / Traffic.MillionsPerMonth;

    /// <summary><see cref="Total"/> for a million requests.</summary>
    public double PerMillion => Total / Traffic.MillionsPerMonth;

    /// <summary>What a million requests adds to what is fixed.</summary>
    public double EachMillion => (Total - Fixed) / Traffic.MillionsPerMonth;

    /// <summary><see cref="PerMillion"/> less answers on their way to the internet.</summary>
    public double PerMillionBeforeEgress => (Total - Of(Part.Egress)) / Traffic.MillionsPerMonth;

    /// <summary>US dollars a month for one part.</summary>
    public double Of(Part part) => Lines.Where(line => line.Usage.Part == part).Sum(line => line.Cost);
}

/// <summary>Requests, spread evenly.</summary>
/// <param name="PerSecond">The rate.</param>
internal sealed record Traffic(double PerSecond)
{
    /// <summary>A twelfth of a year of 365 days, as AWS's own estimates count.</summary>
    public const double HoursPerMonth = 730;

    public const double DaysPerMonth = HoursPerMonth / 24;

    public static Traffic PerDay(double requests) => new(requests / 86_400);

    public double PerHour => PerSecond * 3600;

    public double PerMonth => PerHour * HoursPerMonth;

    public double MillionsPerMonth => PerMonth / 1e6;
}

/// <summary>The sizes that AWS bills by.</summary>
internal static class Sizes
{
    public const double Gigabyte = 1 << 30;

    public const double Terabyte = 1024 * Gigabyte;
}
