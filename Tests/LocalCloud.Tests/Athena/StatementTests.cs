using System.Text;
using Amazon.Athena.Model;
using LocalCloud.Glue;

namespace LocalCloud.Tests.Athena;

/// <summary>Views, DDL, SHOW and DESCRIBE, and what writes Parquet.</summary>
public sealed class StatementTests : IAsyncLifetime
{
    private AthenaBench _bench = null!;

    public async ValueTask InitializeAsync() => _bench = await AthenaBench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    private async Task RunAsync(string sql)
    {
        var execution = await _bench.RunAsync(sql);
        Assert.True(execution.Status.State.Value == "SUCCEEDED", $"{execution.Status.StateChangeReason}\n{sql}");
    }

    private async Task EventsAsync()
    {
        _bench.CreateTable("tp_events", "event_id string, user_id string, clicks int", keys: "day string, hour string");
        foreach (var (hour, sql) in new[] { ("08", "SELECT 'e1' AS event_id, 'ann' AS user_id, 1 AS clicks UNION ALL SELECT 'e1', 'ann', 1"), ("09", "SELECT 'e2' AS event_id, 'bob' AS user_id, 2 AS clicks") })
        {
            await _bench.PutParquetAsync($"tp_events/day=23/hour={hour}/a", sql);
            _bench.AddPartition("tp_events", $"s3://lake/tp_events/day=23/hour={hour}/", "23", hour);
        }
    }

    [Fact]
    public async Task A_view_is_kept_in_Glue_as_Athena_keeps_it_and_read_by_others()
    {
        await EventsAsync();
        await RunAsync("CREATE OR REPLACE VIEW per_user AS\nSELECT user_id, count(*) AS events, CAST(sum(clicks) AS double) AS clicks, array_agg(event_id) AS ids FROM tp_events GROUP BY user_id;");
        var table = _bench.Glue.GetTable("pixel", "per_user");
        Assert.Equal("VIRTUAL_VIEW", table.TableType);
        Assert.Equal("/* Presto View */", table.ViewExpandedText);
        Assert.Equal("true", table.Parameters!["presto_view"]);
        Assert.Equal(["user_id string", "events bigint", "clicks double", "ids array<string>"], table.StorageDescriptor!.Columns!.Select(c => $"{c.Name} {c.Type}"));
        var stored = Encoding.UTF8.GetString(Convert.FromBase64String(table.ViewOriginalText!["/* Presto View: ".Length..^" */".Length]));
        Assert.Contains("\"originalSql\":\"SELECT user_id, count(*)", stored);
        Assert.Contains("{\"name\":\"events\",\"type\":\"bigint\"}", stored);
        Assert.Contains("{\"name\":\"ids\",\"type\":\"array(varchar)\"}", stored);

        await RunAsync("CREATE VIEW busy AS SELECT user_id FROM per_user WHERE clicks > 1e0");
        Assert.Equal(["ann", "bob"], await _bench.RowsAsync("SELECT user_id FROM pixel.busy ORDER BY 1"));
        Assert.Equal("View already exists: 'awsdatacatalog.pixel.busy'", await _bench.FailureAsync("CREATE VIEW busy AS SELECT 1 AS a"));
        Assert.Equal("SYNTAX_ERROR: Column name not specified at position 1", await _bench.FailureAsync("CREATE VIEW nameless AS SELECT 1"));
        Assert.Equal(["CREATE VIEW \"busy\" AS", "SELECT user_id FROM per_user WHERE clicks > 1e0"], await _bench.RowsAsync("SHOW CREATE VIEW busy"));

        await RunAsync("DROP VIEW busy");
        await RunAsync("DROP VIEW IF EXISTS busy");
        Assert.Equal("TABLE_NOT_FOUND: View 'awsdatacatalog.pixel.busy' does not exist", await _bench.FailureAsync("DROP VIEW busy"));
        Assert.Contains("is a table", await _bench.FailureAsync("DROP VIEW tp_events"));
    }

    [Fact]
    public async Task A_replaced_view_keeps_the_parameters_others_have_written()
    {
        await RunAsync("CREATE VIEW v AS SELECT 1 AS a");
        await RunAsync("ALTER TABLE v SET TBLPROPERTIES ('pixel.view.hash' = 'abc')");
        await RunAsync("CREATE OR REPLACE VIEW v AS SELECT 2 AS a");
        Assert.Equal("abc", _bench.Glue.GetTable("pixel", "v").Parameters!["pixel.view.hash"]);
        Assert.Equal(["2"], await _bench.RowsAsync("SELECT a FROM v"));
    }

