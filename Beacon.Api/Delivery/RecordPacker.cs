using Beacon.Api.Journal;

namespace Beacon.Api.Delivery;

internal enum PackResult
{
    Added,

    /// <summary>It fits into the next batch only: take this one and add it again.</summary>
    BatchIsFull,

    /// <summary>No record can carry it.</summary>
    TooLarge,
}

/// <summary>
/// Fills records with whole events, and a batch with records, as full as Firehose takes them.
/// </summary>
/// <remarks>
/// Pure but for its buffers. Invariants: every record and the batch keep to the limits; events stand in the order they
/// were added and none is split; <c>_lastSequence</c> is that of the last event added or passed over.
/// </remarks>
internal sealed class RecordPacker(PackingLimits limits)
{
    private const int Smallest = 64 << 10;

    private List<PackedRecord> _records = [];
    private List<TracedEvent>? _traced;
    private int _expected = Smallest; // of the next batch's bytes: what the last one had
    private int _bytes;
    private long _lastSequence;

    /// <summary>True while there is nothing to take, not even an event that was passed over.</summary>
    public bool IsEmpty => OldestAt is null;

    /// <summary>How many bytes the batch still takes.</summary>
    public int Room => limits.BatchBytes - _bytes;

    /// <summary>When the first event of the batch was appended to the journal, null while it is empty.</summary>
    public DateTimeOffset? OldestAt { get; private set; }

    public PackResult Add(in JournalRecord record)
    {
        var payload = record.Payload.Span;
        if (payload.Length > limits.RecordBytes || payload.Length > limits.BatchBytes)
        {
            return PackResult.TooLarge;
        }

        if (payload.Length > Room)
        {
            return PackResult.BatchIsFull;
        }

        if (_records.Count == 0 || _records[^1].Length + payload.Length > limits.RecordBytes)
        {
            if (_records.Count == limits.BatchRecords)
            {
                return PackResult.BatchIsFull;
            }

            // Growing to a full record would copy it four times, and leave the smaller memory in the pool.
            _records.Add(new PackedRecord(Math.Min(Math.Max(_expected - _bytes, Smallest), Math.Min(limits.RecordBytes, Room))));
        }

        _records[^1].Add(payload);
        _bytes += payload.Length;
        if (TracedEvent.TryRead(payload, record.AppendedAt, out var traced) && _traced is not { Count: TracedEvent.MostOfABatch })
        {
            (_traced ??= []).Add(traced);
        }

        PassOver(record);
        return PackResult.Added;
    }

    /// <summary>Lets the batch's checkpoint cover an event that is kept elsewhere.</summary>
    public void PassOver(in JournalRecord record)
    {
        _lastSequence = record.Sequence;
        OldestAt ??= record.AppendedAt;
    }

    /// <summary>Hands the batch over and begins the next.</summary>
    public DeliveryBatch Take()
    {
        var batch = new DeliveryBatch(
            _records, _lastSequence, OldestAt ?? throw new InvalidOperationException("There is nothing to take."), (IReadOnlyList<TracedEvent>?)_traced ?? []);
        _records = [];
        _traced = null;
        _expected = _bytes;
        _bytes = 0;
        OldestAt = null;
        return batch;
    }
}
