using System.Net.Http.Json;
using System.Text;
using Amazon.Glue;
using Amazon.KinesisFirehose;
using Amazon.KinesisFirehose.Model;
using DuckDB.NET.Data;
using LocalCloud.Firehose.Delivery;
using LocalCloud.Glue;
using LocalCloud.S3;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Record = Amazon.KinesisFirehose.Model.Record;

namespace LocalCloud.Tests.Firehose;

/// <summary>A LocalCloud with a bucket <c>lake</c>, a table <c>pixel.events</c>, a clock that stands still, and the clients of both sides.</summary>
internal sealed class FirehoseLab : IAsyncDisposable
{
    public const string Bucket = "lake";

    private FirehoseLab(LocalCloudServer server, FakeTimeProvider time)
    {
        Server = server;
        Time = time;
    }

    public LocalCloudServer Server { get; }

    public FakeTimeProvider Time { get; }

    public AmazonKinesisFirehoseClient Firehose => Server.Client<AmazonKinesisFirehoseClient, AmazonKinesisFirehoseConfig>((keys, config) => new(keys, config));

    public AmazonGlueClient Glue => Server.Client<AmazonGlueClient, AmazonGlueConfig>((keys, config) => new(keys, config));

    public ObjectStore Objects => Server.Services.GetRequiredService<ObjectStore>();

    public GlueCatalog Catalog => Server.Services.GetRequiredService<GlueCatalog>();

    public static async Task<FirehoseLab> StartAsync()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 8, 59, 50, TimeSpan.Zero));
        var lab = new FirehoseLab(await LocalCloudServer.StartAsync(time), time);
        lab.Objects.CreateBucket(Bucket);
        lab.Catalog.CreateDatabase(new DatabaseInput { Name = "pixel" });
        lab.Catalog.CreateTable("pixel", new TableInput
        {
            Name = "events",
            PartitionKeys = [new("year", "string")],
            StorageDescriptor = new StorageDescriptor
            {
                Columns = [new("event_id", "string"), new("received_at", "timestamp"), new("screen_width", "int"), new("is_bot", "boolean"),
                    new("revenue", "decimal(10,2)"), new("params", "map<string,string>"), new("tags", "array<string>"), new("day", "date"),
                    new("device", "struct<kind:string,dpr:double>")],
            },
        });
        return lab;
    }

    /// <summary>A destination that the tests change to their needs.</summary>
    public static ExtendedS3DestinationConfiguration Destination(string? prefix = null, int seconds = 60, int? megabytes = 5) => new()
    {
        RoleARN = "arn:aws:iam::000000000000:role/firehose",
        BucketARN = $"arn:aws:s3:::{Bucket}",
        Prefix = prefix,
        ErrorOutputPrefix = prefix?.Contains("!{") == true ? "errors/!{firehose:error-output-type}/" : null,
        BufferingHints = new BufferingHints { IntervalInSeconds = seconds, SizeInMBs = megabytes },
    };

    /// <summary>A destination that converts into the columns of <c>pixel.events</c>.</summary>
    public static ExtendedS3DestinationConfiguration ParquetDestination(int seconds = 60)
    {
        var destination = Destination("events/year=!{timestamp:yyyy}/hour=!{timestamp:HH}/", seconds, megabytes: 64);
        destination.DataFormatConversionConfiguration = new DataFormatConversionConfiguration
        {
            InputFormatConfiguration = new InputFormatConfiguration { Deserializer = new Deserializer { OpenXJsonSerDe = new OpenXJsonSerDe() } },
            OutputFormatConfiguration = new OutputFormatConfiguration { Serializer = new Serializer { ParquetSerDe = new ParquetSerDe() } },
            SchemaConfiguration = new SchemaConfiguration { DatabaseName = "pixel", TableName = "events", RoleARN = "arn:aws:iam::000000000000:role/firehose" },
        };
        return destination;
    }

    public async Task CreateStreamAsync(string name, ExtendedS3DestinationConfiguration? destination = null) =>
        await Firehose.CreateDeliveryStreamAsync(new CreateDeliveryStreamRequest
        {
            DeliveryStreamName = name,
            DeliveryStreamType = DeliveryStreamType.DirectPut,
            ExtendedS3DestinationConfiguration = destination ?? Destination(),
        });

    public async Task<PutRecordBatchResponse> PutAsync(string stream, params string[] records) =>
        await Firehose.PutRecordBatchAsync(stream, [.. records.Select(Record)]);

    public static Record Record(string data) => new() { Data = new MemoryStream(Encoding.UTF8.GetBytes(data)) };

    public async Task<FlushResult> FlushAsync()
    {
        var response = await Server.Http().PostAsync("/_localcloud/flush", null);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<FlushResult>())!;
    }

    public IReadOnlyList<StoredObject> All(string prefix = "") => [.. Objects.List(Bucket, prefix)];

    public string Text(StoredObject stored)
    {
        using var reader = new StreamReader(Objects.OpenRead(stored));
        return reader.ReadToEnd();
    }

    /// <summary>What a query answers, one line a row, columns separated by |; <c>$file</c> is the object.</summary>
    public static string Query(StoredObject parquet, string sql)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql.Replace("$file", $"read_parquet('{parquet.Path}')");
        using var reader = command.ExecuteReader();
        var lines = new List<string>();
        while (reader.Read())
        {
            lines.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(column => reader.IsDBNull(column) ? "null" : reader.GetValue(column).ToString())));
        }

        return string.Join('\n', lines);
    }

    /// <summary>Waits for something that the server does by itself.</summary>
    public static async Task UntilAsync(Func<bool> happened)
    {
        while (!happened())
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync() => await Server.DisposeAsync();
}
