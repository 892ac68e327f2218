using System.Globalization;
using System.Text.Json;
using LocalCloud.Protocol;

namespace LocalCloud.Sqs;

/// <summary>Where a message goes that was received too often.</summary>
/// <param name="DeadLetterTargetArn">The ARN of the dead-letter queue.</param>
/// <param name="MaxReceiveCount">How often a message is received before it goes there, 1 to 1,000.</param>
internal sealed record RedrivePolicy(string DeadLetterTargetArn, int MaxReceiveCount)
{
    private const string Attribute = "RedrivePolicy";

    /// <summary>The name of the dead-letter queue.</summary>
    public string Target => DeadLetterTargetArn[(DeadLetterTargetArn.LastIndexOf(':') + 1)..];

    /// <summary>Reads the attribute's JSON, in which the count is a number or a text.</summary>
    /// <exception cref="AwsException"><c>InvalidParameterValue</c>.</exception>
    public static RedrivePolicy Parse(string json)
    {
        using var policy = Object(json);
        var root = policy.RootElement;
        if (!root.TryGetProperty("deadLetterTargetArn", out var arn))
        {
            throw Invalid(json, "Redrive policy does not contain mandatory attribute: deadLetterTargetArn.");
        }

        if (!root.TryGetProperty("maxReceiveCount", out var count))
        {
            throw Invalid(json, "Redrive policy does not contain mandatory attribute: maxReceiveCount.");
        }

        if (arn.ValueKind != JsonValueKind.String || arn.GetString()!.Split(':') is not ["arn", _, "sqs", _, _, { Length: > 0 }])
        {
            throw Invalid(json, "Invalid value for deadLetterTargetArn.");
        }

        return int.TryParse(count.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var most) && most is >= 1 and <= 1000
            ? new RedrivePolicy(arn.GetString()!, most)
            : throw Invalid(json, $"Invalid value for maxReceiveCount: {count}, valid values are from 1 to 1000 both inclusive.");
    }

    public static AwsException Invalid(string json, string reason) => SqsErrors.InvalidParameter(json, Attribute, reason);

    /// <summary>As SQS answers it.</summary>
    public override string ToString() => $$"""{"deadLetterTargetArn":"{{DeadLetterTargetArn}}","maxReceiveCount":{{MaxReceiveCount}}}""";

    private static JsonDocument Object(string json)
    {
        try
        {
            var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document : throw SqsErrors.InvalidAttributeValue(Attribute);
        }
        catch (JsonException)
        {
            throw SqsErrors.InvalidAttributeValue(Attribute);
        }
    }
}
