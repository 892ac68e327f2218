namespace Beacon.Api.Delivery;

/// <summary>
/// The batches on their way, in the journal's order, and how far the checkpoint may move.
/// </summary>
/// <remarks>
/// Pure. Batches may be acknowledged in any order; the checkpoint is that of the last batch before the first one that
/// is not. How many may be on their way follows the service: a failure lets only one through until a put succeeds, and
/// each success lets one more through. So an outage is probed by what was on its way when it began, never by more.
/// Owned by the delivery's loop; only the last two methods may be called from elsewhere.
/// </remarks>
internal sealed class DeliveryWindow
{
    private readonly Queue<Entry> _entries = new();
    private readonly Lock _gate = new();
    private readonly int _capacity;
    private int _allowed;

    public DeliveryWindow(int capacity) => _capacity = _allowed = capacity;

    public int Count => _entries.Count;

    public bool HasRoom => Count < Volatile.Read(ref _allowed);

    /// <summary>When the oldest event on its way was appended, null while none is.</summary>
    public DateTimeOffset? OldestAt => _entries.TryPeek(out var entry) ? entry.Batch.OldestAt : null;

    public Entry Add(DeliveryBatch batch)
    {
        var entry = new Entry(batch);
        _entries.Enqueue(entry);
        return entry;
    }

    /// <summary>Notes that all records of a batch are acknowledged.</summary>
    /// <returns>The sequence the checkpoint may move to, or null when an earlier batch still holds it back.</returns>
    public long? Acknowledge(Entry acknowledged)
    {
        acknowledged.IsAcknowledged = true;
        long? checkpoint = null;
        while (_entries.TryPeek(out var first) && first.IsAcknowledged)
        {
            checkpoint = _entries.Dequeue().Batch.LastSequence;
        }

        return checkpoint;
    }

    public void PutSucceeded()
    {
        lock (_gate)
        {
            _allowed = Math.Min(_capacity, _allowed + 1);
        }
    }

    public void PutFailed()
    {
        lock (_gate)
        {
            _allowed = 1;
        }
    }

    public sealed class Entry(DeliveryBatch batch)
    {
        public DeliveryBatch Batch { get; } = batch;

        internal bool IsAcknowledged { get; set; }
    }
}
