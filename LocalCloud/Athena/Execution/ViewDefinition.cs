using System.Text.Json;
using LocalCloud.Athena.Scanning;
using LocalCloud.Athena.Sql;
using LocalCloud.Glue;

namespace LocalCloud.Athena;

/// <summary>
/// A view as Athena keeps it in Glue: <c>ViewOriginalText</c> is <c>/* Presto View: {base64 of JSON} */</c>, whose JSON has the
/// query, the database it was created in and the columns with Trino's types; <c>ViewExpandedText</c> is <c>/* Presto View */</c>.
/// </summary>
internal sealed record ViewDefinition(string OriginalSql, string? Schema, IReadOnlyList<SourceColumn> Columns)
{
    private const string Start = "/* Presto View: ";
    private const string End = " */";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private sealed record Stored(string OriginalSql, string? Catalog, string? Schema, IReadOnlyList<StoredColumn> Columns);

    private sealed record StoredColumn(string Name, string Type);

    /// <exception cref="QueryFailure">It is a view of another engine.</exception>
    public static ViewDefinition Of(GlueTable table) => TryOf(table)
        ?? throw new QueryFailure(QueryError.NotSupported, $"View '{table.DatabaseName}.{table.Name}' was not created by Athena and cannot be read");

    public static ViewDefinition? TryOf(GlueTable table)
    {
        var text = table.ViewOriginalText?.Trim();
        if (text is null || !text.StartsWith(Start, StringComparison.Ordinal) || !text.EndsWith(End, StringComparison.Ordinal))
        {
            return null;
        }

        try
        {
            var stored = JsonSerializer.Deserialize<Stored>(Convert.FromBase64String(text[Start.Length..^End.Length]), Json)!;
            return new ViewDefinition(stored.OriginalSql, stored.Schema, [.. stored.Columns.Select(c => new SourceColumn(c.Name.ToLowerInvariant(), SqlType.Parse(c.Type)))]);
        }
        catch (Exception problem) when (problem is FormatException or JsonException or NullReferenceException)
        {
            return null;
        }
    }

    public Query Parse()
    {
        var tokens = new TokenReader(OriginalSql);
        var query = new QueryParser(tokens).Query();
        tokens.ExpectEnd();
        return query;
    }

    public TableInput ToTable(string name)
    {
        var stored = new Stored(OriginalSql, "awsdatacatalog", Schema, [.. Columns.Select(c => new StoredColumn(c.Name, c.Type.ToTrino()))]);
        var json = JsonSerializer.SerializeToUtf8Bytes(stored, Json);
        return new TableInput
        {
            Name = name,
            TableType = "VIRTUAL_VIEW",
            ViewOriginalText = Start + Convert.ToBase64String(json) + End,
            ViewExpandedText = "/* Presto View */",
            PartitionKeys = [],
            Parameters = new Dictionary<string, string> { ["presto_view"] = "true", ["comment"] = "Presto View" },
            StorageDescriptor = new StorageDescriptor
            {
                Columns = [.. Columns.Select(c => new GlueColumn(c.Name, c.Type.ToHive()))],
                Location = "",
                SerdeInfo = new SerDeInfo(),
            },
        };
    }
}
