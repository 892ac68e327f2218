using System.Text.Json.Nodes;
using LocalCloud.Sqs;
using LocalCloud.Templates.Language;
using static LocalCloud.Templates.Resources.PropertyShape;

namespace LocalCloud.Templates.Resources;

/// <summary>AWS::SQS::QueuePolicy: the policy of each queue that it names. It is kept and answered; nothing enforces it.</summary>
internal sealed class QueuePolicyType(InProcessAws aws) : ProvisionedType
{
    private const string Attribute = "Policy";

    public override string Name => "AWS::SQS::QueuePolicy";

    public override PropertyShape Shape { get; } = Members(("PolicyDocument!", Any), ("Queues!", List(Text)));

    public override ResourceIdentity Identify(ResolvedResource resource)
    {
        var id = resource.Stack.NameFor(resource.LogicalId);
        return new ResourceIdentity(id, new Dictionary<string, string> { ["Id"] = id });
    }

    public override async ValueTask<bool> ExistsAsync(ResolvedResource resource, string physicalId, CancellationToken cancellation)
    {
        foreach (var queue in Queues(resource))
        {
            var request = new JsonObject { ["QueueUrl"] = queue, ["AttributeNames"] = new JsonArray(Attribute) };
            if (!await aws.FindsAsync("sqs", "GetQueueAttributes", request, SqsErrors.QueueDoesNotExist().Code, resource.Stack, cancellation)
                || (await aws.CallAsync("sqs", "GetQueueAttributes", request, resource.Stack, cancellation))["Attributes"]?[Attribute] is null)
            {
                return false;
            }
        }

        return true;
    }

    public override ValueTask CreateAsync(ResolvedResource resource, string physicalId, CancellationToken cancellation) =>
        SetAsync(resource, resource.Properties["PolicyDocument"]!.ToJsonString(), cancellation);

    public override ValueTask UpdateAsync(ResolvedResource resource, string physicalId, CancellationToken cancellation) =>
        CreateAsync(resource, physicalId, cancellation);

    public override ValueTask DeleteAsync(ResolvedResource resource, string physicalId, CancellationToken cancellation) =>
        SetAsync(resource, "", cancellation);

    private async ValueTask SetAsync(ResolvedResource resource, string policy, CancellationToken cancellation)
    {
        foreach (var queue in Queues(resource))
        {
            var request = new JsonObject { ["QueueUrl"] = queue, ["Attributes"] = new JsonObject { [Attribute] = policy } };
            await aws.CallAsync("sqs", "SetQueueAttributes", request, resource.Stack, cancellation);
        }
    }

    private static IEnumerable<string> Queues(ResolvedResource resource) =>
        resource.Properties["Queues"]!.AsArray().Select(queue => queue!.GetValue<string>());
}
