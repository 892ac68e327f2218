using LocalCloud.Athena.Sql;
using LocalCloud.Glue;

namespace LocalCloud.Athena.Statements;

/// <summary>What names in a statement stand for.</summary>
internal static class Names
{
    /// <summary>The database and the table; the default database when the statement names none.</summary>
    public static (string Database, string Table) Of(TableName name, string? defaultDatabase)
    {
        if (name.Parts.Count == 3 && name.Parts[0] != "awsdatacatalog")
        {
            throw new QueryFailure(QueryError.SchemaNotFound, $"line {name.At.Line}:{name.At.Column}: Catalog '{name.Parts[0]}' does not exist");
        }

        var database = (name.Parts.Count > 1 ? name.Parts[^2] : defaultDatabase)
            ?? throw new QueryFailure(QueryError.Syntax, $"line {name.At.Line}:{name.At.Column}: Schema must be specified when session schema is not set");
        return (database, name.Parts[^1]);
    }

    public static void RequireDatabase(GlueCatalog catalog, string database)
    {
        if (catalog.FindDatabase(database) is null)
        {
            throw new QueryFailure(QueryError.SchemaNotFound, $"Schema '{database}' does not exist");
        }
    }

    public static GlueTable RequireTable(GlueCatalog catalog, TableName name, string? defaultDatabase)
    {
        var (database, table) = Of(name, defaultDatabase);
        RequireDatabase(catalog, database);
        return catalog.FindTable(database, table)
            ?? throw new QueryFailure(QueryError.TableNotFound, $"line {name.At.Line}:{name.At.Column}: Table 'awsdatacatalog.{database}.{table}' does not exist");
    }
}
