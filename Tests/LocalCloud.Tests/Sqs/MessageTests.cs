using System.Text;
using Amazon.SQS;
using Amazon.SQS.Model;

namespace LocalCloud.Tests.Sqs;

/// <summary>A message from its sending to its deletion. The client verifies every checksum itself.</summary>
public sealed class MessageTests : IAsyncLifetime
{
    private SqsLab _lab = null!;
    private string _url = null!;

    private AmazonSQSClient Sqs => _lab.Sqs;

    public async ValueTask InitializeAsync()
    {
        _lab = await SqsLab.StartAsync();
        _url = await _lab.CreateAsync("overflow");
    }

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task A_message_is_received_as_it_was_sent_and_gone_when_it_is_deleted()
    {
        var sent = await Sqs.SendMessageAsync(_url, "{\"event\":\"é 😀\"}\n");

        var message = Assert.Single(await _lab.ReceiveAsync(_url));
        Assert.Equal("{\"event\":\"é 😀\"}\n", message.Body);
        Assert.Equal(sent.MessageId, message.MessageId);
        Assert.Equal(sent.MD5OfMessageBody, message.MD5OfBody);

        await Sqs.DeleteMessageAsync(_url, message.ReceiptHandle);
        _lab.Time.Advance(TimeSpan.FromHours(1));
        Assert.Empty(await _lab.ReceiveAsync(_url));
    }

    [Fact]
    public async Task Attributes_of_every_type_travel_along_under_their_checksum()
    {
        var attributes = new Dictionary<string, MessageAttributeValue>
        {
            ["text"] = new() { DataType = "String", StringValue = "wörds" },
            ["count"] = new() { DataType = "Number.int", StringValue = "-12.5e3" },
            ["bytes"] = new() { DataType = "Binary.png", BinaryValue = new MemoryStream([0, 1, 254, 255]) },
        };
        var sent = await Sqs.SendMessageAsync(new SendMessageRequest { QueueUrl = _url, MessageBody = "x", MessageAttributes = attributes });

        var message = Assert.Single(await _lab.ReceiveAsync(_url));
        Assert.Equal(sent.MD5OfMessageAttributes, message.MD5OfMessageAttributes);
        Assert.Equal("wörds", message.MessageAttributes["text"].StringValue);
        Assert.Equal(("Number.int", "-12.5e3"), (message.MessageAttributes["count"].DataType, message.MessageAttributes["count"].StringValue));
        Assert.Equal([0, 1, 254, 255], message.MessageAttributes["bytes"].BinaryValue.ToArray());
    }

    // The checksums are those that AWS answered for these attributes.
    [Theory]
    [InlineData(null, null)]
    [InlineData("All", "4c360f3fdafd970e05fae2f149d997f5")]
    [InlineData(".*", "4c360f3fdafd970e05fae2f149d997f5")]
    [InlineData("Hel.*", "83fee93c1bcd8b9a5a923ffacdc636c7")]
    [InlineData("Hello,Nothing", "a311262e065454b75da111d535b8dacd")]
    [InlineData("Hello,General", "fca026605781cb4126a1e9044df24232")]
    [InlineData("Nothing", null)]
    public async Task A_receiver_gets_the_attributes_it_asks_for_under_a_checksum_of_these(string? names, string? checksum)
    {
        MessageAttributeValue Text(string value) => new() { DataType = "String", StringValue = value };
        await Sqs.SendMessageAsync(new SendMessageRequest
        {
            QueueUrl = _url,
            MessageBody = "msg",
            MessageAttributes = new() { ["Help.Me"] = Text("Me"), ["Hello"] = Text("There"), ["General"] = Text("Kenobi") },
        });

        var received = await Sqs.ReceiveMessageAsync(new ReceiveMessageRequest
        {
            QueueUrl = _url,
            MessageAttributeNames = names is null ? null : [.. names.Split(',')],
        });

        Assert.Equal(checksum, Assert.Single(received.Messages).MD5OfMessageAttributes);
    }

