using Amazon.Athena;
using Amazon.Athena.Model;
using Amazon.Glue;
using Amazon.Glue.Model;
using Amazon.S3;
using Amazon.S3.Model;
using LocalCloud.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Pixel.Events;
using Column = Amazon.Glue.Model.Column;

namespace Catalog.Worker.Tests;

/// <summary>A lake in a real LocalCloud, with a bucket, a database and the events table, and a worker that looks after it.</summary>
public sealed class Lake : IAsyncDisposable
{
    public const string Bucket = "pixel-lake";
    public const string Database = "pixel";
    public const string Table = "tp_events";
    public const string Workgroup = "pixel";

    private static readonly EventSchema Schema = EventSchema.Load();

    private readonly CallLog _calls;

    private readonly List<Worker> _others = [];

    private Lake(LocalCloudServer cloud, Worker worker, SetClock time, CallLog calls, Faults faults)
    {
        Faults = faults;
        Cloud = cloud;
        Worker = worker;
        Time = time;
        _calls = calls;
        S3 = cloud.S3();
        Glue = cloud.Client<AmazonGlueClient, AmazonGlueConfig>((credentials, config) => new(credentials, config));
        Athena = cloud.Client<AmazonAthenaClient, AmazonAthenaConfig>((credentials, config) => new(credentials, config));
    }

    public LocalCloudServer Cloud { get; }

    public Worker Worker { get; }

    /// <summary>What LocalCloud is to refuse.</summary>
    public Faults Faults { get; }

    /// <summary>The worker's clock: 10:30 on 15 March 2026, UTC.</summary>
    public SetClock Time { get; }

    public AmazonS3Client S3 { get; }

    public AmazonGlueClient Glue { get; }

    public AmazonAthenaClient Athena { get; }

    public static async Task<Lake> StartAsync(Dictionary<string, string?>? settings = null, bool withTable = true, string partitionType = "string")
    {
        var calls = new CallLog();
        var time = new SetClock(new(2026, 3, 15, 10, 30, 0, TimeSpan.Zero));
        var faults = new Faults();
        var cloud = await LocalCloudServer.StartAsync(services: s => s.AddSingleton<IStartupFilter>(calls).AddSingleton<IStartupFilter>(faults));
        var worker = await StartWorkerAsync(cloud, settings, time);
        var lake = new Lake(cloud, worker, time, calls, faults);
        await lake.S3.PutBucketAsync(Bucket);
        await lake.Glue.CreateDatabaseAsync(new CreateDatabaseRequest { DatabaseInput = new DatabaseInput { Name = Database } });
        foreach (var workgroup in new[] { Workgroup, "pixel-maintenance" })
        {
            await lake.Athena.CreateWorkGroupAsync(new CreateWorkGroupRequest
            {
                Name = workgroup,
                Configuration = new WorkGroupConfiguration { ResultConfiguration = new ResultConfiguration { OutputLocation = $"s3://{Bucket}/athena-results/" } },
            });
        }

        if (withTable)
        {
            await lake.CreateTableAsync(partitionType);
        }

        return lake;
    }

    /// <summary>Starts another worker on the same lake and clock.</summary>
    public async Task<Worker> StartWorkerAsync(Dictionary<string, string?>? settings = null)
    {
        var worker = await StartWorkerAsync(Cloud, settings, Time);
        _others.Add(worker);
        return worker;
    }

    private static Task<Worker> StartWorkerAsync(LocalCloudServer cloud, Dictionary<string, string?>? settings, SetClock time) => Worker.StartAsync(
        new(settings ?? [])
        {
            ["AWS:ServiceURL"] = cloud.Url,
            ["AWS:AccessKey"] = LocalCloudServer.AccessKey,
            ["AWS:SecretKey"] = LocalCloudServer.SecretKey,
        },
        time);

    public Task CreateTableAsync(string partitionType = "string") => Glue.CreateTableAsync(new CreateTableRequest
    {
        DatabaseName = Database,
        TableInput = Input(partitionType),
    });

