using Amazon.CDK;
using Infrastructure.Permissions;

namespace Infrastructure.Edge;

/// <summary>
/// Where the beacon puts events: the lake's stream, which is in the region of the edge and, unless there is a role to assume, in
/// its account.
/// </summary>
internal sealed class StreamParameters
{
    public StreamParameters(Stack stack)
    {
        Name = StackParameters.Text(stack, "EventStreamName", "pixel-events",
            "Name of the Firehose stream: the lake's output of the same name.",
            "^[a-zA-Z0-9_.-]{1,64}$", "1 to 64 letters, digits, dots, hyphens and underscores.");
        Fields = StackParameters.Text(stack, "EventFields", "",
            "The fields that the events table has columns for: the lake's output of the same name. Empty: all of the beacon's field file.",
            "^[a-z0-9_,]*$", "Names of columns, separated by commas.");
        Role = StackParameters.Text(stack, "ProducerRoleArn", "",
            "The lake's output of the same name, where the lake is in another account. Empty: it is in this one.",
            "^$|^arn:[a-z-]+:iam::[0-9]{12}:role/[A-Za-z0-9_+=,.@/-]{1,576}$", "The ARN of a role, or nothing.");
        ExternalId = StackParameters.Text(stack, "ProducerExternalId", "",
            "The lake's parameter of the same name; only with ProducerRoleArn.",
            "^$|^[A-Za-z0-9_+=,.@:/-]{2,1224}$", "2 to 1224 letters, digits and characters of +=,.@:/-_, or nothing.");
        IsElsewhere = StackParameters.IsNot(Role, "", "StreamIsElsewhere");
        IsHere = new CfnCondition(stack, "StreamIsHere", new CfnConditionProps { Expression = Fn.ConditionEquals(Fn.Ref(Role.LogicalId), "") });
    }

    /// <summary>The stream's name.</summary>
    public CfnParameter Name { get; }

    /// <summary>The fields of the field file that the table has columns for.</summary>
    public CfnParameter Fields { get; }

    /// <summary>The role of the lake's account that may put events.</summary>
    public CfnParameter Role { get; }

    /// <summary>What that role's trust policy asks for.</summary>
    public CfnParameter ExternalId { get; }

    /// <summary>Whether the stream is in another account.</summary>
    public CfnCondition IsElsewhere { get; }

    /// <summary>Whether it is in this one.</summary>
    public CfnCondition IsHere { get; }

    /// <summary>
    /// What the beacon may do to have its events in the stream (FirehoseSender): put them, or assume the one role that may.
    /// </summary>
    public ICfnRuleConditionExpression MayPut() => Policies.InlineEither(
        IsElsewhere,
        ("assume-producer", Policies.Allow(["sts:AssumeRole"], Role.ValueAsString)),
        ("put-events", Policies.Allow(["firehose:PutRecordBatch"], Policies.Arn("firehose", "deliverystream/${Stream}", ("Stream", Name.ValueAsString)))));

    /// <summary>The settings by which the beacon finds it.</summary>
    public Dictionary<string, string> Settings() => new()
    {
        ["AWS__Resources__EventStreamName"] = Name.ValueAsString,
        ["AWS__Resources__EventFields"] = Fields.ValueAsString,
        ["Delivery__RoleArn"] = Role.ValueAsString,
        ["Delivery__RoleExternalId"] = ExternalId.ValueAsString,
    };
}
