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
        var outputs = new Construct(this, "Outputs");
        Output(outputs, "LakeBucketName", bucket.Name, "The bucket of the lake");
        Output(outputs, "EventStreamName", stream.Name, "The Firehose stream that beacons put events into");
        // By parameter, which is the same: the free LocalStack only pretends to have Glue and Athena, and its resources
        // answer Ref with something made up.
        Output(outputs, "ProducerRoleArn", producers.Arn, "The role that other accounts' beacons assume", layout.HasProducers);
        Output(outputs, "DatabaseName", parameters.DatabaseName.ValueAsString, "The Glue database");
        Output(outputs, "TableName", parameters.TableName.ValueAsString, "The Glue table of events");
        Output(outputs, "WorkgroupName", parameters.WorkgroupName.ValueAsString, "The Athena workgroup");
        Output(outputs, "MaintenanceWorkgroupName", parameters.MaintenanceWorkgroupName.ValueAsString, "The Athena workgroup of the catalog worker's own statements");
        Output(outputs, "EventsPrefix", layout.EventsFolder, "The folder of the events in the bucket");
        Output(outputs, "DataFormat", parameters.DataFormat.ValueAsString, "parquet or json");
        Output(outputs, LakeTemplateText.FieldsOutput, LakeTemplateText.FieldsOf(schema), "The fields that the table has columns for");
        Output(outputs, "PartitionType", parameters.PartitionType.ValueAsString, "The Glue type of the partition columns");
        Output(outputs, "KeyLayout", layout.KeyLayout, "hive (year=/month=/day=/hour=) or dated (yyyy/MM/dd/HH/)");
    }

    // Under a construct of their own, since some are called as parameters are; the override keeps the plain name.
    private static void Output(Construct scope, string name, string value, string description, CfnCondition? condition = null) =>
        new CfnOutput(scope, name, new CfnOutputProps { Value = value, Description = description, Condition = condition })
            .OverrideLogicalId(name);
}
