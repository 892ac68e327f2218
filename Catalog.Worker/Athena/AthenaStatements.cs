using Amazon.Athena;
using Amazon.Athena.Model;
using Catalog.Worker.Jobs;
using Microsoft.Extensions.Options;
using Pixel.Events.Lake;

namespace Catalog.Worker.Athena;

/// <summary>Runs statements in the lake's database, to their end.</summary>
internal sealed class AthenaStatements(IAmazonAthena athena, IOptions<LakeOptions> lake, TimeProvider time)
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    /// <summary>Runs a statement that answers nothing, such as DDL. The workgroup says where results go.</summary>
    /// <exception cref="JobException">Athena could not run it.</exception>
    public Task RunAsync(string sql, AwsCalls calls, CancellationToken cancellationToken)
        => RunAsync(sql, lake.Value.WorkgroupName, calls, cancellationToken);

    /// <summary>Runs a statement of maintenance, which may write and may read more than a question may.</summary>
    /// <returns>How many bytes it read.</returns>
    /// <exception cref="JobException">Athena could not run it.</exception>
    public async Task<long> MaintainAsync(string sql, AwsCalls calls, CancellationToken cancellationToken)
        => (await RunAsync(sql, lake.Value.MaintenanceWorkgroupName, calls, cancellationToken)).Statistics?.DataScannedInBytes ?? 0;

    /// <summary>Asks a question in the workgroup of maintenance.</summary>
    /// <returns>The rows without the header; null for a null.</returns>
    /// <exception cref="JobException">Athena could not run it.</exception>
    public async Task<List<string?[]>> QueryAsync(string sql, AwsCalls calls, CancellationToken cancellationToken)
    {
        var execution = await RunAsync(sql, lake.Value.MaintenanceWorkgroupName, calls, cancellationToken);
        var rows = new List<string?[]>();
        var request = new GetQueryResultsRequest { QueryExecutionId = execution.QueryExecutionId };
        var isFirstPage = true;
        do
        {
            var page = await calls.Of(athena.GetQueryResultsAsync(request, cancellationToken));
            rows.AddRange((page.ResultSet?.Rows ?? []).Skip(isFirstPage ? 1 : 0).Select(row => row.Data.Select(datum => datum.VarCharValue).ToArray()));
            request.NextToken = page.NextToken;
            isFirstPage = false;
        }
        while (!string.IsNullOrEmpty(request.NextToken));

        return rows;
    }

    private async Task<QueryExecution> RunAsync(string sql, string workgroup, AwsCalls calls, CancellationToken cancellationToken)
    {
        var started = await calls.Of(athena.StartQueryExecutionAsync(
            new StartQueryExecutionRequest
            {
                QueryString = sql,
                WorkGroup = workgroup,
                QueryExecutionContext = new QueryExecutionContext { Database = lake.Value.DatabaseName },
            },
            cancellationToken));
        try
        {
            return await EndAsync(started.QueryExecutionId, sql, calls, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Nobody waits for it any more, so it need not be paid for. Not with the cancelled token.
            await athena.StopQueryExecutionAsync(new StopQueryExecutionRequest { QueryExecutionId = started.QueryExecutionId }, CancellationToken.None);
            throw;
        }
    }

    private async Task<QueryExecution> EndAsync(string id, string sql, AwsCalls calls, CancellationToken cancellationToken)
    {
        var waits = new RetryBackoff(FirstWait, LongestWait);
        while (true)
        {
            var request = new GetQueryExecutionRequest { QueryExecutionId = id };
            var execution = (await calls.Of(athena.GetQueryExecutionAsync(request, cancellationToken))).QueryExecution;
            var status = execution.Status;
            if (status.State == QueryExecutionState.SUCCEEDED)
            {
                return execution;
            }

            if (status.State == QueryExecutionState.FAILED || status.State == QueryExecutionState.CANCELLED)
            {
                throw new JobException($"Athena did not run '{sql.Split('\n')[0]} …': {status.StateChangeReason ?? status.State.Value}");
            }

            await Task.Delay(waits.Failed(), time, cancellationToken);
        }
    }
}
