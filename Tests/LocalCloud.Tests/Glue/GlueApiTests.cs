using Amazon.Glue;
using Amazon.Glue.Model;

namespace LocalCloud.Tests.Glue;

public class GlueApiTests
{
    [Fact]
    public async Task A_table_comes_back_as_it_was_created_with_what_Glue_adds()
    {
        await using var server = await LocalCloudServer.StartAsync();
        var glue = await GlueAsync(server);

        var table = (await glue.GetTableAsync(new GetTableRequest { DatabaseName = "Pixel", Name = "Events" })).Table;

        Assert.Equal(("events", "pixel", "0", "000000000000"), (table.Name, table.DatabaseName, table.VersionId, table.CatalogId));
        Assert.NotNull(table.CreateTime);
        Assert.Equal(["year", "month"], table.PartitionKeys.Select(key => key.Name));
        Assert.Equal("map<string,string>", table.StorageDescriptor.Columns[1].Type);
        Assert.Equal("parquet", table.Parameters["classification"]);
        Assert.Equal("org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe", table.StorageDescriptor.SerdeInfo.SerializationLibrary);
    }

    [Fact]
    public async Task Errors_are_the_exceptions_of_the_SDK()
    {
        await using var server = await LocalCloudServer.StartAsync();
        var glue = await GlueAsync(server);

        var missing = await Assert.ThrowsAsync<EntityNotFoundException>(() => glue.GetTableAsync(new GetTableRequest { DatabaseName = "pixel", Name = "views" }));
        Assert.Equal("Table views not found.", missing.Message);
        await Assert.ThrowsAsync<AlreadyExistsException>(() => glue.CreateDatabaseAsync(new CreateDatabaseRequest { DatabaseInput = new DatabaseInput { Name = "PIXEL" } }));
        await Assert.ThrowsAsync<InvalidInputException>(() => glue.GetPartitionsAsync(new GetPartitionsRequest { DatabaseName = "pixel", TableName = "events", Expression = "week = 1" }));
        await Assert.ThrowsAsync<InvalidInputException>(() => glue.GetTablesAsync(new GetTablesRequest { DatabaseName = "pixel", Expression = "(" }));
        var nameless = await Assert.ThrowsAnyAsync<AmazonGlueException>(() => glue.GetTableAsync(new GetTableRequest { DatabaseName = "pixel" }));
        Assert.Equal("ValidationException", nameless.ErrorCode);
    }

    [Fact]
    public async Task Tables_are_listed_by_pattern_a_page_at_a_time()
    {
        await using var server = await LocalCloudServer.StartAsync();
        var glue = await GlueAsync(server);
        foreach (var number in Enumerable.Range(0, 5))
        {
            await glue.CreateTableAsync(new CreateTableRequest { DatabaseName = "pixel", TableInput = new TableInput { Name = $"view_{number}" } });
        }

        var names = new List<string>();
        await foreach (var page in glue.Paginators.GetTables(new GetTablesRequest { DatabaseName = "pixel", Expression = "view_.*", MaxResults = 2 }).Responses)
        {
            Assert.InRange(page.TableList.Count, 1, 2);
            names.AddRange(page.TableList.Select(table => table.Name));
        }

        Assert.Equal(["view_0", "view_1", "view_2", "view_3", "view_4"], names);
    }

    [Fact]
    public async Task A_table_keeps_its_versions_until_they_are_deleted()
    {
        await using var server = await LocalCloudServer.StartAsync();
        var glue = await GlueAsync(server);
        await glue.UpdateTableAsync(new UpdateTableRequest { DatabaseName = "pixel", TableInput = Events("second") });
        await glue.UpdateTableAsync(new UpdateTableRequest { DatabaseName = "pixel", TableInput = Events("third") });

        var versions = await glue.GetTableVersionsAsync(new GetTableVersionsRequest { DatabaseName = "pixel", TableName = "events" });
        Assert.Equal(["2", "1", "0"], versions.TableVersions.Select(version => version.VersionId));
        var second = await glue.GetTableVersionAsync(new GetTableVersionRequest { DatabaseName = "pixel", TableName = "events", VersionId = "1" });
        Assert.Equal("second", second.TableVersion.Table.Description);

        var deleted = await glue.BatchDeleteTableVersionAsync(new BatchDeleteTableVersionRequest { DatabaseName = "pixel", TableName = "events", VersionIds = ["0", "1", "2", "9"] });
        Assert.Equal([("2", "InvalidInputException"), ("9", "EntityNotFoundException")], deleted.Errors.Select(error => (error.VersionId, error.ErrorDetail.ErrorCode)));
        await Assert.ThrowsAsync<ConcurrentModificationException>(() =>
            glue.UpdateTableAsync(new UpdateTableRequest { DatabaseName = "pixel", TableInput = Events("late"), VersionId = "1" }));
    }

    [Fact]
    public async Task A_batch_of_partitions_tells_which_were_there_already()
    {
        await using var server = await LocalCloudServer.StartAsync();
        var glue = await GlueAsync(server);
        var batch = new BatchCreatePartitionRequest { DatabaseName = "pixel", TableName = "events", PartitionInputList = [.. Months(1, 12)] };
        Assert.Empty((await glue.BatchCreatePartitionAsync(batch)).Errors ?? []);

        batch.PartitionInputList = [.. Months(12, 2)];
        var error = Assert.Single((await glue.BatchCreatePartitionAsync(batch)).Errors);
        Assert.Equal(("2026,012", "AlreadyExistsException"), (string.Join(',', error.PartitionValues), error.ErrorDetail.ErrorCode));

        batch.PartitionInputList = [.. Months(1, 101)];
        Assert.Equal("ValidationException", (await Assert.ThrowsAnyAsync<AmazonGlueException>(() => glue.BatchCreatePartitionAsync(batch))).ErrorCode);
    }

