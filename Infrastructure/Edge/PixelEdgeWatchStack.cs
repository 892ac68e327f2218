using Amazon.CDK;
using Constructs;
using Infrastructure.Monitoring;

namespace Infrastructure.Edge;

/// <summary>
/// What watches CloudFront. Its metrics are in us-east-1 wherever the edge is, and an alarm must be where its metric is. It is a
/// stack of its own, not part of <see cref="PixelEdgeGlobalStack"/>, because it is deployed after the edge, whose distribution it
/// watches, and that one before it.
/// </summary>
public sealed class PixelEdgeWatchStack : Stack
{
    /// <summary>The stack's name, in CloudFormation and of its template.</summary>
    public const string DefaultName = "PixelEdgeWatch";

    /// <summary>
    /// Percent of requests. What the beacon itself could not keep is told by the edge's own alarm, at the first event; this is for
    /// what the beacon never sees, and one bad answer of few requests at night is not worth waking up for.
    /// </summary>
    private const double MostFailed = 5;

    public PixelEdgeWatchStack(Construct scope, string id = DefaultName)
        : base(scope, id, StackParameters.Props(id, "PixelAspire: what watches CloudFront, whose metrics are in us-east-1", PixelEdgeGlobalStack.OnlyRegion))
    {
        StackParameters.Tag(this);
        var distribution = StackParameters.Text(this, "DistributionId", null,
            "The CloudFront distribution: the edge's output of the same name.",
            "^E[A-Z0-9]{6,31}$", "The id of a CloudFront distribution.");

        // One of the metrics that CloudFront has for nothing: Amazon CloudFront Developer Guide, "View CloudFront and edge function metrics".
        new Alarms(this).Add(
            "CloudFrontErrors",
            "CloudFront answered more than 5 % of requests with 500 or more for a quarter of an hour. If the edge's alarms are silent, it does not reach the beacon: look at the origin, its secret and its permissions.",
            new MetricOf("AWS/CloudFront", "5xxErrorRate", "Average", ("DistributionId", distribution.ValueAsString), ("Region", "Global")),
            MostFailed,
            TimeSpan.FromMinutes(5),
            times: 3);
    }
}
