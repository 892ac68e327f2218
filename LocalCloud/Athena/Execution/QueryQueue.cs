using System.Collections.Concurrent;
using LocalCloud.Athena.Results;
using LocalCloud.Athena.Scanning;
using LocalCloud.Athena.Sql;
using LocalCloud.Athena.Statements;
using LocalCloud.Protocol;
using LocalCloud.S3;

namespace LocalCloud.Athena;

/// <summary>
/// Runs started executions, a few at a time, in the order they came. Each lives QUEUED → RUNNING → SUCCEEDED, FAILED or CANCELLED;
/// the state is in <see cref="_live"/> while it runs and in the database from the moment it is over, when its result is in S3.
/// </summary>
internal sealed partial class QueryQueue : IHostedService, IDisposable
{
    private readonly AthenaDatabase _database;
    private readonly QueryWorld _world;
    private readonly ILogger<QueryQueue> _logger;
    private readonly SemaphoreSlim _places;
    private readonly ConcurrentDictionary<string, Running> _live = new(StringComparer.Ordinal);
    private volatile bool _stopping;

    public QueryQueue(AthenaDatabase database, QueryWorld world, AthenaOptions options, ILogger<QueryQueue> logger)
    {
        _database = database;
        _world = world;
        _logger = logger;
        _places = new SemaphoreSlim(options.ConcurrentQueries);
    }

    // Execution is replaced as a whole, under the object's own lock.
    private sealed class Running(QueryExecution execution) : IDisposable
    {
        public QueryExecution Execution { get; set; } = execution;
        public CancellationTokenSource Stop { get; } = new();
        public Task Task { get; set; } = Task.CompletedTask;

        public void Dispose() => Stop.Dispose();
    }

    /// <summary>Fails what an earlier process left unfinished, and removes what it had linked.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var execution in _database.Unfinished())
        {
            _database.Save(Interrupted(execution));
        }

        if (Directory.Exists(_world.ScanFolder))
        {
            Directory.Delete(_world.ScanFolder, recursive: true);
        }