    [Fact]
    public async Task The_catalog_is_shown_in_lines()
    {
        await EventsAsync();
        await RunAsync("CREATE VIEW v AS SELECT 1 AS a");
        Assert.Equal(["pixel"], await _bench.RowsAsync("SHOW DATABASES LIKE 'pix*'"));
        Assert.Equal(["tp_events", "v"], await _bench.RowsAsync("SHOW TABLES IN pixel"));
        Assert.Equal(["v"], await _bench.RowsAsync("SHOW VIEWS"));
        Assert.Equal(["tp_events"], await _bench.RowsAsync("SHOW TABLES 'tp_*'"));
        Assert.Equal(["day=23/hour=08", "day=23/hour=09"], await _bench.RowsAsync("SHOW PARTITIONS tp_events"));
        Assert.Equal(["event_id            ", "user_id             ", "clicks              ", "day                 ", "hour                "], await _bench.RowsAsync("SHOW COLUMNS IN tp_events"));
        Assert.Equal("event_id            \tstring              \t                    ", (await _bench.RowsAsync("DESCRIBE tp_events"))[0]);
        Assert.Contains("# Partition Information\t \t ", await _bench.RowsAsync("DESCRIBE FORMATTED pixel.tp_events"));
        var execution = await _bench.RunAsync("SHOW TABLES");
        Assert.EndsWith(".txt", execution.ResultConfiguration.OutputLocation);
        Assert.Equal("UTILITY", execution.StatementType.Value);
        Assert.Equal("tp_events\nv\n", await _bench.GetTextAsync(execution.ResultConfiguration.OutputLocation));
    }

    [Fact]
    public async Task A_table_is_created_by_the_statement_that_shows_it()
    {
        await RunAsync("""
            CREATE EXTERNAL TABLE IF NOT EXISTS `pixel`.`made` (
              `event_id` string COMMENT 'the id',
              params map<string,string>,
              ctx struct<a:int,b:array<double>>,
              `timestamp` timestamp,
              price decimal(10,2))
            COMMENT 'a table'
            PARTITIONED BY (`year` string, `month` string)
            ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'
            WITH SERDEPROPERTIES ('ignore.malformed.json'='true')
            LOCATION 's3://lake/made/'
            TBLPROPERTIES ("classification"="json")
            """);
        var table = _bench.Glue.GetTable("pixel", "made");
        Assert.Equal(["event_id string", "params map<string,string>", "ctx struct<a:int,b:array<double>>", "timestamp timestamp", "price decimal(10,2)"], table.StorageDescriptor!.Columns!.Select(c => $"{c.Name} {c.Type}"));
        Assert.Equal(["year", "month"], table.PartitionKeys!.Select(k => k.Name));
        Assert.Equal("json", table.Parameters!["classification"]);

        var shown = string.Join('\n', await _bench.RowsAsync("SHOW CREATE TABLE made"));
        Assert.StartsWith("CREATE EXTERNAL TABLE `made`(\n  `event_id` string COMMENT 'the id', \n", shown);
        await RunAsync("DROP TABLE made");
        await RunAsync(shown);
        Assert.Equal(table.StorageDescriptor.Columns, _bench.Glue.GetTable("pixel", "made").StorageDescriptor!.Columns);
        Assert.Equal(shown, string.Join('\n', await _bench.RowsAsync("SHOW CREATE TABLE made")));
    }

    [Fact]
    public async Task Partitions_are_added_dropped_renamed_and_moved()
    {
        await EventsAsync();
        await _bench.PutParquetAsync("elsewhere/a", "SELECT 'e9' AS event_id");
        await RunAsync("ALTER TABLE tp_events ADD IF NOT EXISTS PARTITION (day = '23', hour = '08') PARTITION (day = '24', hour = '00') LOCATION 's3://lake/elsewhere/' PARTITION (hour = '01', day = '24')");
        Assert.Equal("s3://lake/tp_events/day=24/hour=01/", _bench.Glue.GetPartition("pixel", "tp_events", ["24", "01"]).StorageDescriptor!.Location);
        Assert.Equal(["e9|00"], await _bench.RowsAsync("SELECT event_id, hour FROM tp_events WHERE day = '24'"));
        Assert.Contains("already exists", await _bench.FailureAsync("ALTER TABLE tp_events ADD PARTITION (day = '23', hour = '08')"), StringComparison.OrdinalIgnoreCase);

        await RunAsync("ALTER TABLE tp_events PARTITION (day = '24', hour = '00') RENAME TO PARTITION (day = '25', hour = '00')");
        Assert.Equal(["e9|25"], await _bench.RowsAsync("SELECT event_id, day FROM tp_events WHERE day > '23' AND hour = '00'"));
        await RunAsync("ALTER TABLE tp_events PARTITION (day = '24', hour = '01') SET LOCATION 's3://lake/elsewhere'");
        Assert.Equal(["2"], await _bench.RowsAsync("SELECT count(*) FROM tp_events WHERE event_id = 'e9'"));
        await RunAsync("ALTER TABLE tp_events DROP PARTITION (day >= '24')");
        Assert.Equal(["day=23/hour=08", "day=23/hour=09"], await _bench.RowsAsync("SHOW PARTITIONS tp_events"));
        Assert.Contains("Partition not found", await _bench.FailureAsync("ALTER TABLE tp_events DROP PARTITION (day = '99')"));
        await RunAsync("ALTER TABLE tp_events DROP IF EXISTS PARTITION (day = '99'), PARTITION (day = '23', hour = '08')");
        Assert.Equal(["e2"], await _bench.RowsAsync("SELECT event_id FROM tp_events"));
    }

