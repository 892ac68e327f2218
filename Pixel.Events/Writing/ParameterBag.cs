using System.Globalization;
using System.Text;

namespace Pixel.Events;

/// <summary>
/// The parameters of an event that no field took: the column <c>params</c>.
/// </summary>
/// <remarks>
/// Firehose's parser lower-cases keys and refuses an object in which one comes twice, and then refuses everything
/// that was packed with it. So keys are lower-cased here, such that doing it again changes nothing, and values
/// of one key are joined with commas. What the limits of <see cref="EventLimits"/> cut off is still in the column
/// <c>query</c>.
/// </remarks>
public sealed class ParameterBag
{
    // Invariants: no two keys are equal; _hashes[i] belongs to the key of _values[i] for i < _hashed <= Count; entries of
    // _more are further values, reached through Next (-1 ends a chain). _bytes counts keys, values and commas.
    private readonly Utf8Store _text = new();
    private readonly int[] _hashes = new int[EventLimits.Parameters];
    private readonly List<Entry> _more = [];
    private readonly Entry[] _values = new Entry[EventLimits.Parameters];
    private byte[] _joined = [];
    private int _bytes;
    private int _hashed;

    /// <summary>How many distinct keys there are.</summary>
    public int Count { get; private set; }

    /// <summary>
    /// Adds a parameter. Any bytes are allowed. A key is lower-cased and a value joins those of the same key; what
    /// exceeds a limit is cut or left out.
    /// </summary>
    /// <returns>False when it was left out because there is no room.</returns>
    public bool Add(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        int before = _text.Used;
        Utf8Piece name = AddKey(key);
        int place = Find(_text[name]);
        if (place >= 0)
        {
            _text.Truncate(before);
        }

        int room = EventLimits.ParameterBytes - _bytes - (place < 0 ? name.Length : 1);
        if (room < 0 || (place < 0 && Count == EventLimits.Parameters))
        {
            _text.Truncate(before);
            return false;
        }

        Utf8Piece piece = _text.AddBytes(value, Math.Min(room, EventLimits.ParameterValue));
        _bytes = EventLimits.ParameterBytes - room + piece.Length;
        if (place < 0)
        {
            _values[Count++] = new Entry { Key = name, Value = piece, Next = -1, Last = -1 };
        }
        else
        {
            Append(ref _values[place], piece);
        }

        return true;
    }

    /// <summary>The value of a key, given in lower case; joined with commas when there are several.</summary>
    /// <returns>False when there is none.</returns>
    public bool TryGet(ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
    {
        int place = Find(key);
        value = place < 0 ? default : Joined(_values[place]);
        return place >= 0;
    }

    internal void Reset()
    {
        _text.Reset();
        _more.Clear();
        if (_more.Capacity > EventLimits.Parameters)
        {
            _more.Capacity = 0;
        }

        Count = 0;
        _hashed = 0;
        _bytes = 0;
    }

    /// <summary>Writes at least one parameter as a member of this name.</summary>
    internal void WriteTo(JsonLine json, ReadOnlySpan<byte> name)
    {
        int begin = json.BeginObject(name);
        for (int i = 0; i < Count; i++)
        {
            ref readonly Entry entry = ref _values[i];
            json.WriteMember(_text[entry.Key], entry.Key.IsPlain, Joined(entry), entry.Value.IsPlain && entry.Next < 0);
        }

        json.EndObject(begin);
    }

    private Utf8Piece AddKey(ReadOnlySpan<byte> key)
    {
        if (key.IsEmpty)
        {
            return _text.Add("_"u8);
        }

        if (key.Length <= EventLimits.ParameterKey && !key.ContainsAnyExceptInRange((byte)0x20, (byte)0x7F))
        {
            return _text.AddLower(key);
        }

        // The last character read may end up to three bytes behind the limit; it is cut off below.
        Span<byte> folded = stackalloc byte[EventLimits.ParameterKey + 4];
        int length = 0;
        while (!key.IsEmpty && length < EventLimits.ParameterKey)
        {
            Rune.DecodeFromUtf8(key, out Rune rune, out int consumed);
            length += Fold(rune).EncodeToUtf8(folded[length..]);
            key = key[consumed..];
        }

        return _text.AddBytes(folded[..length], EventLimits.ParameterKey);
    }

    /// <summary>
    /// One character in lower case, such that no other implementation of lower-casing changes it further: .NET leaves
    /// U+0130 as it is where Java makes it an i, and a character that is not assigned yet may get a lower case later.
    /// </summary>
    private static Rune Fold(Rune rune)
    {
        rune = Rune.ToLowerInvariant(rune);
        return Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.Control or UnicodeCategory.OtherNotAssigned => new Rune('_'),
            _ when rune.Value == 0x130 => new Rune('i'),
            _ => rune,
        };
    }

    private int Find(ReadOnlySpan<byte> key)
    {
        // So few are compared faster than hashed.
        const int Few = 8;
        if (Count > Few)
        {
            return FindByHash(key);
        }

        int place = Count - 1;
        while (place >= 0 && !HasKey(place, key))
        {
            place--;
        }

        return place;
    }

    private int FindByHash(ReadOnlySpan<byte> key)
    {
        for (; _hashed < Count; _hashed++)
        {
            _hashes[_hashed] = Hash(_text[_values[_hashed].Key]);
        }

        int hash = Hash(key);
        int from = 0;
        while (true)
        {
            int found = _hashes.AsSpan(from, Count - from).IndexOf(hash);
            if (found < 0)
            {
                return -1;
            }

            from += found;
            if (HasKey(from, key))
            {
                return from;
            }

            from++;
        }
    }

    private bool HasKey(int place, ReadOnlySpan<byte> key) => _text[_values[place].Key].SequenceEqual(key);

    private static int Hash(ReadOnlySpan<byte> key)
    {
        // Randomized by the process, so that keys of equal hash cannot be prepared.
        var hash = new HashCode();
        hash.AddBytes(key);
        return hash.ToHashCode();
    }

    private void Append(ref Entry first, Utf8Piece value)
    {
        _more.Add(new Entry { Value = value, Next = -1 });
        int added = _more.Count - 1;
        if (first.Last < 0)
        {
            first.Next = added;
        }
        else
        {
            Entry last = _more[first.Last];
            last.Next = added;
            _more[first.Last] = last;
        }

        first.Last = added;
    }

    private ReadOnlySpan<byte> Joined(in Entry entry)
    {
        if (entry.Next < 0)
        {
            return _text[entry.Value];
        }

        if (_joined.Length == 0)
        {
            _joined = new byte[EventLimits.ParameterBytes];
        }

        int length = Copy(entry.Value, 0);
        for (int next = entry.Next; next >= 0; next = _more[next].Next)
        {
            _joined[length++] = (byte)',';
            length = Copy(_more[next].Value, length);
        }

        return _joined.AsSpan(0, length);
    }

    private int Copy(Utf8Piece piece, int at)
    {
        _text[piece].CopyTo(_joined.AsSpan(at));
        return at + piece.Length;
    }

    private struct Entry
    {
        public Utf8Piece Key;
        public Utf8Piece Value;

        /// <summary>The next value of the same key, in <c>_more</c>.</summary>
        public int Next;

        /// <summary>The last value of the same key, in <c>_more</c>; kept in the first entry only.</summary>
        public int Last;
    }
}
