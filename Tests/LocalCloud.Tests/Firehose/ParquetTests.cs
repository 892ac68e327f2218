using System.Text;
using System.Text.Json;
using Amazon.KinesisFirehose.Model;
using LocalCloud.Glue;

namespace LocalCloud.Tests.Firehose;

public class ParquetTests
{
    [Fact]
    public async Task JSON_becomes_Parquet_with_the_columns_of_the_table()
    {
        await using var lab = await FirehoseLab.StartAsync();
        await lab.CreateStreamAsync("clicks", FirehoseLab.ParquetDestination());
        await lab.PutAsync("clicks",
            """{"event_id":"e1","received_at":"2026-11-23T08:59:50.123Z","screen_width":390,"is_bot":false,"revenue":12.345,"params":{"Ref":"a","n":1},"tags":["x","y"],"day":"2026-11-23","device":{"Kind":"phone","dpr":3}}""" + "\n"
            + """{"Event_ID":"e2","unknown":{"a":[1]},"params":{}}""",
            """{"event_id":"it's \"quoted\" \u0000 Zoë 🎉\n","received_at":1795424390}""");
        await lab.FlushAsync();

        var parquet = Assert.Single(lab.All());
        Assert.Matches(@"^events/year=2026/hour=08/clicks-1-2026-11-23-08-59-50-[0-9a-f-]{36}\.parquet$", parquet.Key);
        Assert.Equal("3", FirehoseLab.Query(parquet, "SELECT count(*) FROM $file"));
        Assert.Equal(
            "event_id|VARCHAR\nreceived_at|TIMESTAMP\nscreen_width|INTEGER\nis_bot|BOOLEAN\nrevenue|DECIMAL(10,2)\nparams|MAP(VARCHAR, VARCHAR)\ntags|VARCHAR[]\nday|DATE\ndevice|STRUCT(kind VARCHAR, dpr DOUBLE)",
            FirehoseLab.Query(parquet, "SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM $file)"));
        Assert.Equal(
            "e1|2026-11-23 08:59:50.123|390|false|12.35|a|1|2|2026-11-23|phone 3.0",
            FirehoseLab.Query(parquet, "SELECT event_id, received_at::VARCHAR, screen_width, is_bot::VARCHAR, revenue::VARCHAR, params['ref'], params['n'], len(tags), day::VARCHAR, device.kind || ' ' || device.dpr FROM $file WHERE event_id = 'e1'"));
        Assert.Equal("null|0", FirehoseLab.Query(parquet, "SELECT received_at, cardinality(params) FROM $file WHERE event_id = 'e2'"));
        Assert.Equal("it's \"quoted\" \0 Zoë 🎉\n|2026-11-23 08:59:50", FirehoseLab.Query(parquet, "SELECT event_id, received_at::VARCHAR FROM $file WHERE event_id LIKE 'it%'"));
        Assert.Equal("SNAPPY", FirehoseLab.Query(parquet, $"SELECT DISTINCT compression FROM parquet_metadata('{parquet.Path}')"));
    }

