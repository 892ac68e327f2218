using Cli.Cost.Pricing;

namespace Cli.Cost.Model;

/// <summary>What each way of receiving costs: everything, from the visitor's request to the answer of a question in SQL.</summary>
/// <remarks>
/// Not in it: people, taxes, support plans, domain names, container images (some cents), events that a question fetches from
/// Glacier Instant Retrieval, and traffic that comes in waves, which costs load balancers and Fargate a little more.
/// </remarks>
internal sealed class CostModel(PriceSheet prices, Assumptions assumed)
{
    public Assumptions Assumed => assumed;

    public PriceSheet Prices => prices;

    public Bill Of(Receiving receiving, Traffic traffic) => new(
        receiving,
        traffic,
        [
            .. ReceivingUsage.Of(receiving, traffic, assumed),
            .. LakeUsage.Of(traffic, BilledBytes(receiving, traffic), assumed),
            .. JobUsage.Of(traffic, assumed),
            new(Part.Watching, "cloudwatch.alarms", assumed.WorkerAlarms + assumed.EdgeAlarms(receiving.Way), IsFixed: true),
            new(Part.Watching, "cloudwatch.metrics", assumed.Metrics(receiving.Way), IsFixed: true),
            new(Part.Watching, "cloudwatch.dashboards", assumed.Dashboards, IsFixed: true),
        ],
        prices);

    /// <summary>What Firehose bills for an event.</summary>
    public double BilledBytes(Receiving receiving, Traffic traffic) => receiving.IsLambda
        ? FirehosePacking.Alone(assumed.EventBytes)
        : FirehosePacking.Grouped(assumed.EventBytes, traffic.PerSecond / ReceivingUsage.Tasks(traffic, assumed), assumed.GroupWait);

    /// <summary>The same model with other assumptions.</summary>
    public CostModel With(Func<Assumptions, Assumptions> change) => new(prices, change(assumed));
}
