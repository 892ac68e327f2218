using System.Text;
using Amazon.Athena.Model;
using Amazon.Glue.Model;
using Amazon.KinesisFirehose;
using Amazon.KinesisFirehose.Model;
using Record = Amazon.KinesisFirehose.Model.Record;

namespace StandIns.Tests;

public sealed class WireTests : IAsyncLifetime
{
    private RecordingServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await RecordingServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_call_is_a_signed_post_with_the_target_header_and_the_region_it_signs_for()
    {
        using var firehose = _server.Firehose();

        await firehose.PutRecordAsync(new PutRecordRequest { DeliveryStreamName = "s", Record = new Record { Data = new MemoryStream("x"u8.ToArray()) } });

        var request = _server.Request;
        Assert.Equal("POST", request.Method);
        Assert.Equal("/", request.Path);
        Assert.Equal("Firehose_20150804.PutRecord", request.Headers["X-Amz-Target"]);
        Assert.Equal("application/x-amz-json-1.1", request.Headers["Content-Type"]);
        Assert.Equal("2015-08-04", request.Headers["x-amz-api-version"]);
        Assert.Contains("AWS4-HMAC-SHA256 Credential=key/", request.Headers["Authorization"], StringComparison.Ordinal);
        Assert.Contains("/eu-west-1/firehose/aws4_request", request.Headers["Authorization"], StringComparison.Ordinal);
        Assert.Contains("x-amz-target", request.Headers["Authorization"], StringComparison.Ordinal);
        Assert.False(request.Headers.ContainsKey("Transfer-Encoding"));
    }

