using System.Text.Json;
using Amazon.KinesisFirehose;
using Amazon.KinesisFirehose.Model;
using LocalCloud.Glue;
using LocalCloud.S3;
using Microsoft.Extensions.DependencyInjection;

namespace LocalCloud.Tests.JavaScript;

/// <summary>The AWS SDK for JavaScript, which sends checksums in trailers and reads what it gets more strictly than others.</summary>
public sealed class JavaScriptSdkTests
{
    [Fact]
    public async Task The_SDK_for_JavaScript_sees_what_the_others_see()
    {
        var folder = Directory.CreateTempSubdirectory("localcloud-js-").FullName;
        try
        {
            await InstallAsync(folder);
            await using var server = await LocalCloudServer.StartAsync(settings: new() { ["LocalCloud:Verify"] = "true" });
            await PrepareAsync(server);

            var run = (await Tool.RunAsync("node", ["check.mjs", "lake", "pixel"], Tool.Aws(server), folder))!;
            Assert.True(run.ExitCode == 0, run.Error);

            using var seen = JsonDocument.Parse(run.Output);
            Assert.Equal("from a string", seen.RootElement.GetProperty("text").GetString());
            Assert.Equal("js", seen.RootElement.GetProperty("metadata").GetString());
            Assert.Equal(70003, seen.RootElement.GetProperty("streamed").GetInt32());
            Assert.Equal("NoSuchKey", seen.RootElement.GetProperty("error").GetString());
            Assert.Equal("""["lake"]""", seen.RootElement.GetProperty("buckets").GetRawText());
            Assert.Equal("""["js/"]""", seen.RootElement.GetProperty("prefixes").GetRawText());
            Assert.Equal("""["js/stream","js/text ü"]""", seen.RootElement.GetProperty("keys").GetRawText());
            Assert.Equal("""["pixel-events"]""", seen.RootElement.GetProperty("streams").GetRawText());
            Assert.Equal("""["tp_events"]""", seen.RootElement.GetProperty("tables").GetRawText());
            Assert.Equal("SUCCEEDED", seen.RootElement.GetProperty("state").GetString());
            Assert.Equal("""[["one","letter"],["1","a"]]""", seen.RootElement.GetProperty("rows").GetRawText());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task PrepareAsync(LocalCloudServer server)
    {
        server.Services.GetRequiredService<ObjectStore>().CreateBucket("lake");
        var catalog = server.Services.GetRequiredService<GlueCatalog>();
        catalog.CreateDatabase(new DatabaseInput { Name = "pixel" });
        catalog.CreateTable("pixel", new TableInput { Name = "tp_events", StorageDescriptor = new StorageDescriptor { Columns = [new("event_id", "string")] } });
        var firehose = server.Client<AmazonKinesisFirehoseClient, AmazonKinesisFirehoseConfig>((keys, config) => new(keys, config));
        await firehose.CreateDeliveryStreamAsync(new CreateDeliveryStreamRequest
        {
            DeliveryStreamName = "pixel-events",
            ExtendedS3DestinationConfiguration = new ExtendedS3DestinationConfiguration
            {
                RoleARN = "arn:aws:iam::000000000000:role/firehose", BucketARN = "arn:aws:s3:::lake",
            },
        });
    }

    private static async Task InstallAsync(string folder)
    {
        var source = Path.Combine(AppContext.BaseDirectory, "JavaScript");
        foreach (var file in (string[])["package.json", "check.mjs"])
        {
            File.Copy(Path.Combine(source, file), Path.Combine(folder, file));
        }

        Assert.SkipWhen(await Tool.RunAsync("node", ["--version"]) is null, "node is not installed.");
        var npm = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";
        var install = await Tool.RunAsync(npm, ["install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts"], folder: folder);
        Assert.SkipWhen(install is null, "npm is not installed.");
        Assert.SkipWhen(install!.ExitCode != 0, $"The AWS SDK for JavaScript could not be installed: {install.Error.Split('\n')[0]}");
    }
}
