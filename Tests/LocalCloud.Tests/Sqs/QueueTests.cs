using System.Text.Json;
using Amazon.SQS;
using Amazon.SQS.Model;

namespace LocalCloud.Tests.Sqs;

public sealed class QueueTests : IAsyncLifetime
{
    private SqsLab _lab = null!;

    private AmazonSQSClient Sqs => _lab.Sqs;

    public async ValueTask InitializeAsync() => _lab = await SqsLab.StartAsync();

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task A_queue_has_an_url_on_the_own_port_and_is_found_by_its_name()
    {
        var url = await _lab.CreateAsync("overflow");

        Assert.Equal($"{_lab.Server.Url}/000000000000/overflow", url);
        Assert.Equal(url, (await Sqs.GetQueueUrlAsync("overflow")).QueueUrl);
        await Assert.ThrowsAsync<QueueDoesNotExistException>(() => Sqs.GetQueueUrlAsync("Overflow"));
    }

    [Fact]
    public async Task Creating_it_again_with_what_it_has_changes_nothing_and_with_something_else_is_refused()
    {
        var url = await _lab.CreateAsync("overflow", new() { ["DelaySeconds"] = "7" });

        Assert.Equal(url, await _lab.CreateAsync("overflow"));
        Assert.Equal(url, await _lab.CreateAsync("overflow", new() { ["DelaySeconds"] = "7", ["VisibilityTimeout"] = "30" }));
        var error = await Assert.ThrowsAsync<QueueNameExistsException>(() => _lab.CreateAsync("overflow", new() { ["DelaySeconds"] = "8" }));
        Assert.Equal("QueueAlreadyExists", error.ErrorCode);
        Assert.Equal("A queue already exists with the same name and a different value for attribute DelaySeconds", error.Message);
        Assert.Equal("7", await _lab.AttributeAsync(url, "DelaySeconds"));
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("a.b")]
    [InlineData("ü")]
    [InlineData("123456789012345678901234567890123456789012345678901234567890123456789012345678901")]
    public async Task A_name_that_SQS_does_not_have_is_refused(string name)
    {
        var error = await Assert.ThrowsAsync<AmazonSQSException>(() => _lab.CreateAsync(name));
        Assert.Equal("InvalidParameterValue", error.ErrorCode);
        Assert.Equal("Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length", error.Message);
    }

    [Fact]
    public async Task FIFO_queues_are_refused_in_words()
    {
        var error = await Assert.ThrowsAsync<UnsupportedOperationException>(() => _lab.CreateAsync("q.fifo", new() { ["FifoQueue"] = "true" }));
        Assert.Equal("LocalCloud has standard queues only: FIFO queues are not supported.", error.Message);
        Assert.Equal("AWS.SimpleQueueService.UnsupportedOperation", error.ErrorCode);
    }

    [Fact]
    public async Task What_LocalCloud_does_not_have_is_refused_in_words()
    {
        var error = await Assert.ThrowsAsync<UnsupportedOperationException>(() => Sqs.StartMessageMoveTaskAsync(new() { SourceArn = SqsLab.Arn("q") }));
        Assert.Equal("LocalCloud does not have StartMessageMoveTask.", error.Message);
    }

    [Fact]
    public async Task Attributes_have_the_defaults_of_SQS()
    {
        var now = _lab.Time.GetUtcNow().ToUnixTimeSeconds().ToString();
        var url = await _lab.CreateAsync("overflow");

        Assert.Equal(
            new Dictionary<string, string>
            {
                ["QueueArn"] = "arn:aws:sqs:us-east-1:000000000000:overflow",
                ["ApproximateNumberOfMessages"] = "0",
                ["ApproximateNumberOfMessagesNotVisible"] = "0",
                ["ApproximateNumberOfMessagesDelayed"] = "0",
                ["CreatedTimestamp"] = now,
                ["LastModifiedTimestamp"] = now,
                ["DelaySeconds"] = "0",
                ["MaximumMessageSize"] = "1048576",
                ["MessageRetentionPeriod"] = "345600",
                ["ReceiveMessageWaitTimeSeconds"] = "0",
                ["VisibilityTimeout"] = "30",
                ["SqsManagedSseEnabled"] = "true",
            },
            (await Sqs.GetQueueAttributesAsync(url, ["All"])).Attributes);
        Assert.Null((await Sqs.GetQueueAttributesAsync(url, [])).Attributes);
    }

