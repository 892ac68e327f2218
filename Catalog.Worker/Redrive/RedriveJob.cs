using System.Globalization;
using System.Text;
using System.Text.Json;
using Amazon.KinesisFirehose;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.SQS;
using Amazon.SQS.Model;
using Catalog.Worker.Erasure;
using Catalog.Worker.Jobs;
using Catalog.Worker.Partitions;
using Catalog.Worker.State;
using Microsoft.Extensions.Options;
using Pixel.Events.Lake;

namespace Catalog.Worker.Redrive;

/// <summary>
/// Sends again what did not reach the lake: records that Firehose could not convert, events that the beacon put aside, and
/// those that wait in its queue. Each event is repaired or put into quarantine by itself, under its own id.
/// </summary>
/// <remarks>
/// A source is removed after all its events are delivered or in quarantine. A run that was cut short in between sends them
/// again; they have the same ids, so the lake holds each once for whoever asks the view <c>events</c>.
/// </remarks>
internal sealed class RedriveJob(
    IAmazonS3 s3, IAmazonSQS sqs, IAmazonKinesisFirehose firehose, LakeListing listing, PartitionTable partitions, LakeObjects objects,
    Quarantine quarantine, Erasures erasures, IOptions<LakeOptions> lake, IOptions<RedriveOptions> options, TimeProvider time) : IJob
{
    public const string JobName = "redrive";

    // Firehose's own names of what went wrong; both put records into rawData.
    private static readonly string[] ErrorTypes = ["format-conversion-failed", "processing-failed"];

    public string Name => JobName;

    public async Task<JobResult> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        var calls = new AwsCalls();
        var table = await partitions.GetAsync(calls, cancellationToken);
        var run = new RedriveRun(
            new EventRepair(table.StorageDescriptor.Columns, options.Value.MaxAttempts),
            new EventResender(firehose, lake.Value.EventStreamName, time, calls),
            quarantine,
            [.. (await erasures.PendingAsync(calls, cancellationToken)).Select(r => r.Value.Subject)],
            context,
            calls);

        var finished = await FromErrorsAsync(run, cancellationToken)
            && await FromDeadLettersAsync(run, cancellationToken)
            && await FromQueueAsync(run, cancellationToken);
        return JobResult.Of(
            new("sources", run.Sources),
            new("events", run.Events),
            new("sent", run.Sent),
            new("repaired", run.Repaired),
            new("quarantined", run.Quarantined),
            new("erased", run.Erased),
            new("awsCalls", calls.Made)) with { Unfinished = !finished };
    }

    /// <returns>False when the time was up.</returns>
    private async Task<bool> FromErrorsAsync(RedriveRun run, CancellationToken cancellationToken)
    {
        var root = $"s3://{lake.Value.LakeBucketName}/{options.Value.ErrorsPrefix}";
        foreach (var type in ErrorTypes)
        {
            foreach (var found in await listing.ObjectsAtAsync($"{root}{type}/", run.Calls, cancellationToken))
            {
                if (run.Context.OutOfTime.IsCancellationRequested)
                {
                    return false;
                }

                run.Begin($"s3://{lake.Value.LakeBucketName}/{found.Key}");
                await ReadErrorsAsync(found, run, cancellationToken);
                if (await run.EndAsync(flush: true, cancellationToken))
                {
                    await objects.DeleteAsync([found], run.Calls, cancellationToken);
                }
            }
        }

        return true;
    }

    // A line is one record of many events, in base64.
    private async Task ReadErrorsAsync(LakeObject found, RedriveRun run, CancellationToken cancellationToken)
    {
        using var answer = await run.Calls.Of(s3.GetObjectAsync(
            new GetObjectRequest { BucketName = lake.Value.LakeBucketName, Key = found.Key }, cancellationToken));
        using var reader = new StreamReader(answer.ResponseStream);
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.Length == 0)
            {
                continue;
            }

            byte[] record;
            bool isTheirs;
            try
            {
                using var document = JsonDocument.Parse(line);
                record = document.RootElement.GetProperty("rawData").GetBytesFromBase64();
                isTheirs = IsTheEvents(document.RootElement);
            }
            catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
            {
                run.PutAside("It is not a line of Firehose's error output.", Encoding.UTF8.GetBytes(line));
                continue;
            }

            await run.TakeRecordAsync(record, isTheirs, cancellationToken);
        }
    }

    // Anything else, such as a table that cannot be read, is no event's fault, however often it happens.
    private static bool IsTheEvents(JsonElement error)
        => error.TryGetProperty("lastErrorCode", out var code)
            && code.GetString() is "DataFormatConversion.ParseError" or "DataFormatConversion.MalformedData";

    private async Task<bool> FromDeadLettersAsync(RedriveRun run, CancellationToken cancellationToken)
    {
        var folder = options.Value.DeadLetterFolder;
        if (folder.Length == 0)
        {
            return true;
        }

        if (!Directory.Exists(folder))
        {
            // The beacon makes it with the first such event.
            return true;
        }

        foreach (var file in Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal))
        {
            if (run.Context.OutOfTime.IsCancellationRequested)
            {
                return false;
            }

            run.Begin(Path.GetFileName(file));
            await run.TakeRecordAsync(await File.ReadAllBytesAsync(file, cancellationToken), isTheirs: false, cancellationToken);
            if (await run.EndAsync(flush: true, cancellationToken))
            {
                File.Delete(Path.ChangeExtension(file, ".reason"));
                File.Delete(file);
            }
        }

        return true;
    }

    private async Task<bool> FromQueueAsync(RedriveRun run, CancellationToken cancellationToken)
    {
        var queue = options.Value.QueueUrl;
        if (queue.Length == 0)
        {
            return true;
        }

        if (run.Context.DryRun)
        {
            // To receive is to hide from others for a while; so it is only counted.
            var attributes = await run.Calls.Of(sqs.GetQueueAttributesAsync(
                new GetQueueAttributesRequest { QueueUrl = queue, AttributeNames = ["ApproximateNumberOfMessages"] }, cancellationToken));
            run.Events += attributes.ApproximateNumberOfMessages;
            return true;
        }

        while (!run.Context.OutOfTime.IsCancellationRequested)
        {
            var received = await run.Calls.Of(sqs.ReceiveMessageAsync(
                new ReceiveMessageRequest { QueueUrl = queue, MaxNumberOfMessages = 10, WaitTimeSeconds = 1, VisibilityTimeout = 120 }, cancellationToken));
            var messages = received.Messages ?? [];
            if (messages.Count == 0)
            {
                return true;
            }

            foreach (var message in messages)
            {
                run.Begin($"{queue}#{message.MessageId}");
                await run.TakeRecordAsync(Encoding.UTF8.GetBytes(message.Body), isTheirs: false, cancellationToken);
                await run.EndAsync(flush: false, cancellationToken);
            }

            await run.FlushAsync(cancellationToken);
            var deleted = await run.Calls.Of(sqs.DeleteMessageBatchAsync(
                new DeleteMessageBatchRequest
                {
                    QueueUrl = queue,
                    Entries = [.. messages.Select((m, i) => new DeleteMessageBatchRequestEntry { Id = i.ToString(CultureInfo.InvariantCulture), ReceiptHandle = m.ReceiptHandle })],
                },
                cancellationToken));
            if (deleted.Failed is { Count: > 0 } failed)
            {
                throw new JobException($"SQS did not delete {failed.Count} of {messages.Count} messages, the first with {failed[0].Code}: {failed[0].Message}. Their events were sent, and will be once more under the same ids.");
            }
        }

        return false;
    }
}
