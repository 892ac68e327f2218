using Amazon.Athena;
using Amazon.Athena.Model;
using Catalog.Worker.Jobs;
using Microsoft.Extensions.Options;
using Pixel.Events.Lake;

namespace Catalog.Worker.Views;

/// <summary>Runs statements that answer nothing, such as DDL, in the lake's workgroup and database.</summary>
internal sealed class AthenaStatements(IAmazonAthena athena, IOptions<LakeOptions> lake, TimeProvider time)
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    /// <summary>Runs a statement to its end. The workgroup says where results go.</summary>
    /// <exception cref="JobException">Athena could not run it.</exception>
    public async Task RunAsync(string sql, AwsCalls calls, CancellationToken cancellationToken)
    {
        var started = await calls.Of(athena.StartQueryExecutionAsync(
            new StartQueryExecutionRequest
            {
                QueryString = sql,
                WorkGroup = lake.Value.WorkgroupName,
                QueryExecutionContext = new QueryExecutionContext { Database = lake.Value.DatabaseName },
            },
            cancellationToken));
        var waits = new RetryBackoff(FirstWait, LongestWait);
        while (true)
        {
            var request = new GetQueryExecutionRequest { QueryExecutionId = started.QueryExecutionId };
            var status = (await calls.Of(athena.GetQueryExecutionAsync(request, cancellationToken))).QueryExecution.Status;
            if (status.State == QueryExecutionState.SUCCEEDED)
            {
                return;
            }

            if (status.State == QueryExecutionState.FAILED || status.State == QueryExecutionState.CANCELLED)
            {
                throw new JobException($"Athena did not run '{sql.Split('\n')[0]} …': {status.StateChangeReason ?? status.State.Value}");
            }

            await Task.Delay(waits.Failed(), time, cancellationToken);
        }
    }
}
