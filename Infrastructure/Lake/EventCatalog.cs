using Amazon.CDK;
using Amazon.CDK.AWS.Glue;
using Pixel.Events;

namespace Infrastructure.Lake;

/// <summary>
/// The Glue database and the table of events. The columns are the event schema's, which Firehose also converts by;
/// partitions are registered by the catalog worker, so there is no partition projection: every engine sees the same ones.
/// </summary>
internal sealed class EventCatalog
{
    private readonly CfnDatabase _database;
    private readonly CfnTable _table;

    public EventCatalog(Stack stack, LakeParameters parameters, LakeLayout layout, LakeBucket bucket, EventSchema schema)
    {
        _database = new CfnDatabase(stack, "Database", new CfnDatabaseProps
        {
            CatalogId = Aws.ACCOUNT_ID,
            DatabaseInput = new CfnDatabase.DatabaseInputProperty
            {
                Name = parameters.DatabaseName.ValueAsString,
                Description = "Tracking-pixel events",
            },
        });

        _table = new CfnTable(stack, "EventTable", new CfnTableProps
        {
            CatalogId = Aws.ACCOUNT_ID,
            DatabaseName = _database.Ref,
            TableInput = new CfnTable.TableInputProperty
            {
                Name = parameters.TableName.ValueAsString,
                Description = "One row for each event that a beacon accepted, by the hour of its arrival",
                TableType = "EXTERNAL_TABLE",
                Parameters = new Dictionary<string, object>
                {
                    ["EXTERNAL"] = "TRUE",
                    ["classification"] = parameters.DataFormat.ValueAsString,
                },
                PartitionKeys = PartitionKeys(parameters),
                StorageDescriptor = new CfnTable.StorageDescriptorProperty
                {
                    Columns = Columns(schema),
                    Location = $"s3://{bucket.Name}/{layout.EventsFolder}",
                    InputFormat = layout.ByFormat(
                        parquet: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
                        json: "org.apache.hadoop.mapred.TextInputFormat").ToString(),
                    OutputFormat = layout.ByFormat(
                        parquet: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
                        json: "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat").ToString(),
                    SerdeInfo = new CfnTable.SerdeInfoProperty
                    {
                        SerializationLibrary = layout.ByFormat(
                            parquet: "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
                            json: "org.openx.data.jsonserde.JsonSerDe").ToString(),
                        Parameters = new Dictionary<string, object> { ["serialization.format"] = "1" },
                    },
                },
            },
        });
    }

    /// <summary>The database's name.</summary>
    public string DatabaseName => _database.Ref;

    /// <summary>The table's name.</summary>
    public string TableName => _table.Ref;

    private static CfnTable.ColumnProperty[] Columns(EventSchema schema) =>
    [
        .. schema.Columns.Select(column => new CfnTable.ColumnProperty
        {
            Name = column.Name,
            Type = column.GlueType,
            Comment = column.Comment,
        }),
    ];

    private static CfnTable.ColumnProperty[] PartitionKeys(LakeParameters parameters) =>
    [
        .. EventSchema.PartitionColumns().Select(column => new CfnTable.ColumnProperty
        {
            Name = column.Name,
            Type = parameters.PartitionType.ValueAsString,
            Comment = column.Comment,
        }),
    ];
}
