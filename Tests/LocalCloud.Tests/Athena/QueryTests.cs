using Amazon.Athena;
using Amazon.Athena.Model;

namespace LocalCloud.Tests.Athena;

/// <summary>SELECT over the lake: what is read, what comes out, and what it costs.</summary>
public sealed class QueryTests : IAsyncLifetime
{
    private AthenaBench _bench = null!;

    public async ValueTask InitializeAsync() => _bench = await AthenaBench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    private async Task TwoHoursAsync()
    {
        _bench.CreateTable("tp_events", "event_id string, user_id string, clicks int, received_at timestamp, params map<string,string>");
        await _bench.PutParquetAsync("tp_events/year=2026/month=11/day=23/hour=08/a",
            "SELECT 'e1' AS event_id, 'ann' AS user_id, 1 AS clicks, timestamp '2026-11-23 08:00:00.123' AS received_at, MAP {'k': 'v'} AS params UNION ALL SELECT 'e2', 'bob', 2, timestamp '2026-11-23 08:30:00', NULL");
        await _bench.PutParquetAsync("tp_events/year=2026/month=11/day=23/hour=09/b",
            "SELECT 'e3' AS event_id, NULL::VARCHAR AS user_id, 3 AS clicks, timestamp '2026-11-23 09:00:00' AS received_at, MAP {} AS params");
        _bench.AddPartition("tp_events", "s3://lake/tp_events/year=2026/month=11/day=23/hour=08/", "2026", "11", "23", "08");
        _bench.AddPartition("tp_events", "s3://lake/tp_events/year=2026/month=11/day=23/hour=09/", "2026", "11", "23", "09");
    }

    [Fact]
    public async Task A_row_is_read_with_its_partition_and_printed_as_Athena_prints_it()
    {
        await TwoHoursAsync();
        Assert.Equal(
            ["e1|ann|1|2026-11-23 08:00:00.123|{k=v}|2026|11|23|08", "e2|bob|2|2026-11-23 08:30:00.000|∅|2026|11|23|08", "e3|∅|3|2026-11-23 09:00:00.000|{}|2026|11|23|09"],
            await _bench.RowsAsync("SELECT * FROM tp_events ORDER BY event_id"));
    }

    [Fact]
    public async Task Only_registered_partitions_are_read_wherever_they_lie()
    {
        await TwoHoursAsync();
        await _bench.PutParquetAsync("tp_events/year=2026/month=11/day=23/hour=10/c", "SELECT 'e4' AS event_id");
        Assert.Equal(["3"], await _bench.RowsAsync("SELECT count(*) FROM tp_events"));

        await _bench.PutParquetAsync("compacted/v=1/deep/below/d", "SELECT 'e5' AS event_id");
        await _bench.PutParquetAsync("compacted/v=1/_temporary/e", "SELECT 'hidden' AS event_id");
        await _bench.PutParquetAsync("compacted/v=1/.staging", "SELECT 'hidden' AS event_id");
        _bench.AddPartition("tp_events", "s3://lake/compacted/v=1", "2026", "11", "23", "11");
        Assert.Equal(["e5|11"], await _bench.RowsAsync("SELECT event_id, hour FROM tp_events WHERE hour = '11'"));
    }

    [Fact]
    public async Task Objects_that_come_and_go_between_queries_are_seen()
    {
        await TwoHoursAsync();
        await _bench.PutParquetAsync("tp_events/year=2026/month=11/day=23/hour=09/c", "SELECT 'e4' AS event_id");
        Assert.Equal(["e3", "e4"], await _bench.RowsAsync("SELECT event_id FROM tp_events WHERE hour = '09' ORDER BY 1"));
        await _bench.PutParquetAsync("tp_events/year=2026/month=11/day=23/hour=09/c", "SELECT 'e5' AS event_id");
        await _bench.S3.DeleteObjectAsync("lake", "tp_events/year=2026/month=11/day=23/hour=09/b");
        Assert.Equal(["e5"], await _bench.RowsAsync("SELECT event_id FROM tp_events WHERE hour = '09' ORDER BY 1"));
    }