    /// <summary>The events table with JSON lines, so that tests can write objects by hand.</summary>
    public static TableInput Input(string partitionType = "string", params Column[] more) => new()
    {
        Name = Table,
        TableType = "EXTERNAL_TABLE",
        Parameters = new() { ["classification"] = "json" },
        PartitionKeys = [.. new[] { "year", "month", "day", "hour" }.Select(name => new Column { Name = name, Type = partitionType })],
        StorageDescriptor = new StorageDescriptor
        {
            Location = $"s3://{Bucket}/events/",
            InputFormat = "org.apache.hadoop.mapred.TextInputFormat",
            OutputFormat = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
            SerdeInfo = new SerDeInfo { SerializationLibrary = "org.openx.data.jsonserde.JsonSerDe", Parameters = new() { ["ignore.malformed.json"] = "false" } },
            Compressed = false,
            Columns =
            [
                .. Schema.Columns.Select(column => new Column { Name = column.Name, Type = column.GlueType }),
                .. more,
            ],
        },
    };

    /// <summary>Puts an object as Firehose would name it.</summary>
    /// <param name="hour">The hour's part of the key, such as <c>year=2026/month=03/day=15/hour=09/</c>.</param>
    /// <param name="body">Its lines.</param>
    public Task PutAsync(string hour, string body = "{}\n") => PutKeyAsync($"events/{hour}pixel-events-1-2026-03-15-09-00-00-{Guid.NewGuid()}", body);

    public Task PutKeyAsync(string key, string body = "{}\n")
        => S3.PutObjectAsync(new PutObjectRequest { BucketName = Bucket, Key = key, ContentBody = body });

    /// <summary>Registers hours as a worker, or anybody else, did before.</summary>
    public Task RegisterAsync(IEnumerable<DateTimeOffset> hours) => RegisterAsync(Glue, hours);

    /// <inheritdoc cref="RegisterAsync(IEnumerable{DateTimeOffset})"/>
    public static Task RegisterAsync(IAmazonGlue glue, IEnumerable<DateTimeOffset> hours) => Task.WhenAll(hours.Chunk(100).Select(batch => glue.BatchCreatePartitionAsync(new BatchCreatePartitionRequest
    {
        DatabaseName = Database,
        TableName = Table,
        PartitionInputList = [.. batch.Select(hour => new PartitionInput
        {
            Values = [$"{hour:yyyy}", $"{hour:MM}", $"{hour:dd}", $"{hour:HH}"],
            StorageDescriptor = new StorageDescriptor { Location = $"s3://{Bucket}/events/{Hive(hour)}" },
        })],
    })));

    public static string Hive(DateTimeOffset hour) => $"year={hour:yyyy}/month={hour:MM}/day={hour:dd}/hour={hour:HH}/";

    public async Task<List<Partition>> PartitionsAsync()
    {
        var partitions = new List<Partition>();
        await foreach (var page in Glue.Paginators.GetPartitions(new GetPartitionsRequest { DatabaseName = Database, TableName = Table }).Responses)
        {
            partitions.AddRange(page.Partitions ?? []);
        }

        return partitions;
    }

    public async Task<IEnumerable<string>> PartitionNamesAsync() => (await PartitionsAsync()).Select(p => string.Join('/', p.Values)).Order(StringComparer.Ordinal);

    /// <summary>
    /// Runs a job and gives its counts; the calls that LocalCloud saw must be those it says it made. Those around a run, for
    /// its lock and its row in job_runs, are not counted.
    /// </summary>
    public async Task<Dictionary<string, long>> RunAsync(string job, bool dryRun = false)
    {
        var before = _calls.Count;
        var counts = await Worker.RunAsync(job, dryRun);
        Assert.Equal(_calls.Count - before, counts["awsCalls"]);
        return counts;
    }

    public async ValueTask DisposeAsync()
    {
        Faults.LetGo();
        foreach (var worker in _others.Append(Worker))
        {
            await worker.DisposeAsync();
        }

        await Cloud.DisposeAsync();
    }

    private sealed class CallLog : IStartupFilter
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((HttpContext context, RequestDelegate pass) =>
            {
                if (!context.Request.Path.StartsWithSegments($"/{Bucket}/catalog/locks") && !context.Request.Path.StartsWithSegments($"/{Bucket}/job_runs"))
                {
                    Interlocked.Increment(ref _count);
                }

                return pass(context);
            });
            next(app);
        };
    }
}
