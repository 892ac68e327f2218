using System.Net;
using Amazon.Athena;
using Amazon.Athena.Model;
using Amazon.Glue;
using Amazon.Glue.Model;
using Amazon.KinesisFirehose;
using Amazon.KinesisFirehose.Model;
using Record = Amazon.KinesisFirehose.Model.Record;

namespace StandIns.Tests;

public sealed class ErrorTests : IAsyncLifetime
{
    private RecordingServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await RecordingServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task An_error_that_the_operation_names_has_its_own_type()
    {
        _server.Fails("EntityNotFoundException", 400, "Table t not found.");
        using var glue = _server.Glue();

        var error = await Assert.ThrowsAsync<EntityNotFoundException>(() => glue.GetTableAsync(new GetTableRequest { DatabaseName = "pixel", Name = "t" }));

        Assert.Equal("EntityNotFoundException", error.ErrorCode);
        Assert.Equal("Table t not found.", error.Message);
        Assert.Equal(HttpStatusCode.BadRequest, error.StatusCode);
        Assert.Equal("request-1", error.RequestId);
        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task An_error_that_the_operation_does_not_name_is_the_services_general_one()
    {
        _server.Fails("AccessDeniedException", 400);
        using var glue = _server.Glue();

        var error = await Assert.ThrowsAsync<AmazonGlueException>(() => glue.GetTableAsync(new GetTableRequest { DatabaseName = "pixel", Name = "t" }));

        Assert.Equal("AccessDeniedException", error.ErrorCode);
    }

    [Fact]
    public async Task An_error_that_is_not_json_still_tells_its_status()
    {
        _server.Answers("<html>no</html>", 403);
        using var glue = _server.Glue();

        var error = await Assert.ThrowsAsync<AmazonGlueException>(() => glue.GetTableAsync(new GetTableRequest { DatabaseName = "pixel", Name = "t" }));

        Assert.Equal(HttpStatusCode.Forbidden, error.StatusCode);
    }

    [Fact]
    public async Task What_an_error_says_beside_its_message_is_kept()
    {
        _server.Fails("InvalidRequestException", 400, more: ""","AthenaErrorCode":"MALFORMED_QUERY" """);
        using var athena = _server.Athena();

        var error = await Assert.ThrowsAsync<InvalidRequestException>(() => athena.StartQueryExecutionAsync(new StartQueryExecutionRequest { QueryString = "SELEC" }));

        Assert.Equal("MALFORMED_QUERY", error.AthenaErrorCode);
    }

    [Fact]
    public async Task A_service_that_is_unavailable_is_asked_again_with_the_same_body()
    {
        _server.Fails("ServiceUnavailableException", 503).Answers("""{"RecordId":"1"}""");
        using var firehose = _server.Firehose();

        var response = await firehose.PutRecordAsync("s", new Record { Data = new MemoryStream("x"u8.ToArray()) });

        Assert.Equal("1", response.RecordId);
        Assert.Equal(2, _server.Requests.Count);
        Assert.Equal(_server.Requests[0].Body, _server.Requests[1].Body);
    }

    [Fact]
    public async Task A_service_that_stays_unavailable_is_a_typed_error_in_the_end()
    {
        _server.Fails("ServiceUnavailableException", 503);
        using var firehose = new AmazonKinesisFirehoseClient("key", "secret", new AmazonKinesisFirehoseConfig { ServiceURL = _server.Url, AuthenticationRegion = "eu-west-1", MaxErrorRetry = 0 });

        var error = await Assert.ThrowsAsync<ServiceUnavailableException>(() => firehose.PutRecordAsync("s", new Record { Data = new MemoryStream() }));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, error.StatusCode);
        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task Throttling_is_retried_though_its_status_is_400()
    {
        _server.Fails("TooManyRequestsException", 400, more: ""","Reason":"CONCURRENT_QUERY_LIMIT_EXCEEDED" """).Answers("""{"QueryExecutionId":"q"}""");
        using var athena = _server.Athena();

        var started = await athena.StartQueryExecutionAsync(new StartQueryExecutionRequest { QueryString = "SELECT 1" });

        Assert.Equal("q", started.QueryExecutionId);
        Assert.Equal(_server.Requests[0].Json.GetProperty("ClientRequestToken").GetString(), _server.Requests[1].Json.GetProperty("ClientRequestToken").GetString());
    }

    [Fact]
    public async Task A_cancelled_token_stops_the_call()
    {
        using var athena = _server.Athena();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => athena.StartQueryExecutionAsync(new StartQueryExecutionRequest { QueryString = "SELECT 1" }, new CancellationToken(canceled: true)));
    }
}
