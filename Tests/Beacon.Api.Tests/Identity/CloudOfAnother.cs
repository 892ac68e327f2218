using System.Collections.Concurrent;
using Amazon.KinesisFirehose;
using Amazon.KinesisFirehose.Model;
using Amazon.SQS;
using LocalCloud.S3;
using LocalCloud.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Beacon.Api.Tests.Identity;

/// <summary>One call of AWS, and by whom: the key it was signed with, and what STS was asked for.</summary>
internal sealed record Call(string Service, string Action, string Key, IReadOnlyDictionary<string, string> Asked)
{
    /// <summary>Whether it was signed with keys that STS gave.</summary>
    public bool IsOfSession => Key.StartsWith("ASIA", StringComparison.Ordinal);
}

/// <summary>A LocalCloud that notes who calls, and whose services can be away.</summary>
internal sealed class CloudOfAnother : IStartupFilter, IAsyncDisposable
{
    /// <summary>The role of the lake's account.</summary>
    public const string Role = "arn:aws:iam::210987654321:role/PixelLake-ProducerRole-1A2B";

    public const string Stream = "the-stream";

    private readonly ConcurrentQueue<Call> _calls = new();
    private LocalCloudServer _server = null!;

    private CloudOfAnother()
    {
    }

    /// <summary>The services that hang up on whoever calls: <c>sts</c>, <c>firehose</c>.</summary>
    public ConcurrentDictionary<string, bool> Away { get; } = new();

    public string Url => _server.Url;

    /// <summary>The calls that were answered, in their order.</summary>
    public IReadOnlyList<Call> Calls => [.. _calls];

    public IReadOnlyList<Call> Puts => [.. Calls.Where(call => call.Action == "PutRecordBatch")];

    public IReadOnlyList<Call> Sessions => [.. Calls.Where(call => call.Service == "sts")];

    /// <summary>The settings of a beacon here that has keys of its own and assumes the role.</summary>
    public (string Key, string Value)[] Settings =>
    [
        ("AWS:ServiceURL", Url), ("AWS:AccessKey", LocalCloudServer.AccessKey), ("AWS:SecretKey", LocalCloudServer.SecretKey),
        ("AWS:Resources:EventStreamName", Stream), ("Delivery:RoleArn", Role),
    ];

    /// <summary>Starts it, with the stream.</summary>
    /// <param name="verify">Whether it looks at signatures, which are made at the machine's time.</param>
    /// <param name="time">Its clock.</param>
    public static async Task<CloudOfAnother> StartAsync(bool verify = true, TimeProvider? time = null)
    {
        var cloud = new CloudOfAnother();
        cloud._server = await LocalCloudServer.StartAsync(
            time, new() { ["LocalCloud:Verify"] = verify ? "true" : "false" }, services => services.AddSingleton<IStartupFilter>(cloud));
        cloud._server.Services.GetRequiredService<ObjectStore>().CreateBucket("the-lake");
        await cloud._server.Client<AmazonKinesisFirehoseClient, AmazonKinesisFirehoseConfig>((keys, config) => new(keys, config)).CreateDeliveryStreamAsync(new()
        {
            DeliveryStreamName = Stream,
            DeliveryStreamType = DeliveryStreamType.DirectPut,
            ExtendedS3DestinationConfiguration = new ExtendedS3DestinationConfiguration
            {
                BucketARN = "arn:aws:s3:::the-lake",
                RoleARN = "arn:aws:iam::000000000000:role/firehose",
                Prefix = "events/",
            },
        });
        cloud._calls.Clear();
        return cloud;
    }

    /// <summary>Makes a queue; answers its URL.</summary>
    public async Task<string> CreateQueueAsync() => (await Sqs().CreateQueueAsync("overflow")).QueueUrl;

    /// <summary>The bodies of what waits in a queue.</summary>
    public async Task<List<string>> MessagesAsync(string queue) =>
        [.. ((await Sqs().ReceiveMessageAsync(new Amazon.SQS.Model.ReceiveMessageRequest { QueueUrl = queue, MaxNumberOfMessages = 10 })).Messages ?? []).Select(message => message.Body)];

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(async (HttpContext context, RequestDelegate pass) =>
        {
            var authorization = context.Request.Headers.Authorization.ToString();
            var scope = authorization.Length == 0 ? [] : authorization.Split("Credential=")[1].Split(',')[0].Split('/');
            var target = context.Request.Headers["X-Amz-Target"].ToString();
            var asked = new Dictionary<string, string>();
            if (target.Length == 0 && context.Request.HasFormContentType)
            {
                context.Request.EnableBuffering();
                using var reader = new StreamReader(context.Request.Body, leaveOpen: true);
                asked = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(await reader.ReadToEndAsync()).ToDictionary(p => p.Key, p => p.Value.ToString());
                context.Request.Body.Position = 0;
            }

            var call = new Call(
                scope.Length > 0 ? scope[^2] : "sts", asked.GetValueOrDefault("Action") ?? target.Split('.')[^1], scope.Length > 0 ? scope[0] : "", asked);
            if (Away.ContainsKey(call.Service))
            {
                context.Abort();
                return;
            }

            _calls.Enqueue(call); // before the answer, which whoever called may act on at once
            await pass(context);
        });
        next(app);
    };

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    private AmazonSQSClient Sqs() => _server.Client<AmazonSQSClient, AmazonSQSConfig>((keys, config) => new(keys, config));
}
