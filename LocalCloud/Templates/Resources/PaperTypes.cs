using LocalCloud.Templates.Language;
using static LocalCloud.Templates.Resources.PropertyShape;

namespace LocalCloud.Templates.Resources;

// Types that have names and ARNs, since others refer to them, and nothing behind them: there is no access control
// and no log service here. The start says so in its log.

/// <summary>AWS::IAM::Role.</summary>
internal sealed class RoleType : ResourceType
{
    public override string Name => "AWS::IAM::Role";

    public override PropertyShape Shape { get; } = Members(
        ("AssumeRolePolicyDocument!", Any),
        ("Description", Text),
        ("ManagedPolicyArns", List(Text)),
        ("MaxSessionDuration", Whole),
        ("Path", Text),
        ("PermissionsBoundary", Text),
        ("Policies", List(Members(("PolicyName!", Text), ("PolicyDocument!", Any)))),
        ("RoleName", Text),
        ("Tags", Tags));

    public override ResourceIdentity Identify(ResolvedResource resource)
    {
        var stack = resource.Stack;
        var name = resource.Text("RoleName") ?? stack.NameFor(resource.LogicalId);
        return new ResourceIdentity(name, new Dictionary<string, string>
        {
            ["Arn"] = $"arn:{stack.Partition}:iam::{stack.AccountId}:role{resource.Text("Path") ?? "/"}{name}",
            ["RoleId"] = $"AROA{stack.SuffixFor(resource.LogicalId)}",
        });
    }
}

/// <summary>AWS::IAM::Policy.</summary>
internal sealed class PolicyType : ResourceType
{
    public override string Name => "AWS::IAM::Policy";

    public override PropertyShape Shape { get; } = Members(
        ("PolicyDocument!", Any),
        ("PolicyName!", Text),
        ("Groups", List(Text)),
        ("Roles", List(Text)),
        ("Users", List(Text)));

    public override ResourceIdentity Identify(ResolvedResource resource) => new(resource.Stack.NameFor(resource.LogicalId));
}

/// <summary>AWS::Logs::LogGroup.</summary>
internal sealed class LogGroupType : ResourceType
{
    public override string Name => "AWS::Logs::LogGroup";

    public override PropertyShape Shape { get; } = Members(
        ("LogGroupName", Text),
        ("LogGroupClass", Text),
        ("RetentionInDays", Whole),
        ("KmsKeyId", Text),
        ("DataProtectionPolicy", Any),
        ("Tags", Tags));

    public override ResourceIdentity Identify(ResolvedResource resource)
    {
        var name = resource.Text("LogGroupName") ?? resource.Stack.NameFor(resource.LogicalId);
        return new ResourceIdentity(name, new Dictionary<string, string>
        {
            ["Arn"] = resource.Stack.Arn("logs", $"log-group:{name}:*"),
        });
    }
}

/// <summary>AWS::Logs::LogStream.</summary>
internal sealed class LogStreamType : ResourceType
{
    public override string Name => "AWS::Logs::LogStream";

    public override PropertyShape Shape { get; } = Members(("LogGroupName!", Text), ("LogStreamName", Text));

    public override ResourceIdentity Identify(ResolvedResource resource) =>
        new(resource.Text("LogStreamName") ?? resource.Stack.NameFor(resource.LogicalId));
}
