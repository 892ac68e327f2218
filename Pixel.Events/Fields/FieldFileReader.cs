using System.Text;
using System.Text.Json;

namespace Pixel.Events;

/// <summary>A field as it was read, with what is needed to speak about it.</summary>
/// <param name="Field">The field, as far as it could be read.</param>
/// <param name="Line">Where it starts.</param>
/// <param name="Label">Its name, or its place in the list when it has none.</param>
/// <param name="SaysMaxLength">Whether the file gives a maximum length.</param>
internal sealed record ReadField(Field Field, int Line, string Label, bool SaysMaxLength);

/// <summary>
/// Reads a field file token by token. A deserializer would stop at the first problem and would not know its line;
/// this one notes each and goes on.
/// </summary>
internal ref struct FieldFileReader(ReadOnlySpan<byte> utf8)
{
    private readonly ReadOnlySpan<byte> _utf8 = utf8;
    private Utf8JsonReader _json = new(utf8, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
    private int _line = 1;
    private int _counted;

    public List<ReadField> Fields { get; } = [];

    public List<FieldFileProblem> Problems { get; } = [];

    /// <exception cref="JsonException">The text is not JSON.</exception>
    public void Read()
    {
        _json.Read();
        if (_json.TokenType != JsonTokenType.StartObject)
        {
            Problem(null, "the file must be an object with the property fields");
            _json.Skip();
            return;
        }

        bool seen = false;
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            string property = _json.GetString()!;
            int line = Line();
            _json.Read();
            if (property != "fields")
            {
                Problems.Add(new(line, null, $"the property '{property}' is not known; there is only fields"));
                _json.Skip();
            }
            else if (seen || _json.TokenType != JsonTokenType.StartArray)
            {
                Problems.Add(new(line, null, seen ? "the property fields is there twice" : "fields must be a list"));
                _json.Skip();
            }
            else
            {
                seen = true;
                while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
                {
                    ReadField();
                }
            }
        }

        while (_json.Read())
        {
            // Reads to the end, so that anything behind the object is reported.
        }

        if (!seen)
        {
            Problem(null, "the property fields is missing");
        }
    }

    private void ReadField()
    {
        int start = Line();
        string place = $"#{Fields.Count + 1}";
        if (_json.TokenType != JsonTokenType.StartObject)
        {
            Problem(place, "a field must be an object");
            _json.Skip();
            Fields.Add(new(new Field { Name = "" }, start, place, false));
            return;
        }

        var field = new Field { Name = "" };
        var problems = new List<(int Line, string Text)>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            string property = _json.GetString()!;
            if (!seen.Add(property))
            {
                problems.Add((Line(), $"the property {property} is there twice"));
            }

            _json.Read();
            field = ReadProperty(field, property, problems);
        }

        string label = field.Name.Length > 0 ? field.Name : place;
        Problems.AddRange(problems.Select(p => new FieldFileProblem(p.Line, label, p.Text)));
        if (!seen.Contains("name"))
        {
            Problems.Add(new(start, label, "the name is missing"));
        }

        Fields.Add(new(field, start, label, seen.Contains("maxLength")));
    }

    private Field ReadProperty(Field field, string property, List<(int, string)> problems)
    {
        switch (property)
        {
            case "name":
                return Text(property, problems) is { } name ? field with { Name = name } : field;
            case "type":
                if (Text(property, problems) is not { } typeName)
                {
                    return field;
                }

                if (!FieldTypeNames.TryParse(typeName, out FieldType type))
                {
                    problems.Add((Line(), $"the type '{typeName}' is not known; it must be one of {string.Join(", ", FieldTypeNames.All)}"));
                }

                return field with { Type = type };
            case "from":
                return field with { From = Sources(problems) };
            case "default":
                return Scalar(problems) is { } value ? field with { Default = value } : field;
            case "maxLength":
                if (_json.TokenType == JsonTokenType.Number && _json.TryGetInt32(out int length))
                {
                    return field with { MaxLength = length };
                }

                problems.Add((Line(), "maxLength must be a whole number"));
                _json.Skip();
                return field;
            case "identifies":
                if (_json.TokenType is JsonTokenType.True or JsonTokenType.False)
                {
                    return field with { Identifies = _json.GetBoolean() };
                }

                problems.Add((Line(), "identifies must be true or false"));
                _json.Skip();
                return field;
            case "comment":
                return Text(property, problems) is { } comment ? field with { Comment = comment } : field;
            default:
                problems.Add((Line(), $"the property '{property}' is not known"));
                _json.Skip();
                return field;
        }
    }

    private string? Text(string property, List<(int, string)> problems)
    {
        if (_json.TokenType == JsonTokenType.String && TryGetString(out string? text))
        {
            return text;
        }

        problems.Add((Line(), $"{property} must be a text"));
        _json.Skip();
        return null;
    }

    private string? Scalar(List<(int, string)> problems)
    {
        switch (_json.TokenType)
        {
            case JsonTokenType.String when TryGetString(out string? text):
                return text;
            case JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False:
                return Encoding.UTF8.GetString(_json.ValueSpan);
            case JsonTokenType.Null:
                return null;
            default:
                problems.Add((Line(), "default must be a text, a number, true or false"));
                _json.Skip();
                return null;
        }
    }

    private List<FieldSource> Sources(List<(int, string)> problems)
    {
        var sources = new List<FieldSource>();
        if (_json.TokenType != JsonTokenType.StartArray)
        {
            problems.Add((Line(), "from must be a list such as [\"query:userid\"]"));
            _json.Skip();
            return sources;
        }

        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
        {
            if (Text("a source", problems) is not { } text)
            {
                continue;
            }

            if (FieldSource.Parse(text, out FieldSource? source) is { } problem)
            {
                problems.Add((Line(), problem));
            }
            else if (sources.Contains(source!))
            {
                problems.Add((Line(), $"the source '{text}' is there twice"));
            }
            else
            {
                sources.Add(source!);
            }
        }

        return sources;
    }

    /// <summary>An escape such as <c>\ud800</c> alone passes the tokenizer but is no text.</summary>
    private readonly bool TryGetString(out string? text)
    {
        try
        {
            text = _json.GetString();
            return true;
        }
        catch (InvalidOperationException)
        {
            text = null;
            return false;
        }
    }

    private void Problem(string? field, string text) => Problems.Add(new(Line(), field, text));

    /// <summary>The line of the current token, from 1.</summary>
    private int Line()
    {
        int position = (int)_json.TokenStartIndex;
        _line += _utf8[_counted..position].Count((byte)'\n');
        _counted = position;
        return _line;
    }
}
