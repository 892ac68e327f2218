using LocalCloud.Athena.Scanning;
using LocalCloud.Athena.Sql;
using LocalCloud.Glue;

namespace LocalCloud.Athena.Statements;

internal sealed partial class CatalogStatements
{
    private void Change(TableName name, Func<TableInput, TableInput> change)
    {
        var table = Require(name);
        // The update states the whole table; what a version has beyond its input is the catalog's.
        catalog.UpdateTable(table.DatabaseName!, change(Input(table)));
    }

    /// <summary>What a caller would say to make the table as it is.</summary>
    internal static TableInput Input(GlueTable table) => new()
    {
        Name = table.Name,
        Description = table.Description,
        Owner = table.Owner,
        LastAccessTime = table.LastAccessTime,
        LastAnalyzedTime = table.LastAnalyzedTime,
        Retention = table.Retention,
        StorageDescriptor = table.StorageDescriptor,
        PartitionKeys = table.PartitionKeys,
        ViewOriginalText = table.ViewOriginalText,
        ViewExpandedText = table.ViewExpandedText,
        TableType = table.TableType,
        Parameters = table.Parameters,
        TargetTable = table.TargetTable,
    };

    private static Dictionary<string, string> Merge(IReadOnlyDictionary<string, string>? old, IReadOnlyDictionary<string, string> more)
    {
        var merged = new Dictionary<string, string>(old ?? new Dictionary<string, string>());
        foreach (var (key, value) in more)
        {
            merged[key] = value;
        }

        return merged;
    }

    private void AddTo(AddColumns statement)
    {
        var table = RequireBase(statement.Table);
        var kept = statement.Replace ? [] : table.StorageDescriptor?.Columns ?? [];
        var present = Columns(table).Select(c => c.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var twice = statement.Replace ? null : statement.Columns.FirstOrDefault(c => present.Contains(c.Name));
        if (twice is not null)
        {
            throw new QueryFailure(QueryError.AlreadyExists, $"Duplicate column name: {twice.Name}");
        }

        Change(statement.Table, t => t with
        {
            StorageDescriptor = (t.StorageDescriptor ?? new StorageDescriptor()) with { Columns = [.. kept, .. statement.Columns.Select(Column)] },
        });
    }

    private static GlueColumn Column(SourceColumn column) => new(column.Name, column.Type.ToHive(), column.Comment);

    private void Create(CreateTable statement)
    {
        var (of, name) = Names.Of(statement.Table, database ?? "default");
        Names.RequireDatabase(catalog, of);
        if (statement.Location is null)
        {
            throw new QueryFailure(QueryError.Syntax, "No location was specified for table. An S3 location must be specified");
        }

        S3Location.Parse(statement.Location);
        if (catalog.FindTable(of, name) is not null)
        {
            if (statement.IfNotExists)
            {
                return;
            }

            throw new QueryFailure(QueryError.AlreadyExists, $"AlreadyExistsException: Table {name} already exists");
        }

        var parameters = Merge(new Dictionary<string, string> { ["EXTERNAL"] = "TRUE" }, statement.Properties);
        if (statement.Comment is not null)
        {
            parameters["comment"] = statement.Comment;
        }

        catalog.CreateTable(of, new TableInput
        {
            Name = name,
            TableType = "EXTERNAL_TABLE",
            Owner = "hadoop",
            Parameters = parameters,
            PartitionKeys = [.. statement.Keys.Select(Column)],
            StorageDescriptor = Storage(statement.Format, statement.Location, [.. statement.Columns.Select(Column)]),
        });
    }

    internal static StorageDescriptor Storage(TableFormat format, string location, IReadOnlyList<GlueColumn> columns) => new()
    {
        Columns = columns,
        Location = location,
        InputFormat = format.Input,
        OutputFormat = format.Output,
        Compressed = false,
        NumberOfBuckets = -1,
        SerdeInfo = new SerDeInfo { SerializationLibrary = format.SerDe, Parameters = format.Parameters },
        StoredAsSubDirectories = false,
    };

    private void Drop(DropTable statement)
    {
        var (of, name) = Names.Of(statement.Table, database);
        var table = catalog.FindTable(of, name);
        if (table is null)
        {
            if (!statement.IfExists)
            {
                throw new QueryFailure(QueryError.TableNotFound, $"Table 'awsdatacatalog.{of}.{name}' does not exist");
            }

            return;
        }

        if (TableSource.IsViewTable(table))
        {
            throw new QueryFailure(QueryError.Syntax, $"Cannot drop a view with DROP TABLE: '{of}.{name}'");
        }

        // The objects stay: the tables of Athena are external.
        catalog.DeleteTable(of, name);
    }

    private void Create(CreateDatabase statement)
    {
        if (catalog.FindDatabase(statement.Database) is not null)
        {
            if (statement.IfNotExists)
            {
                return;
            }

            throw new QueryFailure(QueryError.AlreadyExists, $"AlreadyExistsException: Database {statement.Database} already exists");
        }

        catalog.CreateDatabase(new DatabaseInput
        {
            Name = statement.Database,
            Description = statement.Comment,
            LocationUri = statement.Location,
            Parameters = statement.Properties.Count > 0 ? statement.Properties : null,
        });
    }

    private void Drop(DropDatabase statement)
    {
        if (catalog.FindDatabase(statement.Database) is null)
        {
            if (statement.IfExists)
            {
                return;
            }

            throw new QueryFailure(QueryError.SchemaNotFound, $"Database does not exist: {statement.Database}");
        }

        if (!statement.Cascade && catalog.GetTables(statement.Database).Count > 0)
        {
            throw new QueryFailure(QueryError.Syntax, $"InvalidOperationException(message:Database {statement.Database} is not empty. One or more tables exist.)");
        }

        catalog.DeleteDatabase(statement.Database);
    }
}
