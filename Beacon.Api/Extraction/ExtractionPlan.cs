using System.Text;
using Beacon.Api.Privacy;
using Microsoft.Extensions.Options;
using Pixel.Events;
using Pixel.Events.Lake;

namespace Beacon.Api.Extraction;

/// <summary>
/// The field file made ready for requests, once: which parameter names mean something, and for each field where to
/// look, in order.
/// </summary>
/// <remarks>
/// A <em>known name</em> is a parameter that a field asks for, that identifies the visitor, or <c>consent</c>. Known names have
/// numbers, so that a request looks each of its parameters up once and fields then go by number.
/// </remarks>
internal sealed class ExtractionPlan
{
    /// <summary>The parameter by which a page passes the visitor's choice on.</summary>
    public const string ConsentParameter = "consent";

    private const int Shapes = 256;

    private readonly List<KnownName> _names = [];
    private readonly KnownName[][] _byShape;

    public ExtractionPlan(EventSchema schema, IOptions<PrivacyOptions> privacy, IOptions<LakeOptions>? lake = null)
    {
        Consent = NumberOf(ConsentParameter, identifies: false);
        Fields = [.. schema.Fields.Select((field, i) => Plan(field, BuiltIn.Count + i))];
        string[] inTable = lake?.Value.EventFields.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
        NotInTable = inTable.Length == 0 ? [] : [.. schema.Fields.Select((field, i) => new MissingColumn(BuiltIn.Count + i, Encoding.UTF8.GetBytes(field.Name))).Where(c => !inTable.Contains(Encoding.UTF8.GetString(c.Name)))];
        foreach (string name in privacy.Value.IdentifyingParameters ?? PrivacyOptions.DefaultIdentifyingParameters)
        {
            NumberOf(name.ToLowerInvariant(), identifies: true);
        }

        ILookup<int, KnownName> shapes = _names.ToLookup(n => Shape(n.Utf8));
        _byShape = [.. Enumerable.Range(0, Shapes).Select(shape => shapes[shape].ToArray())];
        Identifying = [.. _names.Select(n => n.Identifies)];
    }

    /// <summary>The fields, in the file's order.</summary>
    public FieldPlan[] Fields { get; }

    /// <summary>
    /// The fields that the deployed table has no column for yet: Firehose drops them without a word, so their values go to
    /// <c>params</c> as well. None where nobody says what the table has.
    /// </summary>
    public MissingColumn[] NotInTable { get; }

    /// <summary>How many known names there are.</summary>
    public int NameCount => _names.Count;

    /// <summary>The number of the parameter <c>consent</c>.</summary>
    public int Consent { get; }

    /// <summary>By number: whether the parameter is removed when the visitor refuses.</summary>
    public bool[] Identifying { get; }

    /// <summary>The number of a parameter's decoded name, or -1. The case of ASCII letters means nothing.</summary>
    public int Find(ReadOnlySpan<byte> name)
    {
        foreach (KnownName known in _byShape[Shape(name)])
        {
            if (known.Utf8.AsSpan().SequenceEqual(name) || Ascii.EqualsIgnoreCase(known.Utf8, name))
            {
                return known.Number;
            }
        }

        return -1;
    }

    /// <summary>
    /// A number from length, first and last byte: enough to tell the few known names apart, and what stays
    /// together is decided by the field file, not by what visitors send. The same for a letter in either case.
    /// </summary>
    private static int Shape(ReadOnlySpan<byte> name)
    {
        const int Case = 0x20;
        return name.IsEmpty ? 0 : (name.Length + ((name[0] | Case) * 5) + ((name[^1] | Case) * 31)) % Shapes;
    }

    private FieldPlan Plan(Field field, int place) => new(
        place,
        [.. field.From.Select(s => new SourcePlan(s.Kind, s.Kind == FieldSourceKind.Query ? NumberOf(s.Name, field.Identifies) : -1, s.Name))],
        field.Default is null ? null : Encoding.UTF8.GetBytes(field.Default),
        field.Type == FieldType.String,
        field.Identifies);

    private int NumberOf(string name, bool identifies)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(name);
        int number = _names.FindIndex(n => n.Utf8.AsSpan().SequenceEqual(utf8));
        if (number < 0)
        {
            number = _names.Count;
            _names.Add(new(number, utf8, identifies));
        }
        else if (identifies)
        {
            _names[number] = _names[number] with { Identifies = true };
        }

        return number;
    }

    private sealed record KnownName(int Number, byte[] Utf8, bool Identifies);
}

/// <summary>One field: its column, where its value comes from, and what it is otherwise.</summary>
internal sealed record FieldPlan(int Place, SourcePlan[] Sources, byte[]? Default, bool IsText, bool Identifies);

/// <summary>A field that the table has no column for.</summary>
/// <param name="Place">Its place in the event.</param>
/// <param name="Name">Its name, in UTF-8.</param>
internal readonly record struct MissingColumn(int Place, byte[] Name);

/// <summary>One place to look.</summary>
/// <param name="Kind">The part of the request.</param>
/// <param name="Number">The parameter's number, or -1 when it is none.</param>
/// <param name="Name">The name of the header or cookie.</param>
internal sealed record SourcePlan(FieldSourceKind Kind, int Number, string Name);
