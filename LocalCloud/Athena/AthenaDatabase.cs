using System.Text.Json;
using LocalCloud.Protocol;
using Microsoft.Data.Sqlite;

namespace LocalCloud.Athena;

/// <summary>
/// What Athena remembers: workgroups, executions with the columns of their results, named queries. Results themselves
/// are objects in S3.
/// </summary>
/// <remarks>
/// One SQLite file and one connection, used under <see cref="_lock"/>. A write is visible and survives the process when its
/// member returns. An execution's row is written when it is accepted and when it ends; between these its state is
/// that of the process, which is why whatever was not over is failed when the file is opened.
/// </remarks>
internal sealed class AthenaDatabase : IDisposable
{
    private const string Schema = """
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = NORMAL;
        CREATE TABLE IF NOT EXISTS workgroups(name TEXT PRIMARY KEY, json TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS executions(
            number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, workgroup TEXT NOT NULL, token TEXT UNIQUE,
            over INTEGER NOT NULL, json TEXT NOT NULL, columns TEXT, updates INTEGER);
        CREATE INDEX IF NOT EXISTS executions_of_workgroup ON executions(workgroup, number);
        CREATE TABLE IF NOT EXISTS named_queries(id TEXT PRIMARY KEY, workgroup TEXT NOT NULL, json TEXT NOT NULL) WITHOUT ROWID;
        """;

    private readonly SqliteConnection _connection;
    private readonly Lock _lock = new();

    public AthenaDatabase(string path)
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        _connection.Open();
        Execute(Schema);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _connection.Dispose();
        }
    }

    public WorkGroup? FindWorkGroup(string name) => Read<WorkGroup>("SELECT json FROM workgroups WHERE name = $0", name).FirstOrDefault();

    public IReadOnlyList<WorkGroup> WorkGroups() => Read<WorkGroup>("SELECT json FROM workgroups ORDER BY name");

    /// <summary>False when there is one of that name.</summary>
    public bool AddWorkGroup(WorkGroup workGroup) =>
        Execute("INSERT INTO workgroups(name, json) VALUES ($0, $1) ON CONFLICT DO NOTHING", workGroup.Name, Json(workGroup)) > 0;

    public void SaveWorkGroup(WorkGroup workGroup) => Execute("UPDATE workgroups SET json = $1 WHERE name = $0", workGroup.Name, Json(workGroup));

    public void DeleteWorkGroup(string name)
    {
        Execute("DELETE FROM executions WHERE workgroup = $0", name);
        Execute("DELETE FROM named_queries WHERE workgroup = $0", name);
        Execute("DELETE FROM workgroups WHERE name = $0", name);
    }

    public bool IsEmpty(string workGroup) =>
        Texts("SELECT id FROM executions WHERE workgroup = $0 UNION ALL SELECT id FROM named_queries WHERE workgroup = $0 LIMIT 1", workGroup).Count == 0;

    /// <summary>Keeps a new execution; when its token is known already, answers the execution it was given for.</summary>
    public QueryExecution? Add(QueryExecution execution, string? token)
    {
        lock (_lock)
        {
            if (token is not null && Read<QueryExecution>("SELECT json FROM executions WHERE token = $0", token) is [var earlier])
            {
                return earlier;
            }

            Execute("INSERT INTO executions(id, workgroup, token, over, json) VALUES ($0, $1, $2, 0, $3)",
                execution.QueryExecutionId, execution.WorkGroup, token, Json(execution));
            return null;
        }
    }

    public void Save(QueryExecution execution, IReadOnlyList<ColumnInfo>? columns = null, long? updates = null) => Execute(
        "UPDATE executions SET json = $1, over = $2, columns = coalesce($3, columns), updates = coalesce($4, updates) WHERE id = $0",
        execution.QueryExecutionId, Json(execution), execution.IsOver ? 1 : 0, columns is null ? null : Json(columns), updates);

    public QueryExecution? FindExecution(string id) => Read<QueryExecution>("SELECT json FROM executions WHERE id = $0", id).FirstOrDefault();

    public (IReadOnlyList<ColumnInfo> Columns, long? Updates) ResultOf(string id)
    {
        var columns = Read<IReadOnlyList<ColumnInfo>>("SELECT columns FROM executions WHERE id = $0 AND columns IS NOT NULL", id).FirstOrDefault() ?? [];
        var updates = Texts("SELECT CAST(updates AS TEXT) FROM executions WHERE id = $0 AND updates IS NOT NULL", id).FirstOrDefault();
        return (columns, updates is null ? null : long.Parse(updates, System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <summary>Ids, newest first, those older than <paramref name="before"/>.</summary>
    public IReadOnlyList<string> ExecutionIds(string workGroup, string? before, int limit) => Texts(
        """
        SELECT id FROM executions WHERE workgroup = $0
        AND number < coalesce((SELECT number FROM executions WHERE id = $1), 9223372036854775807) ORDER BY number DESC LIMIT $2
        """, workGroup, before, limit);

    public IReadOnlyList<QueryExecution> Unfinished() => Read<QueryExecution>("SELECT json FROM executions WHERE over = 0");

    public void AddNamedQuery(NamedQuery query) =>
        Execute("INSERT INTO named_queries(id, workgroup, json) VALUES ($0, $1, $2)", query.NamedQueryId, query.WorkGroup, Json(query));

    public NamedQuery? FindNamedQuery(string id) => Read<NamedQuery>("SELECT json FROM named_queries WHERE id = $0", id).FirstOrDefault();

    public bool DeleteNamedQuery(string id) => Execute("DELETE FROM named_queries WHERE id = $0", id) > 0;

    public IReadOnlyList<string> NamedQueryIds(string workGroup) => Texts("SELECT id FROM named_queries WHERE workgroup = $0 ORDER BY id", workGroup);

    private int Execute(string sql, params ReadOnlySpan<object?> values)
    {
        lock (_lock)
        {
            using var command = Command(sql, values);
            return command.ExecuteNonQuery();
        }
    }

    private List<string> Texts(string sql, params ReadOnlySpan<object?> values)
    {
        lock (_lock)
        {
            using var command = Command(sql, values);
            using var reader = command.ExecuteReader();
            var texts = new List<string>();
            while (reader.Read())
            {
                texts.Add(reader.GetString(0));
            }

            return texts;
        }
    }

    private List<T> Read<T>(string sql, params ReadOnlySpan<object?> values) =>
        [.. Texts(sql, values).Select(json => JsonSerializer.Deserialize<T>(json, AwsJson.Options)!)];

    private SqliteCommand Command(string sql, ReadOnlySpan<object?> values)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters.AddWithValue($"${i}", values[i] ?? DBNull.Value);
        }

        return command;
    }

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, AwsJson.Options);
}
