using System.Collections.Concurrent;
using Amazon.Runtime;
using Amazon.SQS;
using Amazon.SQS.Model;
using Microsoft.Extensions.Time.Testing;

namespace LocalCloud.Tests.Sqs;

/// <summary>The program is killed in the middle of its work; what it had acknowledged is so.</summary>
public sealed class CrashTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory("localcloud-crash-").FullName; // the server deletes it

    [Fact]
    public async Task Sudden_death_loses_no_message_and_brings_none_back_though_it_comes_again_and_again()
    {
        var sent = new ConcurrentDictionary<string, bool>();
        var deleted = new ConcurrentDictionary<string, bool>();
        var doubtful = new ConcurrentDictionary<string, bool>(); // a deletion was asked for and not answered
        for (var life = 1; life <= 3; life++)
        {
            using var program = LocalCloudProcess.Start(new() { ["LocalCloud:DataFolder"] = _folder });
            using var sqs = Client(await program.Url);
            var url = (await sqs.CreateQueueAsync("overflow")).QueueUrl;
            var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var workers = new List<Task>
            {
                RepeatAsync(i => SendAsync(sqs, url, $"{Guid.NewGuid()} {new string('x', i * 997 % 50_000)}", sent)),
                RepeatAsync(_ => SendBatchAsync(sqs, url, sent)),
                RepeatAsync(_ => ConsumeAsync(sqs, url, deleted, doubtful)),
            };
            var goal = (Sent: sent.Count + 100, Deleted: deleted.Count + 20);
            workers.Add(RepeatAsync(async _ =>
            {
                if (sent.Count >= goal.Sent && deleted.Count >= goal.Deleted)
                {
                    enough.TrySetResult();
                }

                await sqs.GetQueueAttributesAsync(url, ["All"]);
            }));
            await Task.WhenAny([enough.Task, .. workers]);
            Assert.True(enough.Task.IsCompleted, "A worker has ended before its time.");
            await program.KillAsync();
            await Task.WhenAll(workers);
        }

        // A day later nothing is in flight any more.
        var later = new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddDays(1));
        await using var server = await LocalCloudServer.StartAsync(later, folder: _folder);
        using var client = Client(server.Url);
        var queue = (await client.GetQueueUrlAsync("overflow")).QueueUrl;
        var left = new HashSet<string>();
        while ((await client.ReceiveMessageAsync(new ReceiveMessageRequest { QueueUrl = queue, MaxNumberOfMessages = 10 })).Messages is { } messages)
        {
            Assert.All(messages, message => Assert.True(left.Add(message.Body), "A message is there twice."));
        }

        var missing = sent.Keys.Except(left).Except(deleted.Keys).Except(doubtful.Keys).ToList();
        Assert.Empty(missing);
        Assert.Empty(left.Intersect(deleted.Keys));
    }

    private static async Task SendAsync(AmazonSQSClient sqs, string url, string body, ConcurrentDictionary<string, bool> sent)
    {
        await sqs.SendMessageAsync(url, body);
        sent[body] = true;
    }

    private static async Task SendBatchAsync(AmazonSQSClient sqs, string url, ConcurrentDictionary<string, bool> sent)
    {
        var entries = Enumerable.Range(0, 10).Select(i => new SendMessageBatchRequestEntry($"{i}", $"{Guid.NewGuid()}")).ToList();
        foreach (var entry in (await sqs.SendMessageBatchAsync(url, entries)).Successful)
        {
            sent[entries[int.Parse(entry.Id)].MessageBody] = true;
        }
    }

    private static async Task ConsumeAsync(
        AmazonSQSClient sqs, string url, ConcurrentDictionary<string, bool> deleted, ConcurrentDictionary<string, bool> doubtful)
    {
        foreach (var message in (await sqs.ReceiveMessageAsync(new ReceiveMessageRequest { QueueUrl = url, MaxNumberOfMessages = 3 })).Messages ?? [])
        {
            doubtful[message.Body] = true;
            await sqs.DeleteMessageAsync(url, message.ReceiptHandle);
            deleted[message.Body] = true;
            doubtful.TryRemove(message.Body, out _);
        }
    }

    private static async Task RepeatAsync(Func<int, Task> work)
    {
        try
        {
            for (var i = 0; ; i++)
            {
                await work(i);
            }
        }
        catch (Exception error) when (error is AmazonServiceException or AmazonClientException or HttpRequestException or IOException)
        {
            // The server is gone, as intended.
        }
    }

    private static AmazonSQSClient Client(string url) =>
        new(new BasicAWSCredentials("k", "s"), new AmazonSQSConfig { ServiceURL = url, AuthenticationRegion = "us-east-1", MaxErrorRetry = 0 });
}
