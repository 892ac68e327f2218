using System.Text.Json.Nodes;
using Amazon.SQS;
using Amazon.SQS.Model;
using Cli.Bench.Processes;
using LocalCloud.Templates;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace LocalCloud.Tests.Templates;

/// <summary>A template with queues.</summary>
public sealed class QueueStackTests : IDisposable
{
    private readonly string _file = Path.Combine(Directory.CreateTempSubdirectory("template-").FullName, "stack.json");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_file)!, recursive: true);

    [Fact]
    public async Task A_queue_of_the_template_is_there_and_its_outputs_lead_to_it()
    {
        Write("""{ "QueueName": "overflow", "VisibilityTimeout": "45", "Tags": [{ "Key": "a", "Value": "1" }] }""");
        await using var cloud = await StartAsync();
        var outputs = cloud.Services.GetRequiredService<StackOutputs>().Of("Test");
        var sqs = Sqs(cloud);

        Assert.Equal("overflow", outputs["Name"]);
        Assert.Equal("arn:aws:sqs:us-east-1:000000000000:overflow", outputs["Arn"]);
        await sqs.SendMessageAsync(outputs["Url"], "x");
        Assert.Equal("x", Assert.Single((await sqs.ReceiveMessageAsync(outputs["Url"])).Messages).Body);
        var attributes = (await sqs.GetQueueAttributesAsync(outputs["Url"], ["All"])).Attributes;
        Assert.Equal("45", attributes["VisibilityTimeout"]);
        Assert.Equal("""{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead","maxReceiveCount":3}""", attributes["RedrivePolicy"]);
        Assert.Equal("1", (await sqs.ListQueueTagsAsync(new ListQueueTagsRequest { QueueUrl = outputs["Url"] })).Tags["a"]);
    }

    [Fact]
    public async Task The_url_says_where_LocalCloud_was_told_to_listen_and_when_that_is_any_port_the_usual_one()
    {
        Write("""{ "QueueName": "overflow" }""");
        await using (var cloud = await StartAsync())
        {
            Assert.Equal("http://127.0.0.1:4566/000000000000/overflow", Url(cloud));
        }

        var port = FreePort.Choose();
        await using (var cloud = await StartAsync(("urls", $"http://127.0.0.1:{port}")))
        {
            Assert.Equal($"http://127.0.0.1:{port}/000000000000/overflow", Url(cloud));
        }
    }

    [Fact]
    public async Task A_changed_template_changes_the_queue_and_leaves_its_messages()
    {
        Write("""{ "QueueName": "overflow", "VisibilityTimeout": 45, "DelaySeconds": 0, "KmsMasterKeyId": "k", "Tags": [{ "Key": "a", "Value": "1" }, { "Key": "b", "Value": "2" }] }""");
        await using var cloud = await StartAsync();
        await Sqs(cloud).SendMessageAsync(Url(cloud), "x");
        await cloud.StopAsync();

        Write("""{ "QueueName": "overflow", "DelaySeconds": 9, "Tags": [{ "Key": "b", "Value": "3" }] }""");
        await cloud.StartAgainAsync();

        var sqs = Sqs(cloud);
        var attributes = (await sqs.GetQueueAttributesAsync(Url(cloud), ["All"])).Attributes;
        Assert.Equal(("30", "9", "1"), (attributes["VisibilityTimeout"], attributes["DelaySeconds"], attributes["ApproximateNumberOfMessages"]));
        Assert.False(attributes.ContainsKey("KmsMasterKeyId"));
        Assert.Equal(new Dictionary<string, string> { ["b"] = "3" }, (await sqs.ListQueueTagsAsync(new ListQueueTagsRequest { QueueUrl = Url(cloud) })).Tags);
    }

    [Fact]
    public async Task A_queue_without_a_name_gets_the_one_that_CloudFormation_would_make_up()
    {
        Write("{}");
        await using var cloud = await StartAsync();
        Assert.StartsWith("Test-Overflow-", cloud.Services.GetRequiredService<StackOutputs>().Of("Test")["Name"]);
        Assert.Equal(2, (await Sqs(cloud).ListQueuesAsync(new ListQueuesRequest())).QueueUrls.Count);
    }

    [Fact]
    public async Task A_FIFO_queue_ends_the_start_with_one_sentence()
    {
        Write("""{ "FifoQueue": true }""");
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync());
        Assert.EndsWith("LocalCloud has standard queues only: FIFO queues are not supported.", refused.Failures.Single());
    }

    private void Write(string overflow) => File.WriteAllText(_file, $$"""
        {
          "Resources": {
            "Overflow": {
              "Type": "AWS::SQS::Queue",
              "Properties": {{Merged(overflow)}}
            },
            "Dead": { "Type": "AWS::SQS::Queue", "Properties": { "QueueName": "dead" } }
          },
          "Outputs": {
            "Url": { "Value": { "Ref": "Overflow" } },
            "Arn": { "Value": { "Fn::GetAtt": ["Overflow", "Arn"] } },
            "Name": { "Value": { "Fn::GetAtt": ["Overflow", "QueueName"] } }
          }
        }
        """);

    private static string Merged(string overflow)
    {
        var properties = JsonNode.Parse(overflow)!.AsObject();
        properties["RedrivePolicy"] = JsonNode.Parse("""{ "deadLetterTargetArn": { "Fn::GetAtt": ["Dead", "Arn"] }, "maxReceiveCount": 3 }""");
        return properties.ToJsonString();
    }

    private static string Url(LocalCloudServer cloud) => cloud.Services.GetRequiredService<StackOutputs>().Of("Test")["Url"];

    private Task<LocalCloudServer> StartAsync(params (string Name, string Value)[] settings)
    {
        var all = new Dictionary<string, string?> { ["LocalCloud:Template"] = _file, ["LocalCloud:StackName"] = "Test" };
        foreach (var (name, value) in settings)
        {
            all[name] = value;
        }

        return LocalCloudServer.StartAsync(settings: all);
    }

    private static AmazonSQSClient Sqs(LocalCloudServer cloud) => cloud.Client<AmazonSQSClient, AmazonSQSConfig>((keys, config) => new(keys, config));
}
