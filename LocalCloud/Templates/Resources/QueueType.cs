using System.Text.Json.Nodes;
using LocalCloud.Sqs;
using LocalCloud.Templates.Language;
using static LocalCloud.Templates.Resources.PropertyShape;

namespace LocalCloud.Templates.Resources;

/// <summary>
/// AWS::SQS::Queue. Ref is its URL, which says where LocalCloud was told to listen. Its messages stay whatever the template says.
/// </summary>
internal sealed class QueueType(InProcessAws aws, QueueUrls urls) : ProvisionedType
{
    // The properties that are attributes under the same name.
    private static readonly string[] Attributes =
    [
        "DelaySeconds", "MaximumMessageSize", "MessageRetentionPeriod", "ReceiveMessageWaitTimeSeconds", "VisibilityTimeout", "FifoQueue",
        "KmsMasterKeyId", "KmsDataKeyReusePeriodSeconds", "SqsManagedSseEnabled", "RedrivePolicy", "RedriveAllowPolicy",
    ];

    // Those that SetQueueAttributes takes away when it is told an empty text.
    private static readonly string[] Removable = ["KmsMasterKeyId", "RedrivePolicy", "RedriveAllowPolicy"];

    public override string Name => "AWS::SQS::Queue";

    public override PropertyShape Shape { get; } = Members(
        ("QueueName", Text),
        ("DelaySeconds", Whole),
        ("MaximumMessageSize", Whole),
        ("MessageRetentionPeriod", Whole),
        ("ReceiveMessageWaitTimeSeconds", Whole),
        ("VisibilityTimeout", Whole),
        ("FifoQueue", Flag),
        ("KmsMasterKeyId", Text),
        ("KmsDataKeyReusePeriodSeconds", Whole),
        ("SqsManagedSseEnabled", Flag),
        ("RedrivePolicy", Any),
        ("RedriveAllowPolicy", Any),
        ("Tags", Tags));

    public override ResourceIdentity Identify(ResolvedResource resource)
    {
        var name = QueueName(resource);
        return new ResourceIdentity(urls.Of(name), new Dictionary<string, string>
        {
            ["Arn"] = resource.Stack.Arn("sqs", name),
            ["QueueName"] = name,
            ["QueueUrl"] = urls.Of(name),
        });
    }

    public override ValueTask<bool> ExistsAsync(ResolvedResource resource, string physicalId, CancellationToken cancellation) =>
        aws.FindsAsync(
            "sqs", "GetQueueUrl", new() { ["QueueName"] = QueueName(resource) }, SqsErrors.QueueDoesNotExist().Code, resource.Stack, cancellation);

    public override async ValueTask CreateAsync(ResolvedResource resource, string physicalId, CancellationToken cancellation) =>
        await aws.CallAsync(
            "sqs",
            "CreateQueue",
            new() { ["QueueName"] = QueueName(resource), ["Attributes"] = Given(resource), ["tags"] = GivenTags(resource) },
            resource.Stack,
            cancellation);

    public override async ValueTask UpdateAsync(ResolvedResource resource, string physicalId, CancellationToken cancellation)
    {
        // SetQueueAttributes keeps what it is not told, but a template that says nothing means the default.
        var attributes = Given(resource);
        foreach (var (name, value) in QueueAttributes.Defaults)
        {
            attributes[name] ??= value;
        }

        foreach (var name in Removable)
        {
            attributes[name] ??= "";
        }

        await aws.CallAsync("sqs", "SetQueueAttributes", Queue(("Attributes", attributes)), resource.Stack, cancellation);

        var tags = GivenTags(resource);
        var present = (await aws.CallAsync("sqs", "ListQueueTags", Queue(), resource.Stack, cancellation))["Tags"] as JsonObject ?? [];
        var left = present.Select(tag => tag.Key).Where(key => !tags.ContainsKey(key)).Select(key => (JsonNode?)key);
        await aws.CallAsync("sqs", "UntagQueue", Queue(("TagKeys", new JsonArray([.. left]))), resource.Stack, cancellation);
        await aws.CallAsync("sqs", "TagQueue", Queue(("Tags", tags)), resource.Stack, cancellation);

        JsonObject Queue(params (string Name, JsonNode Value)[] members)
        {
            var request = new JsonObject { ["QueueUrl"] = physicalId };
            foreach (var (name, value) in members)
            {
                request[name] = value;
            }

            return request;
        }
    }

    public override async ValueTask DeleteAsync(ResolvedResource resource, string physicalId, CancellationToken cancellation) =>
        await aws.CallAsync("sqs", "DeleteQueue", new() { ["QueueUrl"] = physicalId }, resource.Stack, cancellation);

    private static string QueueName(ResolvedResource resource) => resource.Text("QueueName") ?? resource.Stack.NameFor(resource.LogicalId, longest: 80);

    // The API takes every attribute as a text.
    private static JsonObject Given(ResolvedResource resource) => new(
        Attributes.Where(resource.Properties.ContainsKey).Select(name => KeyValuePair.Create(name, (JsonNode?)AsText(resource.Properties[name]!))));

    private static string AsText(JsonNode value) => value is JsonValue text && text.TryGetValue<string>(out var already) ? already : value.ToJsonString();

    private static JsonObject GivenTags(ResolvedResource resource) => new(
        (resource.Properties["Tags"] as JsonArray ?? []).Select(tag => KeyValuePair.Create(tag!["Key"]!.GetValue<string>(), tag["Value"]?.DeepClone())));
}
