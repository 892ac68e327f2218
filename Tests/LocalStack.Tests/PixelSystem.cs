using Amazon.Athena;
using Amazon.Athena.Model;
using Amazon.Runtime;
using Beacon.Api;
using Catalog.Worker;
using LocalCloud;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LocalStack.Tests;

/// <summary>
/// The services as AppHost connects them to LocalStack: S3 and Firehose there, Glue and Athena in a LocalCloud that loads the
/// same template with the same parameters and reads LocalStack's objects.
/// </summary>
internal sealed class PixelSystem : IAsyncDisposable
{
    private readonly string _folder;
    private readonly WebApplication _cloud;
    private readonly WebApplication _worker;

    private PixelSystem(string folder, WebApplication cloud, WebApplication worker, WebApplication beacon)
    {
        _folder = folder;
        _cloud = cloud;
        _worker = worker;
        Beacon = beacon;
        Athena = new AmazonAthenaClient(
            new BasicAWSCredentials("test", "test"),
            new AmazonAthenaConfig { ServiceURL = cloud.Urls.Single(), AuthenticationRegion = "us-east-1" });
    }

    public WebApplication Beacon { get; }

    public AmazonAthenaClient Athena { get; }

    public static async Task<PixelSystem> StartAsync(LocalStackLake lake)
    {
        var folder = Directory.CreateTempSubdirectory("pixel-localstack-").FullName;
        var cloud = await StartAsync("LocalCloud", builder => builder.AddLocalCloud(), app => app.MapLocalCloud(), [
            new("LocalCloud:DataFolder", Path.Combine(folder, "cloud")),
            new("LocalCloud:Template", LocalStackLake.TemplatePath),
            new("LocalCloud:ResourceTypes", "AWS::Glue::*,AWS::Athena::*"),
            new("LocalCloud:Upstream:Url", lake.Url.ToString()),
            .. LocalStackLake.Parameters.Select(parameter => KeyValuePair.Create($"LocalCloud:Parameters:{parameter.Key}", (string?)parameter.Value))]);
        KeyValuePair<string, string?>[] aws =
        [
            new("AWS:Region", "us-east-1"),
            new("AWS:AccessKey", "test"),
            new("AWS:SecretKey", "test"),
            new("AWS:Endpoints:S3", lake.Url.ToString()),
            new("AWS:Endpoints:Firehose", lake.Url.ToString()),
            new("AWS:Endpoints:SQS", lake.Url.ToString()),
            new("AWS:Endpoints:Glue", cloud.Urls.Single()),
            new("AWS:Endpoints:Athena", cloud.Urls.Single()),
            new("Telemetry:Enabled", "false"),
            .. lake.Outputs.Select(output => KeyValuePair.Create($"AWS:Resources:{output.Key}", (string?)output.Value)),
        ];
        var worker = await StartAsync("Catalog.Worker", builder => builder.AddCatalogWorker(), app => app.MapCatalogWorker(), [
            // The tests ask for the jobs that they are about.
            new("Scheduler:Enabled", "false"),
            .. aws]);
        var beacon = await StartAsync("Beacon.Api", builder => builder.AddBeacon(), app => app.MapBeacon(), [
            new("Journal:Folder", Path.Combine(folder, "journal")),
            new("Delivery:DeliverEvery", "00:00:00.1"),
            .. aws]);
        return new(folder, cloud, worker, beacon);
    }

    public HttpClient Pixel() => new() { BaseAddress = new Uri(Beacon.Urls.Single()) };

    /// <summary>Runs a job of the worker and fails with its own sentence when it does.</summary>
    public async Task RunJobAsync(string name)
    {
        using var http = new HttpClient { BaseAddress = new Uri(_worker.Urls.Single()) };
        using var answer = await http.PostAsync(new Uri($"/jobs/{name}", UriKind.Relative), content: null, TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>The rows that a query answers, their cells joined by a comma.</summary>
    public async Task<IReadOnlyList<string>> QueryAsync(LocalStackLake lake, string sql)
    {
        var token = TestContext.Current.CancellationToken;
        var started = await Athena.StartQueryExecutionAsync(
            new StartQueryExecutionRequest
            {
                QueryString = sql,
                QueryExecutionContext = new QueryExecutionContext { Database = lake.Outputs["DatabaseName"] },
                WorkGroup = lake.Outputs["WorkgroupName"],
            },
            token);
        while (true)
        {
            var status = (await Athena.GetQueryExecutionAsync(new GetQueryExecutionRequest { QueryExecutionId = started.QueryExecutionId }, token)).QueryExecution.Status;
            if (status.State == QueryExecutionState.SUCCEEDED)
            {
                break;
            }

            Assert.True(status.State != QueryExecutionState.FAILED, status.StateChangeReason);
            await Task.Delay(TimeSpan.FromMilliseconds(100), token);
        }

        var results = await Athena.GetQueryResultsAsync(new GetQueryResultsRequest { QueryExecutionId = started.QueryExecutionId }, token);
        return [.. results.ResultSet.Rows.Skip(1).Select(row => string.Join(',', row.Data.Select(cell => cell.VarCharValue)))];
    }

    public async ValueTask DisposeAsync()
    {
        Athena.Dispose();
        foreach (var app in new[] { Beacon, _worker, _cloud })
        {
            await app.StopAsync();
            await app.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<WebApplication> StartAsync(
        string name, Func<WebApplicationBuilder, WebApplicationBuilder> add, Func<WebApplication, WebApplication> map, IEnumerable<KeyValuePair<string, string?>> settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ApplicationName = name, EnvironmentName = Environments.Production });
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = map(add(builder).Build());
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }
}
