using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;

namespace LocalCloud.S3.Payload;

/// <summary>One of S3's checksums over bytes as they pass by.</summary>
internal abstract class Checksum(ChecksumAlgorithm algorithm) : IDisposable
{
    /// <summary>How it is computed.</summary>
    public ChecksumAlgorithm Algorithm { get; } = algorithm;

    public abstract void Append(ReadOnlySpan<byte> bytes);

    /// <summary>The checksum so far, big-endian.</summary>
    public abstract byte[] Value();

    public static Checksum Create(ChecksumAlgorithm algorithm) => algorithm switch
    {
        ChecksumAlgorithm.Crc32 => new ReflectedCrc(algorithm, CrcTables.Crc32, 32),
        ChecksumAlgorithm.Crc32C => new Castagnoli(),
        ChecksumAlgorithm.Crc64Nvme => new ReflectedCrc(algorithm, CrcTables.Crc64Nvme, 64),
        ChecksumAlgorithm.Sha1 => new Sha(algorithm, HashAlgorithmName.SHA1),
        ChecksumAlgorithm.Sha256 => new Sha(algorithm, HashAlgorithmName.SHA256),
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, null),
    };

    public virtual void Dispose()
    {
    }

    private sealed class Sha(ChecksumAlgorithm algorithm, HashAlgorithmName name) : Checksum(algorithm)
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(name);

        public override void Append(ReadOnlySpan<byte> bytes) => _hash.AppendData(bytes);

        public override byte[] Value() => _hash.GetCurrentHash();

        public override void Dispose() => _hash.Dispose();
    }

    private sealed class Castagnoli() : Checksum(ChecksumAlgorithm.Crc32C)
    {
        private uint _crc = uint.MaxValue;

        public override void Append(ReadOnlySpan<byte> bytes)
        {
            var crc = _crc; // BitOperations uses the processor's instruction where there is one
            while (bytes.Length >= sizeof(ulong))
            {
                crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
                bytes = bytes[sizeof(ulong)..];
            }

            foreach (var b in bytes)
            {
                crc = BitOperations.Crc32C(crc, b);
            }

            _crc = crc;
        }

        public override byte[] Value()
        {
            var value = new byte[sizeof(uint)];
            BinaryPrimitives.WriteUInt32BigEndian(value, ~_crc);
            return value;
        }
    }

    /// <summary>A CRC whose bits run from the lowest, eight bytes at a time (slicing by eight).</summary>
    private sealed class ReflectedCrc(ChecksumAlgorithm algorithm, ulong[][] tables, int width) : Checksum(algorithm)
    {
        private readonly ulong _mask = ulong.MaxValue >> (64 - width);
        private ulong _crc = ulong.MaxValue >> (64 - width);

        public override void Append(ReadOnlySpan<byte> bytes)
        {
            var crc = _crc;
            while (bytes.Length >= sizeof(ulong))
            {
                crc ^= BinaryPrimitives.ReadUInt64LittleEndian(bytes);
                crc = tables[7][(byte)crc] ^ tables[6][(byte)(crc >> 8)] ^ tables[5][(byte)(crc >> 16)] ^ tables[4][(byte)(crc >> 24)]
                    ^ tables[3][(byte)(crc >> 32)] ^ tables[2][(byte)(crc >> 40)] ^ tables[1][(byte)(crc >> 48)] ^ tables[0][(byte)(crc >> 56)];
                bytes = bytes[sizeof(ulong)..];
            }

            foreach (var b in bytes)
            {
                crc = tables[0][(byte)crc ^ b] ^ (crc >> 8);
            }

            _crc = crc;
        }

        public override byte[] Value()
        {
            var value = new byte[sizeof(ulong)];
            BinaryPrimitives.WriteUInt64BigEndian(value, _crc ^ _mask);
            return value[^(width / 8)..];
        }
    }

    private static class CrcTables
    {
        // The generators, bits reversed: ISO 3309, and the one of the NVM Express specification.
        public static readonly ulong[][] Crc32 = Build(0xEDB88320);
        public static readonly ulong[][] Crc64Nvme = Build(0x9A6C9329AC4BC9B5);

        private static ulong[][] Build(ulong polynomial)
        {
            var tables = new ulong[8][];
            for (var t = 0; t < tables.Length; t++)
            {
                tables[t] = new ulong[256];
            }

            for (uint i = 0; i < 256; i++)
            {
                ulong crc = i;
                for (var bit = 0; bit < 8; bit++)
                {
                    crc = (crc & 1) != 0 ? (crc >> 1) ^ polynomial : crc >> 1;
                }

                tables[0][i] = crc;
            }

            for (var t = 1; t < tables.Length; t++)
            {
                for (var i = 0; i < 256; i++)
                {
                    var previous = tables[t - 1][i];
                    tables[t][i] = tables[0][(byte)previous] ^ (previous >> 8);
                }
            }

            return tables;
        }
    }
}