    [Fact]
    public async Task Repair_registers_the_folders_that_carry_values()
    {
        await EventsAsync();
        await _bench.PutParquetAsync("tp_events/day=24/hour=01/sub/a", "SELECT 'e5' AS event_id");
        await _bench.PutParquetAsync("tp_events/day=24/hour=01/sub/b", "SELECT 'e6' AS event_id");
        await _bench.PutParquetAsync("tp_events/day=a%2Fb/hour=02/a", "SELECT 'e7' AS event_id");
        await _bench.PutParquetAsync("tp_events/2026/11/ignored", "SELECT 'e8' AS event_id");
        var lines = await _bench.RowsAsync("MSCK REPAIR TABLE tp_events");
        Assert.Contains("Repair: Added partition to metastore tp_events:day=24/hour=01", lines);
        Assert.Equal(3, lines.Count);
        Assert.Equal(["24|e5", "24|e6", "a/b|e7"], await _bench.RowsAsync("SELECT day, event_id FROM tp_events WHERE day <> '23' ORDER BY event_id"));
        Assert.Empty(await _bench.RowsAsync("MSCK REPAIR TABLE tp_events"));
    }

    [Fact]
    public async Task Columns_properties_and_databases_change()
    {
        await EventsAsync();
        await RunAsync("ALTER TABLE tp_events ADD COLUMNS (screen string, ratio double)");
        Assert.Equal(["e2|∅|∅|23|09"], await _bench.RowsAsync("SELECT event_id, screen, ratio, day, hour FROM tp_events WHERE hour = '09'"));
        Assert.Contains("Duplicate column name", await _bench.FailureAsync("ALTER TABLE tp_events ADD COLUMNS (screen string)"));
        await RunAsync("ALTER TABLE tp_events SET TBLPROPERTIES ('a' = 'b')");
        Assert.Equal(["b"], await _bench.RowsAsync("SHOW TBLPROPERTIES tp_events('a')"));
        await RunAsync("CREATE DATABASE IF NOT EXISTS more COMMENT 'x' LOCATION 's3://lake/more/'");
        await RunAsync("CREATE SCHEMA IF NOT EXISTS more");
        Assert.Contains("already exists", await _bench.FailureAsync("CREATE DATABASE more"));
        await RunAsync("DROP DATABASE more CASCADE");
        Assert.Contains("not empty", await _bench.FailureAsync("DROP DATABASE pixel"));
    }

    [Fact]
    public async Task Information_schema_says_what_Glue_holds()
    {
        await EventsAsync();
        await RunAsync("CREATE VIEW v AS SELECT count(*) AS n FROM tp_events");
        Assert.Equal(["tp_events|BASE TABLE", "v|VIEW"], await _bench.RowsAsync("SELECT table_name, table_type FROM information_schema.tables WHERE table_schema = 'pixel' ORDER BY 1"));
        Assert.Equal(
            ["clicks|integer|3|∅", "day|varchar|4|partition key", "n|bigint|1|∅"],
            await _bench.RowsAsync("SELECT column_name, data_type, ordinal_position, extra_info FROM \"awsdatacatalog\".information_schema.columns WHERE column_name IN ('clicks', 'day', 'n') ORDER BY 1"));
        Assert.Equal(["SELECT count(*) AS n FROM tp_events"], await _bench.RowsAsync("SELECT view_definition FROM information_schema.views"));
    }

