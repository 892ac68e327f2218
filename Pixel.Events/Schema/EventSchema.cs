namespace Pixel.Events;

/// <summary>
/// The columns of an event: the built-in ones, then the field file's, in its order. Firehose, Glue, Athena and the
/// beacon's JSON all follow this list. Columns are only ever added at the end.
/// </summary>
public sealed class EventSchema
{
    private readonly Dictionary<string, int> _places;

    /// <summary>Makes the schema of a field file.</summary>
    public EventSchema(FieldFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        Fields = file.Fields;
        Columns = [.. BuiltIn.Columns, .. Fields.Select(f => new EventColumn(f.Name, f.Type.ToGlueType(), f.Comment ?? DefaultComment(f)))];
        Rules = [.. Enumerable.Range(0, BuiltIn.Count).Select(BuiltIn.RuleOf), .. Fields.Select(f => new Rule(f.Type, f.MaxLength))];
        Names = [.. Columns.Select(c => JsonLine.Name(c.Name))];
        _places = Columns.Select((c, place) => (c.Name, place)).ToDictionary(c => c.Name, c => c.place, StringComparer.Ordinal);
    }

    /// <summary>The names of the partition columns, outermost first.</summary>
    public static IReadOnlyList<string> PartitionColumnNames { get; } = ["year", "month", "day", "hour"];

    /// <summary>The field file's fields. The column of field <c>i</c> is at <c>BuiltIn.Count + i</c>.</summary>
    public IReadOnlyList<Field> Fields { get; }

    /// <summary>Every column that is in the data, without the partition columns.</summary>
    public IReadOnlyList<EventColumn> Columns { get; }

    /// <summary>The columns' names, ready to be written by <see cref="JsonLine"/>.</summary>
    internal byte[][] Names { get; }

    /// <summary>What may be in each column.</summary>
    internal Rule[] Rules { get; }

    /// <summary>Reads the field file and makes its schema.</summary>
    /// <param name="path">The file; null or empty for the one beside the program.</param>
    /// <exception cref="FieldFileException">The file is missing or wrong.</exception>
    public static EventSchema Load(string? path = null) => new(FieldFile.Load(path));

    /// <summary>The partition columns, outermost first.</summary>
    /// <param name="type">
    /// <c>string</c>, whose values equal the text in the path and which Athena prunes inside Glue, or <c>int</c>.
    /// </param>
    public static IReadOnlyList<EventColumn> PartitionColumns(string type = "string")
    {
        if (type is not ("string" or "int"))
        {
            throw new ArgumentException($"A partition column is of the type string or int, not '{type}'.", nameof(type));
        }

        return [.. PartitionColumnNames.Select(n => new EventColumn(n, type, $"{char.ToUpperInvariant(n[0])}{n[1..]} of arrival in the lake, UTC"))];
    }

    /// <summary>The place of a column in <see cref="Columns"/>, or -1.</summary>
    public int PlaceOf(string column) => _places.GetValueOrDefault(column, -1);

    private static string DefaultComment(Field field)
    {
        string text = field.From.Count == 0 ? "Set by an enricher" : "From " + string.Join(", ", field.From);
        return text.Length <= 255 ? text : text[..255];
    }

    /// <summary>What may be in a column.</summary>
    /// <param name="Type">Its type.</param>
    /// <param name="MaxLength">
    /// Where a text is cut, in characters, except that the query counts bytes; 0 for a column that cannot be set.
    /// </param>
    internal readonly record struct Rule(FieldType Type, int MaxLength);
}
