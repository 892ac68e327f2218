using System.Globalization;
using LocalCloud.Protocol;

namespace LocalCloud.Glue;

/// <summary>
/// The filter of <c>GetPartitions</c>, in the grammar that API_GetPartitions documents: <c>= &lt;&gt; &gt; &lt; &gt;= &lt;=</c>,
/// <c>BETWEEN</c>, <c>IN</c>, <c>LIKE</c>, <c>IS NULL</c>, each with <c>NOT</c> where SQL has it, <c>AND</c>,
/// <c>OR</c>, <c>NOT</c> and parentheses. A partition key stands on the left, literals on the right.
/// </summary>
/// <remarks>
/// Values are compared as the key's type says (string, int and its kin, decimal, date, timestamp); a literal may be
/// quoted or not. A value that is null (<c>__HIVE_DEFAULT_PARTITION__</c>) or not of its key's type satisfies nothing
/// but <c>IS NULL</c>: the logic is SQL's, with three values.
/// </remarks>
public sealed class PartitionExpression
{
    private readonly Func<IReadOnlyList<string>, bool?> _test;

    internal PartitionExpression(Func<IReadOnlyList<string>, bool?> test, IReadOnlyList<string> leadingValues)
    {
        _test = test;
        LeadingValues = leadingValues;
    }

    /// <summary>
    /// The values that the first partition keys must have for the expression to hold, as far as they are known from
    /// equalities between string keys and literals. Reading can start with these; <see cref="Matches"/> still decides.
    /// </summary>
    public IReadOnlyList<string> LeadingValues { get; }

    /// <summary>Whether the partition with these values satisfies the expression.</summary>
    public bool Matches(IReadOnlyList<string> values) => _test(values) == true;

    /// <summary>Reads an expression.</summary>
    /// <param name="expression">At most 2,048 characters; null or blank is satisfied by every partition.</param>
    /// <param name="keys">The partition keys that it may name.</param>
    /// <exception cref="AwsException"><c>InvalidInputException</c>.</exception>
    public static PartitionExpression Parse(string? expression, IReadOnlyList<GlueColumn> keys)
    {
        if (string.IsNullOrWhiteSpace(expression))
        {
            return new PartitionExpression(_ => true, []);
        }

        // The documented limit. It also bounds how deep the parser calls itself.
        return expression.Length > 2048
            ? throw new AwsException("InvalidInputException",
                "1 validation error detected: Value at 'expression' failed to satisfy constraint: Member must have length less than or equal to 2048")
            : new PartitionExpressionParser(expression, keys).Parse();
    }
}

/// <summary>A value of a partition key or a literal, in a form in which two of the same type can be compared.</summary>
internal static class PartitionValue
{
    private const string HiveNull = "__HIVE_DEFAULT_PARTITION__";

    /// <summary>The value that <paramref name="text"/> stands for, or null when it is null or not of that type.</summary>
    /// <exception cref="AwsException"><c>InvalidInputException</c>: partitions cannot be filtered by a key of that type.</exception>
    public static IComparable? Read(string text, string? type)
    {
        if (text == HiveNull)
        {
            return null;
        }

        var name = (type ?? "string").Trim().ToLowerInvariant();
        var bracket = name.IndexOf('(');
        switch (bracket < 0 ? name : name[..bracket])
        {
            case "string" or "char" or "varchar":
                return new Ordinal(text);
            case "tinyint" or "smallint" or "int" or "integer" or "bigint" or "long":
                return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer) ? integer : null;
            case "decimal":
                return decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var number) ? number : null;
            case "date":
                return DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : null;
            case "timestamp":
                return DateTime.TryParseExact(text, TimestampForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;
            default:
                throw new AwsException("InvalidInputException", $"{name} is not a valid type for partition filtering");
        }
    }

    public static bool IsText(string? type) => type is null || type.Equals("string", StringComparison.OrdinalIgnoreCase);

    private static readonly string[] TimestampForms =
        ["yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm:ss.FFFFFFF", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd"];

    // Strings compare by their characters, not by a language's rules.
    private sealed record Ordinal(string Text) : IComparable
    {
        public int CompareTo(object? other) => string.CompareOrdinal(Text, ((Ordinal)other!).Text);
        public override string ToString() => Text;
    }
}
