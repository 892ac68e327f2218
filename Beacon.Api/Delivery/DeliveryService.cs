using Beacon.Api.Delivery.Quiet;
using Beacon.Api.Journal;
using Microsoft.Extensions.Options;

namespace Beacon.Api.Delivery;

// Reads the journal in order, packs, sends, and moves the checkpoint.
//
// One loop owns the reader, the packer and the window; nothing else touches them. A send runs beside it and touches
// only its own batch; what it has to say comes back as the result of its task, or through DeliveryState. Whatever takes
// long in either is done on one quiet thread.
//
// Each turn: read what fits, send if the batch is full or due and the window has room, else wait until something that
// could change that happens: a send ended, enough bytes came, the batch fell due, the host stops.
//
// Stopping: the loop first sends what is in the journal, then waits for what is on its way, both until DrainTimeout.
// What is left has not moved the checkpoint, so the next start finds it. A put that was cut off may have been taken:
// those events arrive twice, under the same event_id.

/// <summary>Passes the journal's events on to Firehose for as long as the host runs. Never gives one up.</summary>
internal sealed partial class DeliveryService : BackgroundService
{
    /// <summary>Bytes that are read and packed before others may run: some 40 µs.</summary>
    private const int ReadAtOnce = 64 << 10;

    private readonly EventJournal _journal;
    private readonly FirehoseSender _sender;
    private readonly DeliveryState _state;
    private readonly DeliveryMetrics _metrics;
    private readonly DeliveryOptions _options;
    private readonly TimeProvider _time;
    private readonly Func<double> _random;
    private readonly ILogger<DeliveryService> _logger;
    private readonly QuietThread _thread;
    private readonly CancellationTokenSource _abandon = new();
    private readonly TaskCompletionSource _running = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // The loop's.
    private readonly JournalReader _reader;
    private readonly RecordPacker _packer;
    private readonly DeliveryWindow _window;
    private readonly Dictionary<Task, DeliveryWindow.Entry> _sends = [];
    private readonly DeadLetters _deadLetters;
    private readonly BackOff _readBackOff;
    private JournalRecord? _pending; // read, and waiting for the next batch
    private bool _batchIsFull;
    private long _batchBegun; // the clock's timestamp
    private TimeSpan _packing; // spent on the batch so far
    private TimeSpan? _readAgainIn;

    public DeliveryService(
        EventJournal journal, FirehoseSender sender, DeliveryState state, DeliveryMetrics metrics, JournalMetrics journalMetrics, QuietThread thread,
        IOptions<DeliveryOptions> options, TimeProvider time, Func<double> random, ILoggerFactory loggers)
    {
        _journal = journal;
        _sender = sender;
        _state = state;
        _metrics = metrics;
        _thread = thread;
        _options = options.Value;
        _time = time;
        _random = random;
        _logger = loggers.CreateLogger<DeliveryService>();
        _reader = journal.OpenReader(journalMetrics, loggers.CreateLogger<JournalReader>());
        _packer = new RecordPacker(PackingLimits.Firehose with { BatchBytes = _options.BatchSize });
        _window = new DeliveryWindow(_options.MaxInFlight);
        _deadLetters = new DeadLetters(journal.Folder);
        _readBackOff = NewBackOff();
        metrics.Observe(state);
    }

