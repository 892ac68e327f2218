using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Amazon.KinesisFirehose;
using Amazon.KinesisFirehose.Model;
using Amazon.SQS;
using Beacon.Api.Tests.Crash;
using Infrastructure.Tests.Lake;
using Infrastructure.Tests.Worker;
using LocalCloud.S3;
using LocalCloud.Tests;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Infrastructure.Tests.Edge;

/// <summary>What the beacon calls that a template describes: the real program, with the template's settings, and a cloud that sees it.</summary>
internal static class BeaconCalls
{
    /// <summary>The role of the lake's account.</summary>
    public const string ProducerRole = "arn:aws:iam::210987654321:role/PixelLake-ProducerRole-1A2B";

    private const string Account = "000000000000", Stream = "pixel-events", Queue = "pixel-overflow", Secret = "a-secret-that-only-CloudFront-sends";

    /// <summary>Lambda's own: it writes the log.</summary>
    private static readonly string[] OutOfSight = ["logs:CreateLogStream", "logs:PutLogEvents"];

    /// <summary>What the lake's template lets that role do.</summary>
    public static IEnumerable<JsonNode> OfTheLake =>
        CommittedTemplate.Properties("ProducerRole")["Policies"]!.AsArray().SelectMany(policy => policy!["PolicyDocument"]!["Statement"]!.AsArray()).Select(s => s!);

    /// <summary>
    /// A beacon's life in which it has to do all that it can: first the stream is not there, and its event has to go elsewhere,
    /// then it is.
    /// </summary>
    /// <param name="settings">The environment that the template gives the beacon.</param>
    /// <param name="role">The template's parameter <c>ProducerRoleArn</c>.</param>
    /// <returns>What it called under keys of its own, and under those of a role that it assumed.</returns>
    public static async Task<(IReadOnlyCollection<(string Action, string Resource)> Own, IReadOnlyCollection<(string Action, string Resource)> AsRole)> SeeAsync(
        Dictionary<string, string> settings, string role = "")
    {
        var seen = new SeenCalls();
        await using var cloud = await LocalCloudServer.StartAsync(
            settings: new() { ["LocalCloud:Verify"] = "true" }, services: services => services.AddSingleton<IStartupFilter>(seen));
        var queue = (await cloud.Client<AmazonSQSClient, AmazonSQSConfig>((keys, config) => new(keys, config)).CreateQueueAsync(Queue)).QueueUrl;
        cloud.Services.GetRequiredService<ObjectStore>().CreateBucket("the-lake");
        var journal = Directory.CreateTempSubdirectory("beacon-calls-");
        try
        {
            var environment = settings.Select(setting => $"{setting.Key}='{ValueOf(setting.Value, queue, role)}'")
                .Append($"Journal__Folder='{journal.FullName}'").Append("ASPNETCORE_URLS=http://127.0.0.1:0");
            await using var beacon = await BeaconProcess.StartAsync(
                [$"--AWS:ServiceURL={cloud.Url}", $"--AWS:AccessKey={LocalCloudServer.AccessKey}", $"--AWS:SecretKey={LocalCloudServer.SecretKey}", "--Telemetry:Enabled=false"],
                shell: $"export {string.Join(' ', environment)}");
            using var client = new HttpClient { BaseAddress = beacon.Url };
            client.DefaultRequestHeaders.Add("x-pixel-origin-secret", Secret);
            _ = seen.TakeByCaller();

            await AskAsync(client);
            var calls = seen.TakeByCaller();
            await CreateStreamAsync(cloud);
            for (var delivered = false; !delivered;)
            {
                // The first requests may still find out that it is there again.
                await AskAsync(client);
                delivered = await HasEventsAsync(cloud);
            }

            // The test itself has made the stream, with keys of the same account.
            var more = seen.TakeByCaller();
            return (calls.Own.Union(more.Own).Where(call => call.Action != "firehose:CreateDeliveryStream").ToList(), calls.AsRole.Union(more.AsRole).ToList());
        }
        finally
        {
            journal.Delete(recursive: true);
        }
    }

    /// <summary>What was called and is not allowed, and what is allowed and was not called; empty: nothing.</summary>
    public static string Compare(IEnumerable<JsonNode> statements, IReadOnlyCollection<(string Action, string Resource)> calls)
    {
        var allowed = statements.SelectMany(statement => Template.Listed(statement["Action"]).SelectMany(action =>
            Template.Listed(statement["Resource"]).Select(resource => (Action: (string)action!, Resource: Resolve(resource!))))).ToList();
        return string.Join('\n',
        [
            .. calls.Where(call => !allowed.Contains(call)).Select(call => $"It calls {call.Action} on {call.Resource} and may not."),
            .. allowed.Where(may => !OutOfSight.Contains(may.Action) && !calls.Contains(may)).Select(may => $"It may {may.Action} on {may.Resource} and never does."),
        ]);
    }

    private static async Task AskAsync(HttpClient client)
    {
        using var answer = await client.GetAsync("/trackingpixel?userid=a", TestContext.Current.CancellationToken);
        Assert.Equal(200, (int)answer.StatusCode);
    }

    private static Task CreateStreamAsync(LocalCloudServer cloud) =>
        cloud.Client<AmazonKinesisFirehoseClient, AmazonKinesisFirehoseConfig>((keys, config) => new(keys, config)).CreateDeliveryStreamAsync(new()
        {
            DeliveryStreamName = Stream,
            DeliveryStreamType = DeliveryStreamType.DirectPut,
            ExtendedS3DestinationConfiguration = new ExtendedS3DestinationConfiguration
            {
                BucketARN = "arn:aws:s3:::the-lake", RoleARN = "arn:aws:iam::000000000000:role/firehose", Prefix = "events/",
            },
        });

    private static async Task<bool> HasEventsAsync(LocalCloudServer cloud)
    {
        (await cloud.Http().PostAsync("/_localcloud/flush", content: null, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        return cloud.Services.GetRequiredService<ObjectStore>().List("the-lake", "events/").Any();
    }

    /// <summary>As CloudFormation would, with the resources of the test.</summary>
    private static string ValueOf(string value, string queue, string role) => value switch
    {
        """{"Ref":"EventStreamName"}""" => Stream,
        """{"Ref":"OverflowQueue"}""" => queue,
        """{"Ref":"ProducerRoleArn"}""" => role,
        """{"Ref":"ProducerExternalId"}""" => role.Length == 0 ? "" : "edge-one",
        _ when value.Contains("secretsmanager", StringComparison.Ordinal) => Secret,
        _ when value.StartsWith('{') => "",
        _ => value,
    };

    private static string Resolve(JsonNode resource) => resource.ToJsonString() switch
    {
        """{"Fn::GetAtt":["OverflowQueue","Arn"]}""" => $"arn:aws:sqs:us-east-1:{Account}:{Queue}",
        """{"Fn::GetAtt":["EventStream","Arn"]}""" => $"arn:aws:firehose:us-east-1:{Account}:deliverystream/{Stream}",
        """{"Ref":"ProducerRoleArn"}""" => ProducerRole,
        var text when Regex.Match(text, @"\[""arn:\$\{AWS::Partition\}:firehose:\$\{AWS::Region\}:\$\{AWS::AccountId\}:deliverystream/\$\{Stream\}"",\{""Stream"":\{""Ref"":""EventStreamName""\}\}\]").Success
            => $"arn:aws:firehose:us-east-1:{Account}:deliverystream/{Stream}",
        var other => other,
    };
}
