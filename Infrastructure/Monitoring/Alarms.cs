using Amazon.CDK;
using Amazon.CDK.AWS.CloudWatch;
using Amazon.CDK.AWS.SNS;

namespace Infrastructure.Monitoring;

/// <summary>One number that CloudWatch has.</summary>
/// <param name="Namespace">Such as <c>AWS/Lambda</c>.</param>
/// <param name="Name">Such as <c>Errors</c>.</param>
/// <param name="Statistic"><c>Sum</c>, <c>Maximum</c>, <c>Average</c>, or a percentile such as <c>p99</c>.</param>
/// <param name="Dimensions">Of what.</param>
internal sealed record MetricOf(string Namespace, string Name, string Statistic, params (string Name, string Value)[] Dimensions);

/// <summary>The alarms of a stack, and the topic that tells of them when they begin and when they end.</summary>
internal sealed class Alarms
{
    private readonly Stack _stack;
    private readonly CfnTopic _topic;

    /// <param name="stack">The stack.</param>
    /// <param name="only">Whether there is to be a topic at all; null: always. Each alarm then needs the same condition.</param>
    public Alarms(Stack stack, CfnCondition? only = null)
    {
        _stack = stack;
        var email = StackParameters.Text(stack, "AlarmEmail", "",
            "Where alarms are mailed to; AWS asks there first. Empty: nowhere, and the topic waits for subscribers.",
            @"^$|^[^@\s]+@[^@\s]+$", "One address, or nothing.");
        _topic = new CfnTopic(stack, "AlarmTopic", new CfnTopicProps { DisplayName = "PixelAspire" });
        var policy = new CfnTopicPolicy(stack, "AlarmTopicPolicy", new CfnTopicPolicyProps
        {
            Topics = [_topic.Ref],
            PolicyDocument = Permissions.Policies.Document(new Amazon.CDK.AWS.IAM.PolicyStatementProps
            {
                Principals = [new Amazon.CDK.AWS.IAM.ServicePrincipal("cloudwatch.amazonaws.com")],
                Actions = ["sns:Publish"],
                Resources = [_topic.Ref],
                Conditions = new Dictionary<string, object>
                {
                    ["StringEquals"] = new Dictionary<string, object> { ["aws:SourceAccount"] = Aws.ACCOUNT_ID },
                },
            }, Permissions.Policies.TlsOnly("sns:Publish", _topic.Ref)),
        });
        var subscription = new CfnSubscription(stack, "AlarmSubscription", new CfnSubscriptionProps
        {
            TopicArn = _topic.Ref,
            Protocol = "email",
            Endpoint = email.ValueAsString,
        });
        var hasEmail = StackParameters.IsNot(email, "", "HasAlarmEmail");
        subscription.CfnOptions.Condition = hasEmail;
        if (only is not null)
        {
            _topic.CfnOptions.Condition = policy.CfnOptions.Condition = only;
            subscription.CfnOptions.Condition = new CfnCondition(stack, "MailsAlarms", new CfnConditionProps { Expression = Fn.ConditionAnd(only, hasEmail) });
        }

        StackParameters.Output(stack, "AlarmTopicArn", _topic.Ref, "The SNS topic that tells of alarms", only);
    }

    /// <summary>Tells when a number is more than it should be.</summary>
    /// <param name="id">The alarm's logical id, without the word alarm.</param>
    /// <param name="description">What has happened, and what to do.</param>
    /// <param name="metric">The number.</param>
    /// <param name="above">The most that is all right.</param>
    /// <param name="every">Over how long it is taken.</param>
    /// <param name="times">So many times in a row.</param>
    /// <param name="only">Whether there is such an alarm at all.</param>
    public void Add(string id, string description, MetricOf metric, double above, TimeSpan every, int times = 1, CfnCondition? only = null)
    {
        var alarm = Make(id, description, metric, "GreaterThanThreshold", above, every, times, "notBreaching");
        if (only is not null)
        {
            alarm.CfnOptions.Condition = only;
        }
    }

    /// <summary>Tells when a number is less than it should be, or not there at all.</summary>
    /// <inheritdoc cref="Add"/>
    public void AddBelow(string id, string description, MetricOf metric, double below, TimeSpan every, int times = 1) =>
        Make(id, description, metric, "LessThanThreshold", below, every, times, "breaching");

    private CfnAlarm Make(string id, string description, MetricOf metric, string comparison, double threshold, TimeSpan every, int times, string missing)
    {
        var isPercentile = metric.Statistic.StartsWith('p');
        return new CfnAlarm(_stack, $"{id}Alarm", new CfnAlarmProps
        {
            AlarmDescription = description,
            Namespace = metric.Namespace,
            MetricName = metric.Name,
            Dimensions = metric.Dimensions.Select(d => new CfnAlarm.DimensionProperty { Name = d.Name, Value = d.Value }).ToArray(),
            Statistic = isPercentile ? null : metric.Statistic,
            ExtendedStatistic = isPercentile ? metric.Statistic : null,
            Period = every.TotalSeconds,
            EvaluationPeriods = times,
            Threshold = threshold,
            ComparisonOperator = comparison,
            // Most of these metrics have no point at all while nothing is wrong.
            TreatMissingData = missing,
            AlarmActions = [_topic.Ref],
            OkActions = [_topic.Ref],
        });
    }
}
