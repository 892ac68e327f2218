using System.Buffers.Text;
using System.Text;

namespace Beacon.Api.Delivery;

// Numbers the events of a process where no journal does it at its append.
//
// Invariants
//   1. A number is with one event at a time: taken, and given back only when its event is certainly kept nowhere.
//   2. Numbers given back go out again before new ones, the lowest first. So among the events of a process a number is
//      missing only
//        - while its event is still on its way,
//        - until the next event, after one that is certainly not kept: at the end of a process, perhaps for ever,
//        - when its event was answered with 503 and its outcome stayed unknown (no answer, a cut connection): that one
//          may have arrived all the same, and two events of one number would be worse than none.
//      None of these was answered with 200.

/// <summary>Gives each event its <c>beacon_id</c> and <c>beacon_seq</c>, from 1 upwards.</summary>
internal sealed class EventNumbers(string beaconId)
{
    private const int MostDigits = 20;

    private readonly byte[] _columns = Encoding.UTF8.GetBytes($",\"beacon_id\":\"{beaconId}\",\"beacon_seq\":");
    private readonly Lock _gate = new();
    private readonly PriorityQueue<long, long> _returned = new();
    private long _last;

    /// <summary>The next event's number.</summary>
    public long Take()
    {
        lock (_gate)
        {
            return _returned.TryDequeue(out var number, out _) ? number : ++_last;
        }
    }

    /// <summary>Gives the number of an event back that is certainly kept nowhere.</summary>
    public void GiveBack(long number)
    {
        lock (_gate)
        {
            _returned.Enqueue(number, number);
        }
    }

    /// <summary>The most bytes that <see cref="Close"/> makes of an event.</summary>
    public int MostBytes(int openEvent) => openEvent + _columns.Length + MostDigits + 2;

    /// <summary>Writes an open event (see <see cref="Journal.IEventSink"/>) with its columns, closed and as a line.</summary>
    /// <returns>The line's length.</returns>
    public int Close(ReadOnlySpan<byte> openEvent, long number, Span<byte> line)
    {
        openEvent.CopyTo(line);
        var length = openEvent.Length;
        _columns.CopyTo(line[length..]);
        length += _columns.Length;
        Utf8Formatter.TryFormat(number, line[length..], out var digits);
        length += digits;
        line[length++] = (byte)'}';
        line[length++] = (byte)'\n';
        return length;
    }
}
