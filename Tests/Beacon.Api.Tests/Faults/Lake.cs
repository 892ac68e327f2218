using Amazon.Athena;
using Amazon.Athena.Model;
using Amazon.KinesisFirehose;
using Amazon.KinesisFirehose.Model;
using Beacon.Api.Tests.Delivery;
using LocalCloud;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Beacon.Api.Tests.Faults;

/// <summary>
/// The lake as its template makes it, in a LocalCloud: a Firehose that converts to Parquet, the bucket, the table, Athena.
/// </summary>
internal sealed class Lake : IAsyncDisposable
{
    private const string Stream = "pixel-events";

    private readonly WebApplication _cloud;
    private readonly AmazonKinesisFirehoseClient _firehose;
    private readonly AmazonAthenaClient _athena;

    private Lake(WebApplication cloud)
    {
        _cloud = cloud;
        _firehose = new AmazonKinesisFirehoseClient("test", "test", new AmazonKinesisFirehoseConfig { ServiceURL = Url, AuthenticationRegion = "us-east-1" });
        _athena = new AmazonAthenaClient("test", "test", new AmazonAthenaConfig { ServiceURL = Url, AuthenticationRegion = "us-east-1" });
    }

    private string Url => _cloud.Urls.Single();

    public static async Task<Lake> StartAsync(string folder)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Testing" });
        builder.Configuration.AddInMemoryCollection(
        [
            new("LocalCloud:DataFolder", folder),
            new("LocalCloud:Template", Path.Combine(AppContext.BaseDirectory, "pixel-lake.template.json")),
        ]);
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var cloud = builder.AddLocalCloud().Build().MapLocalCloud();
        await cloud.StartAsync();
        return new Lake(cloud);
    }

    /// <summary>Has every record that a failing endpoint takes put into the lake's own Firehose before it answers.</summary>
    public void StandBehind(FirehoseEndpoint firehose) => firehose.Beyond = async (put, records) =>
    {
        Assert.Equal(Stream, put.Stream);
        if (records.Count == 0)
        {
            return;
        }

        var answer = await _firehose.PutRecordBatchAsync(new PutRecordBatchRequest
        {
            DeliveryStreamName = Stream,
            Records = [.. records.Select(record => new Amazon.KinesisFirehose.Model.Record { Data = new MemoryStream(record) })],
        });
        Assert.Equal(0, answer.FailedPutCount);
    };

    /// <summary>The user of every event in the table, by event id, as Athena reads them from Parquet.</summary>
    public async Task<Dictionary<string, string>> UsersAsync()
    {
        using var http = new HttpClient();
        (await http.PostAsync(Url + "/_localcloud/flush", content: null)).EnsureSuccessStatusCode();
        await RunAsync("MSCK REPAIR TABLE tp_events");

        var users = new Dictionary<string, string>();
        var query = await RunAsync("SELECT event_id, user_id FROM tp_events");
        string? page = null;
        do
        {
            var answer = await _athena.GetQueryResultsAsync(new GetQueryResultsRequest { QueryExecutionId = query, NextToken = page });
            foreach (var row in answer.ResultSet.Rows.Skip(page is null ? 1 : 0))
            {
                users[row.Data[0].VarCharValue] = row.Data[1].VarCharValue;
            }

            page = answer.NextToken;
        }
        while (page is not null);

        return users;
    }

    public async ValueTask DisposeAsync()
    {
        _firehose.Dispose();
        _athena.Dispose();
        await _cloud.StopAsync();
        await _cloud.DisposeAsync();
    }

    private async Task<string> RunAsync(string sql)
    {
        var started = await _athena.StartQueryExecutionAsync(new StartQueryExecutionRequest
        {
            QueryString = sql,
            WorkGroup = "pixel",
            QueryExecutionContext = new QueryExecutionContext { Database = "pixel" },
        });
        using var often = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            var status = (await _athena.GetQueryExecutionAsync(new GetQueryExecutionRequest { QueryExecutionId = started.QueryExecutionId })).QueryExecution.Status;
            if (status.State == QueryExecutionState.SUCCEEDED)
            {
                return started.QueryExecutionId;
            }

            Assert.False(status.State == QueryExecutionState.FAILED || status.State == QueryExecutionState.CANCELLED, $"{sql}: {status.StateChangeReason}");
            await often.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }
}
