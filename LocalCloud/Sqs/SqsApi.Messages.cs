using System.Security.Cryptography;
using System.Text;
using LocalCloud.Protocol;

namespace LocalCloud.Sqs;

internal sealed partial class SqsApi
{
    private const int MostReceived = 10;

    private sealed record SendRequest(
        string? QueueUrl,
        string? MessageBody,
        int? DelaySeconds,
        Dictionary<string, MessageAttribute>? MessageAttributes,
        Dictionary<string, MessageAttribute>? MessageSystemAttributes,
        string? MessageDeduplicationId,
        string? MessageGroupId);

    private sealed record ReceiveRequest(
        string? QueueUrl,
        IReadOnlyList<string>? AttributeNames,
        IReadOnlyList<string>? MessageSystemAttributeNames,
        IReadOnlyList<string>? MessageAttributeNames,
        int? MaxNumberOfMessages,
        int? VisibilityTimeout,
        int? WaitTimeSeconds);

    private sealed record ReceiptRequest(string? QueueUrl, string? ReceiptHandle, int? VisibilityTimeout);

    private sealed record SendAnswer(string MessageId, string MD5OfMessageBody, string? MD5OfMessageAttributes, string? MD5OfMessageSystemAttributes);

    private void MessageOperations()
    {
        Handle<SendRequest, SendAnswer>("SendMessage", (request, call) =>
        {
            var queue = _store.Get(_urls.NameOf(request.QueueUrl));
            return Send(queue, Checked(request, queue, call));
        });
        Handle<ReceiveRequest, object>("ReceiveMessage", ReceiveAsync);
        Handle<ReceiptRequest, object?>("DeleteMessage", (request, _) => Done(() =>
            _store.DeleteMessage(_urls.NameOf(request.QueueUrl), Required(request.ReceiptHandle, "ReceiptHandle"))));
        Handle<ReceiptRequest, object?>("ChangeMessageVisibility", (request, _) => Done(() =>
            ChangeVisibility(_urls.NameOf(request.QueueUrl), request.ReceiptHandle, request.VisibilityTimeout)));
    }

    private SendAnswer Send(Queue queue, NewMessage message)
    {
        _store.Send(queue.Name, message);
        return new SendAnswer(
            message.Id, Md5(message.Body), MessageAttribute.Md5(message.Extras.Attributes), MessageAttribute.Md5(message.Extras.SystemAttributes));
    }

    private NewMessage Checked(SendRequest request, Queue queue, AwsCall call)
    {
        var body = Required(request.MessageBody, "MessageBody");
        var delay = Seconds(request.DelaySeconds, "DelaySeconds", 900, "DelaySeconds must be >= 0 and <= 900.");
        if (request.MessageDeduplicationId is { } id)
        {
            throw SqsErrors.InvalidParameter(id, "MessageDeduplicationId", "The request includes a parameter that is not valid for this queue type.");
        }

        if (request.MessageGroupId is { } group && (group.Length is 0 or > 128 || group.Any(c => c is <= ' ' or > '~')))
        {
            throw SqsErrors.InvalidParameter(
                group, "MessageGroupId", "MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length.");
        }

        MessageAttributeRules.Check(request.MessageAttributes);
        MessageAttributeRules.CheckSystem(request.MessageSystemAttributes);
        if (!MessageText.IsValid(body))
        {
            throw SqsErrors.InvalidMessageContents();
        }

        if (Size(request) > queue.LargestMessage)
        {
            throw SqsErrors.InvalidParameter($"One or more parameters are invalid. Reason: Message must be shorter than {queue.LargestMessage} bytes.");
        }

        return new NewMessage(
            Guid.NewGuid().ToString(),
            body,
            delay,
            new MessageExtras(SenderId(call), NullIfEmpty(request.MessageAttributes), NullIfEmpty(request.MessageSystemAttributes), request.MessageGroupId));
    }

