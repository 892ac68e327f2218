using LocalCloud.Athena.Results;
using LocalCloud.Athena.Scanning;
using LocalCloud.Athena.Sql;
using LocalCloud.Glue;
using LocalCloud.S3;

namespace LocalCloud.Athena.Statements;

/// <summary>The statements that read or change the catalog. Their results are lines of text, as Hive prints them.</summary>
internal sealed partial class CatalogStatements(GlueCatalog catalog, ObjectStore store, string? database)
{
    /// <summary>Runs the statement; null when it is none of these.</summary>
    public StatementOutcome? Run(Statement statement, ResultFile file) => statement switch
    {
        ShowDatabases show => Lines(file, "database_name", catalog.GetDatabases().Select(d => d.Name).Where(n => Matches(n, show.Pattern))),
        ShowTables show => Lines(file, show.ViewsOnly ? "views" : "tab_name", Tables(show)),
        ShowColumns show => Lines(file, "field", Columns(Require(show.Table)).Select(c => c.Name.PadRight(20))),
        ShowPartitions show => Lines(file, "partition", Partitions(show)),
        ShowCreateTable show => Lines(file, "createtab_stmt", CreateStatement.Lines(RequireBase(show.Table), string.Join('.', show.Table.Parts.TakeLast(2)))),
        ShowCreateView show => Lines(file, "Create View", ViewText(show.View)),
        ShowProperties show => Properties(file, show),
        Describe describe => Described(file, describe),
        RepairTable repair => Repair(file, repair),
        AddPartitions add => Done(() => Add(add)),
        DropPartitions drop => Done(() => Drop(drop)),
        RenamePartition rename => Done(() => Rename(rename)),
        SetLocation set => Done(() => Relocate(set)),
        SetProperties set => Done(() => Change(set.Table, t => t with { Parameters = Merge(t.Parameters, set.Properties) })),
        AddColumns add => Done(() => AddTo(add)),
        CreateTable create => Done(() => Create(create)),
        DropTable drop => Done(() => Drop(drop)),
        CreateDatabase create => Done(() => Create(create)),
        DropDatabase drop => Done(() => Drop(drop)),
        _ => null,
    };

    private static StatementOutcome Done(Action work)
    {
        work();
        return new StatementOutcome([]);
    }

    private static StatementOutcome Lines(ResultFile file, string column, IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            file.WriteLine(line);
        }