    [Theory]
    [InlineData("AWSGlue.GetDatabase", "glue")]
    [InlineData("AmazonAthena.StopQueryExecution", "athena")]
    public async Task Each_service_has_its_own_target_and_signing_name(string target, string name)
    {
        using var glue = _server.Glue();
        using var athena = _server.Athena();

        await (name == "glue"
            ? glue.GetDatabaseAsync(new Amazon.Glue.Model.GetDatabaseRequest { Name = "pixel" })
            : (Task)athena.StopQueryExecutionAsync(new StopQueryExecutionRequest { QueryExecutionId = "q" }));

        Assert.Equal(target, _server.Request.Headers["X-Amz-Target"]);
        Assert.Contains($"/eu-west-1/{name}/aws4_request", _server.Request.Headers["Authorization"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Data_goes_as_base64_of_the_whole_stream_wherever_its_position_is()
    {
        _server.Answers("""{"Encrypted":false,"FailedPutCount":1,"RequestResponses":[{"RecordId":"1"},{"ErrorCode":"ServiceUnavailableException","ErrorMessage":"Slow down."}]}""");
        using var firehose = _server.Firehose();
        var written = new MemoryStream();
        written.Write("{\"a\":1}\n"u8);

        var response = await firehose.PutRecordBatchAsync(new PutRecordBatchRequest
        {
            DeliveryStreamName = "s",
            Records = [new Record { Data = written }, new Record { Data = new MemoryStream([0xff, 0, 1], 1, 2) }],
        });

        var records = _server.Request.Json.GetProperty("Records");
        Assert.Equal("{\"a\":1}\n", Encoding.UTF8.GetString(records[0].GetProperty("Data").GetBytesFromBase64()));
        Assert.Equal([0, 1], records[1].GetProperty("Data").GetBytesFromBase64());
        Assert.Equal(1, response.FailedPutCount);
        Assert.Equal("1", response.RequestResponses[0].RecordId);
        Assert.Null(response.RequestResponses[0].ErrorCode);
        Assert.Equal("ServiceUnavailableException", response.RequestResponses[1].ErrorCode);
        Assert.Equal(System.Net.HttpStatusCode.OK, response.HttpStatusCode);
        Assert.Equal("request-1", response.ResponseMetadata.RequestId);
    }

    [Fact]
    public async Task What_is_not_set_is_not_sent_and_what_is_empty_is()
    {
        using var glue = _server.Glue();

        await glue.CreateTableAsync(new CreateTableRequest
        {
            DatabaseName = "pixel",
            TableInput = new TableInput { Name = "t", PartitionKeys = [], Retention = 0, Parameters = new() { ["a"] = "b" } },
        });

        Assert.Equal("""{"DatabaseName":"pixel","TableInput":{"Name":"t","Retention":0,"PartitionKeys":[],"Parameters":{"a":"b"}}}""", _server.Request.Body);
    }

    [Fact]
    public async Task Members_that_the_answer_lacks_are_null()
    {
        _server.Answers("""{"Table":{"Name":"t","CreateTime":1.5E9,"UpdateTime":1500000000.25,"StorageDescriptor":{"Columns":[{"Name":"a","Type":"string"}],"Compressed":false},"FromTheFuture":{"x":[1]}}}""");
        using var glue = _server.Glue();

        var table = (await glue.GetTableAsync(new GetTableRequest { DatabaseName = "pixel", Name = "t" })).Table;

        Assert.Null(table.PartitionKeys);
        Assert.Null(table.Parameters);
        Assert.Null(table.Retention);
        Assert.False(table.StorageDescriptor.Compressed);
        Assert.Equal("string", table.StorageDescriptor.Columns.Single().Type);
        Assert.Equal(new DateTime(2017, 7, 14, 2, 40, 0, DateTimeKind.Utc), table.CreateTime);
        Assert.Equal(DateTimeKind.Utc, table.UpdateTime!.Value.Kind);
        Assert.Equal(250, table.UpdateTime!.Value.Millisecond);
    }

    [Fact]
    public async Task Times_go_as_epoch_seconds()
    {
        using var glue = _server.Glue();

        await glue.CreatePartitionAsync(new CreatePartitionRequest
        {
            DatabaseName = "pixel",
            TableName = "t",
            PartitionInput = new PartitionInput { Values = ["2026"], LastAccessTime = new DateTime(2017, 7, 14, 2, 40, 0, DateTimeKind.Utc) },
        });

        Assert.Equal(1500000000, _server.Request.Json.GetProperty("PartitionInput").GetProperty("LastAccessTime").GetInt64());
    }

    [Fact]
    public async Task Constants_compare_as_text_and_keep_values_that_are_new()
    {
        _server.Answers("""{"DeliveryStreamDescription":{"DeliveryStreamStatus":"ACTIVE","DeliveryStreamType":"SomethingNew","Destinations":[{"DestinationId":"destinationId-000000000001","ExtendedS3DestinationDescription":{"BufferingHints":{"SizeInMBs":64,"IntervalInSeconds":60},"CompressionFormat":"UNCOMPRESSED"}}]}}""");
        using var firehose = _server.Firehose();

        var stream = (await firehose.DescribeDeliveryStreamAsync(new DescribeDeliveryStreamRequest { DeliveryStreamName = "s" })).DeliveryStreamDescription;

        Assert.Equal(DeliveryStreamStatus.ACTIVE, stream.DeliveryStreamStatus);
        Assert.True(stream.DeliveryStreamStatus == "ACTIVE");
        Assert.Equal("SomethingNew", stream.DeliveryStreamType.Value);
        Assert.Equal(64, stream.Destinations[0].ExtendedS3DestinationDescription.BufferingHints.SizeInMBs);
        Assert.Equal(CompressionFormat.UNCOMPRESSED, stream.Destinations[0].ExtendedS3DestinationDescription.CompressionFormat);
    }

    [Fact]
    public async Task A_stream_is_created_with_its_prefix_format_and_schema()
    {
        _server.Answers("""{"DeliveryStreamARN":"arn:aws:firehose:eu-west-1:000000000000:deliverystream/s"}""");
        using var firehose = _server.Firehose();

        var created = await firehose.CreateDeliveryStreamAsync(new CreateDeliveryStreamRequest
        {
            DeliveryStreamName = "s",
            DeliveryStreamType = DeliveryStreamType.DirectPut,
            ExtendedS3DestinationConfiguration = new ExtendedS3DestinationConfiguration
            {
                RoleARN = "role",
                BucketARN = "arn:aws:s3:::lake",
                Prefix = "events/year=!{timestamp:yyyy}/",
                DataFormatConversionConfiguration = new DataFormatConversionConfiguration
                {
                    Enabled = true,
                    InputFormatConfiguration = new InputFormatConfiguration { Deserializer = new Deserializer { OpenXJsonSerDe = new OpenXJsonSerDe() } },
                    OutputFormatConfiguration = new OutputFormatConfiguration { Serializer = new Serializer { ParquetSerDe = new ParquetSerDe { Compression = ParquetCompression.SNAPPY } } },
                    SchemaConfiguration = new SchemaConfiguration { DatabaseName = "pixel", TableName = "tp_events" },
                },
            },
        });

        Assert.Equal("arn:aws:firehose:eu-west-1:000000000000:deliverystream/s", created.DeliveryStreamARN);
        Assert.Equal(
            """{"DeliveryStreamName":"s","DeliveryStreamType":"DirectPut","ExtendedS3DestinationConfiguration":{"RoleARN":"role","BucketARN":"arn:aws:s3:::lake","Prefix":"events/year=!{timestamp:yyyy}/","DataFormatConversionConfiguration":{"SchemaConfiguration":{"DatabaseName":"pixel","TableName":"tp_events"},"InputFormatConfiguration":{"Deserializer":{"OpenXJsonSerDe":{}}},"OutputFormatConfiguration":{"Serializer":{"ParquetSerDe":{"Compression":"SNAPPY"}}},"Enabled":true}}}""",
            _server.Request.Body);
    }

    [Fact]
    public async Task Starting_a_query_brings_its_own_idempotency_token_unless_given_one()
    {
        using var athena = _server.Athena();
        var mine = new StartQueryExecutionRequest { QueryString = "SELECT 1", ClientRequestToken = new string('x', 32) };
        var none = new StartQueryExecutionRequest { QueryString = "SELECT 1" };

        await athena.StartQueryExecutionAsync(mine);
        await athena.StartQueryExecutionAsync(none);

        Assert.Equal(mine.ClientRequestToken, _server.Requests[0].Json.GetProperty("ClientRequestToken").GetString());
        Assert.True(Guid.TryParse(_server.Requests[1].Json.GetProperty("ClientRequestToken").GetString(), out _));
        Assert.Null(none.ClientRequestToken);
    }

    [Fact]
    public async Task An_empty_answer_is_an_answer_with_nothing_set()
    {
        _server.Answers("");
        using var firehose = _server.Firehose();

        var response = await firehose.DeleteDeliveryStreamAsync("s");

        Assert.Equal(System.Net.HttpStatusCode.OK, response.HttpStatusCode);
        Assert.Equal("""{"DeliveryStreamName":"s"}""", _server.Request.Body);
    }

    [Fact]
    public async Task Query_results_keep_nulls_apart_from_empty_text()
    {
        _server.Answers("""{"ResultSet":{"Rows":[{"Data":[{"VarCharValue":""},{}]}],"ResultSetMetadata":{"ColumnInfo":[{"Name":"a","Type":"varchar","Nullable":"UNKNOWN","CaseSensitive":true,"Precision":2147483647}]}},"UpdateCount":0}""");
        using var athena = _server.Athena();

        var response = await athena.GetQueryResultsAsync(new GetQueryResultsRequest { QueryExecutionId = "q" });

        var data = response.ResultSet.Rows.Single().Data;
        Assert.Equal("", data[0].VarCharValue);
        Assert.Null(data[1].VarCharValue);
        Assert.Equal("varchar", response.ResultSet.ResultSetMetadata.ColumnInfo.Single().Type);
        Assert.Equal(0, response.UpdateCount);
    }
}
