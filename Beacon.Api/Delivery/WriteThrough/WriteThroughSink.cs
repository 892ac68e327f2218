using Beacon.Api.Journal;
using Beacon.Api.Ledger;
using Microsoft.Extensions.Options;

namespace Beacon.Api.Delivery.WriteThrough;

// Keeps nothing itself: an event is in Firehose or in the overflow queue before its request is answered, or the answer
// is 503.
//
// The order: Firehose, again and again for up to RequestTimeout, then the queue. After an event for which all of that
// time was in vain the gate is shut, and the next ones ask the queue first (where there is one) until a probe succeeds:
// else every request of an outage would wait the whole time, and a Lambda function would be paid for waiting.
//
// Duplicates are allowed, loss is not: a put without an answer is tried again, and so may arrive twice.
// The cancellation token is not looked at. The waits are bounded by the options, and a stopping host waits for requests.

/// <summary>Answers a request after Firehose, or the overflow queue, has its event.</summary>
internal sealed class WriteThroughSink : IEventSink
{
    private const int Tries = 3;

    private readonly EventNumbers _numbers;
    private readonly FirehoseSender _sender;
    private readonly OverflowQueue? _overflow;
    private readonly BeaconLedger? _ledger;
    private readonly PutGate _gate;
    private readonly DeliveryMetrics _metrics;
    private readonly DeliveryOptions _options;
    private readonly TimeProvider _time;
    private readonly Func<double> _random;

    public WriteThroughSink(
        FirehoseSender sender, DeliveryState state, DeliveryMetrics metrics, IOptions<DeliveryOptions> options, TimeProvider time,
        Func<double> random, OverflowQueue? overflow = null, BeaconLedger? ledger = null)
    {
        _numbers = new EventNumbers(Guid.CreateVersion7(time.GetUtcNow()).ToString());
        _sender = sender;
        _overflow = overflow;
        _ledger = ledger;
        _metrics = metrics;
        _options = options.Value;
        _time = time;
        _random = random;
        _gate = new PutGate(NewBackOff(), time);
        metrics.Observe(state);
    }

    /// <summary>Always: there is nothing of its own that could fail, and an outage of Firehose is no reason to take it away.</summary>
    public bool CanAppend => true;

    public async ValueTask<AppendResult> AppendAsync(ReadOnlyMemory<byte> openEvent, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        var entry = _ledger?.TakeIfDue();
        var record = new PackedRecord(_numbers.MostBytes(openEvent.Length) + (entry is null ? 0 : _numbers.MostBytes(entry.OpenEvent.Length)));
        var number = Add(openEvent);
        var ledgerNumber = entry is null ? 0 : Add(entry.OpenEvent);

        var (where, mayHaveArrived) = await KeepAsync(record);
        record.Release();
        _metrics.Kept(_time.GetElapsedTime(started), where);
        if (where != KeptIn.Nowhere)
        {
            if (entry is not null)
            {
                _ledger!.Kept(entry);
            }

            return AppendResult.Kept;
        }

        if (!mayHaveArrived)
        {
            _numbers.GiveBack(number);
        }

        if (entry is not null)
        {
            if (!mayHaveArrived)
            {
                _numbers.GiveBack(ledgerNumber);
            }

            _ledger!.NotKept();
        }

        return AppendResult.NotDelivered;

        long Add(ReadOnlyMemory<byte> open)
        {
            var taken = _numbers.Take();
            record.Added(_numbers.Close(open.Span, taken, record.Reserve(_numbers.MostBytes(open.Length))));
            return taken;
        }
    }

    private async ValueTask<(KeptIn Where, bool MayHaveArrived)> KeepAsync(PackedRecord record)
    {
        var pass = _gate.Enter();
        var queueFirst = pass == Pass.None && _overflow is not null;
        var mayHaveArrived = false;
        if (queueFirst && await TrySendAsync())
        {
            return (KeptIn.Queue, false);
        }

        if (await TryPutAsync())
        {
            return (KeptIn.Firehose, false);
        }

        if (!queueFirst && await TrySendAsync())
        {
            return (KeptIn.Queue, false);
        }

        return (KeptIn.Nowhere, mayHaveArrived);

        async ValueTask<bool> TryPutAsync()
        {
            var failure = await PutAsync(record);
            _gate.Ended(pass, failure);
            mayHaveArrived |= failure is { MayHaveArrived: true };
            return failure is null;
        }

        async ValueTask<bool> TrySendAsync()
        {
            if (_overflow is null)
            {
                return false;
            }

            var failure = await _overflow.SendAsync(record.Memory);
            mayHaveArrived |= failure is { MayHaveArrived: true };
            if (failure is null)
            {
                _metrics.Overflowed();
            }

            return failure is null;
        }
    }

    /// <summary>Puts the record until it is taken or the time is over; one try never takes all of it.</summary>
    private async ValueTask<PutFailure?> PutAsync(PackedRecord record)
    {
        if (record.Length > PackingLimits.Firehose.RecordBytes)
        {
            return new PutFailure("TooLarge", $"a record carries {PackingLimits.Firehose.RecordBytes} bytes", Throttled: false, MayHaveArrived: false);
        }

        var started = _time.GetTimestamp();
        var backOff = NewBackOff();
        var mayHaveArrived = false;
        var left = _options.RequestTimeout;
        while (true)
        {
            var most = _options.RequestTimeout / Tries;
            var (_, failure) = await _sender.PutAsync([record], left < most ? left : most, CancellationToken.None);
            if (failure is null)
            {
                return null;
            }

            mayHaveArrived |= failure.MayHaveArrived;
            var wait = backOff.Failed(failure.Throttled);
            if (Left() > wait)
            {
                await Task.Delay(wait, _time, CancellationToken.None);
                left = Left(); // less than was meant: waits take longer than they are told
            }
            else
            {
                left = TimeSpan.Zero;
            }

            if (left <= TimeSpan.Zero)
            {
                return failure with { MayHaveArrived = mayHaveArrived };
            }

            _metrics.Retry(1, failure.Throttled);
        }

        TimeSpan Left() => _options.RequestTimeout - _time.GetElapsedTime(started);
    }

    private BackOff NewBackOff() => new(_options.RetryBase, _options.RetryCap, _random);
}
