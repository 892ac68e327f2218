using Pixel.Events;

namespace Infrastructure.Edge;

/// <summary>
/// What CloudFront passes on of a request: what the beacon reads by itself, and what the field file names. Everything else
/// stays at the edge. Never the Host: the origin would take it for its own name and refuse the request, and the signature
/// that CloudFront makes covers it.
/// </summary>
internal sealed record ForwardedHeaders(string[] Headers, string[] Cookies)
{
    /// <summary>What an origin request policy may list: Amazon CloudFront Developer Guide, "Quotas on policies". It can be raised.</summary>
    private const int Most = 10;

    /// <summary>The visitor's address and port, as CloudFront saw them.</summary>
    public const string ViewerAddress = "CloudFront-Viewer-Address";

    /// <summary>The visitor's country, two letters.</summary>
    public const string ViewerCountry = "CloudFront-Viewer-Country";

    private static readonly string[] Own = ["User-Agent", "DNT", "Sec-GPC", ViewerAddress, ViewerCountry];

    /// <summary>What the beacon with this field file needs.</summary>
    /// <exception cref="EdgeOptionsException">It asks for the Host, or for more than CloudFront passes on.</exception>
    public static ForwardedHeaders Of(EventSchema schema)
    {
        var headers = Own.Concat(Names(schema, FieldSourceKind.Header)).Distinct(StringComparer.OrdinalIgnoreCase).ToArray();
        var cookies = Names(schema, FieldSourceKind.Cookie).Distinct(StringComparer.Ordinal).ToArray();
        if (headers.Contains("Host", StringComparer.OrdinalIgnoreCase))
        {
            throw new EdgeOptionsException("A field of the field file is taken from header:host, which CloudFront must not pass on: take it from the query, or choose another way.");
        }

        if (headers.Length > Most || cookies.Length > Most)
        {
            throw new EdgeOptionsException(
                $"CloudFront passes on {Most} headers and {Most} cookies, and the field file needs {headers.Length} headers ({string.Join(", ", headers)}) and {cookies.Length} cookies.");
        }

        return new(headers, cookies);
    }

    private static IEnumerable<string> Names(EventSchema schema, FieldSourceKind kind) =>
        schema.Fields.SelectMany(field => field.From).Where(source => source.Kind == kind).Select(source => source.Name);
}
