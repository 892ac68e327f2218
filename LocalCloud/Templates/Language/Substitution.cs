using System.Text.RegularExpressions;

namespace LocalCloud.Templates.Language;

/// <summary>The text of Fn::Sub: <c>${Name}</c>, <c>${Resource.Attribute}</c>, and <c>${!Literal}</c> for a plain <c>${Literal}</c>.</summary>
internal static partial class Substitution
{
    /// <summary>Puts values in the place of names.</summary>
    public static string Apply(string text, Func<string, string> valueOf) =>
        Variable().Replace(text, match => match.Groups["literal"].Success
            ? $"${{{match.Groups["literal"].Value}}}"
            : valueOf(match.Groups["name"].Value.Trim()));

    /// <summary>The names in a text.</summary>
    public static IEnumerable<string> Names(string text) =>
        Variable().Matches(text).Where(match => match.Groups["name"].Success).Select(match => match.Groups["name"].Value.Trim());

    [GeneratedRegex(@"\$\{(?:!(?<literal>[^}]*)|(?<name>[^!}][^}]*))\}")]
    private static partial Regex Variable();
}
