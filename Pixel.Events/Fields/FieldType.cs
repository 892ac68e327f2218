namespace Pixel.Events;

/// <summary>The types a field may have. Each is also the Glue type of its column.</summary>
public enum FieldType
{
    /// <summary>Text, cut at the field's maximum length.</summary>
    String,

    /// <summary>A whole number of 32 bits.</summary>
    Int,

    /// <summary>A whole number of 64 bits.</summary>
    BigInt,

    /// <summary>A finite number of double precision.</summary>
    Double,

    /// <summary><c>true</c>, <c>false</c>, <c>1</c> or <c>0</c>, in any case.</summary>
    Boolean,

    /// <summary>An instant: ISO 8601 (without an offset it is UTC), or Unix time in seconds or milliseconds.</summary>
    Timestamp,
}

/// <summary>The names of <see cref="FieldType"/> in the field file and in Glue, which are the same.</summary>
public static class FieldTypeNames
{
    private static readonly string[] Names = ["string", "int", "bigint", "double", "boolean", "timestamp"];

    /// <summary>Every name, in the order of the enumeration.</summary>
    public static IReadOnlyList<string> All => Names;

    /// <summary>The Glue type, for example <c>bigint</c>.</summary>
    public static string ToGlueType(this FieldType type) => Names[(int)type];

    /// <summary>Finds a type by its exact lower-case name.</summary>
    public static bool TryParse(string? name, out FieldType type)
    {
        int index = Array.IndexOf(Names, name);
        type = (FieldType)Math.Max(index, 0);
        return index >= 0;
    }
}
