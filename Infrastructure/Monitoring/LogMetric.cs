using Amazon.CDK;
using Amazon.CDK.AWS.Logs;

namespace Infrastructure.Monitoring;

/// <summary>Numbers that only a log has.</summary>
internal static class LogMetric
{
    /// <summary>Counts the lines of a log that match.</summary>
    /// <param name="stack">The stack, in whose name the metric is.</param>
    /// <param name="name">The metric's name, and the filter's logical id.</param>
    /// <param name="log">The log.</param>
    /// <param name="pattern">What lines match (Amazon CloudWatch Logs User Guide, "Filter pattern syntax").</param>
    public static MetricOf Count(Stack stack, string name, CfnLogGroup log, string pattern)
    {
        var space = Fn.Sub("PixelAspire/${AWS::StackName}");
        _ = new CfnMetricFilter(stack, name, new CfnMetricFilterProps
        {
            LogGroupName = log.Ref,
            FilterPattern = pattern,
            MetricTransformations = new[]
            {
                new CfnMetricFilter.MetricTransformationProperty { MetricNamespace = space, MetricName = name, MetricValue = "1", DefaultValue = 0 },
            },
        });
        return new MetricOf(space, name, "Sum");
    }
}
