using System.Buffers.Binary;
using System.Numerics;

namespace Beacon.Api.Journal;

/// <summary>CRC-32C (Castagnoli, RFC 3720 appendix B.4), with the processor's instruction where it has one.</summary>
internal static class Crc32C
{
    /// <summary>The state before the first byte.</summary>
    public const uint Start = uint.MaxValue;

    /// <summary>The state after <paramref name="bytes"/>; <see cref="Finish"/> makes a checksum of it.</summary>
    public static uint Append(uint state, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= sizeof(ulong))
        {
            state = BitOperations.Crc32C(state, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (var b in bytes)
        {
            state = BitOperations.Crc32C(state, b);
        }

        return state;
    }

    public static uint Append(uint state, int value) => BitOperations.Crc32C(state, (uint)value);

    public static uint Append(uint state, long value) => BitOperations.Crc32C(state, (ulong)value);

    public static uint Finish(uint state) => ~state;

    public static uint Of(ReadOnlySpan<byte> bytes) => Finish(Append(Start, bytes));
}
