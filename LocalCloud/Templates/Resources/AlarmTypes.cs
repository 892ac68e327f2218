using LocalCloud.Templates.Language;
using static LocalCloud.Templates.Resources.PropertyShape;

namespace LocalCloud.Templates.Resources;

// On paper as well: nothing is measured here, and nobody is mailed.

/// <summary>AWS::CloudWatch::Alarm.</summary>
internal sealed class AlarmType : ResourceType
{
    public override string Name => "AWS::CloudWatch::Alarm";

    public override PropertyShape Shape => Any;

    public override ResourceIdentity Identify(ResolvedResource resource)
    {
        var name = resource.Text("AlarmName") ?? resource.Stack.NameFor(resource.LogicalId);
        return new ResourceIdentity(name, new Dictionary<string, string> { ["Arn"] = resource.Stack.Arn("cloudwatch", $"alarm:{name}") });
    }
}

/// <summary>AWS::SNS::Topic.</summary>
internal sealed class TopicType : ResourceType
{
    public override string Name => "AWS::SNS::Topic";

    public override PropertyShape Shape => Any;

    public override ResourceIdentity Identify(ResolvedResource resource)
    {
        var name = resource.Text("TopicName") ?? resource.Stack.NameFor(resource.LogicalId);
        var arn = resource.Stack.Arn("sns", name);
        return new ResourceIdentity(arn, new Dictionary<string, string> { ["TopicArn"] = arn, ["TopicName"] = name });
    }
}

/// <summary>AWS::SNS::TopicPolicy.</summary>
internal sealed class TopicPolicyType : ResourceType
{
    public override string Name => "AWS::SNS::TopicPolicy";

    public override PropertyShape Shape { get; } = Members(("PolicyDocument!", Any), ("Topics!", List(Text)));

    public override ResourceIdentity Identify(ResolvedResource resource) => new(resource.Stack.NameFor(resource.LogicalId));
}

/// <summary>AWS::SNS::Subscription.</summary>
internal sealed class SubscriptionType : ResourceType
{
    public override string Name => "AWS::SNS::Subscription";

    public override PropertyShape Shape => Any;

    public override ResourceIdentity Identify(ResolvedResource resource) =>
        new(resource.Stack.Arn("sns", $"{resource.Stack.NameFor(resource.LogicalId)}"));
}
