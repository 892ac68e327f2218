using Amazon.Athena;
using Amazon.Athena.Model;
using Amazon.S3;
using Amazon.S3.Model;
using DuckDB.NET.Data;
using LocalCloud.Glue;
using Microsoft.Extensions.DependencyInjection;
using GlueColumn = LocalCloud.Glue.GlueColumn;

namespace LocalCloud.Tests.Athena;

/// <summary>A LocalCloud with a bucket <c>lake</c> and a database <c>pixel</c>, and what the Athena tests do with it.</summary>
public sealed class AthenaBench : IAsyncDisposable
{
    private const string ParquetSerDe = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe";
    private const string JsonSerDe = "org.openx.data.jsonserde.JsonSerDe";

    private AthenaBench(LocalCloudServer server) => Server = server;

    public LocalCloudServer Server { get; }

    public AmazonAthenaClient Athena { get; private set; } = null!;

    public AmazonS3Client S3 { get; private set; } = null!;

    public GlueCatalog Glue => Server.Services.GetRequiredService<GlueCatalog>();

    public static async Task<AthenaBench> StartAsync(TimeProvider? time = null, Dictionary<string, string?>? settings = null)
    {
        var bench = new AthenaBench(await LocalCloudServer.StartAsync(time, settings));
        bench.Connect();
        await bench.S3.PutBucketAsync("lake");
        bench.Glue.CreateDatabase(new DatabaseInput { Name = "pixel" });
        return bench;
    }

    public async Task RestartAsync()
    {
        await Server.RestartAsync();
        Connect();
    }

    private void Connect()
    {
        Athena = Server.Client<AmazonAthenaClient, AmazonAthenaConfig>((credentials, config) => new AmazonAthenaClient(credentials, config));
        S3 = Server.S3();
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    /// <summary>Starts a statement and waits until it is over.</summary>
    public async Task<QueryExecution> RunAsync(string sql, string? workGroup = null, List<string>? parameters = null, string? database = "pixel")
    {
        var started = await Athena.StartQueryExecutionAsync(new StartQueryExecutionRequest
        {
            QueryString = sql,
            QueryExecutionContext = new QueryExecutionContext { Database = database },
            ResultConfiguration = new ResultConfiguration { OutputLocation = "s3://lake/athena-results/" },
            WorkGroup = workGroup,
            ExecutionParameters = parameters,
        });
        return await EndAsync(started.QueryExecutionId);
    }

    public async Task<QueryExecution> EndAsync(string id)
    {
        while (true)
        {
            var execution = (await Athena.GetQueryExecutionAsync(new GetQueryExecutionRequest { QueryExecutionId = id })).QueryExecution;
            if (execution.Status.State.Value is "SUCCEEDED" or "FAILED" or "CANCELLED")
            {
                return execution;
            }

            await Task.Delay(5);
        }
    }

    /// <summary>Runs a query and answers its rows without the header, null as <c>∅</c>, values parted by <c>|</c>.</summary>
    public async Task<List<string>> RowsAsync(string sql, List<string>? parameters = null)
    {
        var execution = await RunAsync(sql, parameters: parameters);
        Assert.True(execution.Status.State.Value == "SUCCEEDED", $"{execution.Status.State.Value}: {execution.Status.StateChangeReason}\n{sql}");
        return [.. (await ResultAsync(execution)).Skip(execution.StatementType.Value == "DML" ? 1 : 0)];
    }

    /// <summary>Every row of a result, the header among them.</summary>
    public async Task<List<string>> ResultAsync(QueryExecution execution)
    {
        var rows = new List<string>();
        string? token = null;
        do
        {
            var page = await Athena.GetQueryResultsAsync(new GetQueryResultsRequest { QueryExecutionId = execution.QueryExecutionId, NextToken = token });
            rows.AddRange((page.ResultSet.Rows ?? []).Select(r => string.Join('|', r.Data.Select(d => d.VarCharValue ?? "∅"))));
            token = page.NextToken;
        }
        while (token is not null);
        return rows;
    }

    public async Task<string> FailureAsync(string sql)
    {
        var execution = await RunAsync(sql);
        Assert.Equal("FAILED", execution.Status.State.Value);
        return execution.Status.StateChangeReason;
    }

    /// <summary>A table of the walkthrough's shape: <c>location</c> below the lake, columns as <c>name type</c>.</summary>
    public void CreateTable(string name, string columns, string keys = "year string, month string, day string, hour string", bool json = false) =>
        Glue.CreateTable("pixel", new TableInput
        {
            Name = name,
            TableType = "EXTERNAL_TABLE",
            PartitionKeys = Columns(keys),
            Parameters = new Dictionary<string, string> { ["EXTERNAL"] = "TRUE" },
            StorageDescriptor = new StorageDescriptor
            {
                Columns = Columns(columns),
                Location = $"s3://lake/{name}/",
                InputFormat = json ? "org.apache.hadoop.mapred.TextInputFormat" : "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
                OutputFormat = json ? "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat" : "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
                SerdeInfo = new SerDeInfo { SerializationLibrary = json ? JsonSerDe : ParquetSerDe },
            },
        });

    private static List<GlueColumn> Columns(string text)
    {
        // Types have commas of their own.
        var columns = new List<GlueColumn>();
        var (start, depth) = (0, 0);
        for (var i = 0; i <= text.Length; i++)
        {
            depth += i < text.Length ? text[i] switch { '<' or '(' => 1, '>' or ')' => -1, _ => 0 } : 0;
            if (i == text.Length || (text[i] == ',' && depth == 0))
            {
                var parts = text[start..i].Trim().Split(' ', 2);
                if (parts.Length == 2)
                {
                    columns.Add(new GlueColumn(parts[0], parts[1]));
                }

                start = i + 1;
            }
        }

        return columns;
    }

    public void AddPartition(string table, string location, params string[] values)
    {
        var of = Glue.GetTable("pixel", table);
        Glue.CreatePartition("pixel", table, new PartitionInput { Values = values, StorageDescriptor = of.StorageDescriptor! with { Location = location } });
    }

    /// <summary>Makes a Parquet file of what a DuckDB query gives.</summary>
    public static byte[] Parquet(string duckSql)
    {
        var path = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N") + ".parquet");
        try
        {
            using var connection = new DuckDBConnection("DataSource=:memory:");
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = $"COPY ({duckSql}) TO '{path}' (FORMAT parquet)";
            command.ExecuteNonQuery();
            return File.ReadAllBytes(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    public Task PutParquetAsync(string key, string duckSql) => PutAsync(key, Parquet(duckSql));

    public Task PutAsync(string key, byte[] content) =>
        S3.PutObjectAsync(new PutObjectRequest { BucketName = "lake", Key = key, InputStream = new MemoryStream(content) });

    public async Task<string> GetTextAsync(string location)
    {
        var uri = new Uri(location);
        using var found = await S3.GetObjectAsync(uri.Host, uri.AbsolutePath[1..]);
        using var reader = new StreamReader(found.ResponseStream);
        return await reader.ReadToEndAsync();
    }
}