    /// <summary>Completes when the loop runs: one that is stopped before its first turn would never run, and never drain.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await base.StartAsync(cancellationToken);
        await _running.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Drains for up to <see cref="DeliveryOptions.DrainTimeout"/>, or less when the host is in a hurry.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await using var hurry = cancellationToken.UnsafeRegister(static abandon => ((CancellationTokenSource)abandon!).Cancel(), _abandon);
        await base.StopAsync(CancellationToken.None);
    }

    public override void Dispose()
    {
        base.Dispose();

        // A host whose start failed disposes of what still runs: then the loop ends at its next look, and these go with it.
        if (ExecuteTask is { IsCompleted: false })
        {
            _abandon.Cancel();
            return;
        }

        _reader.Dispose();
        _abandon.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _running.SetResult();
        await using var drained = _time.CreateTimer(_ => _abandon.Cancel(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        await using var drain = stoppingToken.UnsafeRegister(_ => drained.Change(_options.DrainTimeout, Timeout.InfiniteTimeSpan), null);

        while (true)
        {
            await HarvestAsync();
            await _thread.Enter();
            var filling = _time.GetTimestamp();
            var caughtUp = Fill();
            _packing += _time.GetElapsedTime(filling);
            _state.OldestIs(_window.OldestAt ?? _packer.OldestAt);
            var draining = stoppingToken.IsCancellationRequested;
            if (_abandon.IsCancellationRequested || (draining && caughtUp && _packer.IsEmpty && _window.Count == 0))
            {
                break;
            }

            var wantsToSend = !_packer.IsEmpty && (_batchIsFull || draining || TimeToDue <= TimeSpan.Zero);
            if (wantsToSend && _window.HasRoom)
            {
                _metrics.Packed(_packing);
                _packing = TimeSpan.Zero;
                await SendAsync(_packer.Take());
                _batchIsFull = false;
            }
            else
            {
                await WaitAsync(wantsToSend, draining, stoppingToken);
            }
        }

        await AbandonAsync();
    }

    private TimeSpan TimeToDue => _options.DeliverEvery - _time.GetElapsedTime(_batchBegun);

    /// <summary>Reads into the batch until it is full or the journal has nothing more.</summary>
    /// <returns>Whether everything published is read.</returns>
    private bool Fill()
    {
        if (_batchIsFull)
        {
            return false;
        }

        _readAgainIn = null;
        try
        {
            var read = 0;
            while (TryNext(out var record))
            {
                read += record.Payload.Length;
                if (read >= ReadAtOnce)
                {
                    LetOthersRun();
                    read = 0;
                }

                if (_packer.IsEmpty)
                {
                    _batchBegun = _time.GetTimestamp();
                }

                switch (_packer.Add(record))
                {
                    case PackResult.BatchIsFull:
                        _pending = record;
                        _batchIsFull = true;
                        return false;

                    case PackResult.TooLarge:
                        PutAside(record);
                        break;
                }
            }

            _readBackOff.Succeeded();
            return true;
        }
        catch (Exception exception) when (DiskError.IsExpected(exception))
        {
            _readAgainIn = _readBackOff.Failed(throttled: false);
            LogCannotRead(exception.Message);
            return false;
        }
    }

    /// <summary>What others take then is not time spent on packing.</summary>
    private void LetOthersRun()
    {
        var before = _time.GetTimestamp();
        _thread.LetOthersRun();
        _packing -= _time.GetElapsedTime(before);
    }

    private bool TryNext(out JournalRecord record)
    {
        if (_pending is { } pending)
        {
            record = pending;
            _pending = null;
            return true;
        }

        return _reader.TryRead(out record);
    }

    private void PutAside(in JournalRecord record)
    {
        try
        {
            _deadLetters.Write(record, $"The event has {record.Payload.Length} bytes; a Firehose record carries {PackingLimits.Firehose.RecordBytes}.");
        }
        catch (Exception exception) when (DiskError.IsExpected(exception))
        {
            _reader.KeepSegment(); // then it is found in the quarantine
            LogCannotPutAside(record.Sequence, exception.Message);
        }

        LogTooLarge(record.Sequence, record.Payload.Length);
        _metrics.DeadLetter();
        _packer.PassOver(record);
    }

    private async ValueTask SendAsync(DeliveryBatch batch)
    {
        var entry = _window.Add(batch);
        if (batch.Records.Count == 0)
        {
            await AcknowledgeAsync(entry);
            return;
        }

        _sends.Add(DeliverAsync(batch, _abandon.Token), entry);
    }

    /// <summary>Puts a batch again and again until every record is taken. Runs beside the loop.</summary>
    private async Task DeliverAsync(DeliveryBatch batch, CancellationToken abandon)
    {
        using var trace = DeliveryTrace.Begin(batch, "journal", "Left in the journal for the next start.", _time);
        var backOff = NewBackOff();
        var left = batch.Records;
        while (true)
        {
            await _thread.Enter();
            _thread.LetOthersRun(); // base64 and signing come next, in one go
            var (refused, failure) = await _sender.PutAsync(left, _options.PutTimeout, abandon);
            if (failure is null)
            {
                _window.PutSucceeded();
                _metrics.Acknowledged(_time.GetUtcNow() - batch.OldestAt);
                trace?.Delivered();
                return;
            }

            left = refused;
            _window.PutFailed();
            _metrics.Retry(left.Count, failure.Throttled);
            trace?.Failed(failure);
            await Task.Delay(backOff.Failed(failure.Throttled), _time, abandon);
        }
    }

    /// <summary>Takes in the sends that have ended.</summary>
    private async ValueTask HarvestAsync()
    {
        foreach (var (send, entry) in _sends.Where(pair => pair.Key.IsCompleted && !pair.Key.IsCanceled).ToList())
        {
            _sends.Remove(send);
            await send; // a defect stops the host
            foreach (var record in entry.Batch.Records)
            {
                record.Release();
            }

            await AcknowledgeAsync(entry);
        }
    }

    private async ValueTask AcknowledgeAsync(DeliveryWindow.Entry entry)
    {
        if (_window.Acknowledge(entry) is { } checkpoint)
        {
            await _journal.MarkDeliveredAsync(checkpoint);
        }
    }

    /// <summary>Waits until a turn of the loop could do something.</summary>
    private async Task WaitAsync(bool wantsToSend, bool draining, CancellationToken stoppingToken)
    {
        // Cancelled at the end, so that no wait outlives its turn.
        using var enough = draining
            ? CancellationTokenSource.CreateLinkedTokenSource(_abandon.Token)
            : CancellationTokenSource.CreateLinkedTokenSource(_abandon.Token, stoppingToken);
        List<Task> causes = [.. _sends.Keys, Task.Delay(Timeout.InfiniteTimeSpan, enough.Token)];
        if (_readAgainIn is { } readAgainIn)
        {
            causes.Add(Task.Delay(readAgainIn, _time, enough.Token));
        }
        else if (!_batchIsFull)
        {
            causes.Add(_reader.WaitAsync(_packer.IsEmpty ? 1 : Math.Max(1, _packer.Room), enough.Token));
        }

        if (!wantsToSend && !_packer.IsEmpty)
        {
            // Timers are cut to whole milliseconds: one more, so that the batch is due when it fires.
            causes.Add(Task.Delay(TimeSpan.FromMilliseconds(1 + Math.Max(0, TimeToDue.TotalMilliseconds)), _time, enough.Token));
        }

        await Task.WhenAny(causes);
        await enough.CancelAsync();
    }

    /// <summary>Waits for the cut-off sends, so that none outlives the service.</summary>
    private async Task AbandonAsync()
    {
        await _abandon.CancelAsync();
        await Task.WhenAll(_sends.Keys).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        await HarvestAsync();
        if (_journal.Status.Undelivered is > 0 and var left)
        {
            LogLeft(left);
        }
    }

    private BackOff NewBackOff() => new(_options.RetryBase, _options.RetryCap, _random);

    [LoggerMessage(LogLevel.Error, "The journal cannot be read and is tried again: {Reason}")]
    private partial void LogCannotRead(string reason);

    [LoggerMessage(LogLevel.Error, "Event {Sequence} has {Length} bytes, more than a Firehose record carries: put aside in the dead-letter folder.")]
    private partial void LogTooLarge(long sequence, int length);

    [LoggerMessage(LogLevel.Error, "Event {Sequence} cannot be written to the dead-letter folder, so its segment is kept whole: {Reason}")]
    private partial void LogCannotPutAside(long sequence, string reason);

    [LoggerMessage(LogLevel.Warning, "{Undelivered} events stay in the journal for the next start.")]
    private partial void LogLeft(long undelivered);
}
