using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace LocalCloud;

/// <summary>A SQLite file of a service, with one writer and any number of readers.</summary>
/// <remarks>
/// Rules:
/// one connection writes, under a lock, in transactions that are short (nothing is waited for inside one);
/// any number of connections read, and see the last commit (WAL).
/// <c>synchronous=NORMAL</c>: a commit is in the page cache when it returns, so it survives the process being killed;
/// only a power cut can take the last ones.
/// </remarks>
internal abstract class SqliteFile : IDisposable
{
    private readonly string _connectionString;
    private readonly SqliteConnection _writer;
    private readonly Lock _writing = new();
    private readonly ConcurrentBag<SqliteConnection> _readers = [];

    protected SqliteFile(string file, string schema)
    {
        // Pooling is our own: a pooled connection would forget its pragmas' cost but not the open handle at the end.
        _connectionString = new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString();
        _writer = Open();
        Execute(_writer, "PRAGMA journal_mode=WAL");
        Execute(_writer, schema);
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
