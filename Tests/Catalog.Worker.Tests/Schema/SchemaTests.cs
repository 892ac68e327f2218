using System.Net.Http.Json;
using System.Text.Json;
using Amazon.Glue.Model;
using Amazon.KinesisFirehose;
using Amazon.KinesisFirehose.Model;
using Catalog.Worker.Schema;
using Microsoft.Extensions.DependencyInjection;
using Catalog.Worker.Tests.Views;

namespace Catalog.Worker.Tests.Schema;

public sealed class SchemaTests : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fields-");
    private TemplateLake? _lake;

    public async ValueTask DisposeAsync()
    {
        if (_lake is not null)
        {
            await _lake.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_table_that_has_the_field_files_columns_is_right()
    {
        var lake = await StartAsync(null);

        var counts = await lake.Worker.RunAsync("schema");

        Assert.Equal((0, 0, 0), (counts["missing"], counts["added"], counts["differing"]));
        Assert.Empty(await NotesAsync(lake));
    }

    [Fact]
    public async Task Where_the_template_owns_the_table_it_says_what_to_deploy_and_changes_nothing()
    {
        var lake = await StartAsync("""{ "name": "plan", "from": ["query:plan"] }, { "name": "amount", "from": ["query:amount"], "type": "double" }""");
        var before = (await TableAsync(lake)).StorageDescriptor.Columns.Count;

        var counts = await lake.Worker.RunAsync("schema");

        Assert.Equal((2, 0), (counts["missing"], counts["added"]));
        Assert.Equal(
            ["The table tp_events lacks amount and plan of the field file: deploy the lake template, and the beacon after it. Until then a beacon that knows the table's columns (AWS:Resources:EventFields) keeps the values in params."],
            await NotesAsync(lake));
        Assert.Equal(before, (await TableAsync(lake)).StorageDescriptor.Columns.Count);
    }

    [Fact]
    public async Task Elsewhere_it_adds_columns_at_the_end_and_old_and_new_files_are_read_together()
    {
        var lake = await StartAsync("""{ "name": "plan", "from": ["query:plan"] }""", ("Jobs:schema:Owner", "worker"), ("Jobs:load-partitions:RegisterAhead", "00:00:00"));
        await PutAsync(lake, """{"event_id":"old","received_at":"2026-03-15T09:00:00.000Z","plan":"lost"}""");

        var dry = await lake.Worker.RunAsync("schema", dryRun: true);
        var counts = await lake.Worker.RunAsync("schema");
        await PutAsync(lake, """{"event_id":"new","received_at":"2026-03-15T09:00:00.000Z","plan":"gold"}""");

        Assert.Equal((1, 1), (dry["missing"], counts["added"]));
        Assert.Equal("plan", (await TableAsync(lake)).StorageDescriptor.Columns[^1].Name);
        Assert.Equal(["new|gold", "old|"], await lake.Athena.QueryAsync("SELECT event_id, plan FROM tp_events ORDER BY 1"));
        Assert.Equal((0, 0), await AgainAsync(lake));
        Assert.Equal(16, (await lake.Worker.RunAsync("views"))["created"]);
    }

    [Fact]
    public async Task A_changed_type_is_refused_with_what_to_do()
    {
        var lake = await StartAsync(null);
        var table = await TableAsync(lake);
        table.StorageDescriptor.Columns.Single(c => c.Name == "screen").Type = "bigint";
        await lake.Glue.UpdateTableAsync(new UpdateTableRequest
        {
            DatabaseName = Lake.Database,
            TableInput = new TableInput { Name = table.Name, TableType = table.TableType, Parameters = table.Parameters, PartitionKeys = table.PartitionKeys, StorageDescriptor = table.StorageDescriptor },
        });

        Assert.Equal(
            (502, "The field file gives screen the type string, and the table has bigint. A column keeps its type, since the files that are there have it: give the field another name."),
            await lake.Worker.FailAsync("schema"));
    }

    [Fact]
    public async Task A_parquet_file_of_other_types_is_reported()
    {
        var lake = await StartAsync(null, ("Jobs:load-partitions:RegisterAhead", "00:00:00"));
        await lake.Athena.QueryAsync(
            "UNLOAD (SELECT 'a' AS event_id, TIMESTAMP '2026-03-15 10:00:00' AS received_at, true AS is_bot, MAP(ARRAY['a'], ARRAY['b']) AS params, CAST(1 AS bigint) AS beacon_seq, CAST(7 AS bigint) AS screen) TO 's3://pixel-lake/events/year=2026/month=03/day=15/hour=10/' WITH (format = 'PARQUET')", "pixel-maintenance");

        var counts = await lake.Worker.RunAsync("schema");

        Assert.True(counts["differing"] == 1, string.Join(' ', await NotesAsync(lake)));
        Assert.Contains("screen is bigint in the file and string in the table", Assert.Single(await NotesAsync(lake)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_large_file_with_a_long_footer_only_the_end_is_fetched()
    {
        var lake = await StartAsync(null, ("Jobs:load-partitions:RegisterAhead", "00:00:00"));
        var columns = string.Join(", ", Enumerable.Range(0, 1200).Select(i => $"'{i}' AS column_{i:0000}"));
        await lake.Athena.QueryAsync(
            $"UNLOAD (SELECT {columns}, CAST(7 AS bigint) AS screen, array_join(transform(sequence(1, 200000), i -> to_hex(sha256(to_utf8(CAST(i AS varchar))))), '') AS user_id) TO 's3://pixel-lake/events/year=2026/month=03/day=15/hour=10/' WITH (format = 'PARQUET')", "pixel-maintenance");
        var file = Assert.Single((await lake.S3.ListObjectsV2Async(new() { BucketName = Lake.Bucket, Prefix = "events/" })).S3Objects);
        Assert.InRange(file.Size!.Value, 1_000_000, long.MaxValue);

        var calls = new AwsCalls();
        var types = await lake.Worker.Services.GetRequiredService<ParquetFooter>().ReadAsync(new(file.Key, file.Size.Value), calls, CancellationToken.None);

        Assert.Equal((1202, "bigint", 2), (types.Count, types["screen"], calls.Made));
    }

    [Fact]
    public async Task A_field_file_that_is_not_there_is_a_sentence()
    {
        var lake = await StartAsync(null, ("Jobs:schema:FieldFile", "/nowhere/fields.json"));

        var (status, error) = await lake.Worker.FailAsync("schema");

        Assert.Equal(502, status);
        Assert.Contains("/nowhere/fields.json does not exist", error, StringComparison.Ordinal);
    }

    private async Task<TemplateLake> StartAsync(string? moreFields, params (string Key, string Value)[] settings)
    {
        var all = settings.ToDictionary(s => s.Key, s => (string?)s.Value);
        if (moreFields is not null)
        {
            var shipped = (await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "pixel.fields.json"))).TrimEnd();
            var file = Path.Combine(_folder.FullName, "fields.json");
            await File.WriteAllTextAsync(file, $"{shipped[..shipped.LastIndexOf(']')].TrimEnd()},\n{moreFields}\n] }}");
            all["Jobs:schema:FieldFile"] = file;
        }

        return _lake = await TemplateLake.StartAsync(settings: all);
    }

    // Through Firehose, which converts by the table as it is then; into the hour that it is by the machine's clock.
    private static async Task PutAsync(TemplateLake lake, string line)
    {
        var firehose = lake.Cloud.Client<AmazonKinesisFirehoseClient, AmazonKinesisFirehoseConfig>((credentials, config) => new(credentials, config));
        await firehose.PutRecordAsync(new PutRecordRequest
        {
            DeliveryStreamName = "pixel-events",
            Record = new Amazon.KinesisFirehose.Model.Record { Data = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(line + "\n")) },
        });
        using var http = lake.Cloud.Http();
        (await http.PostAsync("/_localcloud/flush", null)).EnsureSuccessStatusCode();
        await lake.Worker.RunAsync("repair-partitions");
    }

    private static async Task<(long Missing, long Added)> AgainAsync(TemplateLake lake)
    {
        var counts = await lake.Worker.RunAsync("schema");
        return (counts["missing"], counts["added"]);
    }

    private static async Task<Table> TableAsync(TemplateLake lake)
        => (await lake.Glue.GetTableAsync(new GetTableRequest { DatabaseName = Lake.Database, Name = Lake.Table })).Table;

    private static async Task<List<string>> NotesAsync(TemplateLake lake)
    {
        var jobs = await lake.Worker.Http.GetFromJsonAsync<JsonElement>("/jobs");
        return [.. jobs.EnumerateArray().Single(j => j.GetProperty("name").GetString() == "schema").GetProperty("lastRun").GetProperty("notes").EnumerateArray().Select(n => n.GetString()!)];
    }
}
