using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Pixel.Events;

/// <summary>
/// One event while it is made: a value or null for each column of the schema, and its JSON.
/// </summary>
/// <remarks>
/// Made to be used again for event after event, by one request at a time; after the first few it allocates nothing.
/// No input can break what it writes: text is kept as valid UTF-8 and escaped by the JSON writer, keys are unique, and
/// the size stays below <see cref="EventLimits.OpenEvent"/>.
/// Columns are named by their place in <see cref="EventSchema.Columns"/>. <c>event_id</c> and <c>received_at</c> come
/// from <see cref="Begin"/>, <c>params</c> from <see cref="Parameters"/>, <c>traceparent</c> from <see cref="Trace"/>, and
/// <c>beacon_id</c> and <c>beacon_seq</c> from whatever keeps the event; these six cannot be set by place.
/// </remarks>
public sealed class PixelEvent
{
    // Invariants: a slot whose kind is Text has a piece of _text; a slot of any other kind has its value in Bits;
    // a column's slot is Null or of the kind that the column's type says.
    private readonly Slot[] _slots;
    private readonly Utf8Store _text = new();
    private readonly EventIds _ids = new();
    private readonly JsonLine _json = new();
    private string? _traceparent;

    /// <summary>Makes an event that has still to begin.</summary>
    public PixelEvent(EventSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        Schema = schema;
        _slots = new Slot[schema.Columns.Count];
    }

    private enum SlotKind : byte
    {
        Null,
        Text,
        Whole,
        Double,
        Boolean,
        Timestamp,
    }

    /// <summary>The columns.</summary>
    public EventSchema Schema { get; }

    /// <summary>The column <c>event_id</c>: UUIDv7 of <see cref="ReceivedAt"/>.</summary>
    public Guid Id { get; private set; }

    /// <summary>The column <c>received_at</c>.</summary>
    public DateTimeOffset ReceivedAt { get; private set; }

    /// <summary>The column <c>params</c>.</summary>
    public ParameterBag Parameters { get; } = new();

    /// <summary>Forgets the last event and begins another, with an id of its own.</summary>
    /// <param name="receivedAt">When the request arrived.</param>
    public void Begin(DateTimeOffset receivedAt)
    {
        Array.Clear(_slots);
        _text.Reset();
        Parameters.Reset();
        _traceparent = null;
        ReceivedAt = receivedAt;
        Id = _ids.Next(receivedAt);
    }

    /// <summary>Sets the column <c>traceparent</c>.</summary>
    /// <param name="traceparent">A trace context of version 00, such as <see cref="System.Diagnostics.Activity.Id"/> is.</param>
    /// <exception cref="ArgumentException">It is none.</exception>
    public void Trace(string traceparent)
    {
        if (!ActivityContext.TryParse(traceparent, null, out _) || traceparent.Length != Traceparent.Length)
        {
            throw new ArgumentException($"'{traceparent}' is no trace context of version 00.", nameof(traceparent));
        }

        _traceparent = traceparent;
    }

    /// <summary>True when the column has no value.</summary>
    public bool IsNull(int place) => _slots[place].Kind == SlotKind.Null;

    /// <summary>The column's text in UTF-8; empty when it is null or not text. Valid until the event changes.</summary>
    public ReadOnlySpan<byte> Text(int place) => _slots[place].Kind == SlotKind.Text ? _text[_slots[place].Piece] : default;

    /// <summary>The column's text, or null when it is null or not text.</summary>
    public string? GetText(int place) => _slots[place].Kind == SlotKind.Text ? Encoding.UTF8.GetString(_text[_slots[place].Piece]) : null;

    /// <summary>The most bytes that <see cref="Format"/> writes.</summary>
    public const int LongestFormatted = 40;

