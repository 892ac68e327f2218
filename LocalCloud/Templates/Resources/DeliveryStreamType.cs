using System.Text.Json.Nodes;
using LocalCloud.Templates.Language;
using static LocalCloud.Templates.Resources.PropertyShape;

namespace LocalCloud.Templates.Resources;

/// <summary>
/// AWS::KinesisFirehose::DeliveryStream with an S3 destination. An update changes the destination; records that wait
/// in the stream's buffer stay there.
/// </summary>
internal sealed class DeliveryStreamType(InProcessAws aws) : ProvisionedType
{
    private const string Destination = "ExtendedS3DestinationConfiguration", Encryption = "DeliveryStreamEncryptionConfigurationInput";

    private static readonly PropertyShape Conversion = Members(
        ("Enabled", Flag),
        ("InputFormatConfiguration", Members(("Deserializer", Members(
            ("OpenXJsonSerDe", Members(
                ("CaseInsensitive", Flag),
                ("ColumnToJsonKeyMappings", TextMap),
                ("ConvertDotsInJsonKeysToUnderscores", Flag))),
            ("HiveJsonSerDe", Members(("TimestampFormats", List(Text)))))))),
        ("OutputFormatConfiguration", Members(("Serializer", Members(
            ("OrcSerDe", Any),
            ("ParquetSerDe", Members(
                ("BlockSizeBytes", Whole),
                ("Compression", Text),
                ("EnableDictionaryCompression", Flag),
                ("MaxPaddingBytes", Whole),
                ("PageSizeBytes", Whole),
                ("WriterVersion", Text))))))),
        ("SchemaConfiguration", Members(
            ("CatalogId", Text),
            ("DatabaseName", Text),
            ("TableName", Text),
            ("Region", Text),
            ("RoleARN", Text),
            ("VersionId", Text))));

    public override string Name => "AWS::KinesisFirehose::DeliveryStream";

    public override PropertyShape Shape { get; } = Members(
        ("DeliveryStreamName", Text),
        ("DeliveryStreamType", Text),
        (Encryption, Members(("KeyType!", Text), ("KeyARN", Text))),
        ("Tags", Tags),
        ($"{Destination}!", Members(
            ("BucketARN!", Text),
            ("RoleARN!", Text),
            ("Prefix", Text),
            ("ErrorOutputPrefix", Text),
            ("BufferingHints", Members(("IntervalInSeconds", Whole), ("SizeInMBs", Whole))),
            ("CompressionFormat", Text),
            ("CustomTimeZone", Text),
            ("FileExtension", Text),
            ("CloudWatchLoggingOptions", Members(("Enabled", Flag), ("LogGroupName", Text), ("LogStreamName", Text))),
            ("EncryptionConfiguration", Any),
            ("ProcessingConfiguration", Any),
            ("DynamicPartitioningConfiguration", Any),
            ("S3BackupMode", Text),
            ("S3BackupConfiguration", Any),
            ("DataFormatConversionConfiguration", Conversion))));

    public override ResourceIdentity Identify(ResolvedResource resource)
    {
        var name = resource.Text("DeliveryStreamName") ?? resource.Stack.NameFor(resource.LogicalId);
        return new ResourceIdentity(name, new Dictionary<string, string>
        {
            ["Arn"] = resource.Stack.Arn("firehose", $"deliverystream/{name}"),
        });
    }

    public override ValueTask<bool> ExistsAsync(ResolvedResource resource, string physicalId, CancellationToken cancellation) =>
        aws.FindsAsync("firehose", "DescribeDeliveryStream", Named(physicalId), "ResourceNotFoundException", resource.Stack, cancellation);

    public override async ValueTask CreateAsync(ResolvedResource resource, string physicalId, CancellationToken cancellation)
    {
        var request = Named(physicalId);
        request["DeliveryStreamType"] = resource.Text("DeliveryStreamType") ?? "DirectPut";
        request[Destination] = resource.Properties[Destination]!.DeepClone();
        if (resource.Properties[Encryption] is { } encryption)
        {
            request[Encryption] = encryption.DeepClone();
        }

        if (resource.Properties["Tags"] is { } tags)
        {
            request["Tags"] = tags.DeepClone();
        }

        await aws.CallAsync("firehose", "CreateDeliveryStream", request, resource.Stack, cancellation);
    }

    public override async ValueTask UpdateAsync(ResolvedResource resource, string physicalId, CancellationToken cancellation)
    {
        var described = await aws.CallAsync("firehose", "DescribeDeliveryStream", Named(physicalId), resource.Stack, cancellation);
        var stream = described["DeliveryStreamDescription"]!;
        var update = resource.Properties[Destination]!.DeepClone().AsObject();

        // UpdateDestination keeps what it is not told, but a template that says nothing means that there is none.
        update["Prefix"] ??= "";
        update["ErrorOutputPrefix"] ??= "";
        update["CompressionFormat"] ??= "UNCOMPRESSED";
        update["DataFormatConversionConfiguration"] ??= new JsonObject { ["Enabled"] = false };
        if (update["S3BackupConfiguration"] is { } backup)
        {
            update.Remove("S3BackupConfiguration");
            update["S3BackupUpdate"] = backup;
        }

        var request = Named(physicalId);
        request["CurrentDeliveryStreamVersionId"] = stream["VersionId"]!.DeepClone();
        request["DestinationId"] = stream["Destinations"]![0]!["DestinationId"]!.DeepClone();
        request["ExtendedS3DestinationUpdate"] = update;
        await aws.CallAsync("firehose", "UpdateDestination", request, resource.Stack, cancellation);

        var change = Named(physicalId);
        if (resource.Properties[Encryption] is { } encryption)
        {
            change[Encryption] = encryption.DeepClone();
        }

        var operation = resource.Properties[Encryption] is null ? "StopDeliveryStreamEncryption" : "StartDeliveryStreamEncryption";
        await aws.CallAsync("firehose", operation, change, resource.Stack, cancellation);
    }

    public override async ValueTask DeleteAsync(ResolvedResource resource, string physicalId, CancellationToken cancellation) =>
        await aws.CallAsync("firehose", "DeleteDeliveryStream", Named(physicalId), resource.Stack, cancellation);

    private static JsonObject Named(string physicalId) => new() { ["DeliveryStreamName"] = physicalId };
}