        return new StatementOutcome(ResultFile.TextColumns(column));
    }

    private GlueTable Require(TableName name) => Names.RequireTable(catalog, name, database);

    private GlueTable RequireBase(TableName name)
    {
        var table = Require(name);
        return TableSource.IsViewTable(table)
            ? throw new QueryFailure(QueryError.Syntax, $"'{table.DatabaseName}.{table.Name}' is a view, not a table")
            : table;
    }

    // Hive's patterns: * is anything, | parts alternatives.
    private static bool Matches(string name, string? pattern) => pattern is null || pattern.Split('|').Any(p =>
        System.Text.RegularExpressions.Regex.IsMatch(
            name, "^" + System.Text.RegularExpressions.Regex.Escape(p.Trim().ToLowerInvariant()).Replace("\\*", ".*", StringComparison.Ordinal).Replace("%", ".*", StringComparison.Ordinal) + "$",
            System.Text.RegularExpressions.RegexOptions.NonBacktracking));

    private IEnumerable<string> Tables(ShowTables show)
    {
        var of = show.Database ?? database ?? "default";
        Names.RequireDatabase(catalog, of);
        return catalog.GetTables(of).Where(t => !show.ViewsOnly || TableSource.IsViewTable(t)).Select(t => t.Name).Where(n => Matches(n, show.Pattern));
    }

    private static IEnumerable<GlueColumn> Columns(GlueTable table) => (table.StorageDescriptor?.Columns ?? []).Concat(table.PartitionKeys ?? []);

    private IEnumerable<string> Partitions(ShowPartitions show)
    {
        var table = RequireBase(show.Table);
        var keys = RequireKeys(table);
        return catalog.GetPartitions(table.DatabaseName!, table.Name, show.Only is null ? null : Expression(table, show.Only))
            .Select(p => string.Join('/', keys.Select((k, i) => $"{k.Name}={p.Values[i]}")));
    }

    private static IReadOnlyList<GlueColumn> RequireKeys(GlueTable table) => table.PartitionKeys is { Count: > 0 } keys
        ? keys
        : throw new QueryFailure(QueryError.Syntax, $"Table {table.DatabaseName}.{table.Name} is not a partitioned table");

    private IEnumerable<string> ViewText(TableName name)
    {
        var table = Require(name);
        return TableSource.IsViewTable(table)
            ? $"CREATE VIEW \"{table.Name}\" AS\n{ViewDefinition.Of(table).OriginalSql}".Split('\n')
            : throw new QueryFailure(QueryError.Syntax, $"'{table.DatabaseName}.{table.Name}' is a table, not a view");
    }

    private StatementOutcome Properties(ResultFile file, ShowProperties show)
    {
        var table = Require(show.Table);
        var parameters = table.Parameters ?? new Dictionary<string, string>();
        if (show.Key is { } key)
        {
            file.WriteLine(parameters.TryGetValue(key, out var value) ? value : $"Table {table.DatabaseName}.{table.Name} does not have property: {key}");
        }
        else
        {
            foreach (var (name, value) in parameters.OrderBy(p => p.Key, StringComparer.Ordinal))
            {
                file.WriteLine($"{name}\t{value}");
            }
        }

        return new StatementOutcome(ResultFile.TextColumns("prpt_name", "prpt_value"));
    }

    private StatementOutcome Described(ResultFile file, Describe describe)
    {
        var table = Require(describe.Table);
        if (describe.Column is { } only)
        {
            var found = Columns(table).FirstOrDefault(c => c.Name.Equals(only, StringComparison.OrdinalIgnoreCase))
                ?? throw new QueryFailure(QueryError.ColumnNotFound, $"Column '{only}' cannot be resolved");
            file.WriteLine(Padded(found.Name, found.Type, found.Comment));
        }
        else
        {
            DescribeAll(file, table, describe.Formatted);
        }

        return new StatementOutcome(ResultFile.TextColumns("col_name", "data_type", "comment"));
    }

    private static void DescribeAll(ResultFile file, GlueTable table, bool formatted)
    {
        if (formatted)
        {
            file.WriteLine(Padded("# col_name", "data_type", "comment"));
            file.WriteLine("\t \t ");
        }

        foreach (var column in table.StorageDescriptor?.Columns ?? [])
        {
            file.WriteLine(Padded(column.Name, column.Type, column.Comment));
        }

        if (table.PartitionKeys is { Count: > 0 } keys)
        {
            // The table's own listing repeats the partition columns among the columns, as Hive does.
            if (!formatted)
            {
                foreach (var key in keys)
                {
                    file.WriteLine(Padded(key.Name, key.Type, key.Comment));
                }
            }

            file.WriteLine("\t \t ");
            file.WriteLine("# Partition Information\t \t ");
            file.WriteLine(Padded("# col_name", "data_type", "comment"));
            file.WriteLine("\t \t ");
            foreach (var key in keys)
            {
                file.WriteLine(Padded(key.Name, key.Type, key.Comment));
            }
        }

        if (formatted)
        {
            Details(file, table);
        }
    }

    private static void Details(ResultFile file, GlueTable table)
    {
        var storage = table.StorageDescriptor;
        file.WriteLine("\t \t ");
        file.WriteLine("# Detailed Table Information\t \t ");
        file.WriteLine(Padded("Database:", table.DatabaseName, null));
        file.WriteLine(Padded("CreateTime:", table.CreateTime.UtcDateTime.ToString("ddd MMM dd HH:mm:ss 'UTC' yyyy", System.Globalization.CultureInfo.InvariantCulture), null));
        file.WriteLine(Padded("Location:", storage?.Location, null));
        file.WriteLine(Padded("Table Type:", table.TableType, null));
        file.WriteLine("Table Parameters:\t \t ");
        foreach (var (name, value) in (table.Parameters ?? new Dictionary<string, string>()).OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            file.WriteLine($"\t{name.PadRight(20)}\t{value.PadRight(20)}");
        }

        file.WriteLine("\t \t ");
        file.WriteLine("# Storage Information\t \t ");
        file.WriteLine(Padded("SerDe Library:", storage?.SerdeInfo?.SerializationLibrary, null));
        file.WriteLine(Padded("InputFormat:", storage?.InputFormat, null));
        file.WriteLine(Padded("OutputFormat:", storage?.OutputFormat, null));
    }

    private static string Padded(string name, string? type, string? comment) =>
        $"{name.PadRight(20)}\t{(type ?? "").PadRight(20)}\t{(comment ?? "").PadRight(20)}";
}
