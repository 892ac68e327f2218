using LocalCloud.Firehose.Buffers;
using LocalCloud.S3;

namespace LocalCloud.Firehose.Delivery;

/// <summary>An object that a delivery wrote.</summary>
public sealed record DeliveredObject(string Stream, string Bucket, string Key, long Size);

/// <summary>A delivery that did not succeed; it will be tried again.</summary>
public sealed record FailedDelivery(string Stream, string Key, string Error);

/// <summary>What a flush did.</summary>
/// <param name="Objects">The objects it wrote.</param>
/// <param name="Failed">What it could not deliver.</param>
public sealed record FlushResult(IReadOnlyList<DeliveredObject> Objects, IReadOnlyList<FailedDelivery> Failed);

/// <summary>
/// Delivers the buffers of one stream: seals the open one when it is full or old enough, writes each sealed one as one object
/// (and one of errors), and tries again what fails, each buffer by itself, at growing distances for 24 hours.
/// </summary>
/// <remarks>
/// One loop a stream decides when; a flush may do the same work at any moment, and <see cref="_delivering"/> keeps the two
/// apart. Stopping leaves buffers where they are: they are safe there, the next start delivers what is due, and so the
/// way back from a crash is walked at every restart rather than only after crashes.
/// </remarks>
internal sealed partial class StreamDelivery : IAsyncDisposable
{
    /// <summary>
    /// How long Firehose keeps what it cannot deliver (Direct PUT). Only while somebody tries: what a machine that was switched
    /// off has kept over a weekend must not be lost to the first failure on Monday.
    /// </summary>
    public static readonly TimeSpan Retention = TimeSpan.FromHours(24);

    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(1);

    private readonly StreamBuffer _buffer;
    private readonly Func<DeliveryStream> _stream;
    private readonly ContentWriter _content;
    private readonly ObjectStore _objects;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly string _work;
    private readonly SemaphoreSlim _delivering = new(1, 1);
    private readonly SemaphoreSlim _news = new(0, 1);
    private readonly CancellationTokenSource _stop = new();
    private Task _loop = Task.CompletedTask;

    /// <param name="buffer">What there is to deliver.</param>
    /// <param name="stream">The stream as it is now.</param>
    /// <param name="work">A folder for temporary files; what is in it goes.</param>
    /// <param name="content">Makes the objects' content.</param>
    /// <param name="objects">Takes them.</param>
    /// <param name="time">The clock of intervals and retries.</param>
    /// <param name="logger">Hears of failures.</param>
    public StreamDelivery(
        StreamBuffer buffer, Func<DeliveryStream> stream, string work, ContentWriter content, ObjectStore objects, TimeProvider time, ILogger logger)
    {
        _buffer = buffer;
        _stream = stream;
        _content = content;
        _objects = objects;
        _time = time;
        _logger = logger;
        _work = work;
        if (Directory.Exists(work))
        {
            Directory.Delete(work, recursive: true);
        }
    }

    /// <summary>Begins to deliver.</summary>
    public void Start() => _loop = Task.Run(() => RunAsync(_stop.Token));

    /// <summary>Says that there may be something to do: a first record, a full buffer, other settings.</summary>
    public void Notify()
    {
        try
        {
            _news.Release();
        }
        catch (SemaphoreFullException)
        {
            // It has been told already and has not looked yet.
        }
    }

