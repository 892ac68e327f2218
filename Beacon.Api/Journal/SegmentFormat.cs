using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Beacon.Api.Journal;

// The bytes of a segment. Numbers are little-endian; every record starts at a multiple of 8.
//
//   file name        <first sequence, 20 digits>.journal
//
//   0   8  "PIXELJNL"
//   8   4  version of this layout, 1
//   12  4  zero
//   16  8  first sequence, as in the name
//   24  8  when it was begun, Unix milliseconds
//   32  28 zero
//   60  4  CRC-32C of the 60 bytes before
//   64     records, each:
//            0   4  magic FF 50 58 52
//            4   4  length of the payload, never zero; while it is being written, the complement of the length
//            8   4  CRC-32C of: the segment's first sequence, bytes 4–8, bytes 12–32, the payload
//            12  4  zero
//            16  8  sequence: counts every event of this folder, over all processes, upwards
//            24  8  when it was appended, Unix milliseconds (told to people; nothing is decided by it)
//            32     payload: one JSON object and its line feed, in UTF-8
//                   zeros up to the next multiple of 8
//
// Rules that the rest relies on:
// - A record is there if its magic, its length and its checksum agree, wherever it lies. So a reader that meets
//   anything else steps on by 8 bytes until it finds a record again: an unfinished or damaged one hides nothing.
// - The magic's first byte cannot occur in UTF-8, so no event can contain a forged record.
// - The checksum covers the first sequence from the file's NAME. Bytes of another segment (a file system's recycled
//   block, a file reused under a new name) never read as records of this one, and damage to the 64-byte header harms nothing.
// - Zero is never a valid length, so a stretch of zeros holds no records: a file may be filled with them in advance.
// - In a mapped segment the length is stored last, and the complement before the payload: a record whose writer ended in
//   between says itself that it was never acknowledged.
internal static class SegmentFormat
{
    public const int Version = 1;
    public const int HeaderSize = 64;
    public const int RecordHeaderSize = 32;
    public const int Alignment = 8;

    /// <summary>The longest payload a reader believes in: 64 MiB, far above what a request can carry.</summary>
    public const int MaxPayload = 64 << 20;

    private const string Extension = ".journal";

    /// <summary>How every payload ends.</summary>
    public static ReadOnlySpan<byte> EventEnd => "}\n"u8;

    public static ReadOnlySpan<byte> RecordMagic => [0xFF, (byte)'P', (byte)'X', (byte)'R'];

    private static ReadOnlySpan<byte> FileMagic => "PIXELJNL"u8;

    public static string FileName(long firstSequence) => firstSequence.ToString("D20", CultureInfo.InvariantCulture) + Extension;

    /// <summary>The segments in a folder, oldest first. Files with other names are not ours and are left alone.</summary>
    public static IEnumerable<(long FirstSequence, string Path)> Find(string folder) =>
        from path in Directory.EnumerateFiles(folder, "*" + Extension)
        let name = Path.GetFileNameWithoutExtension(path)
        where name.Length == 20 && name.All(char.IsAsciiDigit)
        let first = long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0
        where first > 0
        orderby first
        select (first, path);

    public static void WriteHeader(Span<byte> header, long firstSequence, DateTimeOffset begun)
    {
        header[..HeaderSize].Clear();
        FileMagic.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header[8..], Version);
        BinaryPrimitives.WriteInt64LittleEndian(header[16..], firstSequence);
        BinaryPrimitives.WriteInt64LittleEndian(header[24..], begun.ToUnixTimeMilliseconds());
        BinaryPrimitives.WriteUInt32LittleEndian(header[60..], Crc32C.Of(header[..60]));
    }

    /// <summary>The layout's version that a header names, or null where the header is damaged or cut short.</summary>
    public static int? ReadVersion(ReadOnlySpan<byte> header) =>
        header.Length >= HeaderSize
        && header.StartsWith(FileMagic)
        && BinaryPrimitives.ReadUInt32LittleEndian(header[60..]) == Crc32C.Of(header[..60])
            ? BinaryPrimitives.ReadInt32LittleEndian(header[8..])
            : null;

    /// <summary>The bytes a record takes with its header and padding.</summary>
    public static int RecordSize(int payloadLength) =>
        (RecordHeaderSize + payloadLength + Alignment - 1) & ~(Alignment - 1);

    /// <summary>Marks a record as being written, in memory that holds zeros.</summary>
    public static void BeginRecord(Span<byte> record, int payloadLength)
    {
        RecordMagic.CopyTo(record);
        StoreLength(record, ~payloadLength);
    }

    /// <summary>
    /// Completes a record whose payload already stands at <see cref="RecordHeaderSize"/>; its length is stored after
    /// everything else.
    /// </summary>
    public static void PublishRecord(Span<byte> record, int payloadLength, long segment, long sequence, DateTimeOffset appendedAt)
    {
        RecordMagic.CopyTo(record);
        BinaryPrimitives.WriteInt32LittleEndian(record[12..], 0);
        BinaryPrimitives.WriteInt64LittleEndian(record[16..], sequence);
        BinaryPrimitives.WriteInt64LittleEndian(record[24..], appendedAt.ToUnixTimeMilliseconds());
        record[(RecordHeaderSize + payloadLength)..RecordSize(payloadLength)].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(record[8..], Checksum(record, payloadLength, segment));
        StoreLength(record, payloadLength);
    }

    /// <summary>The length that a record's header claims, or null where no record can start here.</summary>
    public static int? ClaimedLength(ReadOnlySpan<byte> header)
    {
        if (header.Length < RecordHeaderSize || !header.StartsWith(RecordMagic))
        {
            return null;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(header[4..]);
        return length is > 0 and <= MaxPayload ? length : null;
    }

    /// <summary>Whether a whole record, header and payload, is as it was written.</summary>
    public static bool IsIntact(ReadOnlySpan<byte> record, int payloadLength, long segment) =>
        BinaryPrimitives.ReadUInt32LittleEndian(record[8..]) == Checksum(record, payloadLength, segment);

    /// <summary>The size of a record that was begun and not completed, or null where none starts.</summary>
    public static int? UnfinishedSize(ReadOnlySpan<byte> header)
    {
        if (header.Length < RecordHeaderSize || !header.StartsWith(RecordMagic))
        {
            return null;
        }

        var length = ~BinaryPrimitives.ReadInt32LittleEndian(header[4..]);
        return length is > 0 and <= MaxPayload ? RecordSize(length) : null;
    }

    public static long Sequence(ReadOnlySpan<byte> record) => BinaryPrimitives.ReadInt64LittleEndian(record[16..]);

    public static DateTimeOffset AppendedAt(ReadOnlySpan<byte> record) =>
        DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64LittleEndian(record[24..]));

    private static void StoreLength(Span<byte> record, int length) =>
        Volatile.Write(
            ref MemoryMarshal.AsRef<int>(record.Slice(4, sizeof(int))),
            BitConverter.IsLittleEndian ? length : BinaryPrimitives.ReverseEndianness(length));

    private static uint Checksum(ReadOnlySpan<byte> record, int payloadLength, long segment)
    {
        var state = Crc32C.Append(Crc32C.Start, segment);
        state = Crc32C.Append(state, payloadLength);
        return Crc32C.Finish(Crc32C.Append(state, record[12..(RecordHeaderSize + payloadLength)]));
    }
}
