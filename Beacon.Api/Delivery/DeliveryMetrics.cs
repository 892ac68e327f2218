using System.Diagnostics.Metrics;

namespace Beacon.Api.Delivery;

/// <summary>What delivery tells about itself.</summary>
internal sealed class DeliveryMetrics
{
    public const string MeterName = "Pixel.Delivery";

    /// <summary>Seconds, from a batch packed in memory to a backlog of days.</summary>
    private static readonly InstrumentAdvice<double> Durations = new()
    {
        HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600, 86400],
    };

    private readonly Meter _meter;
    private bool _isObserved;
    private readonly Counter<long> _events;
    private readonly Counter<long> _bytes;
    private readonly Counter<long> _billedBytes;
    private readonly Counter<long> _records;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _deadLetters;
    private readonly Counter<long> _overflowed;
    private readonly Histogram<double> _packDuration;
    private readonly Histogram<double> _putDuration;
    private readonly Histogram<double> _deliveryDuration;
    private readonly Histogram<double> _keepDuration;

    public DeliveryMetrics(IMeterFactory meterFactory)
    {
        _meter = meterFactory.Create(MeterName);
        _events = _meter.CreateCounter<long>("pixel.delivery.events", "{event}", "Events that Firehose acknowledged.");
        _bytes = _meter.CreateCounter<long>("pixel.delivery.bytes", "By", "Bytes of the records that Firehose acknowledged.");
        _billedBytes = _meter.CreateCounter<long>(
            "pixel.delivery.billed_bytes", "By", "The same as Firehose bills them: each record rounded up to 5 KB. What is above pixel.delivery.bytes is wasted.");
        _records = _meter.CreateCounter<long>("pixel.delivery.records", "{record}", "Records that Firehose acknowledged.");
        _retries = _meter.CreateCounter<long>("pixel.delivery.retries", "{record}", "Records to be sent again, by throttled or not.");
        _deadLetters = _meter.CreateCounter<long>("pixel.delivery.dead_letters", "{event}", "Events no record can carry.");
        _overflowed = _meter.CreateCounter<long>("pixel.delivery.overflowed", "{event}", "Events that Firehose did not take and the overflow queue did.");
        _packDuration = _meter.CreateHistogram("pixel.delivery.pack.duration", "s", "Time of reading a batch from the journal and packing it.", advice: Durations);
        _putDuration = _meter.CreateHistogram("pixel.delivery.put.duration", "s", "Time of one put, by outcome.", advice: Durations);
        _deliveryDuration = _meter.CreateHistogram(
            "pixel.delivery.duration", "s", "Age of the oldest event of a batch from the journal when Firehose had acknowledged the batch.", advice: Durations);
        _keepDuration = _meter.CreateHistogram(
            "pixel.delivery.keep.duration", "s", "How long a request, or the first of a group, waited for its event to be kept, by where it is: firehose, journal, queue, nowhere.",
            advice: Durations);
    }

    public void Delivered(PackedRecord record)
    {
        _events.Add(record.Events);
        _bytes.Add(record.Length);
        _billedBytes.Add(PackingLimits.Billed(record.Length));
        _records.Add(1);
    }

    public void Retry(int records, bool throttled) =>
        _retries.Add(records, new KeyValuePair<string, object?>("throttled", throttled));

    public void DeadLetter() => _deadLetters.Add(1);

    public void Overflowed() => _overflowed.Add(1);

    public void Packed(TimeSpan duration) => _packDuration.Record(duration.TotalSeconds);

    public void Acknowledged(TimeSpan ageOfOldest) => _deliveryDuration.Record(Math.Max(0, ageOfOldest.TotalSeconds));

    public void Kept(TimeSpan duration, KeptIn where) => _keepDuration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("kept_in", where switch
    {
        KeptIn.Firehose => "firehose",
        KeptIn.Journal => "journal",
        KeptIn.Queue => "queue",
        _ => "nowhere",
    }));

    public void Put(TimeSpan duration, bool failed) =>
        _putDuration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("outcome", failed ? "failed" : "taken"));

    /// <summary>Lets the backlog be collected. Called once.</summary>
    public void Observe(DeliveryState state)
    {
        if (Interlocked.Exchange(ref _isObserved, true))
        {
            return; // the first is the beacon's own; what others left is not its backlog
        }

        _meter.CreateObservableGauge(
            "pixel.delivery.oldest_undelivered.age", () => state.Current.OldestAge.TotalSeconds, "s",
            "Age of the oldest event that is kept and not yet delivered; 0 without any.");
        _meter.CreateObservableGauge(
            "pixel.delivery.degraded", () => state.Current.IsDegraded ? 1 : 0, "{delivery}", "1 while events wait longer than they should.");
    }
}

/// <summary>Where an event was when its request was answered.</summary>
internal enum KeptIn
{
    /// <summary>Nowhere, as far as anybody knows: 503.</summary>
    Nowhere,
    Firehose,
    Journal,
    Queue,
}
