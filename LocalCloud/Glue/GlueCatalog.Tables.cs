using System.Globalization;
using System.Text.RegularExpressions;
using LocalCloud.Protocol;
using Microsoft.Data.Sqlite;

namespace LocalCloud.Glue;

public sealed partial class GlueCatalog
{
    private const string SelectTable =
        "SELECT t.id, v.json FROM tables t JOIN versions v ON v.table_id = t.id AND v.version = t.version WHERE t.database = $0";

    // Where a table is found twice in one call: its row and what it says.
    private sealed record TableRow(long Id, GlueTable Table);

    /// <summary>Creates a table, or a view (<c>TableType</c> VIRTUAL_VIEW).</summary>
    /// <exception cref="AwsException"><c>AlreadyExistsException</c>, <c>EntityNotFoundException</c> (the database), <c>InvalidInputException</c>.</exception>
    public void CreateTable(string database, TableInput input)
    {
        var now = Now();
        var table = new GlueTable(input)
        {
            Name = Name(input.Name),
            DatabaseName = Lower(database),
            CreateTime = now,
            UpdateTime = now,
            CatalogId = _catalogId,
            VersionId = "0",
        };
        CheckColumns(table);
        Write((connection, transaction) =>
        {
            _ = ReadDatabase(connection, transaction, database) ?? throw DatabaseNotFound(database);
            var id = Scalar(connection, transaction,
                "INSERT INTO tables(database, name, version) VALUES ($0, $1, 0) ON CONFLICT DO NOTHING RETURNING id",
                table.DatabaseName, table.Name) ?? throw AlreadyExists("Table");
            Execute(connection, transaction, "INSERT INTO versions(table_id, version, json) VALUES ($0, 0, $1)", id, Json(table));
        });
    }

    /// <summary>The table of that name in its current version, or null when it or its database is not there.</summary>
    public GlueTable? FindTable(string database, string name)
    {
        using var connection = Open();
        return ReadTable(connection, null, database, name)?.Table;
    }

    /// <summary>The table of that name in its current version.</summary>
    /// <exception cref="AwsException"><c>EntityNotFoundException</c>.</exception>
    public GlueTable GetTable(string database, string name)
    {
        using var connection = Open();
        return RequireTable(connection, null, database, name).Table;
    }

    /// <summary>The tables of a database by name, those whose whole name matches <paramref name="pattern"/> when it is given.</summary>
    /// <param name="database">The database.</param>
    /// <param name="pattern">A regular expression, matched without regard to case.</param>
    /// <exception cref="AwsException"><c>EntityNotFoundException</c> (the database), <c>InvalidInputException</c> (the pattern).</exception>
    public IReadOnlyList<GlueTable> GetTables(string database, string? pattern = null)
    {
        var regex = pattern is null ? null : TablePattern(pattern);
        using var connection = Open();
        _ = ReadDatabase(connection, null, database) ?? throw DatabaseNotFound(database);
        return
        [
            .. Query(connection, null, SelectTable + " ORDER BY t.name", Lower(database))
                .Select(row => Read<GlueTable>((string)row[1]))
                .Where(table => regex is null || regex.IsMatch(table.Name)),
        ];
    }

    /// <summary>Replaces a table by a new version of it. Its partitions stay.</summary>
    /// <param name="database">The database.</param>
    /// <param name="input">The whole new definition: what it leaves out is gone.</param>
    /// <param name="skipArchive">True when the version replaced need not be kept.</param>
    /// <param name="versionId">The version that the caller has seen; null when it does not mind.</param>
    /// <exception cref="AwsException"><c>EntityNotFoundException</c>, <c>ConcurrentModificationException</c>, <c>InvalidInputException</c>.</exception>
    public void UpdateTable(string database, TableInput input, bool skipArchive = false, string? versionId = null)
    {
        CheckColumns(input);
        Write((connection, transaction) =>
        {
            var (id, old) = RequireTable(connection, transaction, database, input.Name);
            if (versionId is not null && versionId != old.VersionId)
            {
                throw new AwsException("ConcurrentModificationException", "Update table failed due to concurrent modifications.");
            }

            var current = long.Parse(old.VersionId!, CultureInfo.InvariantCulture);
            var next = current + 1;
            var table = new GlueTable(input)
            {
                Name = old.Name,
                DatabaseName = old.DatabaseName,
                CreateTime = old.CreateTime,
                UpdateTime = Now(),
                CreatedBy = old.CreatedBy,
                CatalogId = _catalogId,
                VersionId = next.ToString(CultureInfo.InvariantCulture),
            };
            if (skipArchive)
            {
                Execute(connection, transaction, "DELETE FROM versions WHERE table_id = $0 AND version = $1", id, current);
            }

            Execute(connection, transaction, "INSERT INTO versions(table_id, version, json) VALUES ($0, $1, $2)", id, next, Json(table));
            Execute(connection, transaction, "UPDATE tables SET version = $1 WHERE id = $0", id, next);
        });
    }

