using System.Text.Json.Nodes;
using LocalCloud.Templates.Language;
using static LocalCloud.Templates.Resources.PropertyShape;

namespace LocalCloud.Templates.Resources;

/// <summary>AWS::Glue::Database. Its tables stay whatever the template says.</summary>
internal sealed class GlueDatabaseType(InProcessAws aws) : ProvisionedType
{
    public override string Name => "AWS::Glue::Database";

    public override PropertyShape Shape { get; } = Members(
        ("CatalogId!", Text),
        ("DatabaseName", Text),
        ("DatabaseInput!", Members(
            ("Name", Text),
            ("Description", Text),
            ("LocationUri", Text),
            ("Parameters", TextMap),
            ("CreateTableDefaultPermissions", Any))));

    public override ResourceIdentity Identify(ResolvedResource resource) => new(
        (resource.Text("DatabaseName") ?? resource.Properties["DatabaseInput"]!["Name"]?.GetValue<string>()
            ?? resource.Stack.NameFor(resource.LogicalId)).ToLowerInvariant());

    public override ValueTask<bool> ExistsAsync(ResolvedResource resource, string physicalId, CancellationToken cancellation) =>
        aws.FindsAsync("glue", "GetDatabase", new() { ["Name"] = physicalId }, "EntityNotFoundException", resource.Stack, cancellation);

    public override async ValueTask CreateAsync(ResolvedResource resource, string physicalId, CancellationToken cancellation) =>
        await aws.CallAsync("glue", "CreateDatabase", new() { ["DatabaseInput"] = Input(resource, physicalId) }, resource.Stack, cancellation);

    public override async ValueTask UpdateAsync(ResolvedResource resource, string physicalId, CancellationToken cancellation) =>
        await aws.CallAsync(
            "glue", "UpdateDatabase", new() { ["Name"] = physicalId, ["DatabaseInput"] = Input(resource, physicalId) }, resource.Stack, cancellation);

    public override async ValueTask DeleteAsync(ResolvedResource resource, string physicalId, CancellationToken cancellation) =>
        await aws.CallAsync("glue", "DeleteDatabase", new() { ["Name"] = physicalId }, resource.Stack, cancellation);

    private static JsonNode Input(ResolvedResource resource, string physicalId)
    {
        var input = resource.Properties["DatabaseInput"]!.DeepClone();
        input["Name"] = physicalId;
        return input;
    }
}
