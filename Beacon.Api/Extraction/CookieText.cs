using Microsoft.Extensions.Primitives;

namespace Beacon.Api.Extraction;

/// <summary>
/// Finds one cookie. The framework's own collection reads all of them, and takes names that differ in case for one.
/// </summary>
internal static class CookieText
{
    /// <summary>The value of the first cookie of exactly this name, as it came but without quotes; empty when there is none.</summary>
    public static ReadOnlySpan<char> Find(StringValues headers, string name)
    {
        foreach (string? header in headers)
        {
            ReadOnlySpan<char> rest = header;
            while (!rest.IsEmpty)
            {
                int end = rest.IndexOf(';');
                ReadOnlySpan<char> pair = (end < 0 ? rest : rest[..end]).Trim();
                if (pair.Length > name.Length && pair[name.Length] == '=' && pair.StartsWith(name, StringComparison.Ordinal))
                {
                    return pair[(name.Length + 1)..].Trim().Trim('"');
                }

                rest = end < 0 ? default : rest[(end + 1)..];
            }
        }

        return default;
    }
}
