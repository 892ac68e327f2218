using LocalCloud.Athena.Results;
using LocalCloud.Athena.Scanning;
using LocalCloud.Athena.Sql;
using LocalCloud.Athena.Statements;
using LocalCloud.Protocol;

namespace LocalCloud.Athena;

/// <summary>
/// The Athena API on the wire (AWS JSON 1.1, https://docs.aws.amazon.com/athena/latest/APIReference/): starting
/// statements, asking after them, and reading their results.
/// </summary>
internal sealed partial class AthenaApi : AwsJsonService
{
    private const int MostQueryText = 262_144;
    private const int MostResults = 1000;

    private readonly AthenaDatabase _database;
    private readonly QueryQueue _queue;
    private readonly QueryWorld _world;
    private readonly WorkGroups _workGroups;

    public AthenaApi(AthenaDatabase database, QueryQueue queue, QueryWorld world, WorkGroups workGroups)
        : base("athena", "AmazonAthena")
    {
        (_database, _queue, _world, _workGroups) = (database, queue, world, workGroups);
        Handle<StartRequest, object>("StartQueryExecution", async (request, _, cancellation) => new { QueryExecutionId = await StartAsync(request, cancellation) });
        Handle<IdRequest, object>("GetQueryExecution", (request, _) => new { QueryExecution = Get(request.QueryExecutionId) });
        Handle<BatchRequest, object>("BatchGetQueryExecution", (request, _) => BatchGet(request));
        Handle<ResultsRequest, object>("GetQueryResults", (request, _) => Results(request));
        Handle<IdRequest, object>("GetQueryRuntimeStatistics", (request, _) => RuntimeStatistics(request));
        Handle<IdRequest, object?>("StopQueryExecution", (request, _) =>
        {
            _queue.Stop(Get(request.QueryExecutionId).QueryExecutionId);
            return null;
        });
        Handle<ListRequest, object>("ListQueryExecutions", (request, _) => List(request));
        HandleWorkGroups();
        HandleMetadata();
        HandleNamedQueries();
    }

    public override string ErrorMessageMember => "Message";

    private sealed record StartRequest(
        string? QueryString, string? ClientRequestToken, QueryExecutionContext? QueryExecutionContext,
        ResultConfiguration? ResultConfiguration, string? WorkGroup, IReadOnlyList<string>? ExecutionParameters);

    private sealed record IdRequest(string? QueryExecutionId);

    private sealed record BatchRequest(IReadOnlyList<string>? QueryExecutionIds);

    private sealed record ResultsRequest(string? QueryExecutionId, string? NextToken, int? MaxResults, string? QueryResultType);

    private sealed record ListRequest(string? WorkGroup, string? NextToken, int? MaxResults);

    private static AwsException Invalid(string message) => new("InvalidRequestException", message);

    private static AwsException Invalid(string message, string code) =>
        new("InvalidRequestException", message) { Details = [new("AthenaErrorCode", code)] };

    private async Task<string> StartAsync(StartRequest request, CancellationToken cancellation)
    {
        var sql = request.QueryString is { Length: > 0 and <= MostQueryText } text ? text
            : throw Invalid($"1 validation error detected: Value at 'queryString' failed to satisfy constraint: Member must have length between 1 and {MostQueryText}");
        var group = _workGroups.Get(request.WorkGroup ?? WorkGroups.Primary);
        if (group.State != "ENABLED")
        {
            throw Invalid($"WorkGroup {group.Name} is disabled.");
        }

        var context = request.QueryExecutionContext;
        if (context?.Catalog is { } catalog && !catalog.Equals(CatalogName, StringComparison.OrdinalIgnoreCase))
        {
            throw Invalid($"Catalog {catalog} is not found.");
        }

        var folder = await OutputFolderAsync(request, group, cancellation);
        Statement statement;
        List<Expression> parameters;
        try
        {
            statement = StatementParser.Parse(sql, out var expected);
            parameters = [.. (request.ExecutionParameters ?? []).Select(StatementParser.ParseParameter)];
            if (expected != parameters.Count)
            {
                throw new SqlSyntaxException($"Incorrect number of parameters: expected {expected} but found {parameters.Count}");
            }
        }
        catch (SqlSyntaxException problem)
        {
            throw Invalid(problem.Message, "MALFORMED_QUERY");
        }

        var id = Guid.NewGuid().ToString();
        var extension = statement is QueryStatement ? ".csv" : statement is CreateTableAs or InsertInto or Unload ? "" : ".txt";
        var execution = new QueryExecution
        {
            QueryExecutionId = id,
            Query = sql,
            StatementType = statement.Kind,
            SubstatementType = statement.Name,
            ResultConfiguration = (request.ResultConfiguration ?? new ResultConfiguration()) with { OutputLocation = $"{folder}{id}{extension}" },
            QueryExecutionContext = context ?? new QueryExecutionContext(),
            Status = new QueryExecutionStatus { SubmissionDateTime = _world.Time.GetUtcNow() },
            WorkGroup = group.Name,
            ExecutionParameters = request.ExecutionParameters,
        };
        if (_database.Add(execution, request.ClientRequestToken) is { } earlier)
        {
            return earlier.Query == sql ? earlier.QueryExecutionId
                : throw Invalid("Idempotent parameters do not match");
        }

        var settings = new StatementSettings(id, context?.Database?.ToLowerInvariant(), parameters, folder, group.Configuration.BytesScannedCutoffPerQuery);
        _queue.Start(execution, statement, settings);
        return id;
    }

