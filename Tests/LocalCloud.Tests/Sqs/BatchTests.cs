using Amazon.SQS;
using Amazon.SQS.Model;

namespace LocalCloud.Tests.Sqs;

public sealed class BatchTests : IAsyncLifetime
{
    private SqsLab _lab = null!;
    private string _url = null!;

    private AmazonSQSClient Sqs => _lab.Sqs;

    public async ValueTask InitializeAsync()
    {
        _lab = await SqsLab.StartAsync();
        _url = await _lab.CreateAsync("overflow", new() { ["MaximumMessageSize"] = "200000" });
    }

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task Ten_messages_go_in_one_call()
    {
        var sent = await Sqs.SendMessageBatchAsync(_url, [.. Enumerable.Range(0, 10).Select(i => new SendMessageBatchRequestEntry($"id-{i}", $"body {i}"))]);

        Assert.Null(sent.Failed);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"id-{i}"), sent.Successful.Select(entry => entry.Id));
        Assert.Equal(sent.Successful.Select(entry => entry.MessageId), (await _lab.ReceiveAsync(_url)).Select(message => message.MessageId));
    }

    [Fact]
    public async Task An_entry_that_is_wrong_fails_alone()
    {
        var sent = await Sqs.SendMessageBatchAsync(_url,
        [
            new("good", "x") { MessageAttributes = new() { ["a"] = new() { DataType = "Number", StringValue = "1" } } },
            new("empty", ""),
            new("characters", "\u0002"),
            new("large", new string('x', 200_001)),
            new("late", "x") { DelaySeconds = 901 },
            new("attribute", "x") { MessageAttributes = new() { ["a"] = new() { DataType = "Colour", StringValue = "red" } } },
            new("good-too", "y") { DelaySeconds = 900 },
        ]);

        Assert.Equal(["good", "good-too"], sent.Successful.Select(entry => entry.Id));
        Assert.Equal(
            [("empty", "MissingParameter"), ("characters", "InvalidMessageContents"), ("large", "InvalidParameterValue"), ("late", "InvalidParameterValue"), ("attribute", "InvalidParameterValue")],
            sent.Failed.Select(entry => (entry.Id, entry.Code)));
        Assert.All(sent.Failed, entry => Assert.True(entry.SenderFault));
        Assert.Equal((1, 0, 1), await _lab.CountAsync(_url));
    }

    [Fact]
    public async Task A_batch_of_more_than_one_mebibyte_fails_as_a_whole()
    {
        var entries = Enumerable.Range(0, 8).Select(i => new SendMessageBatchRequestEntry($"{i}", new string('x', 131_072))).ToList();
        Assert.Equal(8, (await Sqs.SendMessageBatchAsync(_url, entries)).Successful.Count);

        entries[0].MessageBody += "x";
        var error = await Assert.ThrowsAsync<BatchRequestTooLongException>(() => Sqs.SendMessageBatchAsync(_url, entries));
        Assert.Equal("Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 bytes.", error.Message);
        Assert.Equal((8, 0, 0), await _lab.CountAsync(_url));
    }

    [Fact]
    public async Task A_batch_has_one_to_ten_entries_with_ids_of_their_own()
    {
        Task SendAsync(params string[] ids) => Sqs.SendMessageBatchAsync(_url, [.. ids.Select(id => new SendMessageBatchRequestEntry(id, "x"))]);

        await Assert.ThrowsAsync<EmptyBatchRequestException>(() => SendAsync());
        await Assert.ThrowsAsync<BatchEntryIdsNotDistinctException>(() => SendAsync("a", "b", "a"));
        await Assert.ThrowsAsync<InvalidBatchEntryIdException>(() => SendAsync("a b"));
        await Assert.ThrowsAsync<InvalidBatchEntryIdException>(() => SendAsync(new string('a', 81)));
        var error = await Assert.ThrowsAsync<TooManyEntriesInBatchRequestException>(() => SendAsync([.. Enumerable.Range(0, 11).Select(i => $"{i}")]));
        Assert.Equal("Maximum number of entries per request are 10. You have sent 11.", error.Message);
        Assert.Equal("AWS.SimpleQueueService.TooManyEntriesInBatchRequest", error.ErrorCode);
        Assert.Equal((0, 0, 0), await _lab.CountAsync(_url));
    }

    [Fact]
    public async Task Messages_are_hidden_and_deleted_in_batches_and_a_wrong_handle_fails_alone()
    {
        await Sqs.SendMessageBatchAsync(_url, [new("1", "a"), new("2", "b"), new("3", "c")]);
        var handles = (await _lab.ReceiveAsync(_url)).Select(message => message.ReceiptHandle).ToList();

        var changed = await Sqs.ChangeMessageVisibilityBatchAsync(_url,
        [
            new("1", handles[0]) { VisibilityTimeout = 0 },
            new("2", "none") { VisibilityTimeout = 0 },
            new("3", handles[2]) { VisibilityTimeout = 43_201 },
        ]);
        Assert.Equal("1", Assert.Single(changed.Successful).Id);
        Assert.Equal([("2", "ReceiptHandleIsInvalid"), ("3", "InvalidParameterValue")], changed.Failed.Select(entry => (entry.Id, entry.Code)));
        Assert.Equal((1, 2, 0), await _lab.CountAsync(_url));

        var deleted = await Sqs.DeleteMessageBatchAsync(_url, [new("1", handles[1]), new("2", "none"), new("3", handles[2])]);
        Assert.Equal(["1", "3"], deleted.Successful.Select(entry => entry.Id));
        Assert.Equal("ReceiptHandleIsInvalid", Assert.Single(deleted.Failed).Code);
        Assert.Equal((1, 0, 0), await _lab.CountAsync(_url));
    }
}
