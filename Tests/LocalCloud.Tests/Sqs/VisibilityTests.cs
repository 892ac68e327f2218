using Amazon.SQS;
using Amazon.SQS.Model;

namespace LocalCloud.Tests.Sqs;

/// <summary>What time does to a message: delays, visibility timeouts, retention.</summary>
public sealed class VisibilityTests : IAsyncLifetime
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
    public async Task A_received_message_is_hidden_for_the_queues_timeout_and_then_comes_again()
    {
        await Sqs.SendMessageAsync(_url, "x");
        Assert.Equal(["x"], await _lab.BodiesAsync(_url));

        Advance(29.999);
        Assert.Empty(await _lab.ReceiveAsync(_url));
        Advance(0.001);
        Assert.Equal("2", Assert.Single(await _lab.ReceiveAsync(_url)).Attributes["ApproximateReceiveCount"]);
    }

    [Fact]
    public async Task A_receiver_may_say_how_long()
    {
        await Sqs.SendMessageAsync(_url, "x");
        await _lab.ReceiveAsync(_url, visibility: 2);
        Assert.Empty(await _lab.ReceiveAsync(_url));
        Advance(2);
        Assert.Single(await _lab.ReceiveAsync(_url, visibility: 0));
        Assert.Single(await _lab.ReceiveAsync(_url));
    }

    [Fact]
    public async Task Only_the_handle_of_the_last_receipt_deletes_even_when_its_time_is_over()
    {
        await Sqs.SendMessageAsync(_url, "x");
        var first = Assert.Single(await _lab.ReceiveAsync(_url));
        Advance(30);
        var second = Assert.Single(await _lab.ReceiveAsync(_url));
        Assert.NotEqual(first.ReceiptHandle, second.ReceiptHandle);
        Advance(30);

        await Sqs.DeleteMessageAsync(_url, first.ReceiptHandle); // succeeds, and does nothing
        Assert.Equal((1, 0, 0), await _lab.CountAsync(_url));
        await Sqs.DeleteMessageAsync(_url, second.ReceiptHandle);
        Assert.Equal((0, 0, 0), await _lab.CountAsync(_url));
        await Sqs.DeleteMessageAsync(_url, second.ReceiptHandle); // again: succeeds
    }

    [Fact]
    public async Task A_handle_that_was_never_given_out_is_refused()
    {
        var other = await _lab.CreateAsync("other");
        await Sqs.SendMessageAsync(other, "x");
        var handle = Assert.Single(await _lab.ReceiveAsync(other)).ReceiptHandle;

        foreach (var wrong in (string[])["none", "AAAA", new('A', 32), handle[..^1], handle])
        {
            var error = await Assert.ThrowsAsync<ReceiptHandleIsInvalidException>(() => Sqs.DeleteMessageAsync(_url, wrong));
            Assert.Equal($"The input receipt handle \"{wrong}\" is not a valid receipt handle.", error.Message);
            await Assert.ThrowsAsync<ReceiptHandleIsInvalidException>(() => Sqs.ChangeMessageVisibilityAsync(_url, wrong, 1));
        }
    }

    [Fact]
    public async Task A_receipt_can_be_extended_and_given_back()
    {
        await Sqs.SendMessageAsync(_url, "x");
        var handle = Assert.Single(await _lab.ReceiveAsync(_url)).ReceiptHandle;
        Advance(20);
        await Sqs.ChangeMessageVisibilityAsync(_url, handle, 30);
        Advance(29);
        Assert.Empty(await _lab.ReceiveAsync(_url));

        await Sqs.ChangeMessageVisibilityAsync(_url, handle, 0);
        Assert.Single(await _lab.ReceiveAsync(_url));
    }

    [Fact]
    public async Task A_receipt_that_is_over_cannot_be_extended_nor_one_beyond_twelve_hours()
    {
        await Sqs.SendMessageAsync(_url, "x");
        var handle = Assert.Single(await _lab.ReceiveAsync(_url)).ReceiptHandle;
        Advance(10);
        var error = await Assert.ThrowsAsync<AmazonSQSException>(() => Sqs.ChangeMessageVisibilityAsync(_url, handle, 43_191));
        Assert.Equal(
            "Value 43191 for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for the message is beyond the limit [43200 seconds]", error.Message);
        await Sqs.ChangeMessageVisibilityAsync(_url, handle, 43_190);

        Advance(43_190);
        await Assert.ThrowsAsync<MessageNotInflightException>(() => Sqs.ChangeMessageVisibilityAsync(_url, handle, 1));
        await Sqs.DeleteMessageAsync(_url, handle);
        Assert.Equal("InvalidParameterValue", (await Assert.ThrowsAsync<AmazonSQSException>(() => Sqs.ChangeMessageVisibilityAsync(_url, handle, 1))).ErrorCode);
    }

    [Fact]
    public async Task A_delay_is_the_messages_own_or_the_queues()
    {
        var url = await _lab.CreateAsync("slow", new() { ["DelaySeconds"] = "60" });
        await Sqs.SendMessageAsync(url, "queue's");
        await Sqs.SendMessageAsync(new SendMessageRequest { QueueUrl = url, MessageBody = "own", DelaySeconds = 5 });
        await Sqs.SendMessageAsync(new SendMessageRequest { QueueUrl = url, MessageBody = "none", DelaySeconds = 0 });

        Assert.Equal((1, 0, 2), await _lab.CountAsync(url));
        Assert.Equal(["none"], await _lab.BodiesAsync(url));
        Advance(5);
        Assert.Equal(["own"], await _lab.BodiesAsync(url));
        Assert.Equal((0, 2, 1), await _lab.CountAsync(url));
        Advance(55);
        Assert.Contains("queue's", await _lab.BodiesAsync(url));
    }

    [Fact]
    public async Task A_message_goes_when_it_was_kept_for_long_enough_whoever_holds_it()
    {
        await Sqs.SetQueueAttributesAsync(_url, new() { ["MessageRetentionPeriod"] = "60" });
        await Sqs.SendMessageAsync(_url, "old");
        Advance(30);
        await Sqs.SendMessageAsync(_url, "new");
        Assert.Equal(["old", "new"], await _lab.BodiesAsync(_url));

        Advance(29.999);
        Assert.Equal((0, 2, 0), await _lab.CountAsync(_url));
        Advance(0.001);
        Assert.Equal((1, 0, 0), await _lab.CountAsync(_url));
        Assert.Equal(["new"], await _lab.BodiesAsync(_url));
    }

    [Theory]
    [InlineData(0, null, null, "Value 0 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.")]
    [InlineData(11, null, null, "Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.")]
    [InlineData(1, 43_201, null, "Value 43201 for parameter VisibilityTimeout is invalid. Reason: Must be between 0 and 43200, if provided.")]
    [InlineData(1, null, 21, "Value 21 for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided.")]
    public async Task What_a_receiver_asks_for_has_limits(int most, int? visibility, int? wait, string message)
    {
        var error = await Assert.ThrowsAsync<AmazonSQSException>(() => Sqs.ReceiveMessageAsync(new ReceiveMessageRequest
        {
            QueueUrl = _url,
            MaxNumberOfMessages = most,
            VisibilityTimeout = visibility,
            WaitTimeSeconds = wait,
        }));
        Assert.Equal(("InvalidParameterValue", message), (error.ErrorCode, error.Message));
    }

    [Fact]
    public async Task Counts_tell_what_can_be_received_what_is_in_flight_and_what_is_delayed()
    {
        for (var i = 0; i < 5; i++)
        {
            await Sqs.SendMessageAsync(new SendMessageRequest { QueueUrl = _url, MessageBody = $"{i}", DelaySeconds = i < 2 ? 100 : 0 });
        }

        await Sqs.ReceiveMessageAsync(_url);
        Assert.Equal((2, 1, 2), await _lab.CountAsync(_url));
        Advance(100);
        Assert.Equal((5, 0, 0), await _lab.CountAsync(_url));
    }

    private void Advance(double seconds) => _lab.Time.Advance(TimeSpan.FromSeconds(seconds));
}