    [Fact]
    public async Task A_table_is_created_from_a_query_with_its_partitions()
    {
        await EventsAsync();
        var execution = await _bench.RunAsync("""
            CREATE TABLE made WITH (format = 'PARQUET', external_location = 's3://lake/made/', partitioned_by = ARRAY['hour'])
            AS SELECT DISTINCT event_id, sum(clicks) OVER () AS total, current_timestamp AS made_at, hour FROM tp_events
            """);
        Assert.True(execution.Status.State.Value == "SUCCEEDED", execution.Status.StateChangeReason);
        Assert.Equal(["e1|4|08", "e2|4|09"], await _bench.RowsAsync("SELECT event_id, total, hour FROM made ORDER BY 1"));
        Assert.Equal(["event_id string", "total bigint", "made_at timestamp"], _bench.Glue.GetTable("pixel", "made").StorageDescriptor!.Columns!.Select(c => $"{c.Name} {c.Type}"));
        Assert.Equal(["hour=08", "hour=09"], await _bench.RowsAsync("SHOW PARTITIONS made"));
        var manifest = (await _bench.GetTextAsync(execution.Statistics.DataManifestLocation)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, manifest.Length);
        Assert.All(manifest, line => Assert.StartsWith("s3://lake/made/hour=", line));
        Assert.Contains("HIVE_PATH_ALREADY_EXISTS", await _bench.FailureAsync("CREATE TABLE again WITH (external_location = 's3://lake/made/') AS SELECT 1 AS a"));

        await RunAsync("INSERT INTO made SELECT 'e3', 9, timestamp '2026-11-23 08:00:00', '10'");
        await RunAsync("INSERT INTO made (event_id, hour) VALUES ('e4', '10')");
        Assert.Equal(["e3|9|10", "e4|∅|10"], await _bench.RowsAsync("SELECT event_id, total, hour FROM made WHERE hour = '10' ORDER BY 1"));
    }

    [Fact]
    public async Task Rows_are_unloaded_as_Parquet_into_an_empty_folder_only()
    {
        await EventsAsync();
        var execution = await _bench.RunAsync("UNLOAD (SELECT DISTINCT event_id, clicks FROM tp_events ORDER BY event_id) TO 's3://lake/compacted/v=1/' WITH (format = 'PARQUET', compression = 'SNAPPY')");
        Assert.True(execution.Status.State.Value == "SUCCEEDED", execution.Status.StateChangeReason);
        Assert.True(execution.Statistics.DataScannedInBytes > 0);
        var file = Assert.Single((await _bench.GetTextAsync(execution.Statistics.DataManifestLocation)).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        _bench.CreateTable("compacted", "event_id string, clicks int", keys: "");
        Assert.StartsWith("s3://lake/compacted/v=1/", file);
        Assert.Equal(["e1|1", "e2|2"], await _bench.RowsAsync("SELECT * FROM compacted ORDER BY 1"));
        Assert.Contains("HIVE_PATH_ALREADY_EXISTS", await _bench.FailureAsync("UNLOAD (SELECT 1 AS a) TO 's3://lake/compacted/v=1/' WITH (format = 'PARQUET')"));
        Assert.Contains("NOT_SUPPORTED", await _bench.FailureAsync("UNLOAD (SELECT 1 AS a) TO 's3://lake/other/' WITH (format = 'ORC')"));
    }

    [Fact]
    public async Task Clients_that_browse_find_catalogs_databases_and_tables()
    {
        await EventsAsync();
        Assert.Equal("AwsDataCatalog", Assert.Single((await _bench.Athena.ListDataCatalogsAsync(new ListDataCatalogsRequest())).DataCatalogsSummary).CatalogName);
        Assert.Equal(["pixel"], (await _bench.Athena.ListDatabasesAsync(new ListDatabasesRequest { CatalogName = "AwsDataCatalog" })).DatabaseList.Select(d => d.Name));
        Assert.Equal("pixel", (await _bench.Athena.GetDatabaseAsync(new GetDatabaseRequest { CatalogName = "AwsDataCatalog", DatabaseName = "pixel" })).Database.Name);
        Assert.Equal(["tp_events"], (await _bench.Athena.ListTableMetadataAsync(new ListTableMetadataRequest { CatalogName = "AwsDataCatalog", DatabaseName = "pixel" })).TableMetadataList.Select(t => t.Name));
        var table = (await _bench.Athena.GetTableMetadataAsync(new GetTableMetadataRequest { CatalogName = "AwsDataCatalog", DatabaseName = "pixel", TableName = "tp_events" })).TableMetadata;
        Assert.Equal("EXTERNAL_TABLE", table.TableType);
        Assert.Equal(["day", "hour"], table.PartitionKeys.Select(k => k.Name));
        Assert.Equal("s3://lake/tp_events/", table.Parameters["location"]);
        await Assert.ThrowsAsync<MetadataException>(() => _bench.Athena.GetTableMetadataAsync(new GetTableMetadataRequest { CatalogName = "AwsDataCatalog", DatabaseName = "pixel", TableName = "none" }));
    }

    [Fact]
    public async Task A_query_is_explained()
    {
        await EventsAsync();
        var lines = await _bench.RowsAsync("EXPLAIN SELECT event_id FROM tp_events WHERE hour = '08'");
        Assert.Contains(lines, l => l.Contains("READ_PARQUET", StringComparison.Ordinal));
    }
}