    private async Task<S3Location> OutputFolderAsync(StartRequest request, WorkGroup group, CancellationToken cancellation)
    {
        var ofGroup = group.Configuration.ResultConfiguration?.OutputLocation;
        var ofRequest = request.ResultConfiguration?.OutputLocation;
        var location = group.Configuration.EnforceWorkGroupConfiguration == true && !string.IsNullOrEmpty(ofGroup) ? ofGroup
            : !string.IsNullOrEmpty(ofRequest) ? ofRequest
            : !string.IsNullOrEmpty(ofGroup) ? ofGroup
            : throw Invalid("No output location provided. An output location is required either through the Workgroup result configuration setting or as an API input.");
        var folder = S3Location.TryParse(location) ?? throw Invalid("outputLocation is not a valid S3 path.");
        if (!_world.Store.BucketExists(folder.Bucket))
        {
            await PullAsync(folder.Bucket, cancellation);
        }

        return _world.Store.BucketExists(folder.Bucket)
            ? folder with { Key = folder.Prefix }
            : throw Invalid($"Unable to verify/create output bucket {folder.Bucket}");
    }

    private async Task PullAsync(string bucket, CancellationToken cancellation)
    {
        try
        {
            await _world.Upstream.PullAsync(bucket, cancellation);
        }
        catch (Amazon.S3.AmazonS3Exception refused)
        {
            throw Invalid($"Unable to verify/create output bucket {bucket}: {refused.Message}");
        }
    }

    private QueryExecution Get(string? id) => (id is null ? null : _queue.Find(id)) ?? throw Invalid($"QueryExecution {id} was not found");

    private object BatchGet(BatchRequest request)
    {
        var ids = request.QueryExecutionIds ?? [];
        if (ids.Count is 0 or > 50)
        {
            throw Invalid("1 validation error detected: Value at 'queryExecutionIds' failed to satisfy constraint: Member must have length between 1 and 50");
        }

        return new
        {
            QueryExecutions = ids.Select(_queue.Find).Where(e => e is not null).ToList(),
            UnprocessedQueryExecutionIds = ids.Where(id => _queue.Find(id) is null)
                .Select(id => new { QueryExecutionId = id, ErrorCode = "INVALID_QUERY_EXECUTION_ID", ErrorMessage = $"QueryExecution {id} was not found" }).ToList(),
        };
    }

    private object Results(ResultsRequest request)
    {
        var execution = Get(request.QueryExecutionId);
        if (execution.Status.State != "SUCCEEDED")
        {
            throw Invalid(execution.IsOver
                ? $"Query did not finish successfully. Final query state: {execution.Status.State}"
                : $"Query has not yet finished. Current state: {execution.Status.State}");
        }

        if (request.MaxResults is < 1 or > MostResults)
        {
            throw Invalid("MaxResults is more than maximum allowed length 1000");
        }

        var location = S3Location.Parse(execution.ResultConfiguration!.OutputLocation);
        var found = _world.Store.Find(location.Bucket, location.Key)
            ?? throw Invalid($"Could not find results: {location}");
        using var file = _world.Store.OpenRead(found);
        var (columns, updates) = _database.ResultOf(execution.QueryExecutionId);
        var (rows, next) = ResultPage.Read(file, location.Key.EndsWith(".csv", StringComparison.Ordinal), request.NextToken, request.MaxResults ?? MostResults);
        return new
        {
            UpdateCount = updates ?? 0,
            ResultSet = new
            {
                Rows = rows.Select(r => new { Data = r.Select(v => new { VarCharValue = v }).ToList() }).ToList(),
                ResultSetMetadata = new { ColumnInfo = columns },
            },
            NextToken = next,
        };
    }

    private object RuntimeStatistics(IdRequest request)
    {
        var execution = Get(request.QueryExecutionId);
        var statistics = execution.Statistics;
        return new
        {
            QueryRuntimeStatistics = new
            {
                Timeline = new
                {
                    statistics.QueryQueueTimeInMillis,
                    statistics.QueryPlanningTimeInMillis,
                    statistics.EngineExecutionTimeInMillis,
                    statistics.ServiceProcessingTimeInMillis,
                    statistics.TotalExecutionTimeInMillis,
                },
                Rows = new { InputBytes = statistics.DataScannedInBytes },
            },
        };
    }

    private object List(ListRequest request)
    {
        var group = _workGroups.Get(request.WorkGroup ?? WorkGroups.Primary);
        var size = PageSize(request.MaxResults, 50);
        var ids = _database.ExecutionIds(group.Name, request.NextToken, size + 1);
        return new { QueryExecutionIds = ids.Take(size), NextToken = ids.Count > size ? ids[size - 1] : null };
    }

    private static int PageSize(int? asked, int most) => asked is null ? most
        : asked >= 0 && asked <= most ? Math.Max(asked.Value, 1)
        : throw Invalid($"1 validation error detected: Value '{asked}' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to {most}");
}