    [Fact]
    public async Task Attributes_can_be_set_and_taken_away()
    {
        var url = await _lab.CreateAsync("overflow", new() { ["KmsMasterKeyId"] = "alias/key" });
        Assert.Equal("false", await _lab.AttributeAsync(url, "SqsManagedSseEnabled"));
        _lab.Time.Advance(TimeSpan.FromSeconds(90));

        await Sqs.SetQueueAttributesAsync(url, new() { ["VisibilityTimeout"] = "5", ["Policy"] = """{"Version":"2012-10-17"}""", ["KmsMasterKeyId"] = "" });

        var attributes = (await Sqs.GetQueueAttributesAsync(url, ["All"])).Attributes;
        Assert.Equal("5", attributes["VisibilityTimeout"]);
        Assert.Equal("""{"Version":"2012-10-17"}""", attributes["Policy"]);
        Assert.False(attributes.ContainsKey("KmsMasterKeyId"));
        Assert.Equal(90, long.Parse(attributes["LastModifiedTimestamp"]) - long.Parse(attributes["CreatedTimestamp"]));
    }

    [Theory]
    [InlineData("Colour", "red", "InvalidAttributeName")]
    [InlineData("ContentBasedDeduplication", "true", "InvalidAttributeName")]
    [InlineData("VisibilityTimeout", "43201", "InvalidAttributeValue")]
    [InlineData("VisibilityTimeout", "-1", "InvalidAttributeValue")]
    [InlineData("VisibilityTimeout", "", "InvalidAttributeValue")]
    [InlineData("DelaySeconds", "901", "InvalidAttributeValue")]
    [InlineData("MaximumMessageSize", "1048577", "InvalidAttributeValue")]
    [InlineData("MaximumMessageSize", "1023", "InvalidAttributeValue")]
    [InlineData("MessageRetentionPeriod", "59", "InvalidAttributeValue")]
    [InlineData("ReceiveMessageWaitTimeSeconds", "21", "InvalidAttributeValue")]
    [InlineData("SqsManagedSseEnabled", "maybe", "InvalidAttributeValue")]
    [InlineData("Policy", "none", "InvalidAttributeValue")]
    public async Task A_wrong_attribute_is_refused_and_changes_nothing(string name, string value, string code)
    {
        var url = await _lab.CreateAsync("overflow");

        var set = await Assert.ThrowsAnyAsync<AmazonSQSException>(() => Sqs.SetQueueAttributesAsync(url, new() { [name] = value, ["DelaySeconds"] = name == "DelaySeconds" ? value : "3" }));
        var created = await Assert.ThrowsAnyAsync<AmazonSQSException>(() => _lab.CreateAsync("other", new() { [name] = value }));

        Assert.Equal((code, code), (set.ErrorCode, created.ErrorCode));
        Assert.Equal("0", await _lab.AttributeAsync(url, "DelaySeconds"));
        await Assert.ThrowsAsync<QueueDoesNotExistException>(() => Sqs.GetQueueUrlAsync("other"));
    }

    [Fact]
    public async Task Asking_for_an_attribute_that_does_not_exist_is_an_error_and_for_one_that_is_not_set_is_not()
    {
        var url = await _lab.CreateAsync("overflow");
        await Assert.ThrowsAsync<InvalidAttributeNameException>(() => Sqs.GetQueueAttributesAsync(url, ["Colour"]));
        Assert.Null(await _lab.AttributeAsync(url, "RedrivePolicy"));
    }

    [Fact]
    public async Task Queues_are_listed_by_prefix_and_in_pages()
    {
        foreach (var name in (string[])["b-2", "a-1", "b_x", "b-1", "b-3", "c"])
        {
            await _lab.CreateAsync(name);
        }

        Assert.Equal(6, (await Sqs.ListQueuesAsync(new ListQueuesRequest())).QueueUrls.Count);
        Assert.Null((await Sqs.ListQueuesAsync("d")).QueueUrls);

        var names = new List<string>();
        string? token = null;
        do
        {
            var page = await Sqs.ListQueuesAsync(new ListQueuesRequest { QueueNamePrefix = "b-", MaxResults = 2, NextToken = token });
            names.AddRange(page.QueueUrls.Select(url => url[(url.LastIndexOf('/') + 1)..]));
            token = page.NextToken;
        }
        while (token is not null);

        Assert.Equal(["b-1", "b-2", "b-3"], names);
    }

