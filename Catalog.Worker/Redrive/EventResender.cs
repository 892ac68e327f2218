using Amazon.KinesisFirehose;
using Amazon.KinesisFirehose.Model;
using Catalog.Worker.Jobs;

namespace Catalog.Worker.Redrive;

/// <summary>
/// Puts lines to the stream: good ones together in full records, as the beacon does, since Firehose bills every record up to
/// 5 KB; the others each in a record of its own, since one that fails takes with it what is in its record.
/// </summary>
/// <remarks>Single-threaded. What was given to it is delivered when <see cref="FlushAsync"/> has returned.</remarks>
internal sealed class EventResender(IAmazonKinesisFirehose firehose, string stream, TimeProvider time, AwsCalls calls)
{
    // https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html
    private const int RecordBytes = 1_000 * 1024;
    private const int BatchRecords = 500;
    private const int BatchBytes = 4 * 1024 * 1024;

    private const int Tries = 8;

    private readonly List<byte[]> _batch = [];
    private readonly MemoryStream _record = new();
    private int _batchBytes;

    /// <summary>Whether a record can carry a line.</summary>
    public static bool Carries(byte[] line) => line.Length <= RecordBytes;

    public async Task SendAsync(byte[] line, bool alone, CancellationToken cancellationToken)
    {
        if (alone)
        {
            await AddAsync(line, cancellationToken);
            return;
        }

        if (_record.Length + line.Length > RecordBytes)
        {
            await CloseRecordAsync(cancellationToken);
        }

        _record.Write(line);
    }

    /// <summary>Delivers what is left.</summary>
    /// <exception cref="JobException">Firehose did not take all of it, again and again.</exception>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        await CloseRecordAsync(cancellationToken);
        await PutAsync(cancellationToken);
    }

    private async Task CloseRecordAsync(CancellationToken cancellationToken)
    {
        if (_record.Length > 0)
        {
            var record = _record.ToArray();
            _record.SetLength(0);
            await AddAsync(record, cancellationToken);
        }
    }

    private async Task AddAsync(byte[] record, CancellationToken cancellationToken)
    {
        if (_batch.Count == BatchRecords || _batchBytes + record.Length > BatchBytes)
        {
            await PutAsync(cancellationToken);
        }

        _batch.Add(record);
        _batchBytes += record.Length;
    }

    private async Task PutAsync(CancellationToken cancellationToken)
    {
        var waits = new RetryBackoff(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(10));
        for (var tries = 1; _batch.Count > 0; tries++)
        {
            var request = new PutRecordBatchRequest { DeliveryStreamName = stream, Records = [.. _batch.Select(data => new Record { Data = new MemoryStream(data) })] };
            var answer = await calls.Of(firehose.PutRecordBatchAsync(request, cancellationToken));
            if (answer.FailedPutCount is null or 0)
            {
                break;
            }

            // In the order of the request; what has no error is delivered.
            var refused = answer.RequestResponses.Select((entry, i) => (entry, i)).Where(r => !string.IsNullOrEmpty(r.entry.ErrorCode)).ToList();
            if (tries == Tries)
            {
                throw new JobException($"Firehose did not take {refused.Count} of {_batch.Count} records: {refused[0].entry.ErrorCode}: {refused[0].entry.ErrorMessage}");
            }

            List<byte[]> left = [.. refused.Select(r => _batch[r.i])];
            _batch.Clear();
            _batch.AddRange(left);
            await Task.Delay(waits.Failed(), time, cancellationToken);
        }

        _batch.Clear();
        _batchBytes = 0;
    }
}
