using LocalCloud.Glue;

namespace LocalCloud.Athena.Statements;

/// <summary>The statement that would make a table, laid out as SHOW CREATE TABLE lays it out.</summary>
internal static class CreateStatement
{
    /// <param name="table">The table.</param>
    /// <param name="name">Its name as the user wrote it.</param>
    public static IEnumerable<string> Lines(GlueTable table, string name)
    {
        var storage = table.StorageDescriptor ?? new StorageDescriptor();
        yield return $"CREATE EXTERNAL TABLE `{name}`(";
        foreach (var line in Columns(storage.Columns ?? []))
        {
            yield return line;
        }

        if (table.PartitionKeys is { Count: > 0 } keys)
        {
            yield return "PARTITIONED BY ( ";
            foreach (var line in Columns(keys))
            {
                yield return line;
            }
        }

        yield return "ROW FORMAT SERDE ";
        yield return $"  {Text(storage.SerdeInfo?.SerializationLibrary)} ";
        if (storage.SerdeInfo?.Parameters is { Count: > 0 } parameters && !(parameters.Count == 1 && parameters.ContainsKey("serialization.format")))
        {
            yield return "WITH SERDEPROPERTIES ( ";
            foreach (var line in Pairs(parameters))
            {
                yield return line;
            }
        }

        yield return "STORED AS INPUTFORMAT ";
        yield return $"  {Text(storage.InputFormat)} ";
        yield return "OUTPUTFORMAT ";
        yield return $"  {Text(storage.OutputFormat)}";
        yield return "LOCATION";
        yield return $"  {Text(storage.Location)}";
        var properties = (table.Parameters ?? new Dictionary<string, string>()).Where(p => p.Key is not "EXTERNAL").ToDictionary();
        if (properties.Count > 0)
        {
            yield return "TBLPROPERTIES (";
            foreach (var line in Pairs(properties))
            {
                yield return line;
            }
        }
    }

    private static IEnumerable<string> Columns(IReadOnlyList<GlueColumn> columns) => columns.Select((c, i) =>
        $"  `{c.Name}` {c.Type}{(string.IsNullOrEmpty(c.Comment) ? "" : $" COMMENT {Text(c.Comment)}")}{(i + 1 < columns.Count ? ", " : ")")}");

    private static IEnumerable<string> Pairs(IReadOnlyDictionary<string, string> pairs) => pairs.OrderBy(p => p.Key, StringComparer.Ordinal).Select((p, i) =>
        $"  {Text(p.Key)}={Text(p.Value)}{(i + 1 < pairs.Count ? ", " : ")")}");

    private static string Text(string? value) =>
        "'" + (value ?? "").Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal) + "'";
}