    [Fact]
    public async Task A_table_without_partitions_or_files_is_empty_and_typed()
    {
        _bench.CreateTable("empty", "a int, b array<string>");
        Assert.Equal(["0|∅"], await _bench.RowsAsync("SELECT count(*), sum(a) FROM empty"));
        _bench.AddPartition("empty", "s3://lake/empty/nothing/", "2026", "11", "23", "08");
        Assert.Equal(["0"], await _bench.RowsAsync("SELECT count(*) FROM empty WHERE contains(b, 'x') AND hour = '08'"));
    }

    [Fact]
    public async Task Columns_are_Glues_whatever_a_file_has()
    {
        _bench.CreateTable("mixed", "a bigint, b string, c double, d array<string>", keys: "hour string");
        await _bench.PutParquetAsync("mixed/hour=01/old", "SELECT 1::INTEGER AS a");
        await _bench.PutParquetAsync("mixed/hour=02/new", "SELECT 'x' AS B, 2::BIGINT AS a, 1.5::FLOAT AS c, ['p'] AS d, 'extra' AS more, '77' AS hour");
        _bench.AddPartition("mixed", "s3://lake/mixed/hour=01/", "01");
        _bench.AddPartition("mixed", "s3://lake/mixed/hour=02/", "02");
        Assert.Equal(["1|∅|∅|∅|01", "2|x|1.5|[p]|02"], await _bench.RowsAsync("SELECT * FROM mixed ORDER BY a"));
        Assert.Equal(["∅|01"], await _bench.RowsAsync("SELECT b, hour FROM mixed WHERE hour = '01'"));
    }

    [Fact]
    public async Task Partition_values_keep_their_text_and_their_type()
    {
        _bench.CreateTable("texts", "a int", keys: "k string");
        _bench.CreateTable("numbers", "a int", keys: "k int");
        foreach (var (value, n) in new[] { ("01", 1), ("a b/c=d%", 2), ("ä", 3) })
        {
            await _bench.PutParquetAsync($"texts/{n}/f", $"SELECT {n} AS a");
            _bench.AddPartition("texts", $"s3://lake/texts/{n}/", value);
        }

        await _bench.PutParquetAsync("numbers/1/f", "SELECT 1 AS a");
        _bench.AddPartition("numbers", "s3://lake/numbers/1/", "01");
        Assert.Equal(["01|1", "a b/c=d%|2", "ä|3"], await _bench.RowsAsync("SELECT k, a FROM texts ORDER BY a"));
        Assert.Equal(["2"], await _bench.RowsAsync("SELECT a FROM texts WHERE k = 'a b/c=d%'"));
        Assert.Equal(["1|1"], await _bench.RowsAsync("SELECT k, a FROM numbers WHERE k = 1"));
    }

    [Fact]
    public async Task Json_lines_are_read_as_the_OpenX_SerDe_reads_them()
    {
        _bench.CreateTable("raw", "event_id string, clicks int, ok boolean, received_at timestamp, params map<string,string>, tags array<string>, ctx struct<a:int>", keys: "hour string", json: true);
        await _bench.PutAsync("raw/hour=08/a.json", """
            {"event_id":"e1","CLICKS":"7","ok":true,"received_at":"2026-11-23T08:00:00.123Z","params":{"K":"v","n":5},"tags":["x","y"],"Ctx":{"A":1},"more":1}
            {"event_id":"e2","params":null}

            """u8.ToArray());
        using var zipped = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(zipped, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write("{\"event_id\":\"e3\"}\n"u8);
        }

        await _bench.PutAsync("raw/hour=08/b.json.gz", zipped.ToArray());
        _bench.AddPartition("raw", "s3://lake/raw/hour=08/", "08");
        Assert.Equal(
            ["e1|7|true|2026-11-23 08:00:00.123|{k=v, n=5}|[x, y]|{a=1}|08", "e2|∅|∅|∅|∅|∅|∅|08", "e3|∅|∅|∅|∅|∅|∅|08"],
            await _bench.RowsAsync("SELECT * FROM raw ORDER BY event_id"));
    }

