using DuckDB.NET.Data;

namespace LocalCloud.Firehose.Conversion;

/// <summary>Writes Parquet with DuckDB: from lines of JSON whose values are already of the columns' types.</summary>
internal static class ParquetFile
{
    /// <summary>Writes <paramref name="target"/> from <paramref name="lines"/>, in their order.</summary>
    /// <param name="lines">A file of JSON objects, one a line, as <see cref="RecordConverter"/> writes them.</param>
    /// <param name="target">The file to write.</param>
    /// <param name="columns">All columns, also those that no line has.</param>
    /// <param name="compression">SNAPPY (also when null), GZIP or UNCOMPRESSED.</param>
    public static void Write(string lines, string target, IReadOnlyList<TargetColumn> columns, string? compression)
    {
        // Explicit types: nothing is inferred, so the schema is the table's whatever the data.
        var types = string.Join(", ", columns.Select(column => $"{Quoted(column.Name)}: {Quoted(column.Type.DuckDb)}"));
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText =
            $$"""
            SET threads = 1;
            COPY (SELECT * FROM read_json({{Quoted(lines)}}, format = 'newline_delimited', columns = { {{types}} }))
            TO {{Quoted(target)}} (FORMAT parquet, COMPRESSION {{compression ?? "SNAPPY"}});
            """;
        command.ExecuteNonQuery();
    }

    private static string Quoted(string text) => $"'{text.Replace("'", "''")}'";
}
