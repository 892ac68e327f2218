using System.Numerics;
using System.Runtime.Intrinsics;
using System.Text;
using System.Text.Unicode;

namespace Beacon.Api.Extraction;

/// <summary>One parameter of a query, as positions: of the pair in the raw query, and of its parts when decoded.</summary>
internal struct QueryParameter
{
    /// <summary>Where the pair starts in the raw query.</summary>
    public int RawStart;

    /// <summary>The pair's length in the raw query.</summary>
    public int RawLength;

    /// <summary>Where the value starts in the raw query, behind the equals sign; the pair's end when there is none.</summary>
    public int RawValue;

    /// <summary>Where the decoded key starts: in the raw query when decoding leaves it as it is, else behind it.</summary>
    public int KeyStart;

    /// <summary>Bytes of the decoded key.</summary>
    public int KeyLength;

    /// <summary>Where the decoded value starts, likewise.</summary>
    public int ValueStart;

    /// <summary>Bytes of the decoded value.</summary>
    public int ValueLength;

    /// <summary>Bytes at the value's start that may be kept: all of them, unless the visitor refuses. See QueryReduction.</summary>
    public int KeptLength;

    /// <summary>Where the value stands in the query that the event keeps, byte for byte as it is decoded; -1 when it does not.</summary>
    public int KeptStart;

    /// <summary>The key's number in the plan, or -1 when it is not known there.</summary>
    public int Number;

    /// <summary>True when a column has the value, so that <c>params</c> need not.</summary>
    public bool Taken;
}

/// <summary>
/// The parameters of one query, decoded. Never fails: whatever came is made into parameters.
/// </summary>
/// <remarks>
/// Pairs are separated by <c>&amp;</c>, the first <c>=</c> of a pair ends its key, a pair without one has an empty
/// value, an empty pair is none. A <c>+</c> is a space (as forms have it), <c>%XX</c> is a byte (RFC 3986, 2.1), and a <c>%</c> that
/// two hexadecimal digits do not follow stands for itself. The bytes need not be UTF-8.
/// Invariants: <c>_bytes</c> starts with the raw query as UTF-8, and behind it is what decoding changed; a key or value
/// that decoding leaves as it is stands in the raw query only. <c>_first[number]</c> is the first parameter of that number
/// whose value is not empty, or -1.
/// </remarks>
internal sealed class QueryParameters(ExtractionPlan plan)
{
    private const int UsualLength = 4096;
    private const int UsualCount = 64;

    private readonly int[] _first = new int[plan.NameCount];
    private QueryParameter[] _items = new QueryParameter[UsualCount];
    private byte[] _bytes = new byte[UsualLength];
    private int _rawLength;
    private int _used;

    public ExtractionPlan Plan => plan;

    public int Count { get; private set; }

    /// <summary>The query as it came.</summary>
    public ReadOnlySpan<byte> Raw => _bytes.AsSpan(0, _rawLength);

    public ref QueryParameter this[int index] => ref _items[index];

    public ReadOnlySpan<byte> Key(in QueryParameter parameter) => _bytes.AsSpan(parameter.KeyStart, parameter.KeyLength);

    public ReadOnlySpan<byte> Value(in QueryParameter parameter) => _bytes.AsSpan(parameter.ValueStart, parameter.ValueLength);

    /// <summary>The part of the value that may be kept.</summary>
    public ReadOnlySpan<byte> Kept(in QueryParameter parameter) => _bytes.AsSpan(parameter.ValueStart, parameter.KeptLength);

    /// <summary>Whether the parameter is removed when the visitor refuses.</summary>
    public bool Identifies(in QueryParameter parameter) => parameter.Number >= 0 && plan.Identifying[parameter.Number];

    /// <summary>The first parameter of a known name that has a value, or -1.</summary>
    public int First(int number) => _first[number];

