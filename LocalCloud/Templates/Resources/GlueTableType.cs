using System.Text.Json.Nodes;
using LocalCloud.Templates.Language;
using static LocalCloud.Templates.Resources.PropertyShape;

namespace LocalCloud.Templates.Resources;

/// <summary>AWS::Glue::Table. An update makes a new version of the table, as it does in Glue; its partitions stay.</summary>
internal sealed class GlueTableType(InProcessAws aws) : ProvisionedType
{
    private static readonly PropertyShape Columns =
        List(Members(("Name!", Text), ("Type", Text), ("Comment", Text), ("Parameters", TextMap)));

    public override string Name => "AWS::Glue::Table";

    public override PropertyShape Shape { get; } = Members(
        ("CatalogId!", Text),
        ("DatabaseName!", Text),
        ("Name", Text),
        ("TableInput!", Members(
            ("Name", Text),
            ("Description", Text),
            ("Owner", Text),
            ("Retention", Whole),
            ("TableType", Text),
            ("Parameters", TextMap),
            ("PartitionKeys", Columns),
            ("ViewOriginalText", Text),
            ("ViewExpandedText", Text),
            ("TargetTable", Any),
            ("StorageDescriptor", Members(
                ("Columns", Columns),
                ("Location", Text),
                ("InputFormat", Text),
                ("OutputFormat", Text),
                ("Compressed", Flag),
                ("NumberOfBuckets", Whole),
                ("BucketColumns", List(Text)),
                ("SortColumns", List(Members(("Column!", Text), ("SortOrder!", Whole)))),
                ("SkewedInfo", Any),
                ("SchemaReference", Any),
                ("StoredAsSubDirectories", Flag),
                ("Parameters", TextMap),
                ("SerdeInfo", Members(
                    ("Name", Text),
                    ("SerializationLibrary", Text),
                    ("Parameters", TextMap))))))));

    public override ResourceIdentity Identify(ResolvedResource resource) => new(
        (resource.Text("Name") ?? resource.Properties["TableInput"]!["Name"]?.GetValue<string>()
            ?? resource.Stack.NameFor(resource.LogicalId)).ToLowerInvariant());

    public override ValueTask<bool> ExistsAsync(ResolvedResource resource, string physicalId, CancellationToken cancellation) =>
        aws.FindsAsync(
            "glue",
            "GetTable",
            new() { ["DatabaseName"] = resource.Text("DatabaseName"), ["Name"] = physicalId },
            "EntityNotFoundException",
            resource.Stack,
            cancellation);

    public override ValueTask CreateAsync(ResolvedResource resource, string physicalId, CancellationToken cancellation) =>
        CallAsync("CreateTable", resource, physicalId, cancellation);

    public override ValueTask UpdateAsync(ResolvedResource resource, string physicalId, CancellationToken cancellation) =>
        CallAsync("UpdateTable", resource, physicalId, cancellation);

    public override async ValueTask DeleteAsync(ResolvedResource resource, string physicalId, CancellationToken cancellation) =>
        await aws.CallAsync(
            "glue", "DeleteTable", new() { ["DatabaseName"] = resource.Text("DatabaseName"), ["Name"] = physicalId }, resource.Stack, cancellation);

    private async ValueTask CallAsync(string operation, ResolvedResource resource, string physicalId, CancellationToken cancellation)
    {
        var input = resource.Properties["TableInput"]!.DeepClone();
        input["Name"] = physicalId;
        var request = new JsonObject { ["DatabaseName"] = resource.Text("DatabaseName"), ["TableInput"] = input };
        await aws.CallAsync("glue", operation, request, resource.Stack, cancellation);
    }
}
