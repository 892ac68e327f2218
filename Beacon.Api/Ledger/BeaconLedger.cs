using System.Globalization;
using System.Text;
using Beacon.Api.Delivery;
using Beacon.Api.Endpoints;
using Microsoft.Extensions.Options;
using Pixel.Events;

namespace Beacon.Api.Ledger;

// Makes the ledger events. docs/decisions/0014 says why they are in the stream.
//
// Invariants
//   1. An event holds what was counted since the last one that is kept: _told, _since and _lastKept move in Kept only. So the events
//      of a process add up to its counts, and one that could not be kept (a full disk) leaves its part to the next.
//   2. One event is under way at a time: whoever holds _taken. The event's memory is its holder's until Kept or NotKept.
//   3. Counts are read while requests go on: one that was received and is not judged yet is told of in two events. Over
//      all of them received = accepted + dropped.

/// <summary>What a beacon tells of itself: see <see cref="LedgerEvent"/>.</summary>
internal sealed class BeaconLedger
{
    private readonly BeaconMetrics _metrics;
    private readonly DeliveryState _delivery;
    private readonly TimeProvider _time;
    private readonly LedgerOptions _options;
    private readonly PixelEvent _event;
    private readonly int _eventName;
    private BeaconCounts _told = BeaconCounts.None;
    private DateTimeOffset _since;
    private long _lastKept;
    private bool _hasTold;
    private int _taken;

    public BeaconLedger(BeaconMetrics metrics, EventSchema schema, DeliveryState delivery, IOptions<LedgerOptions> options, TimeProvider time)
    {
        _metrics = metrics;
        _delivery = delivery;
        _time = time;
        _options = options.Value;
        _event = new PixelEvent(schema);
        _eventName = LedgerEvent.PlaceOfName(schema);
        _since = time.GetUtcNow();
        _lastKept = time.GetTimestamp();
    }

    /// <summary>Whether there is one: it needs the column <c>event_name</c>, which a field file may lack.</summary>
    public bool IsOn => _options.Enabled && _eventName >= 0;

    /// <summary>Whether it is on, but for the field file.</summary>
    public bool LacksItsColumn => _options.Enabled && _eventName < 0;

    /// <summary>Whether anything was told yet: then there is an account to close.</summary>
    public bool HasTold => Volatile.Read(ref _hasTold);

    /// <summary>The event's JSON, open as <see cref="Journal.IEventSink"/> takes it, and what it tells.</summary>
    public sealed record Entry(ReadOnlyMemory<byte> OpenEvent, BeaconCounts Counts, DateTimeOffset At);

    /// <summary>The next event, unless there is nothing to tell or another one is under way.</summary>
    /// <param name="evenIfNothing">Whether nothing is told, too: the beacon lives.</param>
    /// <param name="isLast">Whether the beacon stops.</param>
    public Entry? Take(bool evenIfNothing, bool isLast)
    {
        if (!IsOn || Interlocked.Exchange(ref _taken, 1) != 0)
        {
            return null;
        }

        var counts = _metrics.ReadCounts();
        if (!evenIfNothing && counts.Equals(_told))
        {
            Volatile.Write(ref _taken, 0);
            return null;
        }

        var now = _time.GetUtcNow();
        Write(now, counts.Less(_told), isLast);
        return new(_event.WriteOpen(), counts, now);
    }

    /// <summary>As <see cref="Take"/>, when it is time again: for who has no timer, and asks with every event.</summary>
    public Entry? TakeIfDue() => _time.GetElapsedTime(Volatile.Read(ref _lastKept)) >= _options.Every ? Take(evenIfNothing: false, isLast: false) : null;

    /// <summary>The entry's event is kept.</summary>
    public void Kept(Entry entry)
    {
        (_told, _since, _hasTold) = (entry.Counts, entry.At, true);
        Volatile.Write(ref _lastKept, _time.GetTimestamp());
        Volatile.Write(ref _taken, 0);
    }

    /// <summary>The entry's event is not kept; what it told is told again.</summary>
    public void NotKept() => Volatile.Write(ref _taken, 0);

    private void Write(DateTimeOffset now, BeaconCounts counts, bool isLast)
    {
        _event.Begin(now);
        _event.Set(_eventName, LedgerEvent.Name);
        Add(LedgerEvent.Since, Text(_since));
        Add(LedgerEvent.Received, counts.Received);
        Add(LedgerEvent.Accepted, counts.Accepted);
        Add(LedgerEvent.Dropped, counts.Dropped.Sum());
        foreach (var reason in Enum.GetValues<DropReason>().Where(reason => counts.Dropped[(int)reason] > 0))
        {
            Add(LedgerEvent.DroppedPrefix + reason.ToName(), counts.Dropped[(int)reason]);
        }

        var delivery = _delivery.Current;
        Add(LedgerEvent.Undelivered, delivery.Undelivered);
        if (delivery.Undelivered > 0)
        {
            Add(LedgerEvent.OldestUndelivered, Text(now - delivery.OldestAge));
        }

        if (isLast)
        {
            Add(LedgerEvent.Last, "true");
        }
    }

    private void Add(string key, long value) => Add(key, value.ToString(CultureInfo.InvariantCulture));

    private void Add(string key, string value) => _event.Parameters.Add(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(value));

    private static string Text(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
