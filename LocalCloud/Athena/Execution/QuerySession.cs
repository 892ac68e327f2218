using System.Text;
using DuckDB.NET.Data;
using LocalCloud.Athena.Scanning;
using LocalCloud.Athena.Sql;
using LocalCloud.Athena.Translation;

namespace LocalCloud.Athena;

/// <summary>A query that is ready to run.</summary>
/// <param name="Sql">In DuckDB's words.</param>
/// <param name="Columns">Its outputs.</param>
/// <param name="ScannedBytes">What it reads: the columns it needs in the files that are left after pruning.</param>
/// <param name="ScannedFiles">How many files that are.</param>
internal sealed record PreparedQuery(string Sql, IReadOnlyList<SourceColumn> Columns, long ScannedBytes, int ScannedFiles);

/// <summary>
/// One query's own DuckDB: in memory, and able to read only its own folder. That folder holds hard links to the
/// body files of the objects that the query can need, in hive-style folders that carry the partition's values.
/// </summary>
/// <remarks>
/// A table becomes a view over its files, and is planned twice. The first time it has no files but a few empty ones with extreme
/// partition values, and the query is said so that nothing in it can fail; DuckDB's plan then tells which conditions on
/// partition columns reach the table, through views, joins and windows. Those conditions choose the registered partitions;
/// only the chosen ones are listed and linked. What the first plan does not tell is not used, so that too much may be
/// linked, never too little; the second plan, of the query as it is and with the files, prunes again by itself, and its
/// columns and files are what the query is charged for.
/// </remarks>
internal sealed partial class QuerySession : IDisposable
{
    private readonly QueryWorld _world;
    private readonly string? _database;
    private readonly string _folder;
    private readonly DuckDBConnection _connection;
    private readonly Dictionary<string, Scan> _scans = new(StringComparer.Ordinal);
    private readonly HashSet<string> _views = new(StringComparer.Ordinal);
    private readonly HashSet<string> _informationTables = new(StringComparer.Ordinal);
    private readonly Stack<string> _viewsBeingRead = new();
    private readonly HashSet<string> _pulled = new(StringComparer.Ordinal);
    private readonly HashSet<string> _folders = new(StringComparer.Ordinal);
    private DuckDBCommand? _running;
    private bool _interrupted;

    /// <param name="world">Where the query lives.</param>
    /// <param name="id">The execution's id: the name of its folder.</param>
    /// <param name="database">The database of names that have none.</param>
    public QuerySession(QueryWorld world, string id, string? database)
    {
        _world = world;
        _database = database;
        Now = world.Time.GetUtcNow();
        _folder = Directory.CreateDirectory(Path.Combine(world.ScanFolder, id)).FullName;
        _connection = new DuckDBConnection("DataSource=:memory:");
        _connection.Open();
        Execute($"""
            SET TimeZone = 'UTC';
            SET threads = {world.Threads};
            SET memory_limit = {QueryTranslator.Text(world.MemoryLimit)};
            SET temp_directory = {QueryTranslator.Text(Path.Combine(_folder, "spill"))};
            SET autoinstall_known_extensions = false;
            SET autoload_known_extensions = false;
            SET allowed_directories = [{QueryTranslator.Text(_folder + Path.DirectorySeparatorChar)}];
            SET enable_external_access = false;
            """);
        DuckFunctions.Register(_connection);
        Execute(Macros.Definitions);
    }

    /// <summary>The time of the query's <c>current_timestamp</c>.</summary>
    public DateTimeOffset Now { get; }

    /// <summary>The query's own folder, the only one DuckDB may touch.</summary>
    public string Folder => _folder;

    private sealed record Scan(int Number, TableSource Source, IReadOnlyList<ScanPartition> Partitions)
    {
        public List<DataFile> Files { get; set; } = [];

        /// <summary>Whether there is anything to choose from.</summary>
        public bool CanChoose => Source.Keys.Count > 0 && Partitions.Count > 1;
    }

