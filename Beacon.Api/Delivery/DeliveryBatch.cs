using System.Buffers;

namespace Beacon.Api.Delivery;

/// <summary>One Firehose record in the making, then on its way: whole events, each with its line feed.</summary>
/// <param name="expected">How many bytes it will probably hold; it grows when they are more.</param>
internal sealed class PackedRecord(int expected)
{
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(expected);

    public int Length { get; private set; }

    public int Events { get; private set; }

    public ReadOnlySpan<byte> Bytes => Memory.Span;

    public ReadOnlyMemory<byte> Memory => _buffer.AsMemory(0, Length);

    public void Add(ReadOnlySpan<byte> payload)
    {
        payload.CopyTo(Reserve(payload.Length));
        Added(payload.Length);
    }

    /// <summary>Memory for the next event, which may grow up to so many bytes.</summary>
    public Span<byte> Reserve(int most)
    {
        if (_buffer.Length - Length < most)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Length + most, _buffer.Length * 2));
            Bytes.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        return _buffer.AsSpan(Length);
    }

    /// <summary>Notes that an event of so many bytes stands in the memory reserved.</summary>
    public void Added(int length)
    {
        Length += length;
        Events++;
    }

    /// <summary>Its events one by one, each with its line feed, which stands nowhere inside of an event.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Lines()
    {
        for (int start = 0, end; start < Length; start = end)
        {
            end = start + Bytes[start..].IndexOf((byte)'\n') + 1;
            yield return Memory[start..end];
        }
    }

    /// <summary>The record for one put; the client moves it and disposes of it, so each put takes a new one.</summary>
    public MemoryStream Open() => new(_buffer, 0, Length, writable: false, publiclyVisible: true);

    /// <summary>Gives the memory back. Only when no put can be reading it any more.</summary>
    public void Release()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        Length = 0;
    }
}

/// <summary>What goes into one <c>PutRecordBatch</c>.</summary>
/// <param name="Records">In the journal's order. Empty when every event was put aside.</param>
/// <param name="LastSequence">The journal's sequence up to which everything is in this batch or an earlier one, or put aside.</param>
/// <param name="OldestAt">When its first event was appended.</param>
/// <param name="Traced">Those of its events whose request was traced, up to <see cref="TracedEvent.MostOfABatch"/>.</param>
internal sealed record DeliveryBatch(IReadOnlyList<PackedRecord> Records, long LastSequence, DateTimeOffset OldestAt, IReadOnlyList<TracedEvent> Traced);
