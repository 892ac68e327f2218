using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace LocalCloud.S3;

/// <summary>
/// The index of everything in S3: <c>&lt;data&gt;/s3/index.db</c>.
/// </summary>
/// <remarks>
/// Rules:
/// one connection writes, under a lock, in transactions that are short (no body is read or written inside one);
/// any number of connections read, and see the last commit (WAL).
/// <c>synchronous=NORMAL</c>: a commit is in the page cache when it returns, so it survives the process being killed;
/// only a power cut can take the last ones, and the sweep at start tidies up after that as well.
/// Keys are BLOBs of UTF-8, because S3 lists in the order of those bytes and because a prefix's end can then be
/// computed (<see cref="KeyOrder.After"/>), which text does not allow.
/// </remarks>
internal sealed class S3Database : IDisposable
{
    private const string Schema = """
        CREATE TABLE IF NOT EXISTS buckets (
            name TEXT PRIMARY KEY, region TEXT NOT NULL, created INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS bucket_settings (
            bucket TEXT NOT NULL, name TEXT NOT NULL, content TEXT NOT NULL, PRIMARY KEY (bucket, name)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS objects (
            bucket TEXT NOT NULL, key BLOB NOT NULL, size INTEGER NOT NULL, etag TEXT NOT NULL,
            modified INTEGER NOT NULL, body TEXT NOT NULL, attributes TEXT NOT NULL, PRIMARY KEY (bucket, key)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS uploads (
            id TEXT PRIMARY KEY, bucket TEXT NOT NULL, key BLOB NOT NULL, initiated INTEGER NOT NULL,
            attributes TEXT NOT NULL, algorithm INTEGER, full_object INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS uploads_by_key ON uploads (bucket, key, id);
        CREATE TABLE IF NOT EXISTS parts (
            upload TEXT NOT NULL, number INTEGER NOT NULL, size INTEGER NOT NULL, etag TEXT NOT NULL,
            modified INTEGER NOT NULL, body TEXT NOT NULL, checksum TEXT, PRIMARY KEY (upload, number)) WITHOUT ROWID;
        """;

    private readonly string _connectionString;
    private readonly SqliteConnection _writer;
    private readonly Lock _writing = new();
    private readonly ConcurrentBag<SqliteConnection> _readers = [];

    public S3Database(string file)
    {
        // Pooling is our own: a pooled connection would forget its pragmas' cost but not the open handle at the end.
        _connectionString = new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString();
        _writer = Open();
        Execute(_writer, "PRAGMA journal_mode=WAL");
        Execute(_writer, Schema);
    }

    /// <summary>Runs a transaction; it is committed when <paramref name="work"/> returns and undone when it throws.</summary>
    public T Write<T>(Func<Statements, T> work)
    {
        lock (_writing)
        {
            using var transaction = _writer.BeginTransaction(deferred: false);
            var result = work(new Statements(_writer, transaction));
            transaction.Commit();
            return result;
        }
    }

    /// <summary>Reads what is committed; for a single statement.</summary>
    public T Read<T>(Func<Statements, T> work)
    {
        if (!_readers.TryTake(out var reader))
        {
            reader = Open();
        }

        try
        {
            return work(new Statements(reader, null));
        }
        finally
        {
            _readers.Add(reader);
        }
    }

    public void Dispose()
    {
        while (_readers.TryTake(out var reader))
        {
            reader.Dispose();
        }

        _writer.Dispose(); // the last connection to close folds the WAL into the file
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(_connectionString);
        connection.Open();
        Execute(connection, "PRAGMA synchronous=NORMAL");
        Execute(connection, "PRAGMA busy_timeout=10000");
        return connection;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>Statements on one connection; parameters are <c>$1</c>, <c>$2</c>, … in order.</summary>
    internal readonly struct Statements(SqliteConnection connection, SqliteTransaction? transaction)
    {
        public int Execute(string sql, params ReadOnlySpan<object?> parameters)
        {
            using var command = Command(sql, parameters);
            return command.ExecuteNonQuery();
        }

        /// <summary>The rows, read to the end at once, so that no reader stays open behind the caller's back.</summary>
        public List<T> Query<T>(string sql, Func<SqliteDataReader, T> row, params ReadOnlySpan<object?> parameters)
        {
            using var command = Command(sql, parameters);
            using var reader = command.ExecuteReader();
            var rows = new List<T>();
            while (reader.Read())
            {
                rows.Add(row(reader));
            }

            return rows;
        }

        public T? First<T>(string sql, Func<SqliteDataReader, T> row, params ReadOnlySpan<object?> parameters)
            where T : class
        {
            using var command = Command(sql, parameters);
            using var reader = command.ExecuteReader();
            return reader.Read() ? row(reader) : null;
        }

        public bool Exists(string sql, params ReadOnlySpan<object?> parameters)
        {
            using var command = Command(sql, parameters);
            using var reader = command.ExecuteReader();
            return reader.Read();
        }

        private SqliteCommand Command(string sql, ReadOnlySpan<object?> parameters)
        {
            var command = connection.CreateCommand();
            command.CommandText = sql;
            command.Transaction = transaction;
            for (var i = 0; i < parameters.Length; i++)
            {
                command.Parameters.AddWithValue($"${i + 1}", parameters[i] ?? DBNull.Value);
            }

            return command;
        }
    }
}
