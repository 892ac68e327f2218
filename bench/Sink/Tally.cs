using System.Text.Json;

namespace Bench.Sink;

/// <summary>
/// Everything that has arrived. Delivery is at least once, so events are also counted by their numbers: an event that came
/// twice must not stand in for one that never came.
/// </summary>
internal sealed class Tally
{
    // A bit an event. A number beyond this is no number of a benchmark: 128 MiB of bits.
    private const long Highest = 1L << 30;
    private const int BitsPerWord = 64;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, ulong[]> _seen = new(StringComparer.Ordinal);
    private long _puts, _records, _events, _different, _unnumbered, _bytes, _billed, _billedAlone;

    public void Add(Batch batch)
    {
        lock (_gate)
        {
            _puts++;
            _records += batch.Records;
            _events += batch.Events;
            _unnumbered += batch.Events - batch.Numbers.Count;
            _bytes += batch.Bytes;
            _billed += batch.BilledBytes;
            _billedAlone += batch.BilledBytesAlone;
            foreach (var (beacon, number) in batch.Numbers)
            {
                _different += IsNew_NeedsLock(beacon, number) ? 1 : 0;
            }
        }
    }

    /// <summary>The counts as a JSON object.</summary>
    public byte[] ToJson()
    {
        lock (_gate)
        {
            return JsonSerializer.SerializeToUtf8Bytes(new
            {
                puts = _puts,
                records = _records,
                events = _events,
                different = _different,
                unnumbered = _unnumbered,
                bytes = _bytes,
                billedBytes = _billed,
                billedBytesAlone = _billedAlone,
            });
        }
    }

    private bool IsNew_NeedsLock(string beacon, long number)
    {
        if (number is < 0 or > Highest)
        {
            return false;
        }

        var word = (int)(number / BitsPerWord);
        var bit = 1UL << (int)(number % BitsPerWord);
        if (!_seen.TryGetValue(beacon, out var words) || words.Length <= word)
        {
            Array.Resize(ref words, Math.Max(word + 1, 2 * (words?.Length ?? 1024)));
            _seen[beacon] = words;
        }

        var isNew = (words[word] & bit) == 0;
        words[word] |= bit;
        return isNew;
    }
}
