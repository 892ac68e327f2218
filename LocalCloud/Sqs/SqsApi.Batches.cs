using System.Text.RegularExpressions;
using LocalCloud.Protocol;

namespace LocalCloud.Sqs;

// A batch that breaks a rule of batches fails as a whole; an entry that is wrong by itself fails alone.
internal sealed partial class SqsApi
{
    private const int MostEntries = 10;

    private sealed record SendEntry(
        string? Id,
        string? MessageBody,
        int? DelaySeconds,
        Dictionary<string, MessageAttribute>? MessageAttributes,
        Dictionary<string, MessageAttribute>? MessageSystemAttributes,
        string? MessageDeduplicationId,
        string? MessageGroupId)
    {
        public SendRequest Request { get; } = new(
            null, MessageBody, DelaySeconds, MessageAttributes, MessageSystemAttributes, MessageDeduplicationId, MessageGroupId);
    }

    private sealed record ReceiptEntry(string? Id, string? ReceiptHandle, int? VisibilityTimeout);

    private sealed record BatchRequest<TEntry>(string? QueueUrl, IReadOnlyList<TEntry>? Entries);

    private sealed record SentEntry(
        string Id, string MessageId, string MD5OfMessageBody, string? MD5OfMessageAttributes, string? MD5OfMessageSystemAttributes);

    private sealed record FailedEntry(string Id, bool SenderFault, string Code, string Message);

    private void BatchOperations()
    {
        Handle<BatchRequest<SendEntry>, object>("SendMessageBatch", (request, call) =>
        {
            var queue = _store.Get(_urls.NameOf(request.QueueUrl));
            var entries = Checked(request.Entries, entry => entry.Id);
            var size = entries.Sum(entry => Size(entry.Request));
            return size > QueueAttributes.LargestMessage
                ? throw SqsErrors.Batch("BatchRequestTooLong", $"Batch requests cannot be longer than {QueueAttributes.LargestMessage} bytes. You have sent {size} bytes.")
                : Batch(entries, entry => entry.Id!, entry =>
                {
                    var sent = Send(queue, Checked(entry.Request, queue, call));
                    return new SentEntry(entry.Id!, sent.MessageId, sent.MD5OfMessageBody, sent.MD5OfMessageAttributes, sent.MD5OfMessageSystemAttributes);
                });
        });
        Handle<BatchRequest<ReceiptEntry>, object>("DeleteMessageBatch", (request, _) =>
        {
            var queue = _store.Get(_urls.NameOf(request.QueueUrl));
            return Batch(Checked(request.Entries, entry => entry.Id), entry => entry.Id!, entry =>
            {
                _store.DeleteMessage(queue.Name, Required(entry.ReceiptHandle, "ReceiptHandle"));
                return new { entry.Id };
            });
        });
        Handle<BatchRequest<ReceiptEntry>, object>("ChangeMessageVisibilityBatch", (request, _) =>
        {
            var queue = _store.Get(_urls.NameOf(request.QueueUrl));
            return Batch(Checked(request.Entries, entry => entry.Id), entry => entry.Id!, entry =>
            {
                ChangeVisibility(queue.Name, entry.ReceiptHandle, entry.VisibilityTimeout);
                return new { entry.Id };
            });
        });
    }

    private static object Batch<TEntry>(IReadOnlyList<TEntry> entries, Func<TEntry, string> id, Func<TEntry, object> run)
    {
        var successful = new List<object>();
        var failed = new List<FailedEntry>();
        foreach (var entry in entries)
        {
            try
            {
                successful.Add(run(entry));
            }
            catch (AwsException error)
            {
                failed.Add(new FailedEntry(id(entry), error.Status < 500, error.QueryCode, error.Message));
            }
        }

        return new { Successful = successful.Count == 0 ? null : successful, Failed = failed.Count == 0 ? null : failed };
    }

    private static IReadOnlyList<TEntry> Checked<TEntry>(IReadOnlyList<TEntry>? entries, Func<TEntry, string?> id)
    {
        if (entries is null or { Count: 0 })
        {
            throw SqsErrors.Batch("EmptyBatchRequest", "There should be at least one entry in the request.");
        }

        if (entries.Count > MostEntries)
        {
            throw SqsErrors.Batch("TooManyEntriesInBatchRequest", $"Maximum number of entries per request are {MostEntries}. You have sent {entries.Count}.");
        }

        if (entries.Any(entry => entry is null || !IdPattern().IsMatch(id(entry) ?? "")))
        {
            throw SqsErrors.Batch(
                "InvalidBatchEntryId", "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.");
        }

        return entries.GroupBy(id).FirstOrDefault(same => same.Count() > 1) is { } twice
            ? throw SqsErrors.Batch("BatchEntryIdsNotDistinct", $"Id {twice.Key} repeated.")
            : entries;
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,80}\z")]
    private static partial Regex IdPattern();
}
