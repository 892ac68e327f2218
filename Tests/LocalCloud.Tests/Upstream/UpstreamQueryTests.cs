using Amazon.Athena.Model;
using Amazon.S3.Model;
using LocalCloud.Tests.Athena;

namespace LocalCloud.Tests.Upstream;

/// <summary>Queries over buckets that live in another S3: what is there is what they read, and there their results go.</summary>
public sealed class UpstreamQueryTests : IAsyncLifetime
{
    private LocalCloudServer _above = null!;
    private AthenaBench _below = null!;

    public async ValueTask InitializeAsync()
    {
        _above = await LocalCloudServer.StartAsync();
        await _above.S3().PutBucketAsync("lake");
        await _above.S3().PutBucketAsync("results");
        _below = await AthenaBench.StartAsync(settings: new() { ["LocalCloud:Upstream:Url"] = _above.Url });
        _below.CreateTable("tp_events", "event_id string", keys: "hour string");
        await PutAsync("08", "a");
        _below.AddPartition("tp_events", "s3://lake/tp_events/hour=08/", "08");
    }

    public async ValueTask DisposeAsync()
    {
        await _below.DisposeAsync();
        await _above.DisposeAsync();
    }

    [Fact]
    public async Task A_query_sees_what_the_other_S3_has_at_its_start()
    {
        Assert.Equal(["a"], await _below.RowsAsync("SELECT event_id FROM tp_events"));

        await PutAsync("08", "b", name: "later");
        Assert.Equal(["a", "b"], await _below.RowsAsync("SELECT event_id FROM tp_events ORDER BY 1"));

        await _above.S3().DeleteObjectAsync("lake", "tp_events/hour=08/part");
        Assert.Equal(["b"], await _below.RowsAsync("SELECT event_id FROM tp_events"));
    }

    [Fact]
    public async Task Partitions_are_found_in_the_other_S3()
    {
        await PutAsync("09", "c");

        await _below.RowsAsync("MSCK REPAIR TABLE tp_events");

        Assert.Equal(["a", "c"], await _below.RowsAsync("SELECT event_id FROM tp_events ORDER BY 1"));
    }

    [Fact]
    public async Task Results_are_in_the_other_S3_when_the_query_is_over()
    {
        var started = await _below.Athena.StartQueryExecutionAsync(new StartQueryExecutionRequest
        {
            QueryString = "SELECT event_id FROM pixel.tp_events",
            ResultConfiguration = new ResultConfiguration { OutputLocation = "s3://results/here/" },
        });
        var execution = await _below.EndAsync(started.QueryExecutionId);

        Assert.Equal("SUCCEEDED", execution.Status.State.Value);
        using var found = await _above.S3().GetObjectAsync("results", $"here/{started.QueryExecutionId}.csv");
        using var text = new StreamReader(found.ResponseStream);
        Assert.Equal("\"event_id\"\n\"a\"\n", await text.ReadToEndAsync());
    }

    [Fact]
    public async Task What_a_statement_writes_is_in_the_other_S3()
    {
        await _below.RowsAsync("CREATE TABLE copied WITH (external_location = 's3://lake/copied/') AS SELECT event_id FROM tp_events");

        var written = await _above.S3().ListObjectsV2Async(new ListObjectsV2Request { BucketName = "lake", Prefix = "copied/" });
        Assert.Single(written.S3Objects);
        Assert.Equal(["a"], await _below.RowsAsync("SELECT event_id FROM copied"));
    }

    private Task PutAsync(string hour, string id, string name = "part") => _above.S3().PutObjectAsync(new PutObjectRequest
    {
        BucketName = "lake",
        Key = $"tp_events/hour={hour}/{name}",
        InputStream = new MemoryStream(AthenaBench.Parquet($"SELECT '{id}' AS event_id")),
    });
}
