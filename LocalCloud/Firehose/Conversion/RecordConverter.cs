using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace LocalCloud.Firehose.Conversion;

/// <summary>A column of the table, under its name in lower case.</summary>
internal sealed record TargetColumn(string Name, HiveType Type);

/// <summary>Why a record cannot be converted: code and message as they stand in the error output.</summary>
internal sealed record ConversionFailure(string Code, string Message)
{
    public static ConversionFailure Parse(string message) => new("DataFormatConversion.ParseError", $"Encountered malformed JSON. {message}");

    public static ConversionFailure Malformed(string message) => new("DataFormatConversion.MalformedData", $"Data does not match the schema. {message}");
}

/// <summary>
/// Turns one record into rows, as strictly as Firehose does: one JSON line a row, its values already of the columns' types, so
/// that whoever writes the file has nothing left to decide.
/// </summary>
/// <remarks>
/// A record is JSON objects one after the other, with white space between them or not; an array is none. When one object in
/// it fails, the whole record does. With the OpenX SerDe keys are lower-cased at every depth, and two that are then equal
/// fail, also among attributes that the table does not have; otherwise those are dropped. What OpenX makes of a value that is
/// not of its column's type: numbers and booleans of text, text of anything, a list of one of what is no list. Hive does
/// none of it but text of numbers and booleans.
/// </remarks>
internal sealed class RecordConverter
{
    private static readonly JsonReaderOptions ManyObjects = new() { AllowMultipleValues = true, MaxDepth = 128 };
    private static readonly JsonWriterOptions PlainText = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly IReadOnlyList<TargetColumn> _columns;
    private readonly IReadOnlyList<string> _keys;
    private readonly bool _lenient;
    private readonly bool _lowerCase;
    private readonly bool _dotsToUnderscores;
    private readonly ArrayBufferWriter<byte> _rows = new();

    /// <param name="columns">The columns of the table.</param>
    /// <param name="deserializer">The SerDe: exactly one of its members.</param>
    public RecordConverter(IReadOnlyList<TargetColumn> columns, Deserializer deserializer)
    {
        _columns = columns;
        _lenient = deserializer.OpenXJsonSerDe is not null;
        _lowerCase = deserializer.OpenXJsonSerDe?.CaseInsensitive != false;
        _dotsToUnderscores = deserializer.OpenXJsonSerDe?.ConvertDotsInJsonKeysToUnderscores == true;
        var mappings = deserializer.OpenXJsonSerDe?.ColumnToJsonKeyMappings ?? new Dictionary<string, string>();
        _keys = [.. columns.Select(column => Key(mappings.GetValueOrDefault(column.Name, column.Name)))];
    }

