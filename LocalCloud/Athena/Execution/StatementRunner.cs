using LocalCloud.Athena.Results;
using LocalCloud.Athena.Scanning;
using LocalCloud.Athena.Sql;
using LocalCloud.Athena.Statements;

namespace LocalCloud.Athena;

/// <summary>What a statement is to be run with.</summary>
/// <param name="Id">The execution's id.</param>
/// <param name="Database">The database of names that have none.</param>
/// <param name="Parameters">The values of <c>?</c>.</param>
/// <param name="Output">The folder of its results.</param>
/// <param name="BytesLimit">More bytes than this must not be read; null for no limit.</param>
internal sealed record StatementSettings(string Id, string? Database, IReadOnlyList<Expression> Parameters, S3Location Output, long? BytesLimit);

/// <summary>What came out besides the rows, which are in the result's file.</summary>
internal sealed record StatementOutcome(IReadOnlyList<ColumnInfo> Columns)
{
    public long ScannedBytes { get; init; }
    public TimeSpan Planning { get; init; }
    public long? Updates { get; init; }
    public string? Manifest { get; init; }
}

/// <summary>The query would read more than its workgroup allows.</summary>
internal sealed class BytesLimitReached(long limit) : Exception("Bytes scanned limit was exceeded")
{
    public long Limit { get; } = limit;
}

/// <summary>Runs one statement and writes its result into a file.</summary>
internal sealed class StatementRunner(QueryWorld world)
{
    /// <exception cref="QueryFailure">What makes the query FAILED.</exception>
    /// <exception cref="BytesLimitReached">What makes it CANCELLED by its workgroup.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public async Task<StatementOutcome> RunAsync(Statement statement, StatementSettings settings, ResultFile file, CancellationToken cancellation)
    {
        switch (statement)
        {
            case QueryStatement query:
                return Select(query.Query, settings, file, cancellation);
            case ExplainStatement explain:
                return Explain(explain.Query, settings, file, cancellation);
            case CreateView view:
                return Views().Create(view, settings);
            case DropView view:
                return Views().Drop(view, settings);
            case CreateTableAs table:
                return await new TableWriter(world, settings).CreateAsync(table, cancellation);
            case InsertInto insert:
                return await new TableWriter(world, settings).InsertAsync(insert, cancellation);
            case Unload unload:
                return await new TableWriter(world, settings).UnloadAsync(unload, cancellation);
            case Unsupported unsupported:
                throw new QueryFailure(QueryError.NotSupported, $"{unsupported.What} is not supported by this local Athena");
            default:
                await PullAsync(statement, settings, cancellation);
                return new CatalogStatements(world.Catalog, world.Store, settings.Database).Run(statement, file)
                    ?? throw new QueryFailure(QueryError.NotSupported, $"{statement.Name} is not supported by this local Athena");
        }
    }

    private ViewStatements Views() => new(world);

    // MSCK REPAIR lists the table's bucket, which may live in another S3.
    private async Task PullAsync(Statement statement, StatementSettings settings, CancellationToken cancellation)
    {
        if (statement is RepairTable repair
            && S3Location.TryParse(Names.RequireTable(world.Catalog, repair.Table, settings.Database).StorageDescriptor?.Location) is { } location)
        {
            await world.Upstream.PullAsync(location.Bucket, cancellation);
        }
    }

    private StatementOutcome Select(Query query, StatementSettings settings, ResultFile file, CancellationToken cancellation)
    {
        using var session = new QuerySession(world, settings.Id, settings.Database);
        using var stop = cancellation.Register(session.Interrupt);
        var start = world.Time.GetTimestamp();
        var prepared = session.Prepare(query, settings.Parameters, cancellation);
        var planning = world.Time.GetElapsedTime(start);
        CheckLimit(prepared, settings);
        file.WriteRow([.. prepared.Columns.Select(c => c.Name)]);
        foreach (var row in session.Rows(prepared))
        {
            file.WriteRow(row);
        }

        return new StatementOutcome([.. prepared.Columns.Select(ResultFile.Describe)]) { ScannedBytes = prepared.ScannedBytes, Planning = planning };
    }

    /// <summary>Reading is not begun when it would go beyond the workgroup's limit; AWS ends it there.</summary>
    public static void CheckLimit(PreparedQuery prepared, StatementSettings settings)
    {
        if (settings.BytesLimit is { } limit && prepared.ScannedBytes > limit)
        {
            throw new BytesLimitReached(limit);
        }
    }

    private StatementOutcome Explain(Query query, StatementSettings settings, ResultFile file, CancellationToken cancellation)
    {
        using var session = new QuerySession(world, settings.Id, settings.Database);
        using var stop = cancellation.Register(session.Interrupt);
        var plan = session.PlanText(session.Prepare(query, settings.Parameters, cancellation));
        foreach (var line in plan.TrimEnd().Split('\n'))
        {
            file.WriteLine(line);
        }

        return new StatementOutcome([ResultFile.Describe(new SourceColumn("Query Plan", SqlType.Varchar))]);
    }
}
