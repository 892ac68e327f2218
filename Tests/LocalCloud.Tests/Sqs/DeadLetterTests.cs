using Amazon.SQS;
using Amazon.SQS.Model;

namespace LocalCloud.Tests.Sqs;

public sealed class DeadLetterTests : IAsyncLifetime
{
    private SqsLab _lab = null!;
    private string _dead = null!;

    private AmazonSQSClient Sqs => _lab.Sqs;

    public async ValueTask InitializeAsync()
    {
        _lab = await SqsLab.StartAsync();
        _dead = await _lab.CreateAsync("dead");
    }

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task A_message_that_was_received_too_often_goes_to_the_dead_letters_as_it_was()
    {
        var url = await _lab.CreateWithDeadLettersAsync("work", "dead", maxReceiveCount: 2);
        var sent = await Sqs.SendMessageAsync(new SendMessageRequest
        {
            QueueUrl = url,
            MessageBody = "x",
            MessageAttributes = new() { ["a"] = new() { DataType = "String", StringValue = "1" } },
        });
        _lab.Time.Advance(TimeSpan.FromSeconds(10));
        var first = Assert.Single(await _lab.ReceiveAsync(url, visibility: 0));
        Assert.Single(await _lab.ReceiveAsync(url, visibility: 0));
        Assert.Empty(await _lab.ReceiveAsync(_dead));

        Assert.Empty(await _lab.ReceiveAsync(url));

        var moved = Assert.Single(await _lab.ReceiveAsync(_dead));
        Assert.Equal((sent.MessageId, "x", sent.MD5OfMessageAttributes), (moved.MessageId, moved.Body, moved.MD5OfMessageAttributes));
        Assert.Equal(SqsLab.Arn("work"), moved.Attributes["DeadLetterQueueSourceArn"]);
        Assert.Equal("3", moved.Attributes["ApproximateReceiveCount"]);
        Assert.Equal(first.Attributes["SentTimestamp"], moved.Attributes["SentTimestamp"]);
        Assert.Equal((0, 0, 0), await _lab.CountAsync(url));
    }

    [Fact]
    public async Task It_makes_room_for_the_next_and_wakes_who_waits_for_dead_letters()
    {
        var url = await _lab.CreateWithDeadLettersAsync("work", "dead", maxReceiveCount: 1);
        await Sqs.SendMessageAsync(url, "bad");
        await _lab.ReceiveAsync(url, visibility: 0);
        await Sqs.SendMessageAsync(url, "good");
        var timer = _lab.Time.NextTimer;
        var waiting = Sqs.ReceiveMessageAsync(new ReceiveMessageRequest { QueueUrl = _dead, WaitTimeSeconds = 20 });
        await timer;

        Assert.Equal("good", Assert.Single((await Sqs.ReceiveMessageAsync(url)).Messages).Body);
        Assert.Equal("bad", Assert.Single((await waiting).Messages).Body);
    }

    [Fact]
    public async Task Dead_letters_can_have_dead_letters_and_begin_to_count_again()
    {
        await _lab.CreateAsync("deader");
        await Sqs.SetQueueAttributesAsync(_dead, new() { ["RedrivePolicy"] = SqsLab.Redrive("deader", 2) });
        var url = await _lab.CreateWithDeadLettersAsync("work", "dead", maxReceiveCount: 3);
        await Sqs.SendMessageAsync(url, "x");

        Assert.Equal("1, 1, 1, 0", await CountAsync(url, 4));
        Assert.Equal("1, 1, 0", await CountAsync(_dead, 3));
        Assert.Single(await _lab.ReceiveAsync(_lab.Server.Url + "/000000000000/deader"));

        async Task<string> CountAsync(string from, int times)
        {
            var counts = new int[times];
            for (var i = 0; i < times; i++)
            {
                counts[i] = (await _lab.ReceiveAsync(from, visibility: 0)).Count;
            }

            return string.Join(", ", counts);
        }
    }

