using Amazon.SQS;
using Amazon.SQS.Model;
using Microsoft.Extensions.Time.Testing;

namespace LocalCloud.Tests.Sqs;

/// <summary>A LocalCloud whose clock stands still unless it is moved, and the official SQS client.</summary>
internal sealed class SqsLab : IAsyncDisposable
{
    private SqsLab(LocalCloudServer server, WatchedTime time)
    {
        Server = server;
        Time = time;
        Sqs = Client();
    }

    public LocalCloudServer Server { get; }

    public WatchedTime Time { get; }

    public AmazonSQSClient Sqs { get; private set; }

    public static async Task<SqsLab> StartAsync(Dictionary<string, string?>? settings = null)
    {
        var time = new WatchedTime();
        return new SqsLab(await LocalCloudServer.StartAsync(time, settings), time);
    }

    /// <summary>Starts the server again on what it has kept.</summary>
    public async Task RestartAsync()
    {
        await Server.RestartAsync();
        Reconnect();
    }

    /// <summary>Makes a client for a server that was started again.</summary>
    public void Reconnect() => Sqs = Client();

    public async Task<string> CreateAsync(string name, Dictionary<string, string>? attributes = null) =>
        (await Sqs.CreateQueueAsync(new CreateQueueRequest { QueueName = name, Attributes = attributes })).QueueUrl;

    /// <summary>Creates a queue whose messages go to another after a number of receipts.</summary>
    public async Task<string> CreateWithDeadLettersAsync(string name, string deadLetters, int maxReceiveCount) =>
        await CreateAsync(name, new() { ["RedrivePolicy"] = Redrive(deadLetters, maxReceiveCount) });

    public static string Redrive(string deadLetters, int maxReceiveCount) =>
        $$"""{"deadLetterTargetArn":"{{Arn(deadLetters)}}","maxReceiveCount":{{maxReceiveCount}}}""";

    public static string Arn(string queue) => $"arn:aws:sqs:us-east-1:000000000000:{queue}";

    /// <summary>Receives up to ten messages with all that belongs to them, without waiting.</summary>
    public async Task<List<Message>> ReceiveAsync(string url, int? visibility = null) =>
        (await Sqs.ReceiveMessageAsync(new ReceiveMessageRequest
        {
            QueueUrl = url,
            MaxNumberOfMessages = 10,
            VisibilityTimeout = visibility,
            MessageSystemAttributeNames = ["All"],
            MessageAttributeNames = ["All"],
        })).Messages ?? [];

    public async Task<string[]> BodiesAsync(string url) => [.. (await ReceiveAsync(url)).Select(message => message.Body)];

    public async Task<string?> AttributeAsync(string url, string name) =>
        (await Sqs.GetQueueAttributesAsync(url, [name])).Attributes?.GetValueOrDefault(name);

    /// <summary>Visible, in flight and delayed.</summary>
    public async Task<(int Visible, int InFlight, int Delayed)> CountAsync(string url)
    {
        var counts = await Sqs.GetQueueAttributesAsync(url, ["All"]);
        return (counts.ApproximateNumberOfMessages, counts.ApproximateNumberOfMessagesNotVisible, counts.ApproximateNumberOfMessagesDelayed);
    }

    public async ValueTask DisposeAsync() => await Server.DisposeAsync();

    private AmazonSQSClient Client() => Server.Client<AmazonSQSClient, AmazonSQSConfig>((keys, config) => new(keys, config));
}

/// <summary>A clock that stands still, and tells when somebody begins to wait for it.</summary>
internal sealed class WatchedTime() : FakeTimeProvider(new DateTimeOffset(2026, 11, 25, 9, 0, 0, TimeSpan.Zero))
{
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the next timer is started.</summary>
    public Task NextTimer => Volatile.Read(ref _next).Task;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        Interlocked.Exchange(ref _next, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
        return timer;
    }
}
