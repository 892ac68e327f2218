using Amazon.KinesisFirehose;
using Amazon.KinesisFirehose.Model;
using Beacon.Api.Identity;

namespace Beacon.Api.Delivery;

/// <summary>What became of one put.</summary>
/// <param name="Refused">The records that were not taken, in their order. Empty when all were.</param>
/// <param name="Failure">Why, null when all were taken.</param>
internal readonly record struct PutOutcome(IReadOnlyList<PackedRecord> Refused, PutFailure? Failure);

/// <summary>
/// Puts records into the stream, once, and counts what was taken; sending again is the caller's affair. In every mode all
/// puts go through here.
/// </summary>
/// <param name="client">
/// Made at the first put and, where that fails (no credentials, no region), tried anew at the next: the beacon keeps
/// events long before anyone can deliver them. Its own retries are off or few: the waits are ours.
/// </param>
/// <param name="stream">The stream's name.</param>
/// <param name="state">Is told how each put ended.</param>
/// <param name="metrics">Counts it.</param>
/// <param name="time">Measures the timeout.</param>
/// <param name="credentials">What the client signs with, where that is of STS: a put waits here until there are keys.</param>
internal sealed class FirehoseSender(
    Func<IAmazonKinesisFirehose> client, string stream, DeliveryState state, DeliveryMetrics metrics, TimeProvider time, RenewedCredentials? credentials = null)
{
    /// <param name="records">At most what one <c>PutRecordBatch</c> carries.</param>
    /// <param name="timeout">When a put that is not answered counts as failed.</param>
    /// <param name="cancellationToken">Gives it up at once.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled; the records may or may not have been taken.</exception>
    public async Task<PutOutcome> PutAsync(IReadOnlyList<PackedRecord> records, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var outcome = await TryPutAsync(records, timeout, cancellationToken);
        metrics.Put(time.GetElapsedTime(started), failed: outcome.Failure is not null);
        foreach (var taken in outcome.Refused.Count == 0 ? records : records.Except(outcome.Refused))
        {
            metrics.Delivered(taken);
        }

        if (outcome.Failure is { } failure)
        {
            state.PutFailed(failure);
            if (failure.IsExpiredToken)
            {
                credentials?.Distrust();
            }
        }
        else
        {
            state.PutSucceeded();
        }

        return outcome;
    }

    private async Task<PutOutcome> TryPutAsync(IReadOnlyList<PackedRecord> records, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var expiry = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(expiry.Token, cancellationToken);
        try
        {
            if (credentials is not null)
            {
                await credentials.ReadyAsync(either.Token);
            }

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
            // Everything, whatever it is: the caller still has the events, and the next try may fare better.
            return new PutOutcome(records, expiry.IsCancellationRequested ? PutFailure.NoAnswer(timeout) : PutFailure.Of(exception));
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
            return new PutOutcome(
                records, new PutFailure("UnexpectedAnswer", "the answer does not account for every record", Throttled: false, MayHaveArrived: true));
        }

        var refused = records.Where((_, i) => !string.IsNullOrEmpty(entries[i].ErrorCode)).ToList();
        if (refused.Count == 0)
        {
            return new PutOutcome([], null);
        }

        var first = entries.First(entry => !string.IsNullOrEmpty(entry.ErrorCode));
        return new PutOutcome(
            refused, new PutFailure(first.ErrorCode, first.ErrorMessage ?? "", PutFailure.IsThrottling(first.ErrorCode), MayHaveArrived: false));
    }
}
