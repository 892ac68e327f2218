using LocalCloud.Athena.Sql;
using LocalCloud.Glue;

namespace LocalCloud.Athena.Scanning;

internal enum FileFormat { Parquet, Json }

/// <summary>A column as Athena shows it: its name in lower case and its type.</summary>
internal sealed record SourceColumn(string Name, SqlType Type, string? Comment = null);

/// <summary>A Glue table as something to read.</summary>
internal sealed record TableSource(GlueTable Table, IReadOnlyList<SourceColumn> Columns, IReadOnlyList<SourceColumn> Keys)
{
    public string Database => Table.DatabaseName!;

    public string Name => Table.Name;

    public bool IsView => IsViewTable(Table);

    public static bool IsViewTable(TableInput table) => string.Equals(table.TableType, "VIRTUAL_VIEW", StringComparison.OrdinalIgnoreCase);

    public static TableSource Of(GlueTable table) =>
        new(table, Read(table.StorageDescriptor?.Columns), Read(table.PartitionKeys));

    public FileFormat Format => FormatOf(Table.StorageDescriptor, null);

    /// <summary>The format of a table's or a partition's files, by its SerDe as Athena goes by it.</summary>
    public FileFormat FormatOf(StorageDescriptor? descriptor, StorageDescriptor? fallback)
    {
        var serde = descriptor?.SerdeInfo?.SerializationLibrary ?? fallback?.SerdeInfo?.SerializationLibrary ?? "";
        var input = descriptor?.InputFormat ?? fallback?.InputFormat ?? "";
        if (serde.Contains("parquet", StringComparison.OrdinalIgnoreCase) || (serde.Length == 0 && input.Contains("parquet", StringComparison.OrdinalIgnoreCase)))
        {
            return FileFormat.Parquet;
        }

        if (serde.Contains("JsonSerDe", StringComparison.OrdinalIgnoreCase))
        {
            return FileFormat.Json;
        }

        throw new QueryFailure(QueryError.NotSupported,
            $"Table '{Database}.{Name}' is read with SerDe '{serde}', which is not supported here; Parquet and JSON are");
    }

    /// <summary>The key a column is read from: the OpenX SerDe's <c>mapping.{column}</c>.</summary>
    public string JsonKey(string column) => SerDeParameter("mapping." + column)?.ToLowerInvariant() ?? column;

    /// <summary>The OpenX SerDe's <c>ignore.malformed.json</c>.</summary>
    public bool SkipsMalformedJson => string.Equals(SerDeParameter("ignore.malformed.json"), "true", StringComparison.OrdinalIgnoreCase);

    private string? SerDeParameter(string name) =>
        Table.StorageDescriptor?.SerdeInfo?.Parameters is { } parameters && parameters.TryGetValue(name, out var value) ? value : null;

    private static List<SourceColumn> Read(IReadOnlyList<GlueColumn>? columns) =>
        [.. (columns ?? []).Select(c => new SourceColumn(c.Name.ToLowerInvariant(), SqlType.Parse(c.Type ?? "string"), c.Comment))];
}