    // Waits only when there is nothing, and looks again when something comes and when something hidden shows itself. A
    // stop of the host ends the wait as the end of the wait does: with no messages.
    private async ValueTask<object> ReceiveAsync(ReceiveRequest request, AwsCall call, CancellationToken cancellation)
    {
        var most = request.MaxNumberOfMessages ?? 1;
        if (most is < 1 or > MostReceived)
        {
            throw SqsErrors.InvalidParameter(most, "MaxNumberOfMessages", $"Must be between 1 and {MostReceived}, if provided.");
        }

        var visibility = Visibility(request.VisibilityTimeout);
        var wait = Seconds(request.WaitTimeSeconds, "WaitTimeSeconds", 20, "Must be >= 0 and <= 20, if provided.");
        var queue = _store.Get(_urls.NameOf(request.QueueUrl));
        var end = _time.GetUtcNow() + (wait ?? queue.WaitTime);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _stopping);
        while (true)
        {
            var arrival = _store.NextArrival(queue);
            var (messages, next) = _store.Receive(queue.Name, most, visibility);
            var now = _time.GetUtcNow();
            if (messages.Count > 0 || now >= end || _stopping.IsCancellationRequested)
            {
                return new { Messages = messages.Count == 0 ? null : messages.Select(message => Answer(message, request)).ToList() };
            }

            var pause = (next < end ? next.Value : end) - now;
            await arrival.WaitAsync(pause, _time, ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellation.ThrowIfCancellationRequested();
        }
    }

    private void ChangeVisibility(string queue, string? handle, int? seconds) => _store.ChangeVisibility(
        queue, Required(handle, "ReceiptHandle"), Visibility(seconds) ?? throw SqsErrors.MissingParameter("VisibilityTimeout"));

    private static object Answer(ReceivedMessage message, ReceiveRequest request)
    {
        var attributes = MessageAttributeRules.Select(message.Extras.Attributes, request.MessageAttributeNames);
        return new
        {
            MessageId = message.Id,
            ReceiptHandle = message.Handle.ToString(),
            MD5OfBody = Md5(message.Body),
            message.Body,
            Attributes = SystemAttributes(message, [.. request.AttributeNames ?? [], .. request.MessageSystemAttributeNames ?? []]),
            MD5OfMessageAttributes = MessageAttribute.Md5(attributes),
            MessageAttributes = attributes,
        };
    }

    private static Dictionary<string, string>? SystemAttributes(ReceivedMessage message, IReadOnlyList<string> asked)
    {
        var all = new Dictionary<string, string?>
        {
            ["SenderId"] = message.Extras.SenderId,
            ["SentTimestamp"] = Text(message.Sent.ToUnixTimeMilliseconds()),
            ["ApproximateReceiveCount"] = Text(message.Receives),
            ["ApproximateFirstReceiveTimestamp"] = Text(message.FirstReceived.ToUnixTimeMilliseconds()),
            ["AWSTraceHeader"] = message.Extras.SystemAttributes?.GetValueOrDefault("AWSTraceHeader")?.StringValue,
            ["MessageGroupId"] = message.Extras.GroupId,
            ["DeadLetterQueueSourceArn"] = message.Source,
        };
        var answered = all.Where(attribute => attribute.Value is not null && (asked.Contains("All") || asked.Contains(attribute.Key)))
            .ToDictionary(attribute => attribute.Key, attribute => attribute.Value!);
        return answered.Count == 0 ? null : answered;
    }

    private static long Size(SendRequest request) =>
        Encoding.UTF8.GetByteCount(request.MessageBody ?? "") + (request.MessageAttributes?.Sum(attribute => attribute.Value?.SizeUnder(attribute.Key) ?? 0) ?? 0);

    private string SenderId(AwsCall call) =>
        (call.AccessKey is null ? null : _credentials.Find(call.AccessKey, call.SessionToken))?.UserId ?? _options.AccountId;

    // A message's checksum, not a safeguard: the protocol wants this one.
    private static string Md5(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text)));

    private static Dictionary<string, MessageAttribute>? NullIfEmpty(Dictionary<string, MessageAttribute>? attributes) =>
        attributes is { Count: > 0 } ? attributes : null;
}