    /// <summary>Converts a record.</summary>
    /// <param name="record">Its bytes.</param>
    /// <param name="rows">The lines, each with its newline, valid until the next call; empty when the record fails.</param>
    /// <param name="count">How many they are.</param>
    /// <returns>Why it fails, or null.</returns>
    public ConversionFailure? Convert(ReadOnlySpan<byte> record, out ReadOnlyMemory<byte> rows, out int count)
    {
        _rows.ResetWrittenCount();
        (rows, count) = (default, 0);
        try
        {
            var reader = new Utf8JsonReader(record, ManyObjects);
            while (reader.Read())
            {
                using var document = JsonDocument.ParseValue(ref reader);
                if (Row(document.RootElement) is { } failure)
                {
                    return failure;
                }

                count++;
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: bytes or escapes in a text that are no Unicode.
            return ConversionFailure.Parse(error.Message);
        }

        if (count == 0)
        {
            return ConversionFailure.Parse("No content to map due to end-of-input");
        }

        rows = _rows.WrittenMemory;
        return null;
    }

    private ConversionFailure? Row(JsonElement document)
    {
        if (document.ValueKind != JsonValueKind.Object)
        {
            return ConversionFailure.Malformed("A JSON object is required.");
        }

        if (_lenient && Duplicate(document) is { } twice)
        {
            return ConversionFailure.Parse($"Duplicate key \"{twice}\"");
        }

        var members = Members(document, Key);
        using var writer = new Utf8JsonWriter(_rows, PlainText);
        writer.WriteStartObject();
        for (var i = 0; i < _columns.Count; i++)
        {
            if (members.TryGetValue(_keys[i], out var value) && value.ValueKind != JsonValueKind.Null)
            {
                writer.WritePropertyName(_columns[i].Name);
                if (Write(writer, _columns[i].Type, value) is { } problem)
                {
                    return ConversionFailure.Malformed(problem);
                }
            }
        }

        writer.WriteEndObject();
        writer.Flush();
        _rows.Write("\n"u8);
        return null;
    }

    // The first key that is there twice, at any depth.
    private string? Duplicate(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var element in value.EnumerateArray())
            {
                if (Duplicate(element) is { } twice)
                {
                    return twice;
                }
            }
        }
        else if (value.ValueKind == JsonValueKind.Object)
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var member in value.EnumerateObject())
            {
                var key = Key(member.Name);
                if (!seen.Add(key))
                {
                    return key;
                }

                if (Duplicate(member.Value) is { } twice)
                {
                    return twice;
                }
            }
        }

        return null;
    }

    private static Dictionary<string, JsonElement> Members(JsonElement value, Func<string, string> key)
    {
        var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject())
        {
            members[key(member.Name)] = member.Value;
        }

        return members;
    }

    // A key that is data, in a map or in JSON kept as text: only OpenX changes those.
    private string DataKey(string name) => _lenient ? Key(name) : name;

    private string Key(string name)
    {
        var key = _lowerCase ? name.ToLowerInvariant() : name;
        return _dotsToUnderscores ? key.Replace('.', '_') : key;
    }

    // Writes the value as the type wants it, or says what is wrong with it.
    private string? Write(Utf8JsonWriter writer, HiveType type, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            writer.WriteNullValue();
            return null;
        }

        switch (type)
        {
            case HiveType.Text when value.ValueKind is JsonValueKind.Array or JsonValueKind.Object && !_lenient:
                return "One or more fields have incorrect format.";
            case HiveType.Text:
                writer.WriteStringValue(value.ValueKind is JsonValueKind.Array or JsonValueKind.Object ? Nested(value) : Scalar(value));
                return null;
            case HiveType.Array array:
                return WriteArray(writer, array, value);
            case HiveType.Map map:
                return WriteMap(writer, map, value);
            case HiveType.Struct fields:
                return WriteStruct(writer, fields, value);
        }

        if (value.ValueKind is JsonValueKind.Array or JsonValueKind.Object)
        {
            return $"A value of type {type.DuckDb} cannot be a JSON {value.ValueKind.ToString().ToLowerInvariant()}.";
        }

        return WriteScalar(writer, type, value) ? null : $"For input string: \"{Scalar(value)}\"";
    }

    private bool WriteScalar(Utf8JsonWriter writer, HiveType type, JsonElement value)
    {
        var text = Scalar(value).Trim();
        var numeric = value.ValueKind == JsonValueKind.Number || (_lenient && value.ValueKind == JsonValueKind.String);
        switch (type)
        {
            case HiveType.Boolean when bool.TryParse(text, out var truth) && (_lenient || value.ValueKind != JsonValueKind.String):
                writer.WriteBooleanValue(truth);
                return true;
            case HiveType.Integer range when numeric
                && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer)
                && integer >= range.Least && integer <= range.Most:
                writer.WriteNumberValue(integer);
                return true;
            case HiveType.Floating floating when numeric
                && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
                && (floating.Name == "DOUBLE" || float.IsFinite((float)number)):
                writer.WriteNumberValue(number);
                return true;
            case HiveType.Decimal size when numeric && HiveValue.Decimal(text, size.Precision, size.Scale) is { } rounded:
                writer.WriteStringValue(rounded);
                return true;
            case HiveType.Date when value.ValueKind == JsonValueKind.String && HiveValue.Date(text) is { } date:
                writer.WriteStringValue(date);
                return true;
            case HiveType.Timestamp when value.ValueKind is JsonValueKind.String or JsonValueKind.Number && HiveValue.Timestamp(text) is { } time:
                writer.WriteStringValue(time);
                return true;
            default:
                return false;
        }
    }

    private string? WriteArray(Utf8JsonWriter writer, HiveType.Array type, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array && !_lenient)
        {
            return "Start of Array expected";
        }

        writer.WriteStartArray();
        var elements = value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().AsEnumerable() : [value];
        foreach (var element in elements)
        {
            if (Write(writer, type.Element, element) is { } problem)
            {
                return problem;
            }
        }

        writer.WriteEndArray();
        return null;
    }

    private string? WriteMap(Utf8JsonWriter writer, HiveType.Map type, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return "Start of Object expected";
        }

        writer.WriteStartObject();
        foreach (var (key, member) in Members(value, DataKey))
        {
            writer.WritePropertyName(key);
            if (Write(writer, type.Value, member) is { } problem)
            {
                return problem;
            }
        }

        writer.WriteEndObject();
        return null;
    }

    private string? WriteStruct(Utf8JsonWriter writer, HiveType.Struct type, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return "Start of Object expected";
        }

        var members = Members(value, Key);
        writer.WriteStartObject();
        foreach (var (name, field) in type.Fields)
        {
            if (members.TryGetValue(Key(name), out var member))
            {
                writer.WritePropertyName(name);
                if (Write(writer, field, member) is { } problem)
                {
                    return problem;
                }
            }
        }

        writer.WriteEndObject();
        return null;
    }

    private static string Scalar(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => value.GetRawText(),
    };

    // JSON as text, without white space, its keys as the SerDe has them.
    private string Nested(JsonElement value)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(text, PlainText))
        {
            Copy(writer, value);
        }

        return System.Text.Encoding.UTF8.GetString(text.WrittenSpan);
    }

    private void Copy(Utf8JsonWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var (key, member) in Members(value, DataKey))
                {
                    writer.WritePropertyName(key);
                    Copy(writer, member);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var element in value.EnumerateArray())
                {
                    Copy(writer, element);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.Number:
                writer.WriteRawValue(value.GetRawText());
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }
}
