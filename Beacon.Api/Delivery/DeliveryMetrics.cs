using System.Diagnostics.Metrics;

namespace Beacon.Api.Delivery;

/// <summary>What delivery tells about itself.</summary>
internal sealed class DeliveryMetrics
{
    public const string MeterName = "Pixel.Delivery";

    private readonly Meter _meter;
    private readonly Counter<long> _events;
    private readonly Counter<long> _bytes;
    private readonly Counter<long> _billedBytes;
    private readonly Counter<long> _records;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _deadLetters;
    private readonly Histogram<double> _putDuration;

    public DeliveryMetrics(IMeterFactory meterFactory)
    {
        _meter = meterFactory.Create(MeterName);
        _events = _meter.CreateCounter<long>("pixel.delivery.events", "{event}", "Events that Firehose acknowledged.");
        _bytes = _meter.CreateCounter<long>("pixel.delivery.bytes", "By", "Bytes of the records that Firehose acknowledged.");
        _billedBytes = _meter.CreateCounter<long>(
            "pixel.delivery.billed_bytes", "By", "The same as Firehose bills them: each record rounded up to 5 KB.");
        _records = _meter.CreateCounter<long>("pixel.delivery.records", "{record}", "Records that Firehose acknowledged.");
        _retries = _meter.CreateCounter<long>("pixel.delivery.retries", "{record}", "Records to be sent again, by throttled or not.");
        _deadLetters = _meter.CreateCounter<long>("pixel.delivery.dead_letters", "{event}", "Events no record can carry.");
        _putDuration = _meter.CreateHistogram<double>("pixel.delivery.put.duration", "s", "Time of one put, by outcome.");
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

    public void Put(TimeSpan duration, bool failed) =>
        _putDuration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("outcome", failed ? "failed" : "taken"));

    /// <summary>Lets the backlog be collected. Called once.</summary>
    public void Observe(DeliveryState state)
    {
        _meter.CreateObservableGauge(
            "pixel.delivery.oldest_undelivered.age", () => state.Current.OldestAge.TotalSeconds, "s",
            "Age of the oldest event that is kept and not yet delivered; 0 without any.");
        _meter.CreateObservableGauge(
            "pixel.delivery.degraded", () => state.Current.IsDegraded ? 1 : 0, "{delivery}", "1 while events wait longer than they should.");
    }
}