    /// <summary>Deletes a table with its versions and partitions; what lies in S3 stays.</summary>
    /// <exception cref="AwsException"><c>EntityNotFoundException</c>.</exception>
    public void DeleteTable(string database, string name)
    {
        Write((connection, transaction) =>
        {
            var (id, _) = RequireTable(connection, transaction, database, name);
            Execute(connection, transaction, "DELETE FROM tables WHERE id = $0", id);
            DropUnusedDescriptors(connection, transaction);
        });
    }

    /// <summary>The versions of a table that are kept, newest first; the first one is the current.</summary>
    /// <exception cref="AwsException"><c>EntityNotFoundException</c>.</exception>
    public IReadOnlyList<TableVersion> GetTableVersions(string database, string name)
    {
        using var connection = Open();
        var (id, _) = RequireTable(connection, null, database, name);
        return
        [
            .. Query(connection, null, "SELECT json FROM versions WHERE table_id = $0 ORDER BY version DESC", id)
                .Select(row => Read<GlueTable>((string)row[0]))
                .Select(table => new TableVersion(table, table.VersionId!)),
        ];
    }

    /// <summary>Deletes versions of a table, except the current one: those that can be, each other one is an error of its own.</summary>
    /// <exception cref="AwsException"><c>EntityNotFoundException</c> (the table).</exception>
    public IReadOnlyList<TableVersionError> DeleteTableVersions(string database, string name, IReadOnlyList<string> versionIds)
    {
        var errors = new List<TableVersionError>();
        Write((connection, transaction) =>
        {
            var (id, table) = RequireTable(connection, transaction, database, name);
            foreach (var version in versionIds)
            {
                var error = version == table.VersionId
                    ? new ErrorDetail("InvalidInputException", "The current version of a table cannot be deleted.")
                    : !long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                        || Execute(connection, transaction, "DELETE FROM versions WHERE table_id = $0 AND version = $1", id, number) == 0
                    ? new ErrorDetail("EntityNotFoundException", "Version not found.")
                    : null;
                if (error is not null)
                {
                    errors.Add(new TableVersionError(table.Name, version, error));
                }
            }
        });
        return errors;
    }

    private static TableRow? ReadTable(SqliteConnection connection, SqliteTransaction? transaction, string database, string name) =>
        Query(connection, transaction, SelectTable + " AND t.name = $1", Lower(database), Lower(name))
            .Select(row => new TableRow((long)row[0], Read<GlueTable>((string)row[1])))
            .SingleOrDefault();

    private static TableRow RequireTable(SqliteConnection connection, SqliteTransaction? transaction, string database, string name) =>
        ReadTable(connection, transaction, database, name)
        ?? throw (ReadDatabase(connection, transaction, database) is null
            ? DatabaseNotFound(database)
            : NotFound($"Table {Lower(name)} not found."));

    private static void CheckColumns(TableInput table)
    {
        var columns = (table.StorageDescriptor?.Columns ?? []).Concat(table.PartitionKeys ?? []).ToList();
        if (columns.Any(column => string.IsNullOrEmpty(column.Name)))
        {
            throw InvalidInput("1 validation error detected: Value null at 'name' failed to satisfy constraint: Member must not be null");
        }

        var twice = columns.GroupBy(column => Lower(column.Name)).FirstOrDefault(group => group.Count() > 1);
        if (twice is not null)
        {
            throw InvalidInput($"Table {Lower(table.Name)} has a column, or a partition key, more than once: {twice.Key}");
        }
    }

    // The expression is the caller's: without backtracking it cannot hold the server up.
    private static Regex TablePattern(string pattern)
    {
        try
        {
            return new Regex($"^(?:{pattern})$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw InvalidInput($"The expression '{pattern}' is not a valid regular expression.");
        }
    }
}
