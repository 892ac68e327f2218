using Amazon.CDK;
using Constructs;
using Infrastructure.Monitoring;
using Pixel.Events;
using Pixel.Events.Lake;

namespace Infrastructure.Lake;

/// <summary>
/// The lake: a bucket, the Firehose stream that fills it, the Glue table that describes it and the Athena workgroup
/// that reads it. It has no assets and knows neither account nor region, so its template deploys with plain
/// CloudFormation, without <c>cdk bootstrap</c>, and to emulators.
/// </summary>
public sealed class PixelLakeStack : Stack
{
    /// <summary>The stack's name, in CloudFormation and of its template.</summary>
    public const string DefaultName = "PixelLake";

    public PixelLakeStack(Construct scope, EventSchema schema, string? region = null, string id = DefaultName)
        : base(scope, id, StackParameters.Props(id, "PixelAspire: the data lake of a tracking pixel", region, forReading: true))
    {
        StackParameters.Tag(this);
        var parameters = new LakeParameters(this);
        var layout = new LakeLayout(this, parameters);
        var bucket = new LakeBucket(this, parameters, layout);
        var catalog = new EventCatalog(this, parameters, layout, bucket, schema);
        var stream = new EventStream(this, parameters, layout, bucket, catalog);
        var producers = new ProducerRole(this, parameters, layout, stream);
        // The edge watches the stream, unless that is not its account's.
        StreamMonitoring.Add(stream.Name, layout.HasProducers, new Alarms(this, layout.HasProducers));
        WorkerTables.Add(this, parameters, bucket, catalog);
        QueryWorkgroups.Add(this, parameters, layout, bucket);

        // The names are those of Pixel.Events.Lake.LakeOptions: the services bind them as configuration.
        StackParameters.Output(this, "LakeBucketName", bucket.Name, "The bucket of the lake");
        StackParameters.Output(this, "EventStreamName", stream.Name, "The Firehose stream that beacons put events into");
        StackParameters.Output(this, "ProducerRoleArn", producers.Arn, "The role that other accounts' beacons assume", layout.HasProducers);
        // By parameter, which is the same: the free LocalStack only pretends to have Glue and Athena, and its resources
        // answer Ref with something made up.
        StackParameters.Output(this, "DatabaseName", parameters.DatabaseName.ValueAsString, "The Glue database");
        StackParameters.Output(this, "TableName", parameters.TableName.ValueAsString, "The Glue table of events");
        StackParameters.Output(this, "WorkgroupName", parameters.WorkgroupName.ValueAsString, "The Athena workgroup");
        StackParameters.Output(this, "MaintenanceWorkgroupName", parameters.MaintenanceWorkgroupName.ValueAsString, "The Athena workgroup of the catalog worker's own statements");
        StackParameters.Output(this, "EventsPrefix", layout.EventsFolder, "The folder of the events in the bucket");
        StackParameters.Output(this, "DataFormat", parameters.DataFormat.ValueAsString, "parquet or json");
        StackParameters.Output(this, LakeTemplateText.FieldsOutput, LakeTemplateText.FieldsOf(schema), "The fields that the table has columns for");
        StackParameters.Output(this, "PartitionType", parameters.PartitionType.ValueAsString, "The Glue type of the partition columns");
        StackParameters.Output(this, "KeyLayout", layout.KeyLayout, "hive (year=/month=/day=/hour=) or dated (yyyy/MM/dd/HH/)");
    }
}