    [Fact]
    public async Task Results_are_quoted_in_S3_exactly_as_Athena_quotes_them()
    {
        var execution = await _bench.RunAsync("SELECT 1 AS a, 'say \"hi\", you' AS b, NULL AS c, '' AS d, 'two\nlines' AS e");
        Assert.Equal("SUCCEEDED", execution.Status.State.Value);
        Assert.Equal($"s3://lake/athena-results/{execution.QueryExecutionId}.csv", execution.ResultConfiguration.OutputLocation);
        Assert.Equal("\"a\",\"b\",\"c\",\"d\",\"e\"\n\"1\",\"say \"\"hi\"\", you\",,\"\",\"two\nlines\"\n", await _bench.GetTextAsync(execution.ResultConfiguration.OutputLocation));
        Assert.Contains("\"e\"", await _bench.GetTextAsync(execution.ResultConfiguration.OutputLocation + ".metadata"));
        Assert.Equal(["a|b|c|d|e", "1|say \"hi\", you|∅||two\nlines"], await _bench.ResultAsync(execution));
    }

    [Fact]
    public async Task Columns_are_described_with_Athenas_types()
    {
        var execution = await _bench.RunAsync("SELECT 1, 'x' AS s, count(*) AS n, CAST(1.5 AS decimal(10,2)) AS d, 1e0 AS f, ARRAY[1] AS a, MAP(ARRAY['k'], ARRAY[1]) AS m, timestamp '2026-11-23 08:00:00' AS t, sum(2) AS total");
        var result = await _bench.Athena.GetQueryResultsAsync(new GetQueryResultsRequest { QueryExecutionId = execution.QueryExecutionId });
        Assert.Equal(
            ["_col0 integer 10 0", "s varchar 2147483647 0", "n bigint 19 0", "d decimal 10 2", "f double 17 0", "a array 0 0", "m map 0 0", "t timestamp 3 0", "total bigint 19 0"],
            result.ResultSet.ResultSetMetadata.ColumnInfo.Select(c => $"{c.Name} {c.Type} {c.Precision} {c.Scale}"));
        Assert.Equal("_col0", result.ResultSet.Rows[0].Data[0].VarCharValue);
    }

    [Fact]
    public async Task Results_come_in_pages_with_the_header_in_the_first()
    {
        var execution = await _bench.RunAsync("SELECT x, 'a,\"b\"' AS y FROM UNNEST(sequence(1, 2500)) AS t (x) ORDER BY x");
        var first = await _bench.Athena.GetQueryResultsAsync(new GetQueryResultsRequest { QueryExecutionId = execution.QueryExecutionId, MaxResults = 3 });
        Assert.Equal(["x", "1", "2"], first.ResultSet.Rows.Select(r => r.Data[0].VarCharValue));
        var second = await _bench.Athena.GetQueryResultsAsync(new GetQueryResultsRequest { QueryExecutionId = execution.QueryExecutionId, MaxResults = 2, NextToken = first.NextToken });
        Assert.Equal(["3", "4"], second.ResultSet.Rows.Select(r => r.Data[0].VarCharValue));
        Assert.Equal(2501, (await _bench.ResultAsync(execution)).Count);

        var wrong = await Assert.ThrowsAsync<InvalidRequestException>(() => _bench.Athena.GetQueryResultsAsync(new GetQueryResultsRequest { QueryExecutionId = execution.QueryExecutionId, MaxResults = 1001 }));
        Assert.Contains("MaxResults", wrong.Message);
        await Assert.ThrowsAsync<InvalidRequestException>(() => _bench.Athena.GetQueryResultsAsync(new GetQueryResultsRequest { QueryExecutionId = execution.QueryExecutionId, NextToken = "nonsense" }));
    }

