using System.Text;
using LocalCloud.Glue;

namespace LocalCloud.Tests.Athena;

/// <summary>Tables that read exactly the files that a list names.</summary>
public sealed class SymlinkTests : IAsyncLifetime
{
    private AthenaBench _bench = null!;

    public async ValueTask InitializeAsync()
    {
        _bench = await AthenaBench.StartAsync();
        _bench.CreateTable("listed", "event_id string", keys: "run string, kind string");
        await _bench.PutParquetAsync("data/a", "SELECT 'a' AS event_id");
        await _bench.PutParquetAsync("data/b", "SELECT 'b' AS event_id");
        await _bench.PutParquetAsync("data/late", "SELECT 'late' AS event_id");
        await PutAsync("data/c.json", "{\"event_id\":\"c\"}\n");
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task The_listed_files_are_read_in_each_partitions_format_and_no_others()
    {
        await PutAsync("lists/1/parquet/list", "s3://lake/data/a\ns3://lake/data/b\n");
        await PutAsync("lists/1/json/list", "s3://lake/data/c.json\n");
        Add("1", "parquet", "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe");
        Add("1", "json", "org.openx.data.jsonserde.JsonSerDe");

        Assert.Equal(["a|parquet", "b|parquet", "c|json"], await _bench.RowsAsync("SELECT event_id, kind FROM listed WHERE run = '1' ORDER BY 1"));
    }

    [Fact]
    public async Task A_listed_file_that_is_not_there_fails_the_query()
    {
        await PutAsync("lists/2/parquet/list", "s3://lake/data/a\ns3://lake/data/gone\n");
        Add("2", "parquet", "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe");

        Assert.Contains("s3://lake/data/gone", await _bench.FailureAsync("SELECT count(*) FROM listed WHERE run = '2'"), StringComparison.Ordinal);
    }

    private Task PutAsync(string key, string text) => _bench.PutAsync(key, Encoding.UTF8.GetBytes(text));

    private void Add(string run, string kind, string serde) => _bench.Glue.CreatePartition("pixel", "listed", new PartitionInput
    {
        Values = [run, kind],
        StorageDescriptor = new StorageDescriptor
        {
            Location = $"s3://lake/lists/{run}/{kind}/",
            InputFormat = "org.apache.hadoop.hive.ql.io.SymlinkTextInputFormat",
            SerdeInfo = new SerDeInfo { SerializationLibrary = serde },
        },
    });
}
