using System.Net.Http.Json;
using Amazon.Athena;
using Amazon.Athena.Model;
using LocalCloud.Tests;

namespace Catalog.Worker.Tests.Views;

/// <summary>The jobs on the lake as its template declares it, with every column of the shipped field file.</summary>
public sealed class TemplateTests
{
    [Theory]
    [InlineData("string")]
    [InlineData("int")]
    public async Task Views_and_partitions_fit_the_lake_that_the_template_makes(string partitionType)
    {
        await using var cloud = await LocalCloudServer.StartAsync(settings: new()
        {
            ["LocalCloud:Template"] = Path.Combine(Repository(), "Infrastructure", "Templates", "pixel-lake.template.json"),
            ["LocalCloud:Parameters:BucketName"] = Lake.Bucket,
            ["LocalCloud:Parameters:PartitionType"] = partitionType,
        });
        var outputs = await cloud.Http().GetFromJsonAsync<Dictionary<string, string>>("/_localcloud/stacks/PixelLake");
        var settings = outputs!.ToDictionary(o => $"AWS:Resources:{o.Key}", o => (string?)o.Value);
        settings["AWS:ServiceURL"] = cloud.Url;
        settings["AWS:AccessKey"] = LocalCloudServer.AccessKey;
        settings["AWS:SecretKey"] = LocalCloudServer.SecretKey;
        await using var worker = await Worker.StartAsync(settings, new SetClock(new(2026, 3, 15, 10, 30, 0, TimeSpan.Zero)));

        var partitions = await worker.RunAsync("load-partitions");
        var views = await worker.RunAsync("views");

        Assert.Equal(49, partitions["added"]);
        Assert.Equal(3, views["created"]);
        var athena = cloud.Client<AmazonAthenaClient, AmazonAthenaConfig>((credentials, config) => new(credentials, config));
        foreach (var view in new[] { "events", "daily_pageviews", "third_parties" })
        {
            Assert.Empty(await athena.QueryAsync($"SELECT * FROM {view} WHERE year = {(partitionType == "int" ? "2026" : "'2026'")}"));
        }
    }

    private static string Repository()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "PixelAspire.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests run outside of the repository.");
        }

        return folder;
    }
}
