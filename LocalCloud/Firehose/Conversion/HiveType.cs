using System.Globalization;
using System.Text.RegularExpressions;

namespace LocalCloud.Firehose.Conversion;

/// <summary>The type of a Glue column, as Hive writes it, with the DuckDB type that becomes the same Parquet type.</summary>
internal abstract partial record HiveType(string DuckDb)
{
    /// <summary>string, char(n) and varchar(n).</summary>
    public sealed record Text() : HiveType("VARCHAR");

    public sealed record Boolean() : HiveType("BOOLEAN");

    /// <summary>tinyint to bigint, with the values that fit.</summary>
    public sealed record Integer(string Name, long Least, long Most) : HiveType(Name);

    /// <summary>float and double.</summary>
    public sealed record Floating(string Name) : HiveType(Name);

    public sealed record Decimal(int Precision, int Scale) : HiveType($"DECIMAL({Precision},{Scale})");

    public sealed record Date() : HiveType("DATE");

    /// <summary>A moment without a zone, microseconds in Parquet.</summary>
    public sealed record Timestamp() : HiveType("TIMESTAMP");

    public sealed record Array(HiveType Element) : HiveType($"{Element.DuckDb}[]");

    /// <summary>A map; JSON has no other keys than text.</summary>
    public sealed record Map(HiveType Value) : HiveType($"MAP(VARCHAR, {Value.DuckDb})");

    public sealed record Struct(IReadOnlyList<(string Name, HiveType Type)> Fields)
        : HiveType($"STRUCT({string.Join(", ", Fields.Select(field => $"\"{field.Name.Replace("\"", "\"\"")}\" {field.Type.DuckDb}"))})");

    /// <summary>Reads a type; null when it is not one that can be converted.</summary>
    public static HiveType? Parse(string? text)
    {
        var rest = (text ?? "").Trim().ToLowerInvariant().AsSpan();
        return Read(ref rest) is { } type && rest.Trim().IsEmpty ? type : null;
    }

    private static HiveType? Read(ref ReadOnlySpan<char> rest)
    {
        rest = rest.TrimStart();
        var end = rest.IndexOfAnyExceptInRange('a', 'z');
        var name = (end < 0 ? rest : rest[..end]).ToString();
        rest = rest[name.Length..];
        return name switch
        {
            "string" => new Text(),
            "char" or "varchar" => Numbers(ref rest) is [> 0] ? new Text() : null,
            "boolean" => new Boolean(),
            "tinyint" => new Integer("TINYINT", sbyte.MinValue, sbyte.MaxValue),
            "smallint" => new Integer("SMALLINT", short.MinValue, short.MaxValue),
            "int" or "integer" => new Integer("INTEGER", int.MinValue, int.MaxValue),
            "bigint" => new Integer("BIGINT", long.MinValue, long.MaxValue),
            "float" => new Floating("FLOAT"),
            "double" => new Floating("DOUBLE"),
            "decimal" => Numbers(ref rest) switch
            {
                [] => new Decimal(10, 0),
                [var precision] when precision is > 0 and <= 38 => new Decimal(precision, 0),
                [var precision, var scale] when precision is > 0 and <= 38 && scale >= 0 && scale <= precision => new Decimal(precision, scale),
                _ => null,
            },
            "date" => new Date(),
            "timestamp" => new Timestamp(),
            "array" => Take(ref rest, '<') && Read(ref rest) is { } element && Take(ref rest, '>') ? new Array(element) : null,
            "map" => Take(ref rest, '<') && Read(ref rest) is Text && Take(ref rest, ',') && Read(ref rest) is { } value && Take(ref rest, '>')
                ? new Map(value)
                : null,
            "struct" => Take(ref rest, '<') ? ReadFields(ref rest) : null,
            _ => null,
        };
    }

    private static Struct? ReadFields(ref ReadOnlySpan<char> rest)
    {
        var fields = new List<(string, HiveType)>();
        do
        {
            var colon = rest.IndexOf(':');
            if (colon <= 0)
            {
                return null;
            }

            var name = rest[..colon].Trim().Trim('`').ToString();
            rest = rest[(colon + 1)..];
            if (Read(ref rest) is not { } type)
            {
                return null;
            }

            fields.Add((name, type));
        }
        while (Take(ref rest, ','));
        return Take(ref rest, '>') ? new Struct(fields) : null;
    }

    private static bool Take(ref ReadOnlySpan<char> rest, char wanted)
    {
        rest = rest.TrimStart();
        if (rest.IsEmpty || rest[0] != wanted)
        {
            return false;
        }

        rest = rest[1..];
        return true;
    }

    // "(10, 2)"; an empty list when there is no parenthesis.
    private static int[] Numbers(ref ReadOnlySpan<char> rest)
    {
        var match = Parenthesis().Match(rest.ToString());
        rest = rest[match.Length..];
        return [.. match.Groups["n"].Captures.Select(capture => int.Parse(capture.Value, CultureInfo.InvariantCulture))];
    }

    [GeneratedRegex(@"^\s*\(\s*(?<n>\d{1,5})\s*(,\s*(?<n>\d{1,5})\s*)?\)|^")]
    private static partial Regex Parenthesis();
}
