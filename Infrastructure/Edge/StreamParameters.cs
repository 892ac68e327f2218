using Amazon.CDK;

namespace Infrastructure.Edge;

/// <summary>Where the beacon puts events: the lake's stream, which is in the account and the region of the edge.</summary>
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
    }

    /// <summary>The stream's name.</summary>
    public CfnParameter Name { get; }

    /// <summary>The fields of the field file that the table has columns for.</summary>
    public CfnParameter Fields { get; }

    /// <summary>The stream's ARN.</summary>
    public string Arn => Permissions.Policies.Arn("firehose", "deliverystream/${Stream}", ("Stream", Name.ValueAsString));

    /// <summary>The settings by which the beacon finds it.</summary>
    public Dictionary<string, string> Settings() => new()
    {
        ["AWS__Resources__EventStreamName"] = Name.ValueAsString,
        ["AWS__Resources__EventFields"] = Fields.ValueAsString,
    };
}
