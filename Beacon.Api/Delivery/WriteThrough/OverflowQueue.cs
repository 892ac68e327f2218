using System.Text;
using Amazon.SQS;
using Amazon.SQS.Model;
using Beacon.Api.Identity;

namespace Beacon.Api.Delivery.WriteThrough;

/// <summary>
/// The SQS queue for events that Firehose did not take. A message's body is the event's line, line feed included: what
/// stands in a Firehose record, so that bodies put one behind the other make one.
/// </summary>
/// <param name="client">Made at the first message; it retries by itself, as the SDK does, within the timeout.</param>
/// <param name="url">The queue's URL.</param>
/// <param name="timeout">When a message that is not answered counts as failed.</param>
/// <param name="time">Measures the timeout.</param>
/// <param name="credentials">What the client signs with, where that is of STS.</param>
internal sealed class OverflowQueue(Func<IAmazonSQS> client, string url, TimeSpan timeout, TimeProvider time, RenewedCredentials? credentials = null)
{
    /// <summary>The most bytes of a message since August 2025: Amazon SQS Developer Guide, "Message quotas".</summary>
    private const int MostBytes = 1 << 20;

    /// <returns>Null when the queue has it.</returns>
    public async ValueTask<PutFailure?> SendAsync(ReadOnlyMemory<byte> line)
    {
        var body = Body(line.Span);
        if (Encoding.UTF8.GetByteCount(body) > MostBytes)
        {
            return new PutFailure("TooLarge", $"a message carries {MostBytes} bytes", Throttled: false, MayHaveArrived: false);
        }

        using var expiry = new CancellationTokenSource(timeout, time);
        try
        {
            if (credentials is not null)
            {
                await credentials.ReadyAsync(expiry.Token);
            }

            await client().SendMessageAsync(new SendMessageRequest { QueueUrl = url, MessageBody = body }, expiry.Token);
            return null;
        }
        catch (Exception exception)
        {
            // Everything, whatever it is: the visitor gets 503 for it.
            return expiry.IsCancellationRequested ? PutFailure.NoAnswer(timeout) : PutFailure.Of(exception);
        }
    }

    /// <summary>
    /// SQS takes the characters of XML 1.0 alone ("SendMessage"). In a line of JSON, where control characters are escaped
    /// anyway, only two others can stand, inside of texts, and those may be escaped as well.
    /// </summary>
    private static string Body(ReadOnlySpan<byte> line) => Encoding.UTF8.GetString(line)
        .Replace("\uFFFE", "\\uFFFE", StringComparison.Ordinal)
        .Replace("\uFFFF", "\\uFFFF", StringComparison.Ordinal);
}