    /// <summary>Makes everything the query needs, links the files and plans it.</summary>
    public PreparedQuery Prepare(Query query, IReadOnlyList<Expression> parameters, CancellationToken cancellation)
    {
        var sql = Translate(query, parameters, lenient: false);
        var chosen = _scans.Values.ToDictionary(s => s.Number, s => s.Partitions);
        if (_scans.Values.Any(s => s.CanChoose))
        {
            cancellation.ThrowIfCancellationRequested();
            ChoosePartitions(query, parameters, chosen);
            sql = Translate(query, parameters, lenient: false);
        }

        foreach (var scan in _scans.Values)
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (var bucket in chosen[scan.Number].Select(p => p.Location.Bucket).Distinct())
            {
                Pull(bucket);
            }

            scan.Files = DataFiles.Find(_world.Store, chosen[scan.Number], Pull);
            LinkFiles(scan, cancellation);
        }

        Execute("SET lock_configuration = true");
        var plan = Explain(sql);
        if (QueryPlan.TypeMismatch(plan) is { } mismatch)
        {
            throw new QueryFailure(QueryError.TypeMismatch, mismatch);
        }

        var (bytes, files) = Measure(QueryPlan.Scans(plan));
        return new PreparedQuery(sql, Describe(sql), bytes, files);

        void Pull(string bucket)
        {
            if (_pulled.Add(bucket))
            {
                // The buckets may live in another S3. This thread is the query's own.
                _world.Upstream.PullAsync(bucket, cancellation).GetAwaiter().GetResult();
            }
        }
    }

    /// <summary>A query's outputs without reading any table's files.</summary>
    public IReadOnlyList<SourceColumn> Outputs(Query query) => Describe(Translate(query, [], lenient: false));

    /// <summary>DuckDB's plan of a prepared query, for EXPLAIN.</summary>
    public string PlanText(PreparedQuery query)
    {
        using var command = Command("EXPLAIN " + query.Sql);
        using var reader = Run(command);
        var text = new StringBuilder();
        while (reader.Read())
        {
            text.Append(reader.GetString(1));
        }

        return text.ToString();
    }

    /// <summary>Runs a prepared query; every value comes as the text that Athena shows.</summary>
    public IEnumerable<string?[]> Rows(PreparedQuery query)
    {
        var names = query.Columns.Select((_, i) => $"c{i}").ToList();
        var outputs = string.Join(", ", query.Columns.Select((c, i) => ResultText.Write(c.Type, names[i])));
        using var command = Command($"SELECT {outputs} FROM ({query.Sql}) AS result({string.Join(", ", names)})");
        command.UseStreamingMode = true;
        using var reader = Run(command);
        while (Read(reader))
        {
            var row = new string?[query.Columns.Count];
            for (var i = 0; i < row.Length; i++)
            {
                row[i] = reader.IsDBNull(i) ? null : reader.GetString(i);
            }

            yield return row;
        }
    }

    /// <summary>Runs SQL of our own.</summary>
    public int Execute(string sql)
    {
        using var command = Command(sql);
        try
        {
            _running = command;
            ThrowIfInterrupted();
            return command.ExecuteNonQuery();
        }
        catch (DuckDBException problem)
        {
            throw Failure(problem);
        }
        finally
        {
            _running = null;
        }
    }

    /// <summary>Ends what runs now, and whatever would run next, with an <see cref="OperationCanceledException"/>.</summary>
    public void Interrupt()
    {
        Volatile.Write(ref _interrupted, true);
        try
        {
            _running?.Cancel();
        }
        catch (Exception over) when (over is ObjectDisposedException or InvalidOperationException)
        {
            // It ended by itself meanwhile.
        }
    }

    public void Dispose()
    {
        _connection.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private DuckDBCommand Command(string sql)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }

    private DuckDBDataReader Run(DuckDBCommand command)
    {
        _running = command;
        ThrowIfInterrupted();
        try
        {
            return command.ExecuteReader();
        }
        catch (DuckDBException problem)
        {
            throw Failure(problem);
        }
    }

    private bool Read(DuckDBDataReader reader)
    {
        ThrowIfInterrupted();
        try
        {
            return reader.Read();
        }
        catch (DuckDBException problem)
        {
            throw Failure(problem);
        }
    }

    private void ThrowIfInterrupted()
    {
        if (Volatile.Read(ref _interrupted))
        {
            throw new OperationCanceledException();
        }
    }

    private Exception Failure(DuckDBException problem) =>
        Volatile.Read(ref _interrupted) ? new OperationCanceledException("The query was cancelled.", problem) : DuckErrors.Translate(problem);
}
