using System.Text;
using System.Text.Unicode;

namespace Pixel.Events;

/// <summary>A piece of a <see cref="Utf8Store"/>.</summary>
/// <param name="Start">Where it starts.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="IsPlain">True when it is known that JSON holds it as it is. Nearly all text is such, so it is looked through once, not twice.</param>
internal readonly record struct Utf8Piece(int Start, int Length, bool IsPlain);

/// <summary>
/// Text of one event, piece after piece in one array that is used again for the next event.
/// Invariant: what is in it is valid UTF-8, whatever was given; what is not becomes U+FFFD. The JSON writer
/// would throw on anything else.
/// </summary>
internal sealed class Utf8Store
{
    private byte[] _bytes = new byte[4096];
    private int _used;

    public ReadOnlySpan<byte> this[Utf8Piece piece] => _bytes.AsSpan(piece.Start, piece.Length);

    public int Used => _used;

    /// <summary>Forgets everything, and the memory too when one event needed unusually much.</summary>
    public void Reset()
    {
        _used = 0;
        if (_bytes.Length > 64 * 1024)
        {
            _bytes = new byte[4096];
        }
    }

    /// <summary>Takes back everything from a position that <see cref="Used"/> gave.</summary>
    public void Truncate(int used) => _used = used;

    /// <summary>Adds bytes that should be UTF-8.</summary>
    public Utf8Piece Add(ReadOnlySpan<byte> utf8)
    {
        int start = _used;
        bool plain = JsonLine.IsPlain(utf8);
        if (plain || Utf8.IsValid(utf8))
        {
            utf8.CopyTo(Reserve(utf8.Length));
            _used += utf8.Length;
        }
        else
        {
            AddRepaired(utf8);
        }

        return new(start, _used - start, plain);
    }

    /// <summary>Adds text that should be UTF-16; lone surrogates become U+FFFD.</summary>
    public Utf8Piece Add(ReadOnlySpan<char> text)
    {
        int start = _used;
        Span<byte> to = Reserve(checked(text.Length * 3));
        Utf8.FromUtf16(text, to, out _, out int written, replaceInvalidSequences: true);
        _used += written;
        return new(start, written, JsonLine.IsPlain(to[..written]));
    }

    /// <summary>Adds ASCII text without control characters, its letters in lower case.</summary>
    public Utf8Piece AddLower(ReadOnlySpan<byte> ascii)
    {
        int start = _used;
        Ascii.ToLower(ascii, Reserve(ascii.Length), out int written);
        _used += written;
        return new(start, written, JsonLine.IsPlain(ascii));
    }

    /// <summary>Adds at most so many characters of a text, cut between characters.</summary>
    public Utf8Piece Add(ReadOnlySpan<byte> utf8, int maxCharacters)
    {
        // A character has at most four bytes, so no more than these can matter.
        utf8 = utf8[..(int)Math.Min(utf8.Length, maxCharacters * 4L)];
        return Cut(Add(utf8), maxCharacters);
    }

    /// <inheritdoc cref="Add(ReadOnlySpan{byte}, int)"/>
    public Utf8Piece Add(ReadOnlySpan<char> text, int maxCharacters)
    {
        int length = (int)Math.Min(text.Length, maxCharacters * 2L);

        // Cutting a pair here would turn its half into U+FFFD. The half cannot count: it is beyond the maximum.
        if (length < text.Length && length > 0 && char.IsHighSurrogate(text[length - 1]))
        {
            length--;
        }

        return Cut(Add(text[..length]), maxCharacters);
    }

    /// <summary>Adds at most so many bytes of a text, cut between characters.</summary>
    public Utf8Piece AddBytes(ReadOnlySpan<byte> utf8, int maxBytes)
    {
        // Repairing never makes a text shorter than a third, and one sequence more decides the boundary.
        return CutBytes(Add(utf8[..(int)Math.Min(utf8.Length, maxBytes * 4L)]), maxBytes);
    }

    /// <inheritdoc cref="AddBytes(ReadOnlySpan{byte}, int)"/>
    public Utf8Piece AddBytes(ReadOnlySpan<char> text, int maxBytes) =>
        CutBytes(Add(text[..Math.Min(text.Length, maxBytes + 1)]), maxBytes);

    /// <summary>Cuts the piece that was added last where its JSON could become too long.</summary>
    public Utf8Piece CutJson(Utf8Piece piece, int maxBytes)
    {
        if (piece.Length <= maxBytes / 6)
        {
            return piece;
        }

        ReadOnlySpan<byte> bytes = this[piece];
        int json = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            // As \u0001; as \" or \\; and two escapes of six at most for the two to four bytes of a character.
            json += bytes[i] switch { < 0x20 or 0x7F => 6, (byte)'"' or (byte)'\\' => 2, >= 0x80 => 3, _ => 1 };
            if (json > maxBytes)
            {
                return CutBytes(piece, i);
            }
        }

        return piece;
    }

    private Utf8Piece CutBytes(Utf8Piece piece, int maxBytes)
    {
        if (piece.Length <= maxBytes)
        {
            return piece;
        }

        int length = maxBytes;
        while (length > 0 && IsContinuation(_bytes[piece.Start + length]))
        {
            length--;
        }

        _used = piece.Start + length;
        return piece with { Length = length };
    }

    private Utf8Piece Cut(Utf8Piece piece, int maxCharacters)
    {
        if (piece.Length <= maxCharacters)
        {
            return piece;
        }

        ReadOnlySpan<byte> bytes = this[piece];
        int characters = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            if (!IsContinuation(bytes[i]) && ++characters > maxCharacters)
            {
                _used = piece.Start + i;
                return piece with { Length = i };
            }
        }

        return piece;
    }

    private void AddRepaired(ReadOnlySpan<byte> utf8)
    {
        _ = Reserve(checked(utf8.Length * 3));
        while (!utf8.IsEmpty)
        {
            Rune.DecodeFromUtf8(utf8, out Rune rune, out int consumed);
            _used += rune.EncodeToUtf8(_bytes.AsSpan(_used));
            utf8 = utf8[consumed..];
        }
    }

    /// <summary>All the room there is behind what is used: so many bytes, or more.</summary>
    private Span<byte> Reserve(int bytes)
    {
        if (_bytes.Length - _used < bytes)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, checked(_used + bytes)));
        }

        return _bytes.AsSpan(_used);
    }

    private static bool IsContinuation(byte b) => (b & 0xC0) == 0x80;
}