    [Fact]
    public async Task Partitions_are_filtered_paged_and_divided_into_segments()
    {
        await using var server = await LocalCloudServer.StartAsync();
        var glue = await GlueAsync(server);
        await glue.BatchCreatePartitionAsync(new BatchCreatePartitionRequest { DatabaseName = "pixel", TableName = "events", PartitionInputList = [.. Months(1, 100)] });

        Assert.Equal(["050", "051"], await ValuesAsync(glue, request => request.Expression = "year = '2026' AND month BETWEEN '050' AND '051'"));
        Assert.Equal(100, (await ValuesAsync(glue, request => request.MaxResults = 7)).Distinct().Count());

        var segments = new List<string>();
        for (var number = 0; number < 3; number++)
        {
            var part = await ValuesAsync(glue, request => request.Segment = new Segment { SegmentNumber = number, TotalSegments = 3 });
            Assert.NotEmpty(part);
            segments.AddRange(part);
        }

        Assert.Equal(100, segments.Count);
        Assert.Equal(100, segments.Distinct().Count());

        var bare = await glue.GetPartitionsAsync(new GetPartitionsRequest { DatabaseName = "pixel", TableName = "events", ExcludeColumnSchema = true, MaxResults = 1 });
        Assert.Equal("s3://lake/001/", bare.Partitions[0].StorageDescriptor.Location);
        Assert.Empty(bare.Partitions[0].StorageDescriptor.Columns ?? []);
    }

    [Fact]
    public async Task Partitions_are_got_switched_and_deleted_in_batches()
    {
        await using var server = await LocalCloudServer.StartAsync();
        var glue = await GlueAsync(server);
        await glue.BatchCreatePartitionAsync(new BatchCreatePartitionRequest { DatabaseName = "pixel", TableName = "events", PartitionInputList = [.. Months(1, 30)] });

        var switched = await glue.BatchUpdatePartitionAsync(new BatchUpdatePartitionRequest
        {
            DatabaseName = "pixel",
            TableName = "events",
            Entries =
            [
                new BatchUpdatePartitionRequestEntry { PartitionValueList = ["2026", "001"], PartitionInput = Month(1, "s3://lake/compacted/001/") },
                new BatchUpdatePartitionRequestEntry { PartitionValueList = ["2026", "999"], PartitionInput = Month(999, "s3://lake/none/") },
            ],
        });
        Assert.Equal("EntityNotFoundException", Assert.Single(switched.Errors).ErrorDetail.ErrorCode);

        var got = await glue.BatchGetPartitionAsync(new BatchGetPartitionRequest
        {
            DatabaseName = "pixel",
            TableName = "events",
            PartitionsToGet = [new PartitionValueList { Values = ["2026", "001"] }, new PartitionValueList { Values = ["2026", "999"] }],
        });
        Assert.Equal("s3://lake/compacted/001/", Assert.Single(got.Partitions).StorageDescriptor.Location);
        Assert.Empty(got.UnprocessedKeys ?? []);

        var delete = new BatchDeletePartitionRequest { DatabaseName = "pixel", TableName = "events", PartitionsToDelete = [.. Months(1, 26).Select(month => new PartitionValueList { Values = month.Values })] };
        Assert.Equal("ValidationException", (await Assert.ThrowsAnyAsync<AmazonGlueException>(() => glue.BatchDeletePartitionAsync(delete))).ErrorCode);
        delete.PartitionsToDelete.RemoveAt(25);
        Assert.Empty((await glue.BatchDeletePartitionAsync(delete)).Errors ?? []);
        Assert.Equal(5, (await ValuesAsync(glue, _ => { })).Count);
    }

    private static async Task<AmazonGlueClient> GlueAsync(LocalCloudServer server)
    {
        var glue = server.Client<AmazonGlueClient, AmazonGlueConfig>((keys, config) => new(keys, config));
        await glue.CreateDatabaseAsync(new CreateDatabaseRequest { DatabaseInput = new DatabaseInput { Name = "pixel" } });
        await glue.CreateTableAsync(new CreateTableRequest { DatabaseName = "pixel", TableInput = Events("first") });
        return glue;
    }

    private static async Task<List<string>> ValuesAsync(AmazonGlueClient glue, Action<GetPartitionsRequest> ask)
    {
        var request = new GetPartitionsRequest { DatabaseName = "pixel", TableName = "events" };
        ask(request);
        var values = new List<string>();
        await foreach (var page in glue.Paginators.GetPartitions(request).Responses)
        {
            values.AddRange((page.Partitions ?? []).Select(partition => partition.Values[1]));
        }

        return values;
    }

    private static TableInput Events(string description) => new()
    {
        Name = "EVENTS",
        Description = description,
        TableType = "EXTERNAL_TABLE",
        Parameters = new Dictionary<string, string> { ["classification"] = "parquet" },
        PartitionKeys = [new Column { Name = "year", Type = "string" }, new Column { Name = "month", Type = "string" }],
        StorageDescriptor = Storage("s3://lake/"),
    };

    private static StorageDescriptor Storage(string location) => new()
    {
        Location = location,
        Columns = [new Column { Name = "event_id", Type = "string" }, new Column { Name = "params", Type = "map<string,string>" }],
        InputFormat = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
        SerdeInfo = new SerDeInfo { SerializationLibrary = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe" },
    };

    private static IEnumerable<PartitionInput> Months(int first, int count) =>
        Enumerable.Range(first, count).Select(month => Month(month, $"s3://lake/{Text(month)}/"));

    private static PartitionInput Month(int month, string location) => new() { Values = ["2026", Text(month)], StorageDescriptor = Storage(location) };

    private static string Text(int month) => $"{month:D3}";
}
