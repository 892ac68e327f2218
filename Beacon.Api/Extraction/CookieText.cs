using Microsoft.Extensions.Primitives;

namespace Beacon.Api.Extraction;

/// <summary>
/// Finds one cookie. The framework's own collection reads all of them, and takes names that differ in case for one.
/// </summary>
internal static class CookieText
{
    /// <summary>The value of the first cookie of exactly this name, as it came but without quotes; null when there is none.</summary>
    public static string? Find(StringValues headers, string name)
    {
        foreach (string? header in headers)
        {
            ReadOnlySpan<char> text = header;
            foreach (Range range in text.Split(';'))
            {
                ReadOnlySpan<char> pair = text[range].Trim();
                if (pair.Length > name.Length && pair[name.Length] == '=' && pair.StartsWith(name, StringComparison.Ordinal))
                {
                    return pair[(name.Length + 1)..].Trim().Trim('"').ToString();
                }
            }
        }

        return null;
    }
}
