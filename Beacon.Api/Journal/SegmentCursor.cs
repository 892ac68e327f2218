using System.Diagnostics;

namespace Beacon.Api.Journal;

/// <summary>A place in a segment that one writer, and nobody else, may fill.</summary>
/// <param name="Offset">Where the record starts in the file.</param>
/// <param name="PayloadLength">The length of its payload.</param>
/// <param name="Index">How many records the segment had before it.</param>
internal readonly record struct RecordPlace(int Offset, int PayloadLength, int Index)
{
    public int Size => SegmentFormat.RecordSize(PayloadLength);
}

/// <summary>
/// Hands out the places of one segment to many writers at once, without a lock, and knows when all of them are filled.
/// </summary>
/// <remarks>
/// <c>_state</c> holds, in one word, the offset where the next record starts (32 bits), how many records were handed out
/// (31 bits) and whether the segment is sealed (the sign). It changes by compare-and-swap, so place, index and with them
/// sequence and beacon_seq are given in one step: none is used twice, and a refused reservation uses none.
/// <c>_completed</c> is the sum of the filled places. Reading it BEFORE the state, and finding both equal, proves that
/// every place before that offset is filled; the other order proves nothing, since later places may fill earlier ones' share.
/// Once sealed no place is handed out, so sealed and whole together mean that no writer will touch the segment again.
/// </remarks>
internal sealed class SegmentCursor(int capacity)
{
    private const int CountShift = 32;
    private const long Sealed = long.MinValue;

    private long _state = SegmentFormat.HeaderSize;
    private long _completed = SegmentFormat.HeaderSize;

    /// <summary>How many records were handed out.</summary>
    public int Count => CountOf(Volatile.Read(ref _state));

    /// <summary>Where the next record would start.</summary>
    public int Reserved => OffsetOf(Volatile.Read(ref _state));

    public bool IsSealed => Volatile.Read(ref _state) < 0;

    /// <summary>Takes a place, if the segment is not sealed and has room.</summary>
    /// <param name="length">The payload's length without its number.</param>
    /// <param name="firstNumber">The number of the segment's first record, or null when payloads have none.</param>
    /// <param name="place">The place: it must be filled and then completed, whatever happens.</param>
    public bool TryReserve(int length, long? firstNumber, out RecordPlace place)
    {
        var state = Volatile.Read(ref _state);
        while (state >= 0)
        {
            var index = CountOf(state);
            place = new RecordPlace(OffsetOf(state), firstNumber is { } first ? length + Digits(first + index) : length, index);
            if ((long)place.Offset + place.Size > capacity)
            {
                break;
            }

            var seen = Interlocked.CompareExchange(ref _state, state + (1L << CountShift) + place.Size, state);
            if (seen == state)
            {
                return true;
            }

            state = seen;
        }

        place = default;
        return false;
    }

    /// <summary>Notes that a place is filled.</summary>
    public void Complete(in RecordPlace place) => Interlocked.Add(ref _completed, place.Size);

    /// <summary>Hands out no more places; what was handed out is final from here on.</summary>
    public void Seal() => Interlocked.Or(ref _state, Sealed);

    /// <summary>Whether every place before <paramref name="end"/>, the offset of the next one, is filled.</summary>
    public bool IsWhole(out int end)
    {
        var completed = Volatile.Read(ref _completed);
        end = Reserved;
        Debug.Assert(completed <= end);
        return completed == end;
    }

    private static int OffsetOf(long state) => (int)(uint)state;

    private static int CountOf(long state) => (int)((state & ~Sealed) >> CountShift);

    private static int Digits(long number)
    {
        var digits = 1;
        for (; number >= 10; number /= 10)
        {
            digits++;
        }

        return digits;
    }
}
