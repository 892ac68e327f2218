using System.Text.Json;
using LocalCloud.Protocol;
using Microsoft.Data.Sqlite;

namespace LocalCloud.Glue;

/// <summary>
/// The data catalog: databases, tables with their versions, partitions. Its members are the operations of the
/// Glue API, called in-process by Athena, Firehose and the template boot, and over the wire by everybody else.
/// </summary>
/// <remarks>
/// Rules of this file and of its other parts:
/// <list type="bullet">
/// <item>Everything lives in one SQLite database; nothing is kept in memory but immutable descriptors by their id.</item>
/// <item>A write is one transaction, and it is visible to every later call when the member returns. It survives
/// the end of the process at any point; WAL with <c>synchronous=NORMAL</c> leaves a power loss its last moments.</item>
/// <item>Writers take <see cref="_writing"/>: SQLite allows one at a time, and its own waiting sleeps.</item>
/// <item>Database and table names are stored in lower case, and looked up so, as Glue does.</item>
/// <item>A partition's key is its values as a JSON array. Equal leading values are an equal leading text, so the
/// primary key serves a look-up of one partition as well as of one day.</item>
/// <item>A partition's storage descriptor is split: the location is the partition's, the rest (columns, SerDe,
/// formats) is a row of <c>descriptors</c> that it shares with its neighbours. Three years of hours are 26,280
/// partitions and one descriptor.</item>
/// </list>
/// A thing that is missing or already there is an <see cref="AwsException"/> worded as Glue words it.
/// </remarks>
public sealed partial class GlueCatalog : IDisposable
{
    private const string Schema =
        """
        PRAGMA journal_mode = WAL;
        CREATE TABLE IF NOT EXISTS databases(
            name TEXT PRIMARY KEY, json TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS tables(
            id INTEGER PRIMARY KEY AUTOINCREMENT, database TEXT NOT NULL, name TEXT NOT NULL, version INTEGER NOT NULL,
            UNIQUE(database, name));
        CREATE TABLE IF NOT EXISTS versions(
            table_id INTEGER NOT NULL REFERENCES tables(id) ON DELETE CASCADE, version INTEGER NOT NULL,
            json TEXT NOT NULL, PRIMARY KEY(table_id, version)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS descriptors(
            id INTEGER PRIMARY KEY AUTOINCREMENT, json TEXT NOT NULL UNIQUE);
        CREATE TABLE IF NOT EXISTS partitions(
            table_id INTEGER NOT NULL REFERENCES tables(id) ON DELETE CASCADE, key TEXT NOT NULL,
            location TEXT, descriptor INTEGER, json TEXT NOT NULL, PRIMARY KEY(table_id, key)) WITHOUT ROWID;
        """;

    private readonly string _connectionString;
    private readonly string _catalogId;
    private readonly TimeProvider _time;
    private readonly Lock _writing = new();
    private long _writes;

