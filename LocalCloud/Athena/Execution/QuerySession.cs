using System.Globalization;
using System.Text;
using DuckDB.NET.Data;
using LocalCloud.Athena.Scanning;
using LocalCloud.Athena.Sql;
using LocalCloud.Athena.Translation;
using LocalCloud.Glue;
using LocalCloud.S3;
using LocalCloud.Upstream;

namespace LocalCloud.Athena;

/// <summary>What a query lives in: the catalog, the objects, and the few choices that are not the user's.</summary>
internal sealed record QueryWorld(
    GlueCatalog Catalog, ObjectStore Store, UpstreamBuckets Upstream, RegisteredPartitions Partitions, ColumnSizes Sizes, JsonLines Json, TimeProvider Time,
    string ScanFolder, string MemoryLimit, int Threads)
{
    /// <summary>Puts an object where everybody reads it: here, and in the other S3 when the buckets live there.</summary>
    public Task PutAsync(string bucket, string key, Stream body, ObjectAttributes attributes, CancellationToken cancellation) =>
        Upstream.PutAsync(bucket, key, body, attributes, cancellation);
}

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
internal sealed class QuerySession : IDisposable
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
            foreach (var bucket in chosen[scan.Number].Select(p => p.Location.Bucket).Where(_pulled.Add).ToList())
            {
                // The buckets may live in another S3. This thread is the query's own.
                _world.Upstream.PullAsync(bucket, cancellation).GetAwaiter().GetResult();
            }

            scan.Files = DataFiles.Find(_world.Store, chosen[scan.Number]);
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

    private string ScanFolder(int scan) => Path.Combine(_folder, $"t{scan}");

    private string Template(int scan) => Path.Combine(ScanFolder(scan), "template");

    private string Linked(int scan, string file, string marker, IReadOnlyList<string?> values, string name)
    {
        var path = Path.Combine(PartitionFolder(scan, marker, values), name);
        HardLinks.Create(path, file);
        return path;
    }

    /// <summary>The folder that carries these values, which exists afterwards.</summary>
    private string PartitionFolder(int scan, string marker, IReadOnlyList<string?> values)
    {
        var folder = new StringBuilder(ScanFolder(scan)).Append('/').Append(QueryPlan.Marker).Append('=').Append(marker);
        for (var i = 0; i < values.Count; i++)
        {
            folder.Append("/__p").Append(i).Append('=').Append(values[i] is null or HiveNull ? HiveNull : Uri.EscapeDataString(values[i]!));
        }

        var path = folder.ToString();
        if (_folders.Add(path))
        {
            Directory.CreateDirectory(path);
        }

        return path;
    }

    private const string HiveNull = "__HIVE_DEFAULT_PARTITION__";

    private void SetFiles(string variable, List<string> files)
    {
        if (files.Count < 100)
        {
            Execute($"SET VARIABLE {variable} = [{string.Join(", ", files.Select(QueryTranslator.Text))}]");
            return;
        }

        Execute($"CREATE OR REPLACE TEMP TABLE list_{variable}(path VARCHAR)");
        using (var appender = _connection.CreateAppender($"list_{variable}"))
        {
            foreach (var file in files)
            {
                appender.CreateRow().AppendValue(file).EndRow();
            }
        }

        Execute($"SET VARIABLE {variable} = (SELECT list(path) FROM list_{variable}); DROP TABLE list_{variable}");
    }

    // The table's columns with Glue's names and types, whatever the files have.
    private static string Reading(Scan scan, bool parquet, bool json)
    {
        var source = scan.Source;
        var types = string.Join(", ", source.Keys.Select((k, i) => $"'__p{i}': '{k.Type.ToDuckDb()}'").Prepend($"'{QueryPlan.Marker}': 'VARCHAR'"));
        var hive = $"hive_partitioning = true, hive_types_autocast = false, hive_types = {{{types}}}";
        var marked = $"WHERE {QueryPlan.Marker} = '{scan.Number}'";
        var readings = new List<string>();
        if (parquet)
        {
            var outputs = string.Join(", ", source.Columns
                .Select(c => $"CAST({QueryTranslator.Quote(c.Name)} AS {c.Type.ToDuckDb()}) AS {QueryTranslator.Quote(c.Name)}")
                .Concat(source.Keys.Select((k, i) => $"\"__p{i}\" AS {QueryTranslator.Quote(k.Name)}")));
            readings.Add($"SELECT {outputs} FROM read_parquet(getvariable('parquet_{scan.Number}'), union_by_name = true, {hive}) {marked}");
        }

        if (json)
        {
            var columns = string.Join(", ", source.Columns.Select(c => $"{QueryTranslator.Text(source.JsonKey(c.Name))}: {QueryTranslator.Text(c.Type.ToDuckDb())}"));
            var outputs = string.Join(", ", source.Columns
                .Select(c => $"{QueryTranslator.Quote(source.JsonKey(c.Name))} AS {QueryTranslator.Quote(c.Name)}")
                .Concat(source.Keys.Select((k, i) => $"\"__p{i}\" AS {QueryTranslator.Quote(k.Name)}")));
            readings.Add($"SELECT {outputs} FROM read_json(getvariable('json_{scan.Number}'), format = 'newline_delimited', columns = {{{columns}}}, {hive}) {marked}");
        }

        return string.Join(" UNION ALL ", readings);
    }

    private void ChoosePartitions(Query query, IReadOnlyList<Expression> parameters, Dictionary<int, IReadOnlyList<ScanPartition>> chosen)
    {
        ILookup<int, PlannedScan> planned;
        try
        {
            // Over no rows everything is constant, and DuckDB would conclude from it.
            Execute("SET disabled_optimizers = 'statistics_propagation'");
            planned = QueryPlan.Scans(Explain(Translate(query, parameters, lenient: true))).ToLookup(s => s.Scan);
        }
        catch (QueryFailure)
        {
            // Said so that nothing can fail it is not always a query; then every partition is read.
            return;
        }
        finally
        {
            Execute("RESET disabled_optimizers");
        }

        foreach (var scan in _scans.Values.Where(s => s.CanChoose && planned[s.Number].Any()))
        {
            CreateValues($"partitions_{scan.Number}", scan.Source, scan.Partitions);
            var some = new SortedSet<int>();
            foreach (var reading in planned[scan.Number])
            {
                some.UnionWith(Matching($"partitions_{scan.Number}", reading, orUnknown: true) ?? Enumerable.Range(0, scan.Partitions.Count));
            }

            chosen[scan.Number] = [.. some.Select(i => scan.Partitions[i])];
        }
    }

    // A row for each partition or file, its number and its values with their types.
    private void CreateValues(string table, TableSource source, IEnumerable<ScanPartition> partitions)
    {
        var texts = string.Concat(source.Keys.Select((_, i) => $", \"__p{i}\" VARCHAR"));
        Execute($"CREATE TEMP TABLE {table}_text(n INTEGER{texts})");
        using (var appender = _connection.CreateAppender($"{table}_text"))
        {
            var n = 0;
            foreach (var partition in partitions)
            {
                var row = appender.CreateRow().AppendValue(n++);
                foreach (var value in partition.Values)
                {
                    row = value == HiveNull ? row.AppendNullValue() : row.AppendValue(value);
                }

                row.EndRow();
            }
        }

        var typed = string.Concat(source.Keys.Select((k, i) => $", CAST(\"__p{i}\" AS {k.Type.ToDuckDb()}) AS \"__p{i}\""));
        Execute($"CREATE TEMP TABLE {table} AS SELECT n{typed} FROM {table}_text; DROP TABLE {table}_text");
    }

    /// <summary>
    /// The numbers of the rows that the plan's conditions keep, and with <paramref name="orUnknown"/> those of which they say
    /// nothing (a cast that fails must be seen to fail when rows are read); null when no condition can be told from the values.
    /// </summary>
    private List<int>? Matching(string table, PlannedScan reading, bool orUnknown)
    {
        var conditions = reading.FileFilters
            .Select(f => orUnknown ? $"({f}) IS NOT FALSE" : f)
            .Where(f => CanPlan($"SELECT 1 FROM {table} WHERE {f}"))
            .ToList();
        if (conditions.Count == 0)
        {
            return null;
        }

        try
        {
            using var command = Command($"SELECT n FROM {table} WHERE {string.Join(" AND ", conditions)}");
            using var reader = Run(command);
            var numbers = new List<int>();
            while (reader.Read())
            {
                numbers.Add(reader.GetInt32(0));
            }

            return numbers;
        }
        catch (QueryFailure)
        {
            return null;
        }
    }

    private void LinkFiles(Scan scan, CancellationToken cancellation)
    {
        using var held = _world.Store.HoldBodies();
        var marker = scan.Number.ToString(CultureInfo.InvariantCulture);
        var (parquet, json) = (new List<string>(), new List<string>());
        var all = scan.Files.Select(f => f.Partition.Format).ToHashSet();

        // An empty file of the table's own columns keeps the types right where files lack columns, and another marker's is always passed over.
        if (all.Contains(FileFormat.Parquet) || all.Count == 0)
        {
            parquet.Add(Linked(scan.Number, Template(scan.Number), "other", [.. scan.Source.Keys.Select(_ => (string?)null)], "template"));
            parquet.Add(Linked(scan.Number, Template(scan.Number), marker, [.. scan.Source.Keys.Select(_ => (string?)null)], "template"));
        }

        if (all.Contains(FileFormat.Json))
        {
            var empty = Path.Combine(ScanFolder(scan.Number), "empty");
            File.WriteAllText(empty, "");
            json.Add(Linked(scan.Number, empty, "other", [.. scan.Source.Keys.Select(_ => (string?)null)], "empty"));
        }

        var kept = new List<DataFile>(scan.Files.Count);
        foreach (var file in scan.Files)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                var name = kept.Count.ToString(CultureInfo.InvariantCulture);
                if (file.Partition.Format == FileFormat.Json)
                {
                    var path = Path.Combine(PartitionFolder(scan.Number, marker, file.Partition.Values), name);
                    json.Add(_world.Json.Place(file.Object.Path, file.Object.Key.EndsWith(".gz", StringComparison.Ordinal), path, scan.Source.SkipsMalformedJson));
                }
                else
                {
                    parquet.Add(Linked(scan.Number, file.Object.Path, marker, file.Partition.Values, name));
                }

                kept.Add(file);
            }
            catch (FileNotFoundException)
            {
                // Deleted or replaced since it was listed: so it is for a reader of S3.
            }
        }

        scan.Files = kept;
        SetFiles($"parquet_{scan.Number}", parquet);
        if (json.Count > 0)
        {
            SetFiles($"json_{scan.Number}", json);
        }

        var view = QueryTranslator.Quote($"{scan.Source.Database}.{scan.Source.Name}");
        Execute($"CREATE OR REPLACE VIEW {view} AS {Reading(scan, parquet.Count > 0, json.Count > 0)}");
        RememberSizes(scan);
    }

    private void RememberSizes(Scan scan)
    {
        var unknown = scan.Files.Where(f => f.Partition.Format == FileFormat.Parquet && !_world.Sizes.Knows(f.Object.Path)).ToList();
        if (unknown.Count == 0)
        {
            return;
        }

        // By links of their own, whose names say which file it is.
        var folder = Directory.CreateDirectory(Path.Combine(ScanFolder(scan.Number), "sizes")).FullName;
        var paths = new List<string>(unknown.Count);
        for (var i = 0; i < unknown.Count; i++)
        {
            paths.Add(Path.Combine(folder, i.ToString(CultureInfo.InvariantCulture)));
            HardLinks.Create(paths[i], unknown[i].Object.Path);
        }

        SetFiles("sizes", paths);
        using var command = Command("""
            SELECT CAST(regexp_extract(file_name, '[0-9]+$') AS INTEGER), split_part(path_in_schema, ', ', 1), CAST(sum(total_compressed_size) AS BIGINT)
            FROM parquet_metadata(getvariable('sizes')) GROUP BY ALL ORDER BY 1
            """);
        using var reader = Run(command);
        var sizes = unknown.Select(_ => new Dictionary<string, long>(StringComparer.OrdinalIgnoreCase)).ToList();
        while (reader.Read())
        {
            sizes[reader.GetInt32(0)][reader.GetString(1)] = reader.GetInt64(2);
        }

        for (var i = 0; i < unknown.Count; i++)
        {
            _world.Sizes.Add(unknown[i].Object.Path, sizes[i]);
        }
    }

    private (long Bytes, int Files) Measure(List<PlannedScan> readings)
    {
        var (bytes, count) = (0L, 0);
        var byNumber = _scans.Values.ToDictionary(s => s.Number);
        var created = new HashSet<int>();
        foreach (var reading in readings)
        {
            var scan = byNumber[reading.Scan];
            IEnumerable<DataFile> files = scan.Files;
            if (reading.FileFilters.Count > 0 && scan.Files.Count > 0)
            {
                if (created.Add(scan.Number))
                {
                    CreateValues($"files_{scan.Number}", scan.Source, scan.Files.Select(f => f.Partition));
                }

                var left = Matching($"files_{scan.Number}", reading, orUnknown: false);
                files = left is null ? files : left.Select(i => scan.Files[i]);
            }

            foreach (var file in files.Where(f => f.Partition.Format == reading.Format))
            {
                count++;
                bytes += reading.Format == FileFormat.Json
                    ? file.Object.Size
                    : _world.Sizes.Bytes(file.Object.Path, reading.Columns) ?? file.Object.Size;
            }
        }

        return (bytes, count);
    }

    private string Explain(string sql)
    {
        using var command = Command("EXPLAIN (FORMAT JSON) " + sql);
        using var reader = Run(command);
        reader.Read();
        return reader.GetString(1);
    }

    private List<SourceColumn> Describe(string sql)
    {
        using var command = Command("DESCRIBE " + sql);
        using var reader = Run(command);
        var columns = new List<SourceColumn>();
        while (reader.Read())
        {
            var name = reader.GetString(0);
            columns.Add(new SourceColumn(
                name.StartsWith(QueryTranslator.Unnamed, StringComparison.Ordinal) ? $"_col{columns.Count}" : name,
                SqlType.Parse(reader.GetString(1))));
        }

        return columns;
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