    [Fact]
    public async Task The_age_of_a_dead_letter_counts_from_when_it_was_sent()
    {
        await Sqs.SetQueueAttributesAsync(_dead, new() { ["MessageRetentionPeriod"] = "100" });
        var url = await _lab.CreateWithDeadLettersAsync("work", "dead", maxReceiveCount: 1);
        await Sqs.SendMessageAsync(url, "x");
        _lab.Time.Advance(TimeSpan.FromSeconds(99));
        await _lab.ReceiveAsync(url, visibility: 0);
        await _lab.ReceiveAsync(url);
        Assert.Equal((1, 0, 0), await _lab.CountAsync(_dead));

        _lab.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((0, 0, 0), await _lab.CountAsync(_dead));
    }

    [Fact]
    public async Task Without_the_dead_letter_queue_messages_stay_where_they_are()
    {
        var url = await _lab.CreateWithDeadLettersAsync("work", "dead", maxReceiveCount: 1);
        await Sqs.DeleteQueueAsync(_dead);
        await Sqs.SendMessageAsync(url, "x");
        await _lab.ReceiveAsync(url, visibility: 0);
        Assert.Single(await _lab.ReceiveAsync(url));
    }

    [Fact]
    public async Task The_policy_is_answered_in_one_form_and_the_sources_are_listed()
    {
        var url = await _lab.CreateAsync("b", new() { ["RedrivePolicy"] = $$"""{ "maxReceiveCount": "5", "deadLetterTargetArn": "{{SqsLab.Arn("dead")}}" }""" });
        await _lab.CreateWithDeadLettersAsync("a", "dead", 1);
        await _lab.CreateAsync("c");

        Assert.Equal(SqsLab.Redrive("dead", 5), await _lab.AttributeAsync(url, "RedrivePolicy"));
        var sources = await Sqs.ListDeadLetterSourceQueuesAsync(new() { QueueUrl = _dead });
        Assert.Equal(["a", "b"], sources.QueueUrls.Select(source => source.Split('/')[^1]));

        await Sqs.SetQueueAttributesAsync(url, new() { ["RedrivePolicy"] = "" });
        Assert.Null(await _lab.AttributeAsync(url, "RedrivePolicy"));
    }

    [Theory]
    [InlineData("""{"deadLetterTargetArn":"dummy","maxReceiveCount":42}""", "Invalid value for deadLetterTargetArn.")]
    [InlineData("""{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:none","maxReceiveCount":42}""", "Dead letter target does not exist.")]
    [InlineData("""{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead","maxReceiveCount":0}""", "Invalid value for maxReceiveCount: 0, valid values are from 1 to 1000 both inclusive.")]
    [InlineData("""{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead"}""", "Redrive policy does not contain mandatory attribute: maxReceiveCount.")]
    [InlineData("""{"maxReceiveCount":1}""", "Redrive policy does not contain mandatory attribute: deadLetterTargetArn.")]
    public async Task A_wrong_policy_is_refused_with_its_reason(string policy, string reason)
    {
        var error = await Assert.ThrowsAsync<AmazonSQSException>(() => _lab.CreateAsync("work", new() { ["RedrivePolicy"] = policy }));
        Assert.Equal("InvalidParameterValue", error.ErrorCode);
        Assert.StartsWith("Value {", error.Message);
        Assert.EndsWith($" for parameter RedrivePolicy is invalid. Reason: {reason}", error.Message);
    }

    [Fact]
    public async Task A_queue_says_whose_dead_letters_it_takes()
    {
        await Sqs.SetQueueAttributesAsync(_dead, new()
        {
            ["RedriveAllowPolicy"] = $$"""{"redrivePermission":"byQueue","sourceQueueArns":["{{SqsLab.Arn("friend")}}"]}""",
        });

        await _lab.CreateWithDeadLettersAsync("friend", "dead", 1);
        await Assert.ThrowsAsync<AmazonSQSException>(() => _lab.CreateWithDeadLettersAsync("stranger", "dead", 1));
        await Sqs.SetQueueAttributesAsync(_dead, new() { ["RedriveAllowPolicy"] = """{"redrivePermission":"denyAll"}""" });
        await Assert.ThrowsAsync<AmazonSQSException>(() => _lab.CreateWithDeadLettersAsync("stranger", "dead", 1));
        await Assert.ThrowsAsync<InvalidAttributeValueException>(() => Sqs.SetQueueAttributesAsync(_dead, new() { ["RedriveAllowPolicy"] = """{"redrivePermission":"some"}""" }));
    }
}
