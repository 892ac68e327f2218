using System.Net;
using Amazon.KinesisFirehose;
using Amazon.KinesisFirehose.Model;
using Amazon.Runtime;

namespace Beacon.Api.Delivery;

/// <summary>What became of one put.</summary>
/// <param name="Refused">The records that were not taken, in their order. Empty when all were.</param>
/// <param name="Failure">Why, null when all were taken.</param>
internal readonly record struct PutOutcome(IReadOnlyList<PackedRecord> Refused, PutFailure? Failure);

/// <param name="Code">Firehose's error code, or the kind of failure where there was no answer. Few different ones.</param>
/// <param name="Message">For people.</param>
/// <param name="Throttled">Whether the service asks to be asked less.</param>
internal sealed record PutFailure(string Code, string Message, bool Throttled);

/// <summary>Puts records into the stream, once; sending again is the caller's affair.</summary>
/// <param name="client">
/// Made at the first put and, where that fails (no credentials, no region), tried anew at the next: the beacon keeps
/// events long before anyone can deliver them. Its own retries are off or few: the waits are ours.
/// </param>
/// <param name="stream">The stream's name.</param>
/// <param name="timeout">When a put that is not answered counts as failed.</param>
/// <param name="time">Measures the timeout.</param>
internal sealed class FirehoseSender(Func<IAmazonKinesisFirehose> client, string stream, TimeSpan timeout, TimeProvider time)
{
    /// <exception cref="OperationCanceledException">The token was cancelled; the records may or may not have been taken.</exception>
    public async Task<PutOutcome> PutAsync(IReadOnlyList<PackedRecord> records, CancellationToken cancellationToken)
    {
        using var expiry = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(expiry.Token, cancellationToken);
        try
        {
            var request = new PutRecordBatchRequest
            {
                DeliveryStreamName = stream,
                Records = [.. records.Select(record => new Record { Data = record.Open() })],
            };
            return Read(await client().PutRecordBatchAsync(request, either.Token), records);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (Exception exception)
        {
            // Everything, whatever it is: the events stay in the journal, and the next try may fare better.
            return new PutOutcome(records, expiry.IsCancellationRequested
                ? new PutFailure("Timeout", $"no answer within {timeout}", Throttled: false)
                : Explain(exception));
        }
    }

    /// <summary>
    /// A 200 says nothing by itself, and neither does <c>FailedPutCount</c>: the entries do. An answer that does not
    /// account for every record counts for none, which can only cost duplicates.
    /// </summary>
    private static PutOutcome Read(PutRecordBatchResponse response, IReadOnlyList<PackedRecord> records)
    {
        var entries = response.RequestResponses ?? [];
        if (entries.Count != records.Count || entries.Any(entry => string.IsNullOrEmpty(entry.RecordId) && string.IsNullOrEmpty(entry.ErrorCode)))
        {
            return new PutOutcome(records, new PutFailure("UnexpectedAnswer", "the answer does not account for every record", Throttled: false));
        }

        var refused = records.Where((_, i) => !string.IsNullOrEmpty(entries[i].ErrorCode)).ToList();
        if (refused.Count == 0)
        {
            return new PutOutcome([], null);
        }

        var first = entries.First(entry => !string.IsNullOrEmpty(entry.ErrorCode));
        return new PutOutcome(refused, new PutFailure(first.ErrorCode, first.ErrorMessage ?? "", IsThrottling(first.ErrorCode)));
    }

    private static PutFailure Explain(Exception exception) => exception is AmazonServiceException service
        ? new PutFailure(
            string.IsNullOrEmpty(service.ErrorCode) ? $"HTTP {(int)service.StatusCode}" : service.ErrorCode,
            service.Message,
            service is ServiceUnavailableException
                || service.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests
                || IsThrottling(service.ErrorCode))
        : new PutFailure(exception.GetType().Name, exception.Message, Throttled: false);

    private static bool IsThrottling(string? code) =>
        code is "ServiceUnavailableException" or "ServiceUnavailable" or "LimitExceededException"
        || (code is not null && code.Contains("Throttl", StringComparison.OrdinalIgnoreCase));
}