    [Fact]
    public async Task Only_the_columns_and_files_that_are_needed_are_counted_as_scanned()
    {
        await TwoHoursAsync();
        async Task<long> Scanned(string sql) => (await _bench.RunAsync(sql)).Statistics.DataScannedInBytes ?? -1;
        var all = await Scanned("SELECT * FROM tp_events");
        var one = await Scanned("SELECT clicks FROM tp_events");
        var hour = await Scanned("SELECT clicks FROM tp_events WHERE hour = '08'");
        var filtered = await Scanned("SELECT clicks FROM tp_events WHERE hour = '08' AND user_id = 'ann'");
        Assert.True(all > one && one > hour && hour > 0, $"{all} {one} {hour}");
        Assert.True(filtered > hour, "a column that only filters is read too");
        Assert.Equal(0, await Scanned("SELECT count(*) FROM tp_events WHERE hour = '08'"));
        Assert.Equal(0, await Scanned("SELECT DISTINCT hour FROM tp_events"));
        Assert.Equal(0, await Scanned("SELECT * FROM tp_events WHERE hour = '23'"));
    }

    [Fact]
    public async Task Parameters_take_the_place_of_question_marks()
    {
        await TwoHoursAsync();
        Assert.Equal(["e2"], await _bench.RowsAsync("SELECT event_id FROM tp_events WHERE clicks > ? AND user_id = ?", ["1", "'bob'"]));
        Assert.Equal(["it's ?|?"], await _bench.RowsAsync("SELECT ?, '?'", ["'it''s ?'"]));
        var few = await Assert.ThrowsAsync<InvalidRequestException>(() => _bench.RunAsync("SELECT ?"));
        Assert.Contains("Incorrect number of parameters", few.Message);
        await Assert.ThrowsAsync<InvalidRequestException>(() => _bench.RunAsync("SELECT ?", parameters: ["1; DROP TABLE x"]));
    }

    [Fact]
    public async Task A_comparison_that_Trino_refuses_fails_even_where_there_are_no_rows()
    {
        _bench.CreateTable("none", "received_at timestamp");
        Assert.Equal("TYPE_MISMATCH: line 1:31: Cannot apply operator: varchar = integer", await _bench.FailureAsync("SELECT 1 FROM none WHERE hour = 8"));
        Assert.Equal("TYPE_MISMATCH: line 1:38: Cannot apply operator: timestamp(3) > varchar", await _bench.FailureAsync("SELECT 1 FROM none WHERE received_at > '2026-01-01'"));
        Assert.Empty(await _bench.RowsAsync("SELECT 1 FROM none WHERE hour = '8' AND received_at > timestamp '2026-01-01 00:00:00'"));
    }

    [Theory]
    [InlineData("SELEC 1", "line 1:1: mismatched input 'SELEC'")]
    [InlineData("SELECT 1 FROM", "line 1:14: mismatched input '<EOF>'")]
    [InlineData("COPY (SELECT 1) TO '/tmp/x'", "mismatched input 'COPY'")]
    [InlineData("ATTACH '/tmp/x.db'", "mismatched input 'ATTACH'")]
    [InlineData("PRAGMA version", "mismatched input 'PRAGMA'")]
    [InlineData("INSTALL httpfs", "mismatched input 'INSTALL'")]
    [InlineData("SET memory_limit = '1TB'", "mismatched input 'SET'")]
    [InlineData("SELECT 1; SELECT 2", "mismatched input 'SELECT'")]
    [InlineData("SELECT * FROM read_csv('/etc/passwd')", "mismatched input '('")]
    [InlineData("SELECT * FROM '/etc/passwd'", "mismatched input ''/etc/passwd''")]
    public async Task What_is_not_Athenas_SQL_is_refused_at_once(string sql, string message)
    {
        var refused = await Assert.ThrowsAsync<InvalidRequestException>(() => _bench.RunAsync(sql));
        Assert.Contains(message, refused.Message);
        Assert.Equal("MALFORMED_QUERY", refused.AthenaErrorCode);
    }

    [Fact]
    public async Task What_Athena_has_and_this_does_not_fails_and_says_so()
    {
        Assert.Equal("NOT_SUPPORTED: MERGE is not supported by this local Athena", await _bench.FailureAsync("MERGE INTO a USING b ON a.x = b.x WHEN MATCHED THEN DELETE"));
    }
}
