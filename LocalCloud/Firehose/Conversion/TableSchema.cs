using LocalCloud.Glue;

namespace LocalCloud.Firehose.Conversion;

/// <summary>The columns that a conversion writes, or why there are none now.</summary>
internal abstract record TableSchema
{
    private TableSchema()
    {
    }

    public sealed record Found(IReadOnlyList<TargetColumn> Columns) : TableSchema;

    public sealed record Missing(string Reason) : TableSchema;

    /// <summary>Reads the schema of the table that the configuration names, as it is at this moment.</summary>
    public static TableSchema Read(GlueCatalog catalog, SchemaSource source)
    {
        var name = $"{source.DatabaseName}.{source.TableName}";
        if (catalog.FindTable(source.DatabaseName!, source.TableName!) is not { } table)
        {
            return new Missing($"The table {name} is not in the catalog.");
        }

        // The partition columns are in the key, not in the file.
        if (table.StorageDescriptor?.Columns is not { Count: > 0 } columns)
        {
            return new Missing($"The table {name} has no columns.");
        }

        var targets = new List<TargetColumn>();
        foreach (var column in columns)
        {
            if (HiveType.Parse(column.Type) is not { } type)
            {
                return new Missing($"The column {column.Name} of {name} has the type {column.Type}, which cannot be converted.");
            }

            targets.Add(new TargetColumn(column.Name.ToLowerInvariant(), type));
        }

        return new Found(targets);
    }
}