        Directory.CreateDirectory(_world.ScanFolder);
        return Task.CompletedTask;
    }

    /// <summary>Fails what runs.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _stopping = true;
        var running = _live.Values.ToList();
        running.ForEach(r => r.Stop.Cancel());
        await Task.WhenAll(running.Select(r => r.Task));
    }

    public void Dispose() => _places.Dispose();

    /// <summary>The execution as it is now, or null.</summary>
    public QueryExecution? Find(string id) => _live.TryGetValue(id, out var running) ? running.Execution : _database.FindExecution(id);

    /// <summary>Takes an execution that the database has.</summary>
    public void Start(QueryExecution execution, Statement statement, StatementSettings settings)
    {
        var running = new Running(execution);
        _live[execution.QueryExecutionId] = running;
        // The request that started it may go; the query does not.
        running.Task = Task.Run(() => RunAsync(running, statement, settings), CancellationToken.None);
    }

    /// <summary>Asks a query to end; one that is over stays as it is.</summary>
    public void Stop(string id)
    {
        if (_live.TryGetValue(id, out var running))
        {
            try
            {
                running.Stop.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // over meanwhile
            }
        }
    }

    private async Task RunAsync(Running running, Statement statement, StatementSettings settings)
    {
        var execution = running.Execution;
        var queuedAt = _world.Time.GetTimestamp();
        StatementOutcome? outcome = null;
        try
        {
            await _places.WaitAsync(running.Stop.Token);
            try
            {
                var startedAt = _world.Time.GetTimestamp();
                running.Execution = execution = execution with
                {
                    Status = execution.Status with { State = "RUNNING" },
                    Statistics = new QueryExecutionStatistics { QueryQueueTimeInMillis = Millis(queuedAt, startedAt) },
                };
                outcome = await RunNowAsync(execution, statement, settings, running.Stop.Token);
                execution = Succeeded(execution, outcome, queuedAt, startedAt);
            }
            finally
            {
                _places.Release();
            }
        }
        catch (OperationCanceledException)
        {
            execution = _stopping ? Interrupted(execution) : Over(execution, "CANCELLED", "Query was cancelled by user", null);
        }
        catch (BytesLimitReached reached)
        {
            execution = Over(execution, "CANCELLED", reached.Message, null) with
            {
                Statistics = execution.Statistics with { DataScannedInBytes = reached.Limit },
            };
        }
        catch (QueryFailure failure)
        {
            var (category, type) = failure.Athena;
            execution = Over(execution, "FAILED", failure.Reason, new AthenaError(category, type, false, failure.Reason));
        }
        catch (AwsException refused)
        {
            execution = Over(execution, "FAILED", $"{refused.Code}: {refused.Message}", new AthenaError(2, 1000, false, refused.Message));
        }
        catch (Exception broken)
        {
            LogBroken(_logger, broken, execution.QueryExecutionId);
            execution = Over(execution, "FAILED", "GENERIC_INTERNAL_ERROR: " + broken.Message, new AthenaError(1, 100, true, broken.Message));
        }

        var total = Millis(queuedAt, _world.Time.GetTimestamp());
        execution = execution with { Statistics = execution.Statistics with { TotalExecutionTimeInMillis = total, DataScannedInBytes = execution.Statistics.DataScannedInBytes ?? 0 } };
        _database.Save(execution, outcome?.Columns, outcome?.Updates);
        running.Execution = execution;
        _live.TryRemove(execution.QueryExecutionId, out _);
        running.Dispose();
    }

    private async Task<StatementOutcome> RunNowAsync(QueryExecution execution, Statement statement, StatementSettings settings, CancellationToken cancellation)
    {
        using var file = new ResultFile(Path.Combine(_world.ScanFolder, settings.Id + ".result"));
        var outcome = await RunPlacedAsync(execution.Query, () => new StatementRunner(_world).RunAsync(statement, settings, file, cancellation));
        var key = S3Location.Parse(execution.ResultConfiguration!.OutputLocation).Key;
        var attributes = new ObjectAttributes { ContentType = key.EndsWith(".csv", StringComparison.Ordinal) ? "application/octet-stream" : "text/plain" };
        await _world.PutAsync(settings.Output.Bucket, key, file.Content(), attributes, cancellation);
        if (outcome.Columns.Count > 0)
        {
            // AWS writes a binary message of its own here; what it says is the columns.
            var columns = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(outcome.Columns, AwsJson.Options);
            await _world.PutAsync(settings.Output.Bucket, key + ".metadata", new MemoryStream(columns), attributes, cancellation);
        }

        return outcome;
    }

    // DuckDB knows that a name is missing but not where the user wrote it.
    private static async Task<StatementOutcome> RunPlacedAsync(string sql, Func<Task<StatementOutcome>> run)
    {
        try
        {
            return await run();
        }
        catch (QueryFailure failure) when (failure is { Error: QueryError.ColumnNotFound, Subject: { } name })
        {
            var at = SqlLexer.Read(sql).FirstOrDefault(t => t.Kind is TokenKind.Word or TokenKind.Quoted && t.Text.Equals(name, StringComparison.OrdinalIgnoreCase));
            throw at.Line == 0 ? failure : new QueryFailure(failure.Error, $"line {at.Line}:{at.Column}: {failure.Message}", failure);
        }
    }

    private QueryExecution Succeeded(QueryExecution execution, StatementOutcome outcome, long queuedAt, long startedAt)
    {
        var now = _world.Time.GetTimestamp();
        return Over(execution, "SUCCEEDED", null, null) with
        {
            Statistics = new QueryExecutionStatistics
            {
                EngineExecutionTimeInMillis = Millis(startedAt, now),
                DataScannedInBytes = outcome.ScannedBytes,
                DataManifestLocation = outcome.Manifest,
                QueryQueueTimeInMillis = Millis(queuedAt, startedAt),
                QueryPlanningTimeInMillis = (long)outcome.Planning.TotalMilliseconds,
                ServicePreProcessingTimeInMillis = 0,
                ServiceProcessingTimeInMillis = 0,
                ResultReuseInformation = new ResultReuseInformation(false),
            },
        };
    }

    private QueryExecution Interrupted(QueryExecution execution)
    {
        const string Reason = "The query was running when LocalCloud stopped";
        return Over(execution, "FAILED", Reason, new AthenaError(1, 100, true, Reason));
    }

    private QueryExecution Over(QueryExecution execution, string state, string? reason, AthenaError? error) => execution with
    {
        Status = execution.Status with { State = state, StateChangeReason = reason, AthenaError = error, CompletionDateTime = _world.Time.GetUtcNow() },
    };

    private long Millis(long from, long to) => (long)_world.Time.GetElapsedTime(from, to).TotalMilliseconds;

    [LoggerMessage(Level = LogLevel.Error, Message = "Query {Id} failed in a way that is not the query's fault")]
    private static partial void LogBroken(ILogger logger, Exception error, string id);
}
