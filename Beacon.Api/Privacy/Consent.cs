using System.Text;
using Beacon.Api.Extraction;
using Microsoft.Extensions.Primitives;

namespace Beacon.Api.Privacy;

/// <summary>What a visitor allows, and how it was said. The column <c>consent</c> holds it.</summary>
public enum Consent
{
    /// <summary>Nothing was said.</summary>
    Unknown,

    /// <summary>The page says that the visitor agreed: <c>consent=granted</c>.</summary>
    Granted,

    /// <summary>The page says that the visitor refused: <c>consent=denied</c>.</summary>
    Denied,

    /// <summary>The browser sent <c>Sec-GPC: 1</c> (Global Privacy Control).</summary>
    Gpc,

    /// <summary>The browser sent <c>DNT: 1</c> (Tracking Preference Expression).</summary>
    Dnt,
}

/// <summary>What follows from a <see cref="Consent"/>.</summary>
public static class ConsentExtensions
{
    /// <summary>False when whatever identifies the visitor must be left out.</summary>
    public static bool MayIdentify(this Consent consent) => consent is Consent.Unknown or Consent.Granted;

    internal static ReadOnlySpan<byte> ToUtf8(this Consent consent) => consent switch
    {
        Consent.Granted => "granted"u8,
        Consent.Denied => "denied"u8,
        Consent.Gpc => "gpc"u8,
        Consent.Dnt => "dnt"u8,
        _ => "unknown"u8,
    };
}

/// <summary>
/// Finds out what a visitor allows. Any refusal counts, whatever else is said: a page's <c>consent=granted</c> does not
/// overrule what the browser was told to send.
/// </summary>
internal static class ConsentReader
{
    public static Consent Read(IHeaderDictionary headers, Draft draft)
    {
        Consent said = ReadParameters(draft.Parameters);
        if (said == Consent.Denied)
        {
            return said;
        }

        if (IsOne(headers["Sec-GPC"]))
        {
            return Consent.Gpc;
        }

        return IsOne(headers["DNT"]) ? Consent.Dnt : said;
    }

    /// <summary>Every <c>consent</c> of the query is looked at. One with a value that is not understood says nothing and stays in <c>params</c>.</summary>
    private static Consent ReadParameters(QueryParameters parameters)
    {
        var said = Consent.Unknown;
        int first = parameters.First(parameters.Plan.Consent);
        for (int i = first < 0 ? parameters.Count : first; i < parameters.Count; i++)
        {
            ref QueryParameter parameter = ref parameters[i];
            if (parameter.Number != parameters.Plan.Consent)
            {
                continue;
            }

            ReadOnlySpan<byte> value = parameters.Value(parameter);
            if (Means(value, "denied"u8, "no"u8, "false"u8, "0"u8))
            {
                parameter.Taken = true;
                said = Consent.Denied;
            }
            else if (Means(value, "granted"u8, "yes"u8, "true"u8, "1"u8))
            {
                parameter.Taken = true;
                said = said == Consent.Denied ? said : Consent.Granted;
            }
        }

        return said;
    }

    private static bool Means(ReadOnlySpan<byte> value, ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, ReadOnlySpan<byte> c, ReadOnlySpan<byte> d) =>
        Ascii.EqualsIgnoreCase(value, a) || Ascii.EqualsIgnoreCase(value, b) || Ascii.EqualsIgnoreCase(value, c) || Ascii.EqualsIgnoreCase(value, d);

    /// <summary>A header that comes twice, or was joined from two on its way, refuses when any of them does.</summary>
    private static bool IsOne(StringValues values)
    {
        foreach (string? value in values)
        {
            foreach (Range part in value.AsSpan().Split(','))
            {
                if (value.AsSpan(part).Trim() is "1")
                {
                    return true;
                }
            }
        }

        return false;
    }
}
