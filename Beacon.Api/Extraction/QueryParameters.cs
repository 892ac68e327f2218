using System.Text;

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

    /// <summary>Where the decoded key starts. Its value follows it directly.</summary>
    public int KeyStart;

    /// <summary>Bytes of the decoded key.</summary>
    public int KeyLength;

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
/// Invariant: <c>_first[number]</c> is the first parameter of that number whose value is not empty, or -1.
/// </remarks>
internal sealed class QueryParameters(ExtractionPlan plan)
{
    private const int UsualLength = 4096;
    private const int UsualCount = 64;

    private readonly int[] _first = new int[plan.NameCount];
    private QueryParameter[] _items = new QueryParameter[UsualCount];
    private byte[] _decoded = new byte[UsualLength];

    public ExtractionPlan Plan => plan;

    public int Count { get; private set; }

    public ref QueryParameter this[int index] => ref _items[index];

    public ReadOnlySpan<byte> Key(in QueryParameter parameter) => _decoded.AsSpan(parameter.KeyStart, parameter.KeyLength);

    public ReadOnlySpan<byte> Value(in QueryParameter parameter) => _decoded.AsSpan(parameter.KeyStart + parameter.KeyLength, parameter.ValueLength);

    /// <summary>Whether the parameter is removed when the visitor refuses.</summary>
    public bool Identifies(in QueryParameter parameter) => parameter.Number >= 0 && plan.Identifying[parameter.Number];

    /// <summary>The first parameter of a known name that has a value, or -1.</summary>
    public int First(int number) => _first[number];

    /// <summary>Replaces what was here by the parameters of a raw query without its question mark.</summary>
    public void Parse(ReadOnlySpan<char> raw)
    {
        Count = 0;
        _first.AsSpan().Fill(-1);

        // One byte for any character that HTTP/1.1 lets through; three for one that should have been encoded.
        int longest = Ascii.IsValid(raw) ? raw.Length : raw.Length * 3;
        if (_decoded.Length < longest)
        {
            _decoded = new byte[longest];
        }

        int used = 0;
        for (int start = 0; start < raw.Length;)
        {
            int length = raw[start..].IndexOf('&');
            length = length < 0 ? raw.Length - start : length;
            if (length > 0)
            {
                used = Add(raw.Slice(start, length), start, used);
            }

            start += length + 1;
        }
    }

    /// <summary>Gives back what an unusual query needed, so that such queries cannot fill the memory.</summary>
    public void Trim()
    {
        if (_decoded.Length > UsualLength || _items.Length > UsualCount)
        {
            _decoded = new byte[UsualLength];
            _items = new QueryParameter[UsualCount];
            Count = 0;
        }
    }

    private int Add(ReadOnlySpan<char> pair, int start, int used)
    {
        int equals = pair.IndexOf('=');
        ReadOnlySpan<char> key = equals < 0 ? pair : pair[..equals];
        ReadOnlySpan<char> value = equals < 0 ? default : pair[(equals + 1)..];
        int keyLength = PercentEncoding.Decode(key, _decoded.AsSpan(used));
        int valueLength = PercentEncoding.Decode(value, _decoded.AsSpan(used + keyLength));
        int number = plan.Find(_decoded.AsSpan(used, keyLength));
        if (Count == _items.Length)
        {
            Array.Resize(ref _items, Count * 2);
        }

        _items[Count] = new QueryParameter
        {
            RawStart = start,
            RawLength = pair.Length,
            RawValue = start + pair.Length - value.Length,
            KeyStart = used,
            KeyLength = keyLength,
            ValueLength = valueLength,
            Number = number,
        };
        if (number >= 0 && valueLength > 0 && _first[number] < 0)
        {
            _first[number] = Count;
        }

        Count++;
        return used + keyLength + valueLength;
    }
}