    /// <summary>Opens the catalog, creating it when it is not there.</summary>
    /// <param name="folder">The folder of <c>catalog.db</c>; created when missing.</param>
    /// <param name="accountId">The account, which is also the id of its catalog.</param>
    /// <param name="time">The clock of <c>CreateTime</c> and <c>UpdateTime</c>.</param>
    public GlueCatalog(string folder, string accountId, TimeProvider time)
    {
        Directory.CreateDirectory(folder);
        _connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = Path.Combine(folder, "catalog.db"),
            ForeignKeys = true,
        }.ToString();
        _catalogId = accountId;
        _time = time;
        using var connection = Open();
        Execute(connection, null, Schema);
    }

    /// <summary>
    /// How often this process has changed the catalog: what was read while it was n is right as long as it is n. The data folder
    /// belongs to one process.
    /// </summary>
    public long Writes => Interlocked.Read(ref _writes);

    /// <summary>Creates a database.</summary>
    /// <exception cref="AwsException"><c>AlreadyExistsException</c>, <c>InvalidInputException</c>.</exception>
    public void CreateDatabase(DatabaseInput input)
    {
        var name = Name(input.Name);
        var database = new GlueDatabase(input) { Name = name, CreateTime = Now(), CatalogId = _catalogId };
        Write((connection, transaction) =>
        {
            var added = Execute(connection, transaction,
                "INSERT INTO databases(name, json) VALUES ($0, $1) ON CONFLICT DO NOTHING", name, Json(database));
            if (added == 0)
            {
                throw AlreadyExists("Database");
            }
        });
    }

    /// <summary>The database of that name, or null.</summary>
    public GlueDatabase? FindDatabase(string name)
    {
        using var connection = Open();
        return ReadDatabase(connection, null, name);
    }

    /// <summary>The database of that name.</summary>
    /// <exception cref="AwsException"><c>EntityNotFoundException</c>.</exception>
    public GlueDatabase GetDatabase(string name) => FindDatabase(name) ?? throw DatabaseNotFound(name);

    /// <summary>Every database, by name.</summary>
    public IReadOnlyList<GlueDatabase> GetDatabases()
    {
        using var connection = Open();
        return [.. Query(connection, null, "SELECT json FROM databases ORDER BY name").Select(row => Read<GlueDatabase>((string)row[0]))];
    }

    /// <summary>Replaces what is said of a database; its tables stay.</summary>
    /// <exception cref="AwsException"><c>EntityNotFoundException</c>.</exception>
    public void UpdateDatabase(string name, DatabaseInput input)
    {
        Write((connection, transaction) =>
        {
            var old = ReadDatabase(connection, transaction, name) ?? throw DatabaseNotFound(name);
            var database = new GlueDatabase(input) { Name = old.Name, CreateTime = old.CreateTime, CatalogId = _catalogId };
            Execute(connection, transaction, "UPDATE databases SET json = $1 WHERE name = $0", old.Name, Json(database));
        });
    }

    /// <summary>Deletes a database with its tables and their partitions, as Glue does.</summary>
    /// <exception cref="AwsException"><c>EntityNotFoundException</c>.</exception>
    public void DeleteDatabase(string name)
    {
        Write((connection, transaction) =>
        {
            if (Execute(connection, transaction, "DELETE FROM databases WHERE name = $0", Lower(name)) == 0)
            {
                throw DatabaseNotFound(name);
            }

            Execute(connection, transaction, "DELETE FROM tables WHERE database = $0", Lower(name));
            DropUnusedDescriptors(connection, transaction);
        });
    }

    /// <summary>Closes the connections that are kept for reuse.</summary>
    public void Dispose()
    {
        using var connection = new SqliteConnection(_connectionString);
        SqliteConnection.ClearPool(connection);
    }

    private static GlueDatabase? ReadDatabase(SqliteConnection connection, SqliteTransaction? transaction, string name) =>
        Scalar(connection, transaction, "SELECT json FROM databases WHERE name = $0", Lower(name)) is string json
            ? Read<GlueDatabase>(json)
            : null;

    // Whole seconds, as Glue keeps them.
    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeSeconds(_time.GetUtcNow().ToUnixTimeSeconds());

    private static string Lower(string name) => name.ToLowerInvariant();

    // "Single-line string pattern", 1 to 255 characters: API_DatabaseInput, API_TableInput.
    private static string Name(string? name)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > 255 || name.Any(char.IsControl))
        {
            throw InvalidInput($"1 validation error detected: Value '{name}' at 'name' failed to satisfy constraint: " +
                "Member must have length between 1 and 255 and be a single line");
        }

        return Lower(name);
    }

    private static AwsException AlreadyExists(string what) => new("AlreadyExistsException", $"{what} already exists.");

    private static AwsException InvalidInput(string message) => new("InvalidInputException", message);

    private static AwsException NotFound(string message) => new("EntityNotFoundException", message);

    private static AwsException DatabaseNotFound(string name) => NotFound($"Database {Lower(name)} not found.");

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, AwsJson.Options);

    private static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, AwsJson.Options)!;
}
