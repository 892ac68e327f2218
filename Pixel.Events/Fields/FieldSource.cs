namespace Pixel.Events;

/// <summary>The part of a request that a value is taken from.</summary>
public enum FieldSourceKind
{
    /// <summary>A parameter of the query. Names compare without regard to the case of ASCII letters.</summary>
    Query,

    /// <summary>A request header. Names compare without regard to case.</summary>
    Header,

    /// <summary>A cookie. Cookies are read only where a field asks for one, and names compare exactly (RFC 6265).</summary>
    Cookie,
}

/// <summary>One place a field may take its value from, written <c>query:userid</c> in the field file.</summary>
/// <param name="Kind">The part of the request.</param>
/// <param name="Name">The parameter, header or cookie; in lower case for the first two.</param>
public sealed record FieldSource(FieldSourceKind Kind, string Name)
{
    private static readonly System.Buffers.SearchValues<char> TokenCharacters = System.Buffers.SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    /// <summary>Reads one source.</summary>
    /// <param name="text">As in the field file.</param>
    /// <param name="source">The source, when there is no problem.</param>
    /// <returns>What is wrong with the text, or null.</returns>
    internal static string? Parse(string text, out FieldSource? source)
    {
        source = null;
        int colon = text.IndexOf(':');
        string kind = colon < 0 ? "" : text[..colon];
        string name = text[(colon + 1)..];
        FieldSourceKind parsed;
        switch (kind)
        {
            case "query": parsed = FieldSourceKind.Query; break;
            case "header": parsed = FieldSourceKind.Header; break;
            case "cookie": parsed = FieldSourceKind.Cookie; break;
            default: return $"the source '{text}' must start with query:, header: or cookie:";
        }

        if (name.Length is 0 or > 128)
        {
            return $"the source '{text}' must name a {kind} of 1 to 128 characters";
        }

        // Header and cookie names are tokens (RFC 9110, 5.6.2); another name could never match.
        if (parsed != FieldSourceKind.Query && name.AsSpan().ContainsAnyExcept(TokenCharacters))
        {
            return $"the source '{text}' is not a possible {kind} name";
        }

        // They would put credentials, or every cookie at once, into the lake.
        if (parsed == FieldSourceKind.Header && name.ToLowerInvariant() is "cookie" or "authorization" or "proxy-authorization")
        {
            return $"the source '{text}' may not be read" + (name.Equals("cookie", StringComparison.OrdinalIgnoreCase) ? "; name one cookie with cookie:" : "");
        }

        source = new FieldSource(parsed, parsed == FieldSourceKind.Cookie ? name : name.ToLowerInvariant());
        return null;
    }

    /// <summary>As the field file writes it.</summary>
    public override string ToString() => $"{Kind.ToString().ToLowerInvariant()}:{Name}";
}
