using System.Globalization;

namespace LocalCloud.Signing;

/// <summary>
/// A Signature Version 4 as it stands in a request: in the <c>Authorization</c> header, or in the query of a presigned URL.
/// </summary>
/// <param name="AccessKey">The access key id.</param>
/// <param name="Date">The scope's day, <c>yyyyMMdd</c>.</param>
/// <param name="Region">The scope's region.</param>
/// <param name="Service">The scope's service: <c>s3</c>, <c>firehose</c>, …</param>
/// <param name="SignedHeaders">Names of the signed headers, in lower case, sorted.</param>
/// <param name="Signature">The signature in hex.</param>
/// <param name="Timestamp">When it was signed, <c>yyyyMMdd'T'HHmmss'Z'</c> as it was sent.</param>
/// <param name="Time">The same as a time; null when it cannot be read.</param>
/// <param name="Expires">How long a presigned URL is good for; null for a signed header.</param>
/// <param name="SessionToken">The session token, if one came along.</param>
public sealed record RequestSignature(
    string AccessKey,
    string Date,
    string Region,
    string Service,
    IReadOnlyList<string> SignedHeaders,
    string Signature,
    string Timestamp,
    DateTimeOffset? Time,
    TimeSpan? Expires,
    string? SessionToken)
{
    /// <summary>What the header begins with and the query's <c>X-Amz-Algorithm</c> says.</summary>
    public const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>Whether it came in the query.</summary>
    public bool IsPresigned => Expires is not null;

    /// <summary>The credential scope: <c>day/region/service/aws4_request</c>.</summary>
    public string Scope => $"{Date}/{Region}/{Service}/aws4_request";

    /// <summary>Reads the signature; null when the request has none, or one that cannot be read.</summary>
    public static RequestSignature? Read(HttpRequest request)
    {
        var authorization = request.Headers.Authorization.ToString();
        if (authorization.StartsWith(Algorithm + " ", StringComparison.Ordinal))
        {
            return FromHeader(authorization[Algorithm.Length..], request.Headers);
        }

        return request.Query["X-Amz-Algorithm"] == Algorithm ? FromQuery(request.Query) : null;
    }

    private static RequestSignature? FromHeader(string fields, IHeaderDictionary headers)
    {
        string? credential = null, signedHeaders = null, signature = null;
        foreach (var field in fields.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = field.IndexOf('=', StringComparison.Ordinal);
            var value = equals < 0 ? "" : field[(equals + 1)..];
            switch (equals < 0 ? field : field[..equals])
            {
                case "Credential": credential = value; break;
                case "SignedHeaders": signedHeaders = value; break;
                case "Signature": signature = value; break;
            }
        }

        var timestamp = headers["x-amz-date"].ToString();
        if (timestamp.Length == 0 && DateTimeOffset.TryParse(headers.Date.ToString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date))
        {
            timestamp = date.UtcDateTime.ToString(TimestampFormat, CultureInfo.InvariantCulture);
        }

        return Build(credential, signedHeaders, signature, timestamp, null, NullIfEmpty(headers["x-amz-security-token"].ToString()));
    }

    private static RequestSignature? FromQuery(IQueryCollection query) =>
        long.TryParse(query["X-Amz-Expires"], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= MaxPresignedSeconds
            ? Build(
                query["X-Amz-Credential"],
                query["X-Amz-SignedHeaders"],
                query["X-Amz-Signature"],
                query["X-Amz-Date"].ToString(),
                TimeSpan.FromSeconds(seconds),
                NullIfEmpty(query["X-Amz-Security-Token"].ToString()))
            : null;

    private static RequestSignature? Build(
        string? credential, string? signedHeaders, string? signature, string timestamp, TimeSpan? expires, string? sessionToken)
    {
        // An access key may itself hold slashes, so the scope is taken from the end.
        var parts = credential?.Split('/') ?? [];
        if (parts.Length < 5 || parts[^1] != "aws4_request" || signedHeaders is null || string.IsNullOrEmpty(signature))
        {
            return null;
        }

        DateTimeOffset? time = DateTimeOffset.TryParseExact(
            timestamp, TimestampFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var parsed) ? parsed : null;
        return new RequestSignature(
            string.Join('/', parts[..^4]), parts[^4], parts[^3], parts[^2], signedHeaders.Split(';'), signature, timestamp, time, expires, sessionToken);
    }

    private static string? NullIfEmpty(string value) => value.Length == 0 ? null : value;

    internal const string TimestampFormat = "yyyyMMdd'T'HHmmss'Z'";
    private const long MaxPresignedSeconds = 604_800; // a week, the longest AWS allows
}
