using Amazon.Athena;
using Amazon.Athena.Model;

namespace Catalog.Worker.Tests.Views;

internal static class AthenaQueries
{
    /// <summary>Runs a statement through the Athena API and gives its rows, without the header, as text joined by bars.</summary>
    public static async Task<IReadOnlyList<string>> QueryAsync(this IAmazonAthena athena, string sql, string workgroup = Lake.Workgroup)
    {
        var id = (await athena.StartQueryExecutionAsync(new StartQueryExecutionRequest
        {
            QueryString = sql,
            WorkGroup = workgroup,
            QueryExecutionContext = new QueryExecutionContext { Database = Lake.Database },
        })).QueryExecutionId;
        QueryExecutionStatus status;
        do
        {
            status = (await athena.GetQueryExecutionAsync(new GetQueryExecutionRequest { QueryExecutionId = id })).QueryExecution.Status;
        }
        while (status.State == "QUEUED" || status.State == "RUNNING");
        Assert.True(status.State == "SUCCEEDED", status.StateChangeReason);
        var rows = (await athena.GetQueryResultsAsync(new GetQueryResultsRequest { QueryExecutionId = id })).ResultSet.Rows ?? [];
        return [.. rows.Skip(1).Select(r => string.Join('|', r.Data.Select(d => d.VarCharValue)))];
    }
}
