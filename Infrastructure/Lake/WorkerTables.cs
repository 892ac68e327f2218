using Amazon.CDK;
using Amazon.CDK.AWS.Glue;
using Pixel.Events;
using Pixel.Events.Lake;

namespace Infrastructure.Lake;

/// <summary>The Glue tables that the catalog worker writes beside that of events.</summary>
internal static class WorkerTables
{
    public static void Add(Stack stack, LakeParameters parameters, LakeBucket bucket, EventCatalog catalog)
    {
        foreach (var table in LakeTable.All)
        {
            var isParquet = table.Format == "parquet";
            _ = new CfnTable(stack, LogicalId(table), new CfnTableProps
            {
                CatalogId = Aws.ACCOUNT_ID,
                DatabaseName = catalog.DatabaseName,
                TableInput = new CfnTable.TableInputProperty
                {
                    Name = table.Name,
                    Description = table.Description,
                    TableType = "EXTERNAL_TABLE",
                    Parameters = new Dictionary<string, object> { ["EXTERNAL"] = "TRUE", ["classification"] = table.Format },
                    PartitionKeys = EventSchema.PartitionColumns()
                        .Where(column => table.PartitionColumns.Contains(column.Name))
                        .Select(column => Column(column.Name, parameters.PartitionType.ValueAsString, column.Comment))
                        .ToArray(),
                    StorageDescriptor = new CfnTable.StorageDescriptorProperty
                    {
                        Columns = table.Columns.Select(column => Column(column.Name, column.GlueType, column.Comment)).ToArray(),
                        Location = $"s3://{bucket.Name}/{table.Folder}",
                        InputFormat = isParquet
                            ? "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat"
                            : "org.apache.hadoop.mapred.TextInputFormat",
                        OutputFormat = isParquet
                            ? "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat"
                            : "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
                        SerdeInfo = new CfnTable.SerdeInfoProperty
                        {
                            SerializationLibrary = isParquet
                                ? "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"
                                : "org.openx.data.jsonserde.JsonSerDe",
                            Parameters = new Dictionary<string, object> { ["serialization.format"] = "1" },
                        },
                    },
                },
            });
        }
    }

    private static CfnTable.ColumnProperty Column(string name, string type, string comment) => new() { Name = name, Type = type, Comment = comment };

    // job_runs becomes JobRunsTable.
    private static string LogicalId(LakeTable table)
        => string.Concat(table.Name.Split('_').Select(word => char.ToUpperInvariant(word[0]) + word[1..])) + "Table";
}