    /// <summary>Writes the value of a column that is not text, as a text that <see cref="TrySet(int, ReadOnlySpan{byte})"/> reads again.</summary>
    /// <returns>How many bytes were written; 0 when the column is null or text.</returns>
    public int Format(int place, Span<byte> utf8)
    {
        ref readonly Slot slot = ref _slots[place];
        int length = 0;
        _ = slot.Kind switch
        {
            SlotKind.Whole => slot.Bits.TryFormat(utf8, out length, default, CultureInfo.InvariantCulture),
            SlotKind.Double => BitConverter.Int64BitsToDouble(slot.Bits).TryFormat(utf8, out length, "R", CultureInfo.InvariantCulture),
            SlotKind.Boolean => Encoding.UTF8.TryGetBytes(slot.Bits != 0 ? "true" : "false", utf8, out length),
            SlotKind.Timestamp => DateTimeOffset.FromUnixTimeMilliseconds(slot.Bits).UtcDateTime.TryFormat(utf8, out length, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            _ => false,
        };
        return length;
    }

    /// <summary>Makes the column null.</summary>
    public void Clear(int place) => _slots[place] = default;

    /// <summary>
    /// Sets a column from text: it is cut at the column's maximum length, or read as the column's type.
    /// </summary>
    /// <param name="place">A column that can be set.</param>
    /// <param name="utf8">Any bytes; what is not UTF-8 becomes U+FFFD.</param>
    /// <returns>False when the text is not of the column's type; the column is null then.</returns>
    public bool TrySet(int place, ReadOnlySpan<byte> utf8)
    {
        EventSchema.Rule rule = RuleOf(place);
        if (rule.Type == FieldType.String)
        {
            Utf8Piece piece = place == BuiltIn.Query ? _text.CutJson(_text.AddBytes(utf8, rule.MaxLength), EventLimits.QueryJson) : _text.Add(utf8, rule.MaxLength);
            _slots[place] = new(SlotKind.Text, piece, 0);
            return true;
        }

        bool parsed = FieldValue.TryParse(rule.Type, utf8, out FieldValue value);
        _slots[place] = parsed ? new(KindOf(rule.Type), default, value.Bits) : default;
        return parsed;
    }

    /// <summary>
    /// Sets a column from a part of another one's text, as <see cref="TrySet(int, ReadOnlySpan{byte})"/> does, but without
    /// copying or checking it again.
    /// </summary>
    /// <param name="place">A column that can be set.</param>
    /// <param name="source">A column with a text, which may be the same one.</param>
    /// <param name="part">Bytes of <see cref="Text"/> of the source, from one character's start to another's.</param>
    public bool TrySet(int place, int source, Range part)
    {
        EventSchema.Rule rule = RuleOf(place);
        Utf8Piece whole = _slots[source].Piece;
        (int start, int length) = part.GetOffsetAndLength(whole.Length);
        Utf8Piece piece = new(whole.Start + start, length, whole.IsPlain);
        if (rule.Type != FieldType.String || place == BuiltIn.Query)
        {
            return TrySet(place, _text[piece]);
        }

        _slots[place] = new(SlotKind.Text, _text.Start(piece, rule.MaxLength), 0);
        return true;
    }

    /// <inheritdoc cref="TrySet(int, ReadOnlySpan{byte})"/>
    /// <param name="place">A column that can be set.</param>
    /// <param name="text">Any text; lone surrogates become U+FFFD.</param>
    public bool TrySet(int place, ReadOnlySpan<char> text)
    {
        if (RuleOf(place).Type == FieldType.String)
        {
            Set(place, text);
            return true;
        }

        int used = _text.Used;
        bool parsed = TrySet(place, _text[_text.Add(text)]);
        _text.Truncate(used);
        return parsed;
    }

    /// <summary>Sets a text column; null makes it null.</summary>
    /// <exception cref="ArgumentException">The column is not of the type string.</exception>
    public void Set(int place, string? text)
    {
        if (text is null)
        {
            Clear(place);
        }
        else
        {
            Set(place, text.AsSpan());
        }
    }

    /// <inheritdoc cref="Set(int, string?)"/>
    public void Set(int place, ReadOnlySpan<char> text)
    {
        EventSchema.Rule rule = RuleOf(place, FieldType.String);
        _slots[place] = place == BuiltIn.Query
            ? new(SlotKind.Text, _text.CutJson(_text.AddBytes(text, rule.MaxLength), EventLimits.QueryJson), 0)
            : new(SlotKind.Text, _text.Add(text, rule.MaxLength), 0);
    }

    /// <summary>Sets a column of the type boolean.</summary>
    /// <exception cref="ArgumentException">The column is of another type.</exception>
    public void Set(int place, bool value)
    {
        _ = RuleOf(place, FieldType.Boolean);
        _slots[place] = new(SlotKind.Boolean, default, value ? 1 : 0);
    }

    /// <summary>
    /// Writes the event as a JSON object that is still open: no closing brace, no line end, null columns left out.
    /// </summary>
    /// <returns>UTF-8 without a line feed; valid until the event is written or begun again.</returns>
    public ReadOnlyMemory<byte> WriteOpen()
    {
        _json.Begin();
        _json.Write(Schema.Names[BuiltIn.EventId], Id);
        _json.Write(Schema.Names[BuiltIn.ReceivedAt], ReceivedAt.UtcDateTime);
        byte[][] names = Schema.Names;
        if (_traceparent is not null)
        {
            WriteTrace(_traceparent); // here, out of the columns' order, where Traceparent finds it
        }

        for (int place = 0; place < _slots.Length; place++)
        {
            ref readonly Slot slot = ref _slots[place];
            if (slot.Kind == SlotKind.Text)
            {
                _json.Write(names[place], _text[slot.Piece], slot.Piece.IsPlain);
            }
            else if (slot.Kind != SlotKind.Null)
            {
                Write(names[place], slot);
            }
        }

        if (Parameters.Count > 0)
        {
            Parameters.WriteTo(_json, names[BuiltIn.Params]);
        }

        return _json.EndOpen();
    }

    private void WriteTrace(string traceparent)
    {
        Span<byte> utf8 = stackalloc byte[Traceparent.Length];
        Encoding.ASCII.GetBytes(traceparent, utf8);
        _json.Write(Schema.Names[BuiltIn.Traceparent], utf8, isPlain: true);
    }

    private void Write(byte[] name, in Slot slot)
    {
        switch (slot.Kind)
        {
            case SlotKind.Whole:
                _json.Write(name, slot.Bits);
                break;
            case SlotKind.Double:
                _json.Write(name, BitConverter.Int64BitsToDouble(slot.Bits));
                break;
            case SlotKind.Boolean:
                _json.Write(name, slot.Bits != 0);
                break;
            default:
                _json.Write(name, DateTimeOffset.FromUnixTimeMilliseconds(slot.Bits).UtcDateTime);
                break;
        }
    }

    private EventSchema.Rule RuleOf(int place)
    {
        EventSchema.Rule rule = Schema.Rules[place];
        return rule.MaxLength > 0 ? rule : throw new ArgumentException($"The column {Schema.Columns[place].Name} cannot be set.", nameof(place));
    }

    private EventSchema.Rule RuleOf(int place, FieldType type)
    {
        EventSchema.Rule rule = RuleOf(place);
        return rule.Type == type ? rule : throw new ArgumentException($"The column {Schema.Columns[place].Name} is of the type {rule.Type.ToGlueType()}.", nameof(place));
    }

    private static SlotKind KindOf(FieldType type) => type switch
    {
        FieldType.Int or FieldType.BigInt => SlotKind.Whole,
        FieldType.Double => SlotKind.Double,
        FieldType.Boolean => SlotKind.Boolean,
        FieldType.Timestamp => SlotKind.Timestamp,
        _ => SlotKind.Text,
    };

    private readonly record struct Slot(SlotKind Kind, Utf8Piece Piece, long Bits);
}
