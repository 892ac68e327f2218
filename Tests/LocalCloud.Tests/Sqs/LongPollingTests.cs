using Amazon.SQS;
using Amazon.SQS.Model;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LocalCloud.Tests.Sqs;

/// <summary>A receiver that waits.</summary>
public sealed class LongPollingTests : IAsyncLifetime
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
    public async Task It_gets_a_message_as_soon_as_one_is_sent()
    {
        var waiting = await WaitAsync(_url);
        await Sqs.SendMessageAsync(_url, "x");
        Assert.Equal(["x"], Bodies(await waiting));
    }

    [Fact]
    public async Task It_does_not_wait_when_there_is_one()
    {
        await Sqs.SendMessageAsync(_url, "x");
        Assert.Equal(["x"], Bodies(await ReceiveAsync(_url)));
    }

    [Fact]
    public async Task It_gets_nothing_when_the_time_is_over()
    {
        var waiting = await WaitAsync(_url);
        _lab.Time.Advance(TimeSpan.FromSeconds(19.999));
        Assert.False(waiting.IsCompleted);
        _lab.Time.Advance(TimeSpan.FromSeconds(0.001));
        Assert.Null((await waiting).Messages);
    }

    [Fact]
    public async Task It_waits_as_long_as_the_queue_says_when_it_says_nothing_itself()
    {
        var url = await _lab.CreateAsync("patient", new() { ["ReceiveMessageWaitTimeSeconds"] = "3" });
        var timer = _lab.Time.NextTimer;
        var waiting = Sqs.ReceiveMessageAsync(url);
        await timer;
        _lab.Time.Advance(TimeSpan.FromSeconds(3));
        Assert.Null((await waiting).Messages);
    }

    [Fact]
    public async Task It_gets_a_delayed_message_and_one_that_was_in_flight_when_they_show_themselves()
    {
        await Sqs.SendMessageAsync(new SendMessageRequest { QueueUrl = _url, MessageBody = "delayed", DelaySeconds = 5 });
        var waiting = await WaitAsync(_url);
        _lab.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(["delayed"], Bodies(await waiting));

        waiting = await WaitAsync(_url, visibility: 10);
        _lab.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(["delayed"], Bodies(await waiting));
    }

    [Fact]
    public async Task It_gets_a_message_that_another_gives_back()
    {
        await Sqs.SendMessageAsync(_url, "x");
        var handle = (await _lab.ReceiveAsync(_url)).Single().ReceiptHandle;
        var waiting = await WaitAsync(_url);
        await Sqs.ChangeMessageVisibilityAsync(_url, handle, 0);
        Assert.Equal(["x"], Bodies(await waiting));
    }

    [Fact]
    public async Task Of_many_that_wait_each_message_goes_to_one()
    {
        var waiting = new List<Task<ReceiveMessageResponse>>();
        for (var i = 0; i < 4; i++)
        {
            waiting.Add(await WaitAsync(_url));
        }

        await Sqs.SendMessageAsync(_url, "a");
        await Sqs.SendMessageAsync(_url, "b");
        var first = await Task.WhenAny(waiting);
        waiting.Remove(first);
        var second = await Task.WhenAny(waiting);
        waiting.Remove(second);

        Assert.Equal(["a", "b"], Bodies(await first).Concat(Bodies(await second)).Order());
        await Sqs.DeleteQueueAsync(_url);
        foreach (var rest in waiting)
        {
            await Assert.ThrowsAsync<QueueDoesNotExistException>(() => rest);
        }
    }

    [Fact]
    public async Task It_hears_when_the_server_stops()
    {
        var waiting = await WaitAsync(_url);
        _lab.Server.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        Assert.Null((await waiting).Messages);
    }

    private static IEnumerable<string> Bodies(ReceiveMessageResponse response) => response.Messages.Select(message => message.Body);

    // Returns once the server waits.
    private async Task<Task<ReceiveMessageResponse>> WaitAsync(string url, int? visibility = null)
    {
        var timer = _lab.Time.NextTimer;
        var receiving = ReceiveAsync(url, visibility);
        await timer;
        return receiving;
    }

    private Task<ReceiveMessageResponse> ReceiveAsync(string url, int? visibility = null) => Sqs.ReceiveMessageAsync(new ReceiveMessageRequest
    {
        QueueUrl = url,
        WaitTimeSeconds = 20,
        VisibilityTimeout = visibility,
    });
}
