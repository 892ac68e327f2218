using System.Text.Json.Nodes;
using Amazon.KinesisFirehose;
using Amazon.KinesisFirehose.Model;
using Amazon.SQS;
using Amazon.SQS.Model;
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

    [Fact]
    public async Task Group_commit_has_every_event_that_it_answers_for_in_the_bucket_once()
    {
        await CreateStreamAsync();
        await using (var beacon = await RunningBeacon.StartAsync(Settings("groupcommit")))
        {
            await Task.WhenAll(Enumerable.Range(0, 20).Select(async visitor =>
            {
                for (var i = 0; i < 20; i++)
                {
                    await Pixels.AssertPixelAsync(await beacon.GetAsync($"userid={visitor}-{i}"), 200);
                }
            }));
            Assert.Empty(beacon.Events());
        }

        Assert.Equal(400, (await ReadBucketAsync()).Distinct().Count());
    }

    [Fact]
    public async Task Write_through_has_events_in_the_queue_while_there_is_no_stream_and_in_the_bucket_when_there_is_one()
    {
        using var sqs = new AmazonSQSClient("test", "test", new AmazonSQSConfig { ServiceURL = Url, AuthenticationRegion = "us-east-1" });
        var queue = (await sqs.CreateQueueAsync("overflow", TestContext.Current.CancellationToken)).QueueUrl;
        await using var beacon = await RunningBeacon.StartAsync(
            [.. Settings("writethrough"), ("Delivery:OverflowQueueUrl", queue), ("Delivery:RequestTimeout", "00:00:00.1"), ("Delivery:RetryBase", "00:00:00.001"), ("Delivery:RetryCap", "00:00:00.001")]);

        await Pixels.AssertPixelAsync(await beacon.GetAsync("userid=%F0%9F%90%9E%EF%BF%BF&color=%01"), 200);

        var message = Assert.Single((await sqs.ReceiveMessageAsync(
            new ReceiveMessageRequest { QueueUrl = queue, MaxNumberOfMessages = 10 }, TestContext.Current.CancellationToken)).Messages);
        Assert.Equal("🐞\uFFFF", Pixels.ParseLine(System.Text.Encoding.UTF8.GetBytes(message.Body)).Text("user_id"));

        await CreateStreamAsync();
        Assert.Empty(await ReadBucketAsync());
        for (var probed = false; !probed; probed = (await ReadBucketAsync()).Count > 0)
        {
            // The gate opens by the first request that is its probe.
            await Pixels.AssertPixelAsync(await beacon.GetAsync("userid=next"), 200);
        }
    }

    private (string, string)[] Settings(string mode) =>
        [("Delivery:Mode", mode), ("AWS:ServiceURL", Url), ("AWS:Resources:EventStreamName", "the-stream")];

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
