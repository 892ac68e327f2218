using Amazon.CDK;

namespace Infrastructure.Monitoring;

/// <summary>
/// What is watched of the stream that the beacon puts events to: in the stream's own account, since alarms and dashboards see no
/// other account's metrics.
/// </summary>
internal static class StreamMonitoring
{
    /// <summary>The longest that Firehose may collect (BufferSeconds), and as long again.</summary>
    private const double MostSeconds = 2 * 900;

    /// <summary>Adds the alarms.</summary>
    /// <param name="stream">The stream's name.</param>
    /// <param name="isHere">Whether it is to be watched from this stack.</param>
    /// <param name="alarms">The alarms.</param>
    public static void Add(string stream, CfnCondition isHere, Alarms alarms)
    {
        var (age, throttled) = (Age(stream), Throttled(stream));
        alarms.Add("UndeliveredAge", "Firehose has held events for more than half an hour: it cannot write to the lake. It gives up after 24 hours.", age, MostSeconds, TimeSpan.FromMinutes(5), times: 3, only: isHere);
        alarms.Add("StreamThrottles", "Firehose refuses puts: its quota is reached. Ask for a higher one, or receive by fargate, which puts many events at once.", throttled, 0, TimeSpan.FromMinutes(5), only: isHere);
    }

    /// <summary>Adds the graphs. After them nothing can be added that is always there.</summary>
    /// <inheritdoc cref="Add(string, CfnCondition, Alarms)"/>
    public static void Add(string stream, CfnCondition isHere, Dashboard dashboard)
    {
        dashboard.AddOnly(isHere, "Age of the oldest event in Firehose (s)", Age(stream));
        dashboard.AddOnly(isHere, "Records", Of(stream, "IncomingRecords", "Sum"), Throttled(stream));
    }

    private static MetricOf Age(string stream) => Of(stream, "DeliveryToS3.DataFreshness", "Maximum");

    private static MetricOf Throttled(string stream) => Of(stream, "ThrottledRecords", "Sum");

    private static MetricOf Of(string stream, string name, string statistic) => new("AWS/Firehose", name, statistic, ("DeliveryStreamName", stream));
}
