using System.Buffers.Binary;

namespace Pixel.Events;

/// <summary>
/// Makes ids as <see cref="Guid.CreateVersion7(DateTimeOffset)"/> does (RFC 9562, 5.7: 48 bits of Unix milliseconds, version,
/// variant, 74 random bits), but asks for random bytes in bulk: asking the system once per id costs as much as all the
/// rest of an event.
/// </summary>
/// <remarks>
/// The bytes are the platform's xoshiro256**, which the system seeds: an id must be unique, not a secret. A generator for
/// secrets would load OpenSSL for the first event, which takes longer than everything else that a beacon does for it.
/// </remarks>
internal sealed class EventIds
{
    private const int RandomPerId = 10;

    private readonly byte[] _random = new byte[RandomPerId * 64];
    private int _used = RandomPerId * 64;

    /// <summary>The next id; for one caller at a time.</summary>
    public Guid Next(DateTimeOffset time)
    {
        if (_used == _random.Length)
        {
            Random.Shared.NextBytes(_random);
            _used = 0;
        }

        Span<byte> id = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(id, time.ToUnixTimeMilliseconds() << 16);
        _random.AsSpan(_used, RandomPerId).CopyTo(id[6..]);
        _used += RandomPerId;
        id[6] = (byte)(0x70 | (id[6] & 0x0F));
        id[8] = (byte)(0x80 | (id[8] & 0x3F));
        return new Guid(id, bigEndian: true);
    }
}
