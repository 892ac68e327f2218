using System.Globalization;
using LocalCloud.Athena.Results;
using LocalCloud.Athena.Scanning;
using LocalCloud.Athena.Sql;
using LocalCloud.Athena.Translation;
using LocalCloud.Glue;
using LocalCloud.S3;

namespace LocalCloud.Athena.Statements;

/// <summary>
/// The statements whose result is Parquet files in S3: CREATE TABLE AS, INSERT INTO, UNLOAD. The rows are written below the
/// query's own folder first and put into S3 when all of them are there; a manifest names the objects.
/// </summary>
internal sealed class TableWriter(QueryWorld world, StatementSettings settings)
{
    private sealed record Written(long Rows, long ScannedBytes, TimeSpan Planning, IReadOnlyList<SourceColumn> Columns, IReadOnlyList<(string Key, IReadOnlyList<string> Values)> Files);

    public async Task<StatementOutcome> UnloadAsync(Unload statement, CancellationToken cancellation)
    {
        var target = S3Location.Parse(statement.Location);
        var options = new Options(statement.Properties);
        await RequireEmptyAsync(target, cancellation);
        using var session = new QuerySession(world, settings.Id, settings.Database);
        var written = await WriteAsync(session, statement.Query, target, options.PartitionedBy, options.Compression, null, cancellation);
        return await OutcomeAsync(written, target, cancellation);
    }

    public async Task<StatementOutcome> CreateAsync(CreateTableAs statement, CancellationToken cancellation)
    {
        var (database, name) = Names.Of(statement.Table, settings.Database);
        Names.RequireDatabase(world.Catalog, database);
        if (world.Catalog.FindTable(database, name) is not null)
        {
            return statement.IfNotExists ? new StatementOutcome([])
                : throw new QueryFailure(QueryError.AlreadyExists, $"TABLE_ALREADY_EXISTS: Table 'awsdatacatalog.{database}.{name}' already exists");
        }

        var options = new Options(statement.Properties);
        var target = options.Location is { } location
            ? S3Location.Parse(location)
            : settings.Output with { Key = $"{settings.Output.Key}tables/{settings.Id}/" };
        await RequireEmptyAsync(target, cancellation);
        using var session = new QuerySession(world, settings.Id, settings.Database);
        Written written;
        if (statement.WithData)
        {
            written = await WriteAsync(session, statement.Query, target, options.PartitionedBy, options.Compression, null, cancellation);
        }
        else
        {
            written = new Written(0, 0, TimeSpan.Zero, session.Outputs(statement.Query), []);
        }

        var columns = written.Columns.Where(c => !options.PartitionedBy.Contains(c.Name)).Select(c => new GlueColumn(c.Name, c.Type.ToHive())).ToList();
        var keys = options.PartitionedBy.Select(k => new GlueColumn(k, written.Columns.First(c => c.Name == k).Type.ToHive())).ToList();
        var input = new TableInput
        {
            Name = name,
            TableType = "EXTERNAL_TABLE",
            Owner = "hadoop",
            Parameters = new Dictionary<string, string> { ["EXTERNAL"] = "TRUE", ["has_encrypted_data"] = "false", ["parquet.compression"] = options.Compression.ToUpperInvariant() },
            PartitionKeys = keys,
            StorageDescriptor = CatalogStatements.Storage(Formats.Parquet, $"s3://{target.Bucket}/{target.Prefix}", columns),
        };
        world.Catalog.CreateTable(database, input);
        Register(world.Catalog.GetTable(database, name), target, written);
        return await OutcomeAsync(written, target, cancellation);
    }

    public async Task<StatementOutcome> InsertAsync(InsertInto statement, CancellationToken cancellation)
    {
        var table = Names.RequireTable(world.Catalog, statement.Table, settings.Database);
        if (TableSource.IsViewTable(table))
        {
            throw new QueryFailure(QueryError.NotSupported, "Inserting into views is not supported");
        }

        var source = TableSource.Of(table);
        if (source.Format != FileFormat.Parquet)
        {
            throw new QueryFailure(QueryError.NotSupported, "INSERT INTO is supported here for Parquet tables only");
        }

        var target = S3Location.Parse(table.StorageDescriptor?.Location);
        using var session = new QuerySession(world, settings.Id, settings.Database);
        var written = await WriteAsync(session, statement.Query, target, [.. source.Keys.Select(k => k.Name)], "snappy",
            new Destination([.. source.Columns, .. source.Keys], statement.Columns), cancellation);
        Register(table, target, written);
        return await OutcomeAsync(written, target, cancellation);
    }