    [Fact]
    public async Task A_deleted_queue_takes_its_messages_with_it_and_its_name_is_free_after_a_minute()
    {
        var url = await _lab.CreateAsync("overflow");
        await Sqs.SendMessageAsync(url, "x");
        var handle = (await _lab.ReceiveAsync(url, visibility: 0)).Single().ReceiptHandle;

        await Sqs.DeleteQueueAsync(url);

        await Assert.ThrowsAsync<QueueDoesNotExistException>(() => Sqs.ReceiveMessageAsync(url));
        await Assert.ThrowsAsync<QueueDoesNotExistException>(() => Sqs.DeleteQueueAsync(url));
        _lab.Time.Advance(TimeSpan.FromSeconds(59));
        await Assert.ThrowsAsync<QueueDeletedRecentlyException>(() => _lab.CreateAsync("overflow"));
        _lab.Time.Advance(TimeSpan.FromSeconds(1));
        await _lab.CreateAsync("overflow");
        Assert.Empty(await _lab.ReceiveAsync(url));
        await Assert.ThrowsAsync<ReceiptHandleIsInvalidException>(() => Sqs.DeleteMessageAsync(url, handle)); // of the queue before
    }

    [Fact]
    public async Task A_purge_empties_a_queue_once_in_a_minute()
    {
        var url = await _lab.CreateAsync("overflow");
        await Sqs.SendMessageAsync(url, "visible");
        await Sqs.SendMessageAsync(url, "hidden");
        await Sqs.ReceiveMessageAsync(url);
        await Sqs.SendMessageAsync(new SendMessageRequest { QueueUrl = url, MessageBody = "delayed", DelaySeconds = 10 });

        await Sqs.PurgeQueueAsync(url);

        Assert.Equal((0, 0, 0), await _lab.CountAsync(url));
        var error = await Assert.ThrowsAsync<PurgeQueueInProgressException>(() => Sqs.PurgeQueueAsync(url));
        Assert.Equal("Only one PurgeQueue operation on overflow is allowed every 60 seconds.", error.Message);
        _lab.Time.Advance(TimeSpan.FromSeconds(60));
        await Sqs.PurgeQueueAsync(url);
    }

    [Fact]
    public async Task Tags_are_added_replaced_and_removed()
    {
        var url = (await Sqs.CreateQueueAsync(new CreateQueueRequest { QueueName = "overflow", Tags = new() { ["a"] = "1", ["b"] = "2" } })).QueueUrl;
        await Sqs.TagQueueAsync(new() { QueueUrl = url, Tags = new() { ["b"] = "3", ["c"] = "" } });
        await Sqs.UntagQueueAsync(new() { QueueUrl = url, TagKeys = ["a", "none"] });

        Assert.Equal(new Dictionary<string, string> { ["b"] = "3", ["c"] = "" }, (await Sqs.ListQueueTagsAsync(new ListQueueTagsRequest { QueueUrl = url })).Tags);
        var many = Enumerable.Range(0, 49).ToDictionary(i => $"t{i}", _ => "");
        await Assert.ThrowsAsync<AmazonSQSException>(() => Sqs.TagQueueAsync(new() { QueueUrl = url, Tags = many }));
    }

    [Fact]
    public async Task Queues_and_messages_are_as_they_were_after_a_restart()
    {
        var url = await _lab.CreateAsync("overflow", new() { ["VisibilityTimeout"] = "60" });
        await Sqs.SendMessageAsync(url, "in flight");
        var handle = (await _lab.ReceiveAsync(url)).Single().ReceiptHandle;
        await Sqs.SendMessageAsync(url, "waiting");
        await Sqs.SendMessageAsync(new SendMessageRequest { QueueUrl = url, MessageBody = "delayed", DelaySeconds = 60 });

        await _lab.RestartAsync();
        url = (await Sqs.GetQueueUrlAsync("overflow")).QueueUrl;

        Assert.Equal("60", await _lab.AttributeAsync(url, "VisibilityTimeout"));
        Assert.Equal((1, 1, 1), await _lab.CountAsync(url));
        await Sqs.DeleteMessageAsync(url, handle);
        Assert.Equal(["waiting"], await _lab.BodiesAsync(url));
        _lab.Time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(["delayed", "waiting"], (await _lab.BodiesAsync(url)).Order());
    }

    [Fact]
    public async Task Health_names_it_once()
    {
        using var health = JsonDocument.Parse(await _lab.Server.Http().GetStringAsync("/_localcloud/health"));
        Assert.Single(health.RootElement.GetProperty("services").EnumerateArray(), service => service.GetString() == "sqs");
    }
}
