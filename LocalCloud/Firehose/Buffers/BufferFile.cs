using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace LocalCloud.Firehose.Buffers;

/// <summary>A record as it was put.</summary>
/// <param name="Number">Its place in the buffer, from 0.</param>
/// <param name="Arrival">When it was put, to the millisecond.</param>
/// <param name="Data">Its bytes.</param>
internal sealed record BufferedRecord(int Number, DateTimeOffset Arrival, byte[] Data);

/// <summary>
/// The bytes of a buffer file: frames one after the other, little-endian.
/// <code>
/// int32 length of the data | uint32 CRC-32C of arrival and data | int64 arrival, ms since 1970 | data
/// </code>
/// A process that is killed leaves at most one torn frame, at the end; its record was not acknowledged. Reading ends
/// at the first frame that is not whole.
/// </summary>
internal static class BufferFile
{
    private const int HeaderLength = 16;

    /// <summary>The length of the frame of a record.</summary>
    public static int FrameLength(int data) => HeaderLength + data;

    /// <summary>Writes a frame at the start of <paramref name="target"/>; returns its length.</summary>
    public static int WriteFrame(Span<byte> target, DateTimeOffset arrival, ReadOnlySpan<byte> data)
    {
        var frame = target[..FrameLength(data.Length)];
        BinaryPrimitives.WriteInt32LittleEndian(frame, data.Length);
        BinaryPrimitives.WriteInt64LittleEndian(frame[8..], arrival.ToUnixTimeMilliseconds());
        data.CopyTo(frame[HeaderLength..]);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[4..], Checksum(frame[8..]));
        return frame.Length;
    }

    /// <summary>The records of a file, up to <paramref name="length"/> bytes of it.</summary>
    public static IEnumerable<BufferedRecord> Read(string path, long length = long.MaxValue)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 128 * 1024);
        var header = new byte[HeaderLength];
        var number = 0;
        for (var position = 0L; position < length;)
        {
            if (stream.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false) < HeaderLength)
            {
                yield break;
            }

            var size = BinaryPrimitives.ReadInt32LittleEndian(header);
            if (size < 0 || size > stream.Length - stream.Position)
            {
                yield break;
            }

            var body = new byte[8 + size];
            header.AsSpan(8).CopyTo(body);
            stream.ReadExactly(body.AsSpan(8));
            if (BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(4)) != Checksum(body))
            {
                yield break;
            }

            var arrival = DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64LittleEndian(body));
            yield return new BufferedRecord(number++, arrival, body[8..]);
            position += FrameLength(size);
        }
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var eight in MemoryMarshal.Cast<byte, ulong>(bytes))
        {
            crc = BitOperations.Crc32C(crc, eight);
        }

        foreach (var one in bytes[(bytes.Length / 8 * 8)..])
        {
            crc = BitOperations.Crc32C(crc, one);
        }

        return ~crc;
    }
}