    /// <summary>Replaces what was here by the parameters of a raw query without its question mark.</summary>
    public void Parse(ReadOnlySpan<char> raw)
    {
        Count = 0;
        _first.AsSpan().Fill(-1);
        Keep(raw);

        // A block at a time becomes bits, one for each byte that separates and one for each that encodes; then only those
        // are looked at. The last block reaches beyond the query, where anything may stand.
        int start = 0;
        int equals = -1;
        bool encoded = false;
        for (int block = 0; block < _rawLength; block += Vector256<byte>.Count)
        {
            Vector256<byte> bytes = Vector256.Create<byte>(_bytes.AsSpan(block));
            uint separators = Bits(bytes, (byte)'&') | Bits(bytes, (byte)'=');
            uint encodings = Bits(bytes, (byte)'%') | Bits(bytes, (byte)'+');
            for (; separators != 0; separators &= separators - 1)
            {
                int bit = BitOperations.TrailingZeroCount(separators);
                int at = block + bit;
                if (at >= _rawLength)
                {
                    break;
                }

                if (_bytes[at] == '=')
                {
                    equals = equals < 0 ? at : equals;
                    continue;
                }

                uint before = (1u << bit) - 1;
                Add(start, at, equals, encoded || (encodings & before) != 0);
                encodings &= ~before;
                start = at + 1;
                equals = -1;
                encoded = false;
            }

            encoded |= encodings != 0;
        }

        Add(start, _rawLength, equals, encoded);
    }

    /// <summary>Gives back what an unusual query needed, so that such queries cannot fill the memory.</summary>
    public void Trim()
    {
        if (_bytes.Length > UsualLength || _items.Length > UsualCount)
        {
            _bytes = new byte[UsualLength];
            _items = new QueryParameter[UsualCount];
            _rawLength = 0;
            Count = 0;
        }
    }

    /// <summary>Takes the raw query, and makes room for as much again, since decoding never makes a text longer, and for a block.</summary>
    private void Keep(ReadOnlySpan<char> raw)
    {
        // A character of UTF-16 is three bytes of UTF-8 at most; nearly always, as HTTP wants it, it is one.
        if (_bytes.Length < (raw.Length * 6) + Vector256<byte>.Count)
        {
            int length = (Encoding.UTF8.GetByteCount(raw) * 2) + Vector256<byte>.Count;
            if (_bytes.Length < length)
            {
                _bytes = new byte[length];
            }
        }

        Utf8.FromUtf16(raw, _bytes, out _, out _rawLength, replaceInvalidSequences: true);
        _used = _rawLength;
    }

    private static uint Bits(Vector256<byte> bytes, byte value) => Vector256.Equals(bytes, Vector256.Create(value)).ExtractMostSignificantBits();

    /// <summary>Adds a pair.</summary>
    /// <param name="start">Where it starts.</param>
    /// <param name="end">Where it ends; when that is where it starts, it is none.</param>
    /// <param name="equals">Where its first equals sign is, or -1.</param>
    /// <param name="mayBeEncoded">False when decoding would certainly not change it.</param>
    private void Add(int start, int end, int equals, bool mayBeEncoded)
    {
        if (start == end)
        {
            return;
        }

        if (Count == _items.Length)
        {
            Array.Resize(ref _items, Count * 2);
        }

        int keyEnd = equals < 0 ? end : equals;
        int value = equals < 0 ? end : equals + 1;
        ref QueryParameter added = ref _items[Count];
        added.RawStart = added.KeyStart = start;
        added.RawLength = end - start;
        added.RawValue = added.ValueStart = value;
        added.KeyLength = keyEnd - start;
        added.ValueLength = end - value;
        added.Taken = false;
        if (mayBeEncoded)
        {
            Decode(ref added.KeyStart, ref added.KeyLength);
            Decode(ref added.ValueStart, ref added.ValueLength);
        }

        added.KeptLength = added.ValueLength;
        added.KeptStart = added.ValueStart == value ? value : -1;
        int number = added.Number = plan.Find(Key(added));
        if (number >= 0 && added.ValueLength > 0 && _first[number] < 0)
        {
            _first[number] = Count;
        }

        Count++;
    }

    private void Decode(ref int start, ref int length)
    {
        ReadOnlySpan<byte> raw = _bytes.AsSpan(start, length);
        if (PercentEncoding.IsEncoded(raw))
        {
            start = _used;
            length = PercentEncoding.Decode(raw, _bytes.AsSpan(_used));
            _used += length;
        }
    }
}
