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

    /// <summary>Where the decoded key starts.</summary>
    public int KeyStart;

    /// <summary>Bytes of the decoded key.</summary>
    public int KeyLength;

    /// <summary>Where the decoded value starts.</summary>
    public int ValueStart;

    /// <summary>Bytes of the decoded value.</summary>
    public int ValueLength;

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
        for (int start = 0; start < _rawLength;)
        {
            start = Read(start) + 1;
        }
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

    /// <summary>Takes the raw query, and makes room for as much again: decoding never makes a text longer.</summary>
    private void Keep(ReadOnlySpan<char> raw)
    {
        // A character of UTF-16 is three bytes of UTF-8 at most; nearly always, as HTTP wants it, it is one.
        if (_bytes.Length < raw.Length * 6)
        {
            int length = System.Text.Encoding.UTF8.GetByteCount(raw);
            if (_bytes.Length < length * 2)
            {
                _bytes = new byte[length * 2];
            }
        }

        Utf8.FromUtf16(raw, _bytes, out _, out _rawLength, replaceInvalidSequences: true);
        _used = _rawLength;
    }

    /// <summary>Adds the pair that starts here.</summary>
    /// <returns>Where it ends.</returns>
    private int Read(int start)
    {
        ReadOnlySpan<byte> rest = _bytes.AsSpan(start, _rawLength - start);
        int length = rest.IndexOf((byte)'&');
        rest = length < 0 ? rest : rest[..length];
        if (rest.IsEmpty)
        {
            return start;
        }

        if (Count == _items.Length)
        {
            Array.Resize(ref _items, Count * 2);
        }

        int equals = rest.IndexOf((byte)'=');
        int value = equals < 0 ? rest.Length : equals + 1;
        ref QueryParameter added = ref _items[Count];
        added.RawStart = added.KeyStart = start;
        added.RawLength = rest.Length;
        added.RawValue = added.ValueStart = start + value;
        added.KeyLength = equals < 0 ? rest.Length : equals;
        added.ValueLength = rest.Length - value;
        added.Taken = false;
        if (PercentEncoding.IsEncoded(rest))
        {
            Decode(ref added.KeyStart, ref added.KeyLength);
            Decode(ref added.ValueStart, ref added.ValueLength);
        }

        int number = added.Number = plan.Find(Key(added));
        if (number >= 0 && added.ValueLength > 0 && _first[number] < 0)
        {
            _first[number] = Count;
        }

        Count++;
        return start + rest.Length;
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
