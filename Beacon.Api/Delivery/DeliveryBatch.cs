using System.Buffers;

namespace Beacon.Api.Delivery;

/// <summary>One Firehose record in the making, then on its way: whole events, each with its line feed.</summary>
internal sealed class PackedRecord
{
    private const int FirstSize = 64 << 10;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstSize);

    public int Length { get; private set; }

    public int Events { get; private set; }

    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, Length);

    public void Add(ReadOnlySpan<byte> payload)
    {
        if (_buffer.Length - Length < payload.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Length + payload.Length, _buffer.Length * 2));
            Bytes.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        payload.CopyTo(_buffer.AsSpan(Length));
        Length += payload.Length;
        Events++;
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
internal sealed record DeliveryBatch(IReadOnlyList<PackedRecord> Records, long LastSequence, DateTimeOffset OldestAt);
