using System.Globalization;

namespace LocalCloud.S3;

/// <summary>
/// The conditions of a read and of a copy's source. The pairs hang together as RFC 9110 §13.2.2 has it: a time counts only
/// when there is no ETag condition of the same kind.
/// </summary>
/// <param name="IfMatch">ETags, or <c>*</c>.</param>
/// <param name="IfNoneMatch">ETags, or <c>*</c>.</param>
/// <param name="IfModifiedSince">An HTTP date.</param>
/// <param name="IfUnmodifiedSince">An HTTP date.</param>
internal sealed record ReadConditions(string? IfMatch, string? IfNoneMatch, string? IfModifiedSince, string? IfUnmodifiedSince)
{
    /// <param name="request">The request.</param>
    /// <param name="prefix">Nothing, or <c>x-amz-copy-source-</c>.</param>
    public static ReadConditions Read(S3Request request, string prefix = "") => new(
        request.Header(prefix + "if-match"),
        request.Header(prefix + "if-none-match"),
        request.Header(prefix + "if-modified-since"),
        request.Header(prefix + "if-unmodified-since"));

    /// <summary>The name of the condition that makes the request fail (412), or null.</summary>
    public string? Failed(StoredObject found) => this switch
    {
        { IfMatch: { } tags } => Names(tags, found.ETag) ? null : "If-Match",
        _ when Time(IfUnmodifiedSince) is { } time && Seconds(found.LastModified) > Seconds(time) => "If-Unmodified-Since",
        _ => null,
    };

    /// <summary>The name of the condition that says the client has it already (304 for a read, 412 for a copy), or null.</summary>
    public string? Unchanged(StoredObject found) => this switch
    {
        { IfNoneMatch: { } tags } => Names(tags, found.ETag) ? "If-None-Match" : null,
        _ when Time(IfModifiedSince) is { } time && Seconds(found.LastModified) <= Seconds(time) => "If-Modified-Since",
        _ => null,
    };

    private static bool Names(string tags, string etag) =>
        tags.Split(',', StringSplitOptions.TrimEntries).Any(tag => tag == "*" || (tag.StartsWith("W/", StringComparison.Ordinal) ? tag[2..] : tag).Trim('"') == etag);

    private static DateTimeOffset? Time(string? date) =>
        DateTimeOffset.TryParse(date, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    private static long Seconds(DateTimeOffset time) => time.ToUnixTimeSeconds(); // HTTP dates have no fractions
}