    [Fact]
    public async Task System_attributes_tell_who_sent_it_when_and_how_often_it_was_received()
    {
        await Sqs.SendMessageAsync(new SendMessageRequest
        {
            QueueUrl = _url,
            MessageBody = "x",
            MessageGroupId = "tenant-1",
            MessageSystemAttributes = new() { ["AWSTraceHeader"] = new() { DataType = "String", StringValue = "Root=1-5759e988-bd862e3fe1be46a994272793" } },
        });
        var sent = _lab.Time.GetUtcNow().ToUnixTimeMilliseconds();
        _lab.Time.Advance(TimeSpan.FromSeconds(5));
        await _lab.ReceiveAsync(_url, visibility: 0);

        var message = Assert.Single(await _lab.ReceiveAsync(_url));
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["SenderId"] = "000000000000",
                ["SentTimestamp"] = sent.ToString(),
                ["ApproximateReceiveCount"] = "2",
                ["ApproximateFirstReceiveTimestamp"] = (sent + 5000).ToString(),
                ["AWSTraceHeader"] = "Root=1-5759e988-bd862e3fe1be46a994272793",
                ["MessageGroupId"] = "tenant-1",
            },
            message.Attributes);
    }

    [Fact]
    public async Task Messages_are_received_in_the_order_they_were_sent_and_never_more_than_asked_for()
    {
        for (var i = 0; i < 12; i++)
        {
            await Sqs.SendMessageAsync(_url, $"{i}");
        }

        var one = await Sqs.ReceiveMessageAsync(_url);
        Assert.Equal("0", Assert.Single(one.Messages).Body);
        Assert.Equal(Enumerable.Range(1, 10).Select(i => $"{i}"), await _lab.BodiesAsync(_url));
        Assert.Equal(["11"], await _lab.BodiesAsync(_url));
    }

    [Fact]
    public async Task A_message_of_one_mebibyte_is_taken_and_one_byte_more_is_not()
    {
        var largest = new string('x', 1_048_576);
        await Sqs.SendMessageAsync(_url, largest);
        Assert.Equal(largest, Assert.Single(await _lab.ReceiveAsync(_url)).Body);

        var error = await Assert.ThrowsAsync<AmazonSQSException>(() => Sqs.SendMessageAsync(_url, largest + "x"));
        Assert.Equal("InvalidParameterValue", error.ErrorCode);
        Assert.Equal("One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes.", error.Message);
    }

    [Fact]
    public async Task Bytes_count_not_characters_and_attributes_count_with_the_body()
    {
        var url = await _lab.CreateAsync("small", new() { ["MaximumMessageSize"] = "1024" });
        var body = new string('é', 500); // 1,000 bytes
        Task SendAsync(string value) => Sqs.SendMessageAsync(new SendMessageRequest
        {
            QueueUrl = url,
            MessageBody = body,
            MessageAttributes = new() { ["name"] = new() { DataType = "String", StringValue = value } }, // 4 + 6 bytes and the value
        });

        await SendAsync(new string('v', 14));
        await Assert.ThrowsAsync<AmazonSQSException>(() => SendAsync(new string('v', 15)));
        Assert.Equal(1024, Encoding.UTF8.GetByteCount(body) + 24);
    }

    [Theory]
    [InlineData("\u0001")]
    [InlineData("a\uFFFE")]
    [InlineData("\u000B")]
    public async Task Characters_that_XML_does_not_have_are_refused(string body) =>
        await Assert.ThrowsAsync<InvalidMessageContentsException>(() => Sqs.SendMessageAsync(_url, body));

    [Theory]
    [InlineData("String", "")]
    [InlineData("Number", "many")]
    [InlineData("Text", "x")]
    [InlineData("Binary", "x")]
    public async Task An_attribute_whose_value_is_not_of_its_type_is_refused(string type, string value)
    {
        var error = await Assert.ThrowsAsync<AmazonSQSException>(() => Sqs.SendMessageAsync(new SendMessageRequest
        {
            QueueUrl = _url,
            MessageBody = "x",
            MessageAttributes = new() { ["a"] = new() { DataType = type, StringValue = value } },
        }));
        Assert.Equal("InvalidParameterValue", error.ErrorCode);
        Assert.Empty(await _lab.ReceiveAsync(_url));
    }

    [Theory]
    [InlineData("AWS.x")]
    [InlineData("amazon.x")]
    [InlineData(".a")]
    [InlineData("a..b")]
    [InlineData("a b")]
    public async Task An_attribute_name_that_SQS_does_not_have_is_refused(string name)
    {
        var error = await Assert.ThrowsAsync<AmazonSQSException>(() => Sqs.SendMessageAsync(new SendMessageRequest
        {
            QueueUrl = _url,
            MessageBody = "x",
            MessageAttributes = new() { [name] = new() { DataType = "String", StringValue = "x" } },
        }));
        Assert.Equal("InvalidParameterValue", error.ErrorCode);
    }

    [Fact]
    public async Task An_empty_message_is_refused()
    {
        var error = await Assert.ThrowsAsync<AmazonSQSException>(() => Sqs.SendMessageAsync(_url, ""));
        Assert.Equal(("MissingParameter", "The request must contain the parameter MessageBody."), (error.ErrorCode, error.Message));
    }

    [Fact]
    public async Task A_queue_that_is_not_there_takes_nothing()
    {
        var error = await Assert.ThrowsAsync<QueueDoesNotExistException>(() => Sqs.SendMessageAsync(_url + "2", "x"));
        Assert.Equal("AWS.SimpleQueueService.NonExistentQueue", error.ErrorCode);
        Assert.Equal("The specified queue does not exist.", error.Message);
        await Assert.ThrowsAsync<QueueDoesNotExistException>(() => Sqs.SendMessageAsync(_url.Replace("000000000000", "111111111111"), "x"));
    }
}
