using System.Text.Json.Nodes;
using LocalCloud.Templates.Language;
using static LocalCloud.Templates.Resources.PropertyShape;

namespace LocalCloud.Templates.Resources;

/// <summary>AWS::Athena::WorkGroup. Its queries and their results stay whatever the template says.</summary>
internal sealed class WorkGroupType(InProcessAws aws) : ProvisionedType
{
    public override string Name => "AWS::Athena::WorkGroup";

    public override PropertyShape Shape { get; } = Members(
        ("Name!", Text),
        ("Description", Text),
        ("State", Text),
        ("RecursiveDeleteOption", Flag),
        ("Tags", Tags),
        ("WorkGroupConfiguration", Members(
            ("EnforceWorkGroupConfiguration", Flag),
            ("PublishCloudWatchMetricsEnabled", Flag),
            ("RequesterPaysEnabled", Flag),
            ("BytesScannedCutoffPerQuery", Whole),
            ("EngineVersion", Members(("SelectedEngineVersion", Text), ("EffectiveEngineVersion", Text))),
            ("ResultConfiguration", Members(
                ("OutputLocation", Text),
                ("ExpectedBucketOwner", Text),
                ("EncryptionConfiguration", Members(("EncryptionOption!", Text), ("KmsKey", Text))),
                ("AclConfiguration", Members(("S3AclOption!", Text))))))));

    public override ResourceIdentity Identify(ResolvedResource resource) => new(resource.Text("Name")!);

    public override ValueTask<bool> ExistsAsync(ResolvedResource resource, string physicalId, CancellationToken cancellation) =>
        // Athena answers "WorkGroup … is not found." under the code of every other bad request.
        aws.FindsAsync("athena", "GetWorkGroup", new() { ["WorkGroup"] = physicalId }, "InvalidRequestException", resource.Stack, cancellation);

    public override async ValueTask CreateAsync(ResolvedResource resource, string physicalId, CancellationToken cancellation)
    {
        var request = new JsonObject
        {
            ["Name"] = physicalId,
            ["Configuration"] = resource.Properties["WorkGroupConfiguration"]?.DeepClone() ?? new JsonObject(),
        };
        if (resource.Text("Description") is { } description)
        {
            request["Description"] = description;
        }

        if (resource.Properties["Tags"] is { } tags)
        {
            request["Tags"] = tags.DeepClone();
        }

        await aws.CallAsync("athena", "CreateWorkGroup", request, resource.Stack, cancellation);

        // CreateWorkGroup knows no state: a new one is enabled.
        if (resource.Text("State") is { } state and not "ENABLED")
        {
            await aws.CallAsync("athena", "UpdateWorkGroup", new() { ["WorkGroup"] = physicalId, ["State"] = state }, resource.Stack, cancellation);
        }
    }

    public override async ValueTask UpdateAsync(ResolvedResource resource, string physicalId, CancellationToken cancellation)
    {
        var updates = resource.Properties["WorkGroupConfiguration"]?.DeepClone().AsObject() ?? [];
        var results = updates["ResultConfiguration"]?.DeepClone().AsObject() ?? [];
        updates.Remove("ResultConfiguration");

        // What the template no longer says has to be taken away by name.
        SetOrRemove(updates, "BytesScannedCutoffPerQuery");
        SetOrRemove(results, "OutputLocation");
        SetOrRemove(results, "EncryptionConfiguration");
        SetOrRemove(results, "ExpectedBucketOwner");
        SetOrRemove(results, "AclConfiguration");
        updates["ResultConfigurationUpdates"] = results;

        var request = new JsonObject
        {
            ["WorkGroup"] = physicalId,
            ["Description"] = resource.Text("Description") ?? "",
            ["State"] = resource.Text("State") ?? "ENABLED",
            ["ConfigurationUpdates"] = updates,
        };
        await aws.CallAsync("athena", "UpdateWorkGroup", request, resource.Stack, cancellation);
    }

    public override async ValueTask DeleteAsync(ResolvedResource resource, string physicalId, CancellationToken cancellation) =>
        await aws.CallAsync(
            "athena",
            "DeleteWorkGroup",
            new() { ["WorkGroup"] = physicalId, ["RecursiveDeleteOption"] = resource.Properties["RecursiveDeleteOption"]?.DeepClone() ?? false },
            resource.Stack,
            cancellation);

    private static void SetOrRemove(JsonObject updates, string member)
    {
        if (!updates.ContainsKey(member))
        {
            updates[$"Remove{member}"] = true;
        }
    }
}
