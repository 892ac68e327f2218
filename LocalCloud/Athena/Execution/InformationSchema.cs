using DuckDB.NET.Data;
using LocalCloud.Athena.Scanning;
using LocalCloud.Athena.Translation;
using LocalCloud.Glue;

namespace LocalCloud.Athena;

/// <summary><c>information_schema</c>: what Glue holds, as tables.</summary>
internal static class InformationSchema
{
    private const string CatalogName = "awsdatacatalog";

    /// <summary>Fills the table for this query.</summary>
    /// <exception cref="QueryFailure">There is no such table.</exception>
    public static void Create(QuerySession session, DuckDBConnection connection, GlueCatalog catalog, string table, string name)
    {
        var (columns, rows) = table switch
        {
            "schemata" => ("catalog_name VARCHAR, schema_name VARCHAR", Schemata(catalog)),
            "tables" => ("table_catalog VARCHAR, table_schema VARCHAR, table_name VARCHAR, table_type VARCHAR", Tables(catalog)),
            "views" => ("table_catalog VARCHAR, table_schema VARCHAR, table_name VARCHAR, view_definition VARCHAR", Views(catalog)),
            "columns" => ("""
                table_catalog VARCHAR, table_schema VARCHAR, table_name VARCHAR, column_name VARCHAR, ordinal_position BIGINT, column_default VARCHAR,
                is_nullable VARCHAR, data_type VARCHAR, comment VARCHAR, extra_info VARCHAR
                """, Columns(catalog)),
            _ => throw new QueryFailure(QueryError.TableNotFound, $"Table '{CatalogName}.information_schema.{table}' does not exist"),
        };
        session.Execute($"CREATE TABLE {QueryTranslator.Quote(name)} ({columns})");
        using var appender = connection.CreateAppender(name);
        foreach (var values in rows)
        {
            var row = appender.CreateRow();
            foreach (var value in values)
            {
                row = value switch { null => row.AppendNullValue(), long number => row.AppendValue(number), _ => row.AppendValue((string)value) };
            }

            row.EndRow();
        }
    }

    private static IEnumerable<GlueTable> All(GlueCatalog catalog) => catalog.GetDatabases().SelectMany(d => catalog.GetTables(d.Name));

    private static IEnumerable<object?[]> Schemata(GlueCatalog catalog) =>
        catalog.GetDatabases().Select(d => d.Name).Append("information_schema").Select(n => new object?[] { CatalogName, n });

    private static IEnumerable<object?[]> Tables(GlueCatalog catalog) => All(catalog).Select(t => new object?[]
    {
        CatalogName, t.DatabaseName, t.Name, TableSource.IsViewTable(t) ? "VIEW" : "BASE TABLE",
    });

    private static IEnumerable<object?[]> Views(GlueCatalog catalog) => All(catalog).Where(TableSource.IsViewTable).Select(t => new object?[]
    {
        CatalogName, t.DatabaseName, t.Name, ViewDefinition.TryOf(t)?.OriginalSql,
    });

    private static IEnumerable<object?[]> Columns(GlueCatalog catalog) => All(catalog).SelectMany(t =>
    {
        var source = TableSource.Of(t);
        return source.Columns.Concat(source.Keys).Select((column, i) => new object?[]
        {
            CatalogName, t.DatabaseName, t.Name, column.Name, i + 1L, null, "YES", column.Type.ToTrino(), column.Comment,
            i >= source.Columns.Count ? "partition key" : null,
        });
    });
}
