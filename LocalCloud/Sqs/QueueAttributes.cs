using System.Globalization;
using System.Text.Json;
using LocalCloud.Protocol;

namespace LocalCloud.Sqs;

/// <summary>
/// The attributes that a queue can be given, with their defaults and limits
/// (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html). Policies and keys are kept
/// and answered; nothing here enforces the one or encrypts with the other.
/// </summary>
internal static class QueueAttributes
{
    /// <summary>The largest message there is, and the largest batch: 1 MiB.</summary>
    public const int LargestMessage = 1_048_576;

    private static readonly Dictionary<string, (int Default, int Least, int Most)> Numbers = new(StringComparer.Ordinal)
    {
        ["DelaySeconds"] = (0, 0, 900),
        ["MaximumMessageSize"] = (LargestMessage, 1024, LargestMessage),
        ["MessageRetentionPeriod"] = (345_600, 60, 1_209_600),
        ["ReceiveMessageWaitTimeSeconds"] = (0, 0, 20),
        ["VisibilityTimeout"] = (30, 0, 43_200),
    };

    /// <summary>What a queue has of which nothing was said.</summary>
    public static IReadOnlyDictionary<string, string> Defaults { get; } =
        Numbers.ToDictionary(number => number.Key, number => number.Value.Default.ToString(CultureInfo.InvariantCulture));

    /// <summary>The attributes that can be set, in the order they are answered.</summary>
    public static IReadOnlyList<string> Settable { get; } =
        [.. Numbers.Keys, "SqsManagedSseEnabled", "KmsMasterKeyId", "KmsDataKeyReusePeriodSeconds", "Policy", "RedrivePolicy", "RedriveAllowPolicy"];

    /// <summary>Checks attributes and brings their values to one form; an empty value stands for an attribute to be taken away.</summary>
    /// <exception cref="AwsException">
    /// <c>InvalidAttributeName</c>, <c>InvalidAttributeValue</c>, <c>InvalidParameterValue</c>; <c>UnsupportedOperation</c> for a FIFO queue.
    /// </exception>
    public static Dictionary<string, string> Read(IReadOnlyDictionary<string, string?>? given)
    {
        var read = (given ?? new Dictionary<string, string?>()).ToDictionary(entry => entry.Key, entry => Read(entry.Key, entry.Value ?? ""));
        return read.GetValueOrDefault("KmsMasterKeyId", "").Length > 0 && read.GetValueOrDefault("SqsManagedSseEnabled") == "true"
            ? throw SqsErrors.InvalidAttributeName("You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.")
            : read;
    }

    private static string Read(string name, string value) => name switch
    {
        _ when Numbers.TryGetValue(name, out var number) => Whole(name, value, number.Least, number.Most),
        "KmsDataKeyReusePeriodSeconds" => Whole(name, value, 60, 86_400),
        "SqsManagedSseEnabled" => bool.TryParse(value, out var flag) ? (flag ? "true" : "false") : throw SqsErrors.InvalidAttributeValue(name),
        "KmsMasterKeyId" => value,
        "Policy" => value.Length == 0 || IsObject(value) ? value : throw SqsErrors.InvalidAttributeValue(name),
        "RedrivePolicy" => value.Length == 0 ? value : RedrivePolicy.Parse(value).ToString(),
        "RedriveAllowPolicy" => value.Length == 0 ? value : RedriveAllowPolicy.Parse(value).ToString(),
        "FifoQueue" when value == "true" => throw NoFifo(),
        _ => throw SqsErrors.InvalidAttributeName($"Unknown Attribute {name}."),
    };

    /// <summary>What a FIFO queue is refused with.</summary>
    public static AwsException NoFifo() => SqsErrors.UnsupportedOperation("LocalCloud has standard queues only: FIFO queues are not supported.");

    private static string Whole(string name, string value, int least, int most) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number.ToString(CultureInfo.InvariantCulture)
            : throw SqsErrors.InvalidAttributeValue(name);

    private static bool IsObject(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
