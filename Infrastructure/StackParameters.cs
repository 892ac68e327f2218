using Amazon.CDK;

namespace Infrastructure;

/// <summary>Parameters and conditions of a template, each with what it is for.</summary>
internal static class StackParameters
{
    /// <summary>A text; without <paramref name="value"/> whoever deploys must give one.</summary>
    public static CfnParameter Text(Stack stack, string name, string? value, string description, string pattern, string constraint) =>
        new(stack, name, new CfnParameterProps
        {
            Type = "String",
            Default = value,
            Description = description,
            AllowedPattern = pattern,
            ConstraintDescription = constraint,
        });

    /// <summary>One of some texts.</summary>
    public static CfnParameter Choice(Stack stack, string name, string value, string[] allowed, string description) =>
        new(stack, name, new CfnParameterProps
        {
            Type = "String",
            Default = value,
            Description = description,
            AllowedValues = allowed,
        });

    /// <summary>A whole number of a range.</summary>
    public static CfnParameter Whole(Stack stack, string name, double value, double least, double most, string description) =>
        new(stack, name, new CfnParameterProps
        {
            Type = "Number",
            Default = value,
            MinValue = least,
            MaxValue = most,
            Description = description,
        });

    /// <summary>One of some whole numbers.</summary>
    public static CfnParameter Whole(Stack stack, string name, double value, double[] allowed, string description) =>
        new(stack, name, new CfnParameterProps
        {
            Type = "Number",
            // As a text, since the values it must be among are texts.
            Default = value.ToString("0"),
            AllowedValues = [.. allowed.Select(number => number.ToString("0"))],
            Description = description,
        });

    /// <summary>A list of texts, separated by commas; empty by default.</summary>
    public static CfnParameter List(Stack stack, string name, string description) =>
        new(stack, name, new CfnParameterProps
        {
            Type = "CommaDelimitedList",
            Default = "",
            Description = description,
        });

    /// <summary>How many days CloudWatch keeps logs whose lines may hold events or what they were refused for.</summary>
    public static CfnParameter LogRetention(Stack stack, string what) =>
        Whole(stack, "LogRetentionDays", 7, [1, 3, 5, 7], $"How many days CloudWatch keeps {what}: at most a week, since lines can hold parts of events.");

    /// <summary>A condition that holds when a parameter is anything but a value. It compares texts, so by Ref.</summary>
    public static CfnCondition IsNot(CfnParameter parameter, string value, string name) =>
        new((Stack)parameter.Stack, name, new CfnConditionProps
        {
            Expression = Fn.ConditionNot(Fn.ConditionEquals(Fn.Ref(parameter.LogicalId), value)),
        });

    /// <summary>A value, or that the property is not there. In CloudFormation's own casing: CDK does not translate classes inside of it.</summary>
    public static Dictionary<string, object> If(CfnCondition condition, object then, object? otherwise = null) =>
        new() { ["Fn::If"] = new[] { condition.LogicalId, then, otherwise ?? new Dictionary<string, object> { ["Ref"] = "AWS::NoValue" } } };

    /// <summary>An output that keeps its plain name.</summary>
    public static void Output(Stack stack, string name, string value, string description, CfnCondition? condition = null) =>
        new CfnOutput(stack, $"Output{name}", new CfnOutputProps { Value = value, Description = description, Condition = condition }).OverrideLogicalId(name);

    /// <summary>
    /// What all stacks of this product share. They have no assets, so nobody needs <c>cdk bootstrap</c>: the usual synthesizer
    /// would have <c>cdk deploy</c> look for a bootstrapped account's roles and bucket all the same.
    /// </summary>
    /// <param name="name">The stack's.</param>
    /// <param name="description">What it is.</param>
    /// <param name="region">Its region; null: that of whoever deploys.</param>
    /// <param name="forReading">Whether the template is committed, and so has lines.</param>
    public static StackProps Props(string name, string description, string? region, bool forReading = false) => new()
    {
        StackName = name,
        Description = description,
        AnalyticsReporting = false,
        Env = region is null ? null : new Amazon.CDK.Environment { Region = region },
        Synthesizer = new LegacyStackSynthesizer(),
        // CloudFormation takes 51,200 bytes without a bucket to put the template in.
        SuppressTemplateIndentation = !forReading,
    };

    /// <summary>Says of everything in a stack that can have tags what it belongs to.</summary>
    public static void Tag(Stack stack) => Tags.Of(stack).Add("application", "pixelaspire");
}
