using LocalCloud.Protocol;
using LocalCloud.Signing;
using Microsoft.Extensions.Options;

namespace LocalCloud.Sqs;

/// <summary>
/// The SQS API on the wire (AWS JSON 1.0, https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/): standard queues.
/// FIFO queues, permissions and message move tasks are refused with <c>UnsupportedOperation</c>; <see cref="SqsQueryApi"/> translates the
/// older query protocol into this one.
/// </summary>
internal sealed partial class SqsApi : AwsJsonService
{
    private static readonly string[] Missing =
        ["AddPermission", "RemovePermission", "StartMessageMoveTask", "CancelMessageMoveTask", "ListMessageMoveTasks"];

    private readonly QueueStore _store;
    private readonly QueueUrls _urls;
    private readonly CredentialStore _credentials;
    private readonly LocalCloudOptions _options;
    private readonly TimeProvider _time;
    private readonly CancellationToken _stopping;

    public SqsApi(
        QueueStore store, QueueUrls urls, CredentialStore credentials, IOptions<LocalCloudOptions> options, TimeProvider time, IHostApplicationLifetime lifetime)
        : base("sqs", "AmazonSQS")
    {
        _store = store;
        _urls = urls;
        _credentials = credentials;
        _options = options.Value;
        _time = time;
        _stopping = lifetime.ApplicationStopping;
        QueueOperations();
        TagOperations();
        MessageOperations();
        BatchOperations();
        foreach (var operation in Missing)
        {
            HandleJson(operation, (_, _, _) => throw SqsErrors.UnsupportedOperation($"LocalCloud does not have {operation}."));
        }
    }

    public override string JsonVersion => "1.0";

    public override bool IsQueryCompatible => true;

    /// <summary>The operations, all of which the query protocol has as well.</summary>
    public static IReadOnlyList<string> Operations { get; } =
    [
        "ChangeMessageVisibility", "ChangeMessageVisibilityBatch", "CreateQueue", "DeleteMessage", "DeleteMessageBatch", "DeleteQueue",
        "GetQueueAttributes", "GetQueueUrl", "ListDeadLetterSourceQueues", "ListQueues", "ListQueueTags", "PurgeQueue", "ReceiveMessage",
        "SendMessage", "SendMessageBatch", "SetQueueAttributes", "TagQueue", "UntagQueue", .. Missing,
    ];

    // An operation whose answer is the empty object.
    private static object? Done(Action work)
    {
        work();
        return null;
    }

    private static string Required(string? value, string parameter) =>
        string.IsNullOrEmpty(value) ? throw SqsErrors.MissingParameter(parameter) : value;

    private static TimeSpan? Seconds(int? value, string parameter, int most, string range) => value switch
    {
        null => null,
        >= 0 when value <= most => TimeSpan.FromSeconds(value.Value),
        _ => throw SqsErrors.InvalidParameter(value, parameter, range),
    };

    private static TimeSpan? Visibility(int? seconds) =>
        Seconds(seconds, "VisibilityTimeout", 43_200, "Must be between 0 and 43200, if provided.");
}