    /// <summary>Delivers everything there is, whatever its age, trying once.</summary>
    public async Task<FlushResult> FlushAsync(CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _stop.Token);
        await _delivering.WaitAsync(either.Token);
        try
        {
            _buffer.Seal(_stream());
            return await DeliverAsync(_ => true, either.Token);
        }
        finally
        {
            _delivering.Release();
            Notify();
        }
    }

    /// <summary>Ends the loop and any flush. A delivery under way is broken off; its buffer stays, and so do its keys.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        await _delivering.WaitAsync();   // and never released: nothing begins any more
    }

    private async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await WorkAsync(stop);
                await WaitAsync(stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                // The disk, most likely: nothing is lost by waiting. A loop that went away would leave records lying until a restart.
                LogBroken(_logger, _stream().Name, error);
                await Task.Delay(LongestRetry, _time, stop).ContinueWith(_ => { }, TaskScheduler.Default);
            }
        }
    }

    private async Task WorkAsync(CancellationToken stop)
    {
        await _delivering.WaitAsync(stop);
        try
        {
            var now = _time.GetUtcNow();
            var stream = _stream();
            if (_buffer.Open is { } open && (open.Size >= stream.S3.BufferSize || now >= open.FirstArrival + stream.S3.BufferInterval))
            {
                _buffer.Seal(stream);
            }

            await DeliverAsync(buffer => now >= buffer.NextAttempt, stop);
        }
        finally
        {
            _delivering.Release();
        }
    }

    // Until the open buffer is old enough or a failed one is to be tried again; news end the wait.
    private async Task WaitAsync(CancellationToken stop)
    {
        var due = _buffer.Sealed.Select(buffer => buffer.NextAttempt);
        if (_buffer.Open is { } open)
        {
            due = due.Append(open.FirstArrival + _stream().S3.BufferInterval);
        }

        using var wait = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var next = due.Select(time => (DateTimeOffset?)time).Min();
        var now = _time.GetUtcNow();
        var timer = next is null ? Task.Delay(Timeout.InfiniteTimeSpan, wait.Token) : Delay(next.Value - now, wait.Token);
        var news = _news.WaitAsync(wait.Token);
        if (_time.GetUtcNow() - now < TimeSpan.FromMilliseconds(500))
        {
            await Task.WhenAny(timer, news);
        }

        // Else the clock was moved (a machine that slept, a test) before the timer was there, which now is late: look again.
        await wait.CancelAsync();
        await Task.WhenAll(timer, news).ContinueWith(_ => { }, TaskScheduler.Default);
    }

    private Task Delay(TimeSpan delay, CancellationToken cancellation) =>
        delay <= TimeSpan.Zero ? Task.CompletedTask : Task.Delay(delay, _time, cancellation);

    private async Task<FlushResult> DeliverAsync(Predicate<SealedBuffer> due, CancellationToken cancellation)
    {
        var objects = new List<DeliveredObject>();
        var failed = new List<FailedDelivery>();
        foreach (var buffer in _buffer.Sealed)
        {
            if (!due(buffer))
            {
                continue;
            }

            try
            {
                objects.AddRange(await DeliverAsync(buffer, cancellation));
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                throw;
            }
            catch (Exception error)
            {
                // Whatever it is that is wrong with this one (no bucket, no table, no space), it waits, and the others go on.
                failed.Add(new FailedDelivery(_stream().Name, buffer.Key, error.Message));
                PutOff(buffer, error);
            }
        }

        return new FlushResult(objects, failed);
    }

    private async Task<List<DeliveredObject>> DeliverAsync(SealedBuffer buffer, CancellationToken cancellation)
    {
        // The bucket is the one that is configured now, so that naming another one mends a stream that cannot deliver.
        var stream = _stream();
        var bucket = stream.S3.Bucket;
        var destination = S3Destination.Read(buffer.Destination);
        var delivered = new List<DeliveredObject>();
        using (var content = _content.Write(_buffer.Read(buffer), buffer, destination, _work))
        {
            foreach (var (path, key, encoding) in new[] { (content.Errors, buffer.ErrorKey, null), (content.Records, buffer.Key, content.ContentEncoding) })
            {
                if (path is not null)
                {
                    using var body = File.OpenRead(path);
                    var attributes = new ObjectAttributes { ContentType = "application/octet-stream", ContentEncoding = encoding };
                    var put = await _objects.PutAsync(bucket, key, body, attributes, cancellation: cancellation);
                    delivered.Add(new DeliveredObject(stream.Name, bucket, key, put.Size));
                }
            }

            if (content.FailedRecords > 0)
            {
                LogUnconverted(_logger, stream.Name, content.FailedRecords, buffer.Usage.Records, buffer.ErrorKey);
            }
        }

        _buffer.Remove(buffer);
        DeliverySpans.Delivered(buffer, stream.Name, _time.GetUtcNow());
        return delivered;
    }

    private void PutOff(SealedBuffer buffer, Exception error)
    {
        var now = _time.GetUtcNow();
        buffer.FirstFailure ??= now;
        if (now - buffer.FirstFailure >= Retention)
        {
            LogExpired(_logger, _stream().Name, buffer.Usage.Records, buffer.Key, error);
            _buffer.Remove(buffer);
            return;
        }

        var wait = FirstRetry * Math.Pow(2, Math.Min(buffer.Failures++, 10));
        buffer.NextAttempt = now + (wait < LongestRetry ? wait : LongestRetry);
        LogFailed(_logger, _stream().Name, buffer.Key, buffer.NextAttempt, error);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Stream {Stream} could not deliver {Key} and tries again at {NextAttempt:O}")]
    private static partial void LogFailed(ILogger logger, string stream, string key, DateTimeOffset nextAttempt, Exception error);

    [LoggerMessage(Level = LogLevel.Error, Message = "Stream {Stream} has given up {Records} records for {Key}, which could not be delivered for 24 hours")]
    private static partial void LogExpired(ILogger logger, string stream, long records, string key, Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Stream {Stream} could not convert {Failed} of {Records} records: see {Key}")]
    private static partial void LogUnconverted(ILogger logger, string stream, int failed, long records, string key);

    [LoggerMessage(Level = LogLevel.Error, Message = "Stream {Stream} cannot go on and tries again in a minute")]
    private static partial void LogBroken(ILogger logger, string stream, Exception error);
}
