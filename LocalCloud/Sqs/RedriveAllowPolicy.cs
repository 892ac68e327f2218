using System.Text.Json;
using System.Text.Json.Serialization;
using LocalCloud.Protocol;

namespace LocalCloud.Sqs;

/// <summary>Which queues may have a queue as their dead-letter queue. It is asked when one of them is given its redrive policy.</summary>
/// <param name="Permission"><c>allowAll</c>, <c>denyAll</c> or <c>byQueue</c>.</param>
/// <param name="Sources">With <c>byQueue</c>, the ARNs of 1 to 10 queues.</param>
internal sealed record RedriveAllowPolicy(
    [property: JsonPropertyName("redrivePermission")] string? Permission,
    [property: JsonPropertyName("sourceQueueArns")] IReadOnlyList<string>? Sources)
{
    private const string Attribute = "RedriveAllowPolicy";

    /// <summary>Reads the attribute's JSON.</summary>
    /// <exception cref="AwsException"><c>InvalidAttributeValue</c>, <c>InvalidParameterValue</c>.</exception>
    public static RedriveAllowPolicy Parse(string json)
    {
        RedriveAllowPolicy? policy;
        try
        {
            policy = JsonSerializer.Deserialize<RedriveAllowPolicy>(json, AwsJson.Options);
        }
        catch (JsonException)
        {
            throw SqsErrors.InvalidAttributeValue(Attribute);
        }

        return policy switch
        {
            { Permission: "allowAll" or "denyAll", Sources: null } or { Permission: "byQueue", Sources.Count: >= 1 and <= 10 } => policy,
            { Permission: "allowAll" or "denyAll" or "byQueue" } => throw SqsErrors.InvalidParameter(
                json, Attribute, "sourceQueueArns must have 1 to 10 ARNs with byQueue, and must not be there otherwise."),
            _ => throw SqsErrors.InvalidAttributeValue(Attribute),
        };
    }

    public bool Allows(string sourceArn) => Permission == "allowAll" || Sources?.Contains(sourceArn) == true;

    /// <summary>As SQS answers it.</summary>
    public override string ToString() => JsonSerializer.Serialize(this, AwsJson.Options);
}
