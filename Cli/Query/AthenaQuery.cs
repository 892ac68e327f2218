using Amazon.Athena;
using Amazon.Athena.Model;

namespace Cli.Query;

/// <summary>
/// One statement by way of the Athena API: start it, ask until it has ended, fetch every page.
/// A statement that was not waited for to the end is stopped, so that it costs nothing more.
/// </summary>
public sealed class AthenaQuery(IAmazonAthena athena, TimeProvider time)
{
    private static readonly TimeSpan FirstPoll = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPoll = TimeSpan.FromSeconds(1);

    /// <summary>Runs <paramref name="sql"/> and returns all it yields.</summary>
    /// <exception cref="CommandFailure">Athena refused the statement, or it failed or was cancelled.</exception>
    public async Task<QueryResult> RunAsync(string sql, string database, string workgroup, CancellationToken cancel)
    {
        var id = await StartAsync(sql, database, workgroup, cancel);
        QueryExecution execution;
        try
        {
            execution = await WaitAsync(id, cancel);
        }
        catch (OperationCanceledException)
        {
            await athena.StopQueryExecutionAsync(new StopQueryExecutionRequest { QueryExecutionId = id }, CancellationToken.None);
            throw;
        }

        if (execution.Status.State != QueryExecutionState.SUCCEEDED)
        {
            throw new CommandFailure(execution.Status.StateChangeReason is { Length: > 0 } reason
                ? $"Athena: {reason}"
                : $"Athena ended the query as {execution.Status.State} and gives no reason.");
        }

        var (columns, rows) = await FetchAsync(id, hasHeader: execution.StatementType == StatementType.DML, cancel);
        return new(columns, rows, execution.Statistics?.DataScannedInBytes ?? 0,
            TimeSpan.FromMilliseconds(execution.Statistics?.TotalExecutionTimeInMillis ?? execution.Statistics?.EngineExecutionTimeInMillis ?? 0));
    }

    private async Task<string> StartAsync(string sql, string database, string workgroup, CancellationToken cancel)
    {
        try
        {
            var started = await athena.StartQueryExecutionAsync(new StartQueryExecutionRequest
            {
                QueryString = sql,
                QueryExecutionContext = new QueryExecutionContext { Database = database },
                WorkGroup = workgroup,
            }, cancel);
            return started.QueryExecutionId;
        }
        catch (AmazonAthenaException refused)
        {
            throw new CommandFailure($"Athena: {refused.Message}", refused);
        }
    }

    private async Task<QueryExecution> WaitAsync(string id, CancellationToken cancel)
    {
        for (var pause = FirstPoll; ; pause = pause * 2 < LongestPoll ? pause * 2 : LongestPoll)
        {
            var answer = await athena.GetQueryExecutionAsync(new GetQueryExecutionRequest { QueryExecutionId = id }, cancel);
            var state = answer.QueryExecution.Status.State;
            if (state != QueryExecutionState.QUEUED && state != QueryExecutionState.RUNNING)
            {
                return answer.QueryExecution;
            }

            await Task.Delay(pause, time, cancel);
        }
    }

    private async Task<(IReadOnlyList<QueryColumn> Columns, IReadOnlyList<IReadOnlyList<string?>> Rows)> FetchAsync(string id, bool hasHeader, CancellationToken cancel)
    {
        IReadOnlyList<QueryColumn> columns = [];
        var rows = new List<IReadOnlyList<string?>>();
        string? next = null;
        do
        {
            var page = await athena.GetQueryResultsAsync(new GetQueryResultsRequest { QueryExecutionId = id, NextToken = next }, cancel);
            if (next is null)
            {
                columns = [.. (page.ResultSet?.ResultSetMetadata?.ColumnInfo ?? []).Select(column => new QueryColumn(column.Name, column.Type))];
            }

            // Of a SELECT, the first row of the first page repeats the column names; SHOW and DESCRIBE have no such row.
            rows.AddRange((page.ResultSet?.Rows ?? []).Skip(hasHeader && next is null ? 1 : 0)
                .Select(row => (IReadOnlyList<string?>)[.. (row.Data ?? []).Select(cell => cell.VarCharValue)]));
            next = page.NextToken;
        }
        while (!string.IsNullOrEmpty(next));

        return (columns, rows);
    }
}