    private async Task RequireEmptyAsync(S3Location target, CancellationToken cancellation)
    {
        await world.Upstream.PullAsync(target.Bucket, cancellation);
        if (!world.Store.BucketExists(target.Bucket))
        {
            throw new QueryFailure(QueryError.InvalidFunctionArgument, $"The bucket {target.Bucket} does not exist");
        }

        if (world.Store.List(target.Bucket, target.Prefix).Any())
        {
            throw new QueryFailure(QueryError.AlreadyExists, $"HIVE_PATH_ALREADY_EXISTS: Target directory for table already exists: s3://{target.Bucket}/{target.Prefix}");
        }
    }

    private sealed record Destination(IReadOnlyList<SourceColumn> Columns, IReadOnlyList<string> Named);

    private async Task<Written> WriteAsync(
        QuerySession session, Query query, S3Location target, IReadOnlyList<string> partitionedBy, string compression, Destination? destination, CancellationToken cancellation)
    {
        using var stop = cancellation.Register(session.Interrupt);
        var start = world.Time.GetTimestamp();
        var prepared = session.Prepare(query, settings.Parameters, cancellation);
        var planning = world.Time.GetElapsedTime(start);
        StatementRunner.CheckLimit(prepared, settings);
        var (sql, columns) = destination is null ? AsIs(prepared, partitionedBy) : Into(prepared, destination);

        var folder = Path.Combine(session.Folder, "written");
        Directory.CreateDirectory(folder);
        var partition = partitionedBy.Count > 0 ? $", PARTITION_BY ({string.Join(", ", partitionedBy.Select(QueryTranslator.Quote))})" : "";
        var path = partition.Length > 0 ? folder : Path.Combine(folder, "data.parquet");
        var rows = session.Execute($"COPY ({sql}) TO {QueryTranslator.Text(path)} (FORMAT parquet, COMPRESSION {compression}{partition})");

        var files = new List<(string, IReadOnlyList<string>)>();
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            if (rows == 0)
            {
                break; // an empty result leaves no objects
            }

            var relative = Path.GetRelativePath(folder, file).Replace('\\', '/');
            var slash = relative.LastIndexOf('/');
            var values = slash < 0 ? [] : relative[..slash].Split('/').Select(s => Uri.UnescapeDataString(s[(s.IndexOf('=', StringComparison.Ordinal) + 1)..])).ToList();
            var key = $"{target.Prefix}{(slash < 0 ? "" : relative[..(slash + 1)])}{world.Time.GetUtcNow():yyyyMMdd_HHmmss}_{files.Count:d5}_{settings.Id}";
            await using var body = File.OpenRead(file);
            await world.PutAsync(target.Bucket, key, body, ObjectAttributes.None, cancellation);
            files.Add((key, values));
        }

