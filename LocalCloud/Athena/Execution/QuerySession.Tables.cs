using System.Globalization;
using LocalCloud.Athena.Scanning;
using LocalCloud.Athena.Sql;
using LocalCloud.Athena.Translation;
using LocalCloud.Glue;

namespace LocalCloud.Athena;

// What the names of a query become in DuckDB: views over files, views over views.
internal sealed partial class QuerySession
{
    private string Translate(Query query, IReadOnlyList<Expression> parameters, bool lenient)
    {
        _views.Clear();
        return Translate(() => query, new Tables(this, _database, lenient), parameters);
    }

    private string Translate(Func<Query> query, Tables tables, IReadOnlyList<Expression> parameters)
    {
        // Which of two readings is right where only the type tells (see Choices): the first that DuckDB can plan.
        for (var choice = 0; ; choice++)
        {
            var translator = new QueryTranslator(tables, Now, parameters) { Choices = choice, Lenient = tables.Lenient };
            var sql = translator.Write(query());
            if (translator.ChoiceCount == 0 || choice + 1 >= 1 << Math.Min(translator.ChoiceCount, 8) || CanPlan(sql))
            {
                return sql;
            }
        }
    }

    /// <summary>The tables as one query or one view sees them.</summary>
    private sealed class Tables(QuerySession session, string? database, bool lenient) : ITables
    {
        public string? DefaultDatabase => database;

        public bool Lenient => lenient;

        public string Resolve(TableName table) => session.Resolve(table, this);

        public IReadOnlySet<string>? ColumnsOf(TableName table)
        {
            var of = table.Parts.Count > 1 ? table.Parts[^2] : database;
            return of is not null && session._world.Catalog.FindTable(of, table.Parts[^1]) is { } found
                ? (found.StorageDescriptor?.Columns ?? []).Concat(found.PartitionKeys ?? []).Select(c => c.Name.ToLowerInvariant()).ToHashSet(StringComparer.Ordinal)
                : null;
        }
    }

    /// <summary>DuckDB's name of a table, which it has from now on.</summary>
    private string Resolve(TableName table, Tables tables)
    {
        if (table.Parts.Count == 3 && table.Parts[0] != "awsdatacatalog")
        {
            throw Missing(QueryError.SchemaNotFound, table, $"Catalog '{table.Parts[0]}' does not exist");
        }

        var database = (table.Parts.Count > 1 ? table.Parts[^2] : tables.DefaultDatabase)
            ?? throw Missing(QueryError.Syntax, table, "Schema must be specified when session schema is not set");
        var name = $"{database}.{table.Parts[^1]}";
        if (_scans.ContainsKey(name) || _informationTables.Contains(name) || _views.Contains(name))
        {
            return QueryTranslator.Quote(name);
        }

        if (database == "information_schema")
        {
            InformationSchema.Create(this, _connection, _world.Catalog, table.Parts[^1], name);
            _informationTables.Add(name);
            return QueryTranslator.Quote(name);
        }

        var found = _world.Catalog.FindTable(database, table.Parts[^1]) ?? throw (_world.Catalog.FindDatabase(database) is null
            ? Missing(QueryError.SchemaNotFound, table, $"Schema '{database}' does not exist")
            : Missing(QueryError.TableNotFound, table, $"Table 'awsdatacatalog.{name}' does not exist"));
        if (TableSource.IsViewTable(found))
        {
            DefineView(found, name, table, tables.Lenient);
        }
        else
        {
            DefineTable(TableSource.Of(found), name);
        }

        return QueryTranslator.Quote(name);
    }

    private static QueryFailure Missing(QueryError error, TableName table, string message) =>
        new(error, $"line {table.At.Line}:{table.At.Column}: {message}");

    private void DefineView(GlueTable found, string name, TableName table, bool lenient)
    {
        if (_viewsBeingRead.Contains(name) || _viewsBeingRead.Count >= 32)
        {
            throw Missing(QueryError.Syntax, table, $"View '{name}' is recursive");
        }

        _viewsBeingRead.Push(name);
        var view = ViewDefinition.Of(found);
        var sql = Translate(view.Parse, new Tables(this, view.Schema, lenient), []);
        var names = string.Join(", ", view.Columns.Select(c => QueryTranslator.Quote(c.Name)));
        var outputs = lenient ? "*"
            : string.Join(", ", view.Columns.Select(c => $"CAST({QueryTranslator.Quote(c.Name)} AS {c.Type.ToDuckDb()}) AS {QueryTranslator.Quote(c.Name)}"));
        Execute($"CREATE OR REPLACE VIEW {QueryTranslator.Quote(name)} AS SELECT {outputs} FROM ({sql}) AS view_query({names})");
        _viewsBeingRead.Pop();
        _views.Add(name);
    }

    private bool CanPlan(string sql)
    {
        try
        {
            Explain(sql);
            return true;
        }
        catch (QueryFailure)
        {
            return false;
        }
    }

    private void DefineTable(TableSource source, string name)
    {
        var scan = new Scan(_scans.Count, source, _world.Partitions.Of(source));
        _scans.Add(name, scan);
        Directory.CreateDirectory(ScanFolder(scan.Number));
        var columns = string.Join(", ", source.Columns.Select(c => $"CAST(NULL AS {c.Type.ToDuckDb()}) AS {QueryTranslator.Quote(c.Name)}"));
        Execute($"COPY (SELECT {(columns.Length == 0 ? "1 AS nothing" : columns)} WHERE FALSE) TO {QueryTranslator.Text(Template(scan.Number))} (FORMAT parquet)");

        // Null is what nearly no condition is true of; the others are for those that are.
        var extremes = new List<string> { Linked(scan.Number, Template(scan.Number), "other", [.. source.Keys.Select(_ => (string?)null)], "other") };
        foreach (var extreme in (string?[])[null, "low", "high"])
        {
            var values = source.Keys.Select(k => extreme switch { "low" => Low(k.Type), "high" => High(k.Type), _ => null }).ToList();
            extremes.Add(Linked(scan.Number, Template(scan.Number), scan.Number.ToString(CultureInfo.InvariantCulture), values, extreme ?? "null"));
        }

        SetFiles($"parquet_{scan.Number}", extremes);
        Execute($"CREATE VIEW {QueryTranslator.Quote(name)} AS {Reading(scan, parquet: true, json: false)}");
    }

    private static string Low(SqlType type) => type.Name switch { "varchar" or "char" => "0", "date" => "0001-01-01", "boolean" => "false", _ => "0" };

    private static string High(SqlType type) => type.Name switch { "varchar" or "char" => "\U0010FFFF", "date" => "9999-12-31", "boolean" => "true", "tinyint" => "127", "smallint" => "32767", _ => "2147483647" };
}
