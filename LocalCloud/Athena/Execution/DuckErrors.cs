using System.Text.RegularExpressions;
using DuckDB.NET.Data;

namespace LocalCloud.Athena;

/// <summary>Says what DuckDB complains about in Athena's words.</summary>
internal static partial class DuckErrors
{
    public static QueryFailure Translate(DuckDBException problem)
    {
        var message = problem.Message;
        // What our own macros raise carries its name already.
        if (Named().Match(message) is { Success: true } named)
        {
            return new QueryFailure(Kind(named.Groups[1].Value), named.Groups[2].Value, problem);
        }

        var text = FirstLine(message);
        if (Column().Match(text) is { Success: true } column)
        {
            return new QueryFailure(QueryError.ColumnNotFound, $"Column '{column.Groups[1].Value}' cannot be resolved", problem) { Subject = column.Groups[1].Value };
        }

        if (text.StartsWith("Conversion Error", StringComparison.Ordinal))
        {
            return new QueryFailure(QueryError.InvalidCast, text["Conversion Error: ".Length..], problem);
        }

        if (text.StartsWith("Out of Memory", StringComparison.Ordinal))
        {
            return new QueryFailure(QueryError.Exceeded, text, problem);
        }

        if (text.StartsWith("Binder Error", StringComparison.Ordinal) || text.StartsWith("Parser Error", StringComparison.Ordinal))
        {
            return new QueryFailure(text.Contains("Cannot compare values", StringComparison.Ordinal) || text.Contains("No function matches", StringComparison.Ordinal)
                ? QueryError.TypeMismatch : QueryError.Syntax, text[(text.IndexOf(':', StringComparison.Ordinal) + 2)..], problem);
        }

        if (text.StartsWith("Invalid Input Error", StringComparison.Ordinal))
        {
            var bad = text.Contains("Malformed JSON", StringComparison.OrdinalIgnoreCase) || text.Contains("parquet", StringComparison.OrdinalIgnoreCase);
            return new QueryFailure(bad ? QueryError.BadData : QueryError.InvalidFunctionArgument, text[(text.IndexOf(':', StringComparison.Ordinal) + 2)..], problem);
        }

        return new QueryFailure(QueryError.Internal, text, problem);
    }

    // Paths of our own folders say nothing to the one who asked.
    private static string FirstLine(string message)
    {
        var line = message.Split('\n')[0].Trim();
        return ScanPath().Replace(line, "$1");
    }

    private static QueryError Kind(string name) => name switch
    {
        "DIVISION_BY_ZERO" => QueryError.DivisionByZero,
        "TYPE_MISMATCH" => QueryError.TypeMismatch,
        _ => QueryError.InvalidFunctionArgument,
    };

    [GeneratedRegex(@"^Invalid Input Error: (DIVISION_BY_ZERO|TYPE_MISMATCH|INVALID_FUNCTION_ARGUMENT): ([^\n]*)")]
    private static partial Regex Named();

    [GeneratedRegex("(?:Referenced column|Column with name|column named|Referenced table|Column) \"([^\"]+)\" (?:not found|was not found|does not exist|referenced that exists)")]
    private static partial Regex Column();

    [GeneratedRegex(@"/\S*/athena/scan/\S*?([^/\s""]+)")]
    private static partial Regex ScanPath();
}
