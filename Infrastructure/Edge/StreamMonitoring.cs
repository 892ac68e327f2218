using Infrastructure.Monitoring;

namespace Infrastructure.Edge;

/// <summary>What is watched of the stream that the beacon puts events to.</summary>
internal static class StreamMonitoring
{
    /// <summary>The longest that Firehose may collect (BufferSeconds), and as long again.</summary>
    private const double MostSeconds = 2 * 900;

    public static void Add(StreamParameters stream, Alarms alarms, Dashboard dashboard)
    {
        var age = Of("DeliveryToS3.DataFreshness", "Maximum");
        var throttled = Of("ThrottledRecords", "Sum");
        alarms.Add("UndeliveredAge", "Firehose has held events for more than half an hour: it cannot write to the lake. It gives up after 24 hours.", age, MostSeconds, TimeSpan.FromMinutes(5), times: 3);
        alarms.Add("StreamThrottles", "Firehose refuses puts: its quota is reached. Ask for a higher one, or receive by fargate, which puts many events at once.", throttled, 0, TimeSpan.FromMinutes(5));
        dashboard.Add("Age of the oldest event in Firehose (s)", age);
        dashboard.Add("Records", Of("IncomingRecords", "Sum"), throttled);

        MetricOf Of(string name, string statistic) => new("AWS/Firehose", name, statistic, ("DeliveryStreamName", stream.Name.ValueAsString));
    }
}
