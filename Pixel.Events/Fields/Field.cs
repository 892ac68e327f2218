namespace Pixel.Events;

/// <summary>One field of the field file: a column, and where its value comes from.</summary>
public sealed record Field
{
    /// <summary>The column's name: lower-case letters, digits and underscores, starting with a letter.</summary>
    public required string Name { get; init; }

    /// <summary>The column's type.</summary>
    public FieldType Type { get; init; } = FieldType.String;

    /// <summary>
    /// Where the value comes from; the first source that has a value that is not empty wins. None means that
    /// an enricher fills the column.
    /// </summary>
    public IReadOnlyList<FieldSource> From { get; init; } = [];

    /// <summary>The value when no source has one, or null. It always parses as <see cref="Type"/>.</summary>
    public string? Default { get; init; }

    /// <summary>Where a text is cut, in characters (Unicode scalar values). Means nothing for other types.</summary>
    public int MaxLength { get; init; } = DefaultMaxLength;

    /// <summary>
    /// True when the value tells who the visitor is: it is removed, here and in the kept query, when the
    /// visitor refuses to be tracked.
    /// </summary>
    public bool Identifies { get; init; }

    /// <summary>The column's comment in the catalog, at most 255 characters as Glue has it.</summary>
    public string? Comment { get; init; }

    /// <summary>The maximum length of a text whose field does not say.</summary>
    public const int DefaultMaxLength = 1024;
}