    [Fact]
    public async Task A_record_that_does_not_fit_goes_to_the_error_output_whole_and_the_others_are_converted()
    {
        await using var lab = await FirehoseLab.StartAsync();
        await lab.CreateStreamAsync("clicks", FirehoseLab.ParquetDestination());
        var bad = """{"event_id":"good"}{"event_id":"bad","screen_width":"wide"}""";
        await lab.PutAsync("clicks", """{"event_id":"e1"}""", bad, """[{"event_id":"e2"}]""", """{"event_id":"e3"}""");
        lab.Time.Advance(TimeSpan.FromSeconds(5));
        var flushed = await lab.FlushAsync();

        Assert.Equal(2, flushed.Objects.Count);
        Assert.Equal("e1\ne3", FirehoseLab.Query(Assert.Single(lab.All("events/")), "SELECT event_id FROM $file"));

        var errors = Assert.Single(lab.All("errors/"));
        Assert.Matches(@"^errors/format-conversion-failed/clicks-1-2026-11-23-08-59-50-[0-9a-f-]{36}$", errors.Key);
        var lines = lab.Text(errors).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(2, lines.Count);
        Assert.Equal(
            ["attemptsMade", "arrivalTimestamp", "lastErrorCode", "lastErrorMessage", "attemptEndingTimestamp", "rawData", "sequenceNumber", "subSequenceNumber", "dataCatalogTable"],
            lines[0].EnumerateObject().Select(member => member.Name));
        Assert.Equal("DataFormatConversion.MalformedData", lines[0].GetProperty("lastErrorCode").GetString());
        Assert.Equal("Data does not match the schema. For input string: \"wide\"", lines[0].GetProperty("lastErrorMessage").GetString());
        Assert.Equal(bad, Encoding.UTF8.GetString(lines[0].GetProperty("rawData").GetBytesFromBase64()));
        Assert.Equal(5000, lines[0].GetProperty("attemptEndingTimestamp").GetInt64() - lines[0].GetProperty("arrivalTimestamp").GetInt64());
        Assert.Equal("events", lines[0].GetProperty("dataCatalogTable").GetProperty("tableName").GetString());
    }

    [Fact]
    public async Task When_nothing_can_be_converted_there_are_only_errors()
    {
        await using var lab = await FirehoseLab.StartAsync();
        await lab.CreateStreamAsync("clicks", FirehoseLab.ParquetDestination());
        await lab.PutAsync("clicks", "nonsense");
        await lab.FlushAsync();
        Assert.StartsWith("errors/", Assert.Single(lab.All()).Key);
    }

    [Fact]
    public async Task A_column_that_was_added_to_the_table_is_in_the_next_object()
    {
        await using var lab = await FirehoseLab.StartAsync();
        await lab.CreateStreamAsync("clicks", FirehoseLab.ParquetDestination());
        var table = lab.Catalog.GetTable("pixel", "events");
        lab.Catalog.UpdateTable("pixel", table with
        {
            StorageDescriptor = table.StorageDescriptor! with { Columns = [.. table.StorageDescriptor.Columns!, new GlueColumn("Campaign", "string")] },
        });
        await lab.PutAsync("clicks", """{"event_id":"e1","campaign":"autumn"}""");
        await lab.FlushAsync();
        Assert.Equal("autumn", FirehoseLab.Query(Assert.Single(lab.All()), "SELECT campaign FROM $file"));
    }

    [Fact]
    public async Task While_the_table_is_away_the_records_wait()
    {
        await using var lab = await FirehoseLab.StartAsync();
        await lab.CreateStreamAsync("clicks", FirehoseLab.ParquetDestination());
        var table = lab.Catalog.GetTable("pixel", "events");
        lab.Catalog.DeleteTable("pixel", "events");
        await lab.PutAsync("clicks", """{"event_id":"e1"}""");
        Assert.Contains("pixel.events", Assert.Single((await lab.FlushAsync()).Failed).Error);

        lab.Catalog.CreateTable("pixel", table);
        Assert.Single((await lab.FlushAsync()).Objects);
    }

    [Fact]
    public async Task Twenty_thousand_events_in_packed_records_are_twenty_thousand_rows()
    {
        await using var lab = await FirehoseLab.StartAsync();
        await lab.CreateStreamAsync("clicks", FirehoseLab.ParquetDestination());
        var record = (int first) => string.Concat(Enumerable.Range(first, 400).Select(n => $$"""{"event_id":"e{{n}}","screen_width":{{n}},"params":{"n":"{{n}}"} }""" + "\n"));
        foreach (var batch in Enumerable.Range(0, 50).Select(n => record(n * 400)).Chunk(10))
        {
            await lab.PutAsync("clicks", batch);
        }

        await lab.FlushAsync();
        Assert.Equal("20000|20000|199990000", FirehoseLab.Query(Assert.Single(lab.All()), "SELECT count(*), count(DISTINCT event_id), sum(screen_width)::BIGINT FROM $file"));
    }
}
