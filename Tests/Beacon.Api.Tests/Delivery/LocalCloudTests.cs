using System.Text.Json.Nodes;
using Amazon.KinesisFirehose;
using Amazon.KinesisFirehose.Model;
using Beacon.Api.Tests.Journal;
using LocalCloud;
using LocalCloud.S3;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Beacon.Api.Tests.Delivery;

/// <summary>The delivery against a Firehose that keeps AWS's rules, down to the objects in the bucket.</summary>
public sealed class LocalCloudTests : IAsyncLifetime
{
    private const string Bucket = "the-lake";

    private readonly TempFolder _folder = new();
    private WebApplication _cloud = null!;

    private string Url => _cloud.Urls.Single();

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Testing" });
        builder.Configuration.AddInMemoryCollection([new("LocalCloud:DataFolder", _folder["cloud"])]);
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _cloud = builder.AddLocalCloud().Build().MapLocalCloud();
        await _cloud.StartAsync();
        _cloud.Services.GetRequiredService<ObjectStore>().CreateBucket(Bucket);
    }

    public async ValueTask DisposeAsync()
    {
        await _cloud.StopAsync();
        await _cloud.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_backlog_and_what_comes_after_it_end_up_in_the_bucket_once_each()
    {
        await CreateStreamAsync();
        using (var journal = Journals.Open(_folder["journal"]))
        {
            await journal.AppendAllAsync(Journals.Ids("old", 6000), padding: 1000);
        }

        await using (var beacon = await DeliveringBeacon.StartAsync(_folder["journal"], Url))
        {
            await beacon.Journal.AppendAllAsync(Journals.Ids("new", 500), padding: 1000);
        }

        Assert.Equal(
            [.. Journals.Ids("new", 500).Order(StringComparer.Ordinal), .. Journals.Ids("old", 6000).Order(StringComparer.Ordinal)],
            (await ReadBucketAsync()).Order(StringComparer.Ordinal));
        Assert.Empty(Journals.Segments(_folder["journal"]));
    }

    [Fact]
    public async Task A_stream_that_is_made_after_the_beacon_gets_everything()
    {
        await using (var beacon = await DeliveringBeacon.StartAsync(_folder["journal"], Url))
        {
            await beacon.Journal.AppendAllAsync(Journals.Ids("e", 100));
            await CreateStreamAsync();
        }

        Assert.Equal(Journals.Ids("e", 100).Order(StringComparer.Ordinal), (await ReadBucketAsync()).Order(StringComparer.Ordinal));
    }

    private async Task CreateStreamAsync()
    {
        using var firehose = new AmazonKinesisFirehoseClient(
            "test", "test", new AmazonKinesisFirehoseConfig { ServiceURL = Url, AuthenticationRegion = "us-east-1" });
        await firehose.CreateDeliveryStreamAsync(new CreateDeliveryStreamRequest
        {
            DeliveryStreamName = "the-stream",
            DeliveryStreamType = DeliveryStreamType.DirectPut,
            ExtendedS3DestinationConfiguration = new ExtendedS3DestinationConfiguration
            {
                BucketARN = $"arn:aws:s3:::{Bucket}",
                RoleARN = "arn:aws:iam::000000000000:role/firehose",
                Prefix = "events/",
                BufferingHints = new BufferingHints { IntervalInSeconds = 900, SizeInMBs = 128 },
            },
        });
    }

    /// <summary>The ids of all events in the bucket.</summary>
    private async Task<List<string>> ReadBucketAsync()
    {
        using var client = new HttpClient();
        (await client.PostAsync(Url + "/_localcloud/flush", content: null)).EnsureSuccessStatusCode();

        var store = _cloud.Services.GetRequiredService<ObjectStore>();
        var ids = new List<string>();
        foreach (var found in store.List(Bucket, "events/"))
        {
            using var reader = new StreamReader(store.OpenRead(found));
            while (await reader.ReadLineAsync() is { } line)
            {
                ids.Add(JsonNode.Parse(line)!["event_id"]!.GetValue<string>());
            }
        }

        return ids;
    }
}