        return new Written(rows, prepared.ScannedBytes, planning, columns, files);
    }

    // What a query gives, with the types the files are to have, partition columns last as Athena wants them.
    private static (string Sql, IReadOnlyList<SourceColumn> Columns) AsIs(PreparedQuery prepared, IReadOnlyList<string> partitionedBy)
    {
        foreach (var (column, i) in prepared.Columns.Select((c, i) => (c, i)))
        {
            if (column.Name == $"_col{i}")
            {
                throw new QueryFailure(QueryError.Syntax, $"Column name not specified at position {i + 1}");
            }
        }

        var tail = prepared.Columns.Skip(prepared.Columns.Count - partitionedBy.Count).Select(c => c.Name);
        if (!tail.SequenceEqual(partitionedBy))
        {
            throw new QueryFailure(QueryError.Syntax, $"Partition keys must be the last columns in the table and in the same order as the table properties: [{string.Join(", ", partitionedBy)}]");
        }

        var names = string.Join(", ", prepared.Columns.Select((_, i) => $"c{i}"));
        var outputs = string.Join(", ", prepared.Columns.Select((c, i) => $"{Stored(c.Type, $"c{i}")} AS {QueryTranslator.Quote(c.Name)}"));
        return ($"SELECT {outputs} FROM ({prepared.Sql}) AS result({names})", prepared.Columns);
    }

    private static (string Sql, IReadOnlyList<SourceColumn> Columns) Into(PreparedQuery prepared, Destination destination)
    {
        IReadOnlyList<string> into = destination.Named.Count > 0 ? destination.Named : [.. destination.Columns.Select(c => c.Name)];
        if (into.Count != prepared.Columns.Count)
        {
            throw new QueryFailure(QueryError.TypeMismatch, $"Insert query has mismatched column types: Table has {into.Count} columns, query has {prepared.Columns.Count}");
        }

        var names = string.Join(", ", prepared.Columns.Select((_, i) => $"c{i}"));
        var outputs = string.Join(", ", destination.Columns.Select(c =>
        {
            var at = into.ToList().IndexOf(c.Name);
            return $"CAST({(at < 0 ? "NULL" : $"c{at}")} AS {c.Type.ToDuckDb()}) AS {QueryTranslator.Quote(c.Name)}";
        }));
        return ($"SELECT {outputs} FROM ({prepared.Sql}) AS result({names})", destination.Columns);
    }

    // Hive has neither zones, nor JSON, nor times.
    private static string Stored(SqlType type, string value) => type.Name switch
    {
        "timestamp with time zone" => $"timezone('UTC', {value})",
        "json" or "time" or "uuid" => $"CAST({value} AS VARCHAR)",
        _ => $"CAST({value} AS {type.ToDuckDb()})",
    };

    private void Register(GlueTable table, S3Location target, Written written)
    {
        if (table.PartitionKeys is not { Count: > 0 })
        {
            return;
        }

        var partitions = written.Files.DistinctBy(f => string.Join('\0', f.Values)).Select(f => new PartitionInput
        {
            Values = f.Values,
            StorageDescriptor = table.StorageDescriptor! with { Location = $"s3://{target.Bucket}/{f.Key[..(f.Key.LastIndexOf('/') + 1)]}" },
        }).ToList();
        var errors = world.Catalog.CreatePartitions(table.DatabaseName!, table.Name, partitions);
        var bad = errors.FirstOrDefault(e => e.ErrorDetail.ErrorCode != "AlreadyExistsException");
        if (bad is not null)
        {
            throw new QueryFailure(QueryError.Internal, bad.ErrorDetail.ErrorMessage);
        }
    }

    private async Task<StatementOutcome> OutcomeAsync(Written written, S3Location target, CancellationToken cancellation)
    {
        var manifest = settings.Output with { Key = $"{settings.Output.Key}{settings.Id}-manifest.csv" };
        var lines = string.Concat(written.Files.Select(f => $"s3://{target.Bucket}/{f.Key}\n"));
        await world.PutAsync(manifest.Bucket, manifest.Key, new MemoryStream(System.Text.Encoding.UTF8.GetBytes(lines)), ObjectAttributes.None, cancellation);
        return new StatementOutcome([ResultFile.Describe(new SourceColumn("rows", SqlType.Of("bigint")))])
        {
            ScannedBytes = written.ScannedBytes,
            Planning = written.Planning,
            Updates = written.Rows,
            Manifest = manifest.ToString(),
        };
    }

    /// <summary>What stands in <c>WITH (…)</c>.</summary>
    private sealed class Options
    {
        public Options(IReadOnlyDictionary<string, Expression> properties)
        {
            foreach (var (name, value) in properties)
            {
                switch (name.ToLowerInvariant())
                {
                    case "format" when Text(name, value).Equals("parquet", StringComparison.OrdinalIgnoreCase):
                        break;
                    case "format":
                        throw new QueryFailure(QueryError.NotSupported, $"format = '{Text(name, value)}' is not supported here; PARQUET is");
                    case "external_location":
                        Location = Text(name, value);
                        break;
                    case "partitioned_by":
                        PartitionedBy = value is ArrayOf array ? [.. array.Items.Select(i => Text(name, i).ToLowerInvariant())] : throw Wrong(name);
                        break;
                    case "compression" or "write_compression" or "parquet_compression":
                        Compression = Text(name, value).ToLowerInvariant() switch
                        {
                            "none" => "uncompressed",
                            "uncompressed" or "snappy" or "gzip" or "zstd" or "lz4" or "brotli" => Text(name, value).ToLowerInvariant(),
                            var other => throw new QueryFailure(QueryError.NotSupported, $"compression '{other}' is not supported here"),
                        };
                        break;
                    case "compression_level" or "is_external" or "table_type":
                        break;
                    default:
                        throw new QueryFailure(QueryError.NotSupported, $"The property {name} is not supported here");
                }
            }
        }

        public string? Location { get; }

        public IReadOnlyList<string> PartitionedBy { get; } = [];

        // Athena's default for Parquet is gzip.
        public string Compression { get; } = "gzip";

        private static string Text(string name, Expression value) => value is StringLiteral text ? text.Value : value is NumberLiteral number ? number.Text.ToString(CultureInfo.InvariantCulture) : throw Wrong(name);

        private static QueryFailure Wrong(string name) => new(QueryError.Syntax, $"Invalid value for the property {name}");
    }
}
