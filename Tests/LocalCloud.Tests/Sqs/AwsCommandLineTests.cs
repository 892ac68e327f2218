using System.Text.Json;

namespace LocalCloud.Tests.Sqs;

/// <summary>The <c>aws</c> command line, with signatures verified: an old one speaks the query protocol, a new one JSON.</summary>
public sealed class AwsCommandLineTests : IAsyncLifetime
{
    private LocalCloudServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await LocalCloudServer.StartAsync(settings: new() { ["LocalCloud:Verify"] = "true" });

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("aws")]
    [InlineData("/usr/bin/aws")] // a distribution's, where there is another before it in the path
    public async Task A_message_goes_in_and_comes_out(string program)
    {
        Assert.SkipWhen(await Tool.RunAsync(program, ["--version"]) is null, "The aws command line is not installed.");

        var url = Text(await AwsAsync(program, "create-queue", "--queue-name", "overflow", "--attributes", "VisibilityTimeout=40", "--tags", "a=1"), "QueueUrl");
        Assert.Equal(url, Text(await AwsAsync(program, "get-queue-url", "--queue-name", "overflow"), "QueueUrl"));
        Assert.Equal(url, (await AwsAsync(program, "list-queues")).GetProperty("QueueUrls")[0].GetString());

        var sent = await AwsAsync(program, "send-message", "--queue-url", url, "--message-body", "{\"é\": \"<&>\"}",
            "--message-attributes", """{"n":{"DataType":"Number","StringValue":"5"}}""");
        var batch = await AwsAsync(program, "send-message-batch", "--queue-url", url, "--entries",
            """[{"Id":"1","MessageBody":"x","DelaySeconds":900},{"Id":"2","MessageBody":"y","DelaySeconds":901}]""");
        Assert.Equal("1", Text(Assert.Single(batch.GetProperty("Successful").EnumerateArray()), "Id"));
        Assert.True(Assert.Single(batch.GetProperty("Failed").EnumerateArray()).GetProperty("SenderFault").GetBoolean());

        var message = (await AwsAsync(program, "receive-message", "--queue-url", url, "--attribute-names", "All", "--message-attribute-names", "All", "--wait-time-seconds", "1"))
            .GetProperty("Messages")[0];
        Assert.Equal("{\"é\": \"<&>\"}", Text(message, "Body"));
        Assert.Equal(Text(sent, "MD5OfMessageAttributes"), Text(message, "MD5OfMessageAttributes"));
        Assert.Equal("5", Text(message.GetProperty("MessageAttributes").GetProperty("n"), "StringValue"));
        Assert.Equal("1", Text(message.GetProperty("Attributes"), "ApproximateReceiveCount"));

        await AwsAsync(program, "delete-message", "--queue-url", url, "--receipt-handle", Text(message, "ReceiptHandle"));
        var attributes = (await AwsAsync(program, "get-queue-attributes", "--queue-url", url, "--attribute-names", "All")).GetProperty("Attributes");
        Assert.Equal(("40", "0", "1"),
            (Text(attributes, "VisibilityTimeout"), Text(attributes, "ApproximateNumberOfMessages"), Text(attributes, "ApproximateNumberOfMessagesDelayed")));
        Assert.Equal("1", Text((await AwsAsync(program, "list-queue-tags", "--queue-url", url)).GetProperty("Tags"), "a"));

        await AwsAsync(program, "purge-queue", "--queue-url", url);
        await AwsAsync(program, "delete-queue", "--queue-url", url);
        var gone = await RunAsync(program, "get-queue-url", "--queue-name", "overflow");
        Assert.Contains("AWS.SimpleQueueService.NonExistentQueue", gone.Error);
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private async Task<JsonElement> AwsAsync(string program, params string[] arguments)
    {
        var result = await RunAsync(program, arguments);
        Assert.True(result.ExitCode == 0, $"aws sqs {string.Join(' ', arguments)}: {result.Error}{result.Output}");
        return result.Output.Trim().Length == 0 ? default : JsonDocument.Parse(result.Output).RootElement;
    }

    private async Task<ToolResult> RunAsync(string program, params string[] arguments)
    {
        var environment = Tool.Aws(_server);
        environment["PYTHONUTF8"] = "1";
        environment["LC_ALL"] = "C.UTF-8";
        // By option: an old one knows no variable for the address.
        return (await Tool.RunAsync(program, ["--endpoint-url", _server.Url, "--output", "json", "sqs", .. arguments], environment))!;
    }
}
