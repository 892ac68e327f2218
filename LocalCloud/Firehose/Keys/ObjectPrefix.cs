using System.Security.Cryptography;
using System.Text;

namespace LocalCloud.Firehose.Keys;

/// <summary>
/// <c>Prefix</c> or <c>ErrorOutputPrefix</c> of a destination: text with <c>!{namespace:value}</c> expressions, by the rules of
/// https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html.
/// </summary>
internal sealed class ObjectPrefix
{
    private const string RandomLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    private const int RandomLength = 11;   // "a random string of 11 characters", a new one at every occurrence

    // What evaluates to a piece of the key.
    private delegate string Part(DateTimeOffset time, TimeZoneInfo zone, string? errorType);

    private readonly List<Part> _parts = [];

    private ObjectPrefix()
    {
    }

    /// <summary>Whether it contains any expression; one that does gets no time appended.</summary>
    public bool HasExpressions { get; private set; }

    /// <summary>Whether it contains <c>!{firehose:error-output-type}</c>.</summary>
    public bool HasErrorType { get; private set; }

    /// <summary>Reads a prefix; false with the reason when an expression in it is not valid.</summary>
    public static bool TryParse(string text, out ObjectPrefix prefix, out string? problem)
    {
        prefix = new ObjectPrefix();
        for (var i = 0; i < text.Length;)
        {
            var next = text.IndexOf("!{", i, StringComparison.Ordinal);
            var literal = next < 0 ? text[i..] : text[i..next];
            if (literal.Length > 0)
            {
                prefix._parts.Add((_, _, _) => literal);
            }

            if (next < 0)
            {
                break;
            }

            var end = EndOfExpression(text, next + 2);
            if (end < 0)
            {
                problem = $"The expression '{text[next..]}' is not closed";
                return false;
            }

            problem = prefix.AddExpression(text[(next + 2)..end]);
            if (problem is not null)
            {
                return false;
            }

            i = end + 1;
        }

        problem = null;
        return true;
    }

    /// <summary>The key's beginning.</summary>
    /// <param name="arrival">When the oldest record of the object arrived.</param>
    /// <param name="zone">The zone of every timestamp in it.</param>
    /// <param name="errorType">The value of <c>!{firehose:error-output-type}</c>; null in a <c>Prefix</c>, which cannot have it.</param>
    public string Evaluate(DateTimeOffset arrival, TimeZoneInfo zone, string? errorType)
    {
        var local = TimeZoneInfo.ConvertTime(arrival, zone);
        var text = new StringBuilder();
        foreach (var part in _parts)
        {
            text.Append(part(local, zone, errorType));
        }

        return text.ToString();
    }

    // A quoted text inside a timestamp may contain the brace.
    private static int EndOfExpression(string text, int from)
    {
        var quoted = false;
        for (var i = from; i < text.Length; i++)
        {
            quoted ^= text[i] == '\'';
            if (text[i] == '}' && !quoted)
            {
                return i;
            }
        }

        return -1;
    }

    private string? AddExpression(string expression)
    {
        HasExpressions = true;
        var colon = expression.IndexOf(':');
        var (space, value) = colon < 0 ? (expression, "") : (expression[..colon], expression[(colon + 1)..]);
        switch (space)
        {
            case "timestamp":
                if (value.Length == 0)
                {
                    return "The timestamp expression has no pattern";
                }

                if (!JavaTimePattern.TryParse(value, out var pattern, out var problem))
                {
                    return problem;
                }

                _parts.Add((time, zone, _) => pattern!.Format(time, zone));
                return null;
            case "firehose" when value == "random-string":
                _parts.Add((_, _, _) => RandomNumberGenerator.GetString(RandomLetters, RandomLength));
                return null;
            case "firehose" when value == "error-output-type":
                HasErrorType = true;
                _parts.Add((_, _, errorType) => errorType ?? "");
                return null;
            case "partitionKeyFromQuery" or "partitionKeyFromLambda":
                return $"The namespace {space} requires dynamic partitioning to be enabled";
            default:
                return $"The expression !{{{expression}}} is not supported";
        }
    }
}
