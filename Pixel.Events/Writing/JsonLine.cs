using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;

namespace Pixel.Events;

/// <summary>
/// The JSON of one event, in memory that is used again for the next.
/// </summary>
/// <remarks>
/// Writes, byte for byte, what <see cref="System.Text.Json.Utf8JsonWriter"/> writes with the same encoder; a test compares
/// them for any input. It exists because that writer costs as much as all the rest of an event: for every event it checks
/// and encodes again what is known since the start, the names.
/// Invariants: every member is written with a comma before it, and the comma of an object's first member becomes its
/// opening brace. Text is valid UTF-8, and a name is given ready, as <see cref="Name"/> makes it.
/// </remarks>
internal sealed class JsonLine
{
    private const int UsualLength = 4096;
    private const int LongestKept = 256 * 1024;

    // Any number, id or instant with its quotes is shorter.
    private const int LongestLiteral = 64;

    // Escapes what JSON and lines need and leaves other scripts readable; the lake is no HTML page.
    private static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    // What the encoder leaves as it is, as far as that can be told by one byte.
    private static readonly SearchValues<byte> Plain = SearchValues.Create(
        [.. Enumerable.Range(0, 128).Where(c => !Encoder.WillEncode(c)).Select(c => (byte)c)]);

    private byte[] _bytes = new byte[UsualLength];
    private int _used;

    /// <summary>A member's name, ready to be written: <c>,"name":</c>.</summary>
    public static byte[] Name(string name) => Encoding.UTF8.GetBytes($",\"{Encoder.Encode(name)}\":");

    /// <summary>Begins an object, and gives back what an unusual one before it needed.</summary>
    public void Begin()
    {
        _used = 0;
        if (_bytes.Length > LongestKept)
        {
            _bytes = new byte[UsualLength];
        }
    }

    /// <summary>Ends an object of at least one member, but for its closing brace.</summary>
    /// <returns>What was written; valid until another object is begun.</returns>
    public ReadOnlyMemory<byte> EndOpen()
    {
        _bytes[0] = (byte)'{';
        return _bytes.AsMemory(0, _used);
    }

    /// <summary>Whether JSON holds a text as it is: ASCII of which nothing is escaped.</summary>
    public static bool IsPlain(ReadOnlySpan<byte> text) => !text.ContainsAnyExcept(Plain);

    public void Write(ReadOnlySpan<byte> name, ReadOnlySpan<byte> text, bool isPlain)
    {
        Append(name);
        AppendText(text, isPlain);
    }

    public void Write(ReadOnlySpan<byte> name, long number)
    {
        Append(name);
        number.TryFormat(Reserve(LongestLiteral), out int length, default, CultureInfo.InvariantCulture);
        _used += length;
    }

    public void Write(ReadOnlySpan<byte> name, double number)
    {
        Append(name);
        Utf8Formatter.TryFormat(number, Reserve(LongestLiteral), out int length);
        _used += length;
    }

    public void Write(ReadOnlySpan<byte> name, bool value)
    {
        Append(name);
        Append(value ? "true"u8 : "false"u8);
    }

    public void Write(ReadOnlySpan<byte> name, Guid id)
    {
        Append(name);
        Span<byte> to = Reserve(LongestLiteral);
        to[0] = (byte)'"';
        id.TryFormat(to[1..], out int length);
        to[1 + length] = (byte)'"';
        _used += length + 2;
    }

    /// <summary>Writes an instant to the millisecond, in the form that both Firehose's parser and Athena's take as a timestamp.</summary>
    public void Write(ReadOnlySpan<byte> name, DateTime utc)
    {
        Append(name);
        Span<byte> to = Reserve(LongestLiteral);
        to[0] = (byte)'"';

        // Of the forms there are, the platform writes "O" fastest: yyyy-MM-ddTHH:mm:ss.fffffffZ. Three of the seven digits stay.
        const int Kept = 23;
        utc.TryFormat(to[1..], out _, "O", CultureInfo.InvariantCulture);
        to[1 + Kept] = (byte)'Z';
        to[1 + Kept + 1] = (byte)'"';
        _used += Kept + 3;
    }

    /// <summary>Begins a member that is an object; its members are written with <see cref="WriteMember"/>.</summary>
    /// <returns>Where it begins, for <see cref="EndObject"/>.</returns>
    public int BeginObject(ReadOnlySpan<byte> name)
    {
        Append(name);
        return _used;
    }

    /// <summary>Writes a member whose name is any text.</summary>
    public void WriteMember(ReadOnlySpan<byte> key, bool keyIsPlain, ReadOnlySpan<byte> text, bool textIsPlain)
    {
        Append(","u8);
        AppendText(key, keyIsPlain);
        Append(":"u8);
        AppendText(text, textIsPlain);
    }

    /// <summary>Ends an object of at least one member.</summary>
    public void EndObject(int begin)
    {
        _bytes[begin] = (byte)'{';
        Append("}"u8);
    }

    private void AppendText(ReadOnlySpan<byte> text, bool isPlain)
    {
        if (!isPlain)
        {
            AppendEncoded(text);
            return;
        }

        Span<byte> to = Reserve(text.Length + 2);
        to[0] = (byte)'"';
        text.CopyTo(to[1..]);
        to[1 + text.Length] = (byte)'"';
        _used += text.Length + 2;
    }

    private void AppendEncoded(ReadOnlySpan<byte> text)
    {
        Append("\""u8);
        OperationStatus status;
        do
        {
            // An escape longer than the room for it is not begun: with room for one more, every turn gets on.
            status = Encoder.EncodeUtf8(text, Reserve(text.Length + LongestLiteral), out int read, out int written);
            _used += written;
            text = text[read..];
        }
        while (status == OperationStatus.DestinationTooSmall);

        Append("\""u8);
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        _used += bytes.Length;
    }

    /// <summary>All the room there is behind what was written: so many bytes, or more.</summary>
    private Span<byte> Reserve(int bytes)
    {
        if (_bytes.Length - _used < bytes)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _used + bytes));
        }

        return _bytes.AsSpan(_used);
    }
}
