using Amazon.CDK;
using Amazon.CDK.AWS.IAM;

namespace Infrastructure.Permissions;

/// <summary>Policies as the stacks write them: each action and each resource is listed.</summary>
internal static class Policies
{
    /// <summary>A document of statements.</summary>
    public static PolicyDocument Document(params PolicyStatementProps[] statements) =>
        new(new PolicyDocumentProps { Statements = [.. statements.Select(props => new PolicyStatement(props))] });

    /// <summary>A statement that allows actions on resources.</summary>
    public static PolicyStatementProps Allow(string[] actions, params string[] resources) => new() { Actions = actions, Resources = resources };

    /// <summary>A policy inside of a role.</summary>
    public static CfnRole.PolicyProperty Inline(string name, params PolicyStatementProps[] statements) =>
        new() { PolicyName = name, PolicyDocument = Document(statements) };

    /// <summary>One of two policies inside of a role. In CloudFormation's own casing: CDK does not translate classes inside of Fn::If.</summary>
    public static ICfnRuleConditionExpression InlineEither(
        CfnCondition condition, (string Name, PolicyStatementProps Statement) then, (string Name, PolicyStatementProps Statement) otherwise)
    {
        return Fn.ConditionIf(condition.LogicalId, Of(then), Of(otherwise));

        static Dictionary<string, object> Of((string Name, PolicyStatementProps Statement) policy) => new()
        {
            ["PolicyName"] = policy.Name,
            ["PolicyDocument"] = Document(policy.Statement),
        };
    }

    /// <summary>Lets a service of AWS take a role.</summary>
    /// <param name="service">Such as <c>lambda.amazonaws.com</c>.</param>
    /// <param name="conditions">
    /// On whose behalf: where the service says so, no other account's resource may borrow the role (the "confused deputy").
    /// </param>
    public static PolicyDocument AssumedBy(string service, IDictionary<string, object>? conditions = null) => Document(new PolicyStatementProps
    {
        Principals = [new ServicePrincipal(service)],
        Actions = ["sts:AssumeRole"],
        Conditions = conditions,
    });

    /// <summary>Refuses whoever comes without TLS.</summary>
    /// <param name="action">What is refused, such as <c>sqs:*</c>.</param>
    /// <param name="resource">The ARN of what it is refused on.</param>
    public static PolicyStatementProps TlsOnly(string action, string resource) => new()
    {
        Sid = "TlsOnly",
        Effect = Effect.DENY,
        Principals = [new AnyPrincipal()],
        Actions = [action],
        Resources = [resource],
        Conditions = new Dictionary<string, object>
        {
            ["Bool"] = new Dictionary<string, object> { ["aws:SecureTransport"] = "false" },
        },
    };

    /// <summary>The ARN of something of this account in this region.</summary>
    /// <param name="service">Such as <c>firehose</c>.</param>
    /// <param name="resource">What follows the account, such as <c>deliverystream/${Name}</c>.</param>
    /// <param name="values">What stands for the placeholders.</param>
    public static string Arn(string service, string resource, params (string Name, string Value)[] values)
    {
        var text = $"arn:${{AWS::Partition}}:{service}:${{AWS::Region}}:${{AWS::AccountId}}:{resource}";
        return values.Length == 0 ? Fn.Sub(text) : Fn.Sub(text, values.ToDictionary(value => value.Name, value => value.Value));
    }
}
