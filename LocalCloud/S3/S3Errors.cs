using LocalCloud.Protocol;

namespace LocalCloud.S3;

/// <summary>
/// S3's errors in S3's words (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html, and where that page is
/// vague, what the service answers).
/// </summary>
internal static class S3Errors
{
    /// <summary>The least size of every part but the last: 5 MiB.</summary>
    public const long MinPartSize = 5 * 1024 * 1024;

    public static AwsException NoSuchBucket(string bucket) =>
        new("NoSuchBucket", "The specified bucket does not exist", 404) { Details = [new("BucketName", bucket)] };

    public static AwsException AccessDenied() => new("AccessDenied", "Access Denied", 403);

    public static AwsException NoSuchKey(string key) =>
        new("NoSuchKey", "The specified key does not exist.", 404) { Details = [new("Key", key)] };

    public static AwsException InvalidBucketName(string bucket) =>
        new("InvalidBucketName", "The specified bucket is not valid.") { Details = [new("BucketName", bucket)] };

    public static AwsException BucketNotEmpty(string bucket) =>
        new("BucketNotEmpty", "The bucket you tried to delete is not empty", 409) { Details = [new("BucketName", bucket)] };

    public static AwsException BucketAlreadyOwnedByYou(string bucket) =>
        new("BucketAlreadyOwnedByYou", "Your previous request to create the named bucket succeeded and you already own it.", 409)
        {
            Details = [new("BucketName", bucket)],
        };

    public static AwsException IllegalLocation(string constraint) => new(
        "IllegalLocationConstraintException",
        $"The {constraint} location constraint is incompatible for the region specific endpoint this request was sent to.");

    public static AwsException PreconditionFailed(string condition) =>
        new("PreconditionFailed", "At least one of the pre-conditions you specified did not hold", 412) { Details = [new("Condition", condition)] };

    public static AwsException ConditionalRequestConflict(string key) =>
        new("ConditionalRequestConflict", "The conditional request cannot succeed due to a conflicting operation against this resource.", 409)
        {
            Details = [new("Condition", "If-None-Match"), new("Key", key)],
        };

    public static AwsException KeyTooLong(int length) => new("KeyTooLongError", "Your key is too long")
    {
        Details = [new("Size", length.ToString()), new("MaxSizeAllowed", KeyOrder.MaxLength.ToString())],
    };

    public static AwsException InvalidArgument(string message, string? name = null, string? value = null) => new("InvalidArgument", message)
    {
        Details = name is null ? [] : [new("ArgumentName", name), new("ArgumentValue", value ?? "")],
    };

    public static AwsException InvalidRequest(string message) => new("InvalidRequest", message);

    public static AwsException InvalidUri() => new("InvalidURI", "Couldn't parse the specified URI.");

    public static AwsException MethodNotAllowed(string method, string resource) =>
        new("MethodNotAllowed", "The specified method is not allowed against this resource.", 405)
        {
            Details = [new("Method", method), new("ResourceType", resource)],
        };

    public static AwsException NotImplemented(string feature) =>
        new("NotImplemented", "A header you provided implies functionality that is not implemented", 501) { Details = [new("Header", feature)] };

    public static AwsException MalformedXml() =>
        new("MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema");

    public static AwsException InvalidRange(string asked, long size) => new("InvalidRange", "The requested range is not satisfiable", 416)
    {
        Details = [new("RangeRequested", asked), new("ActualObjectSize", size.ToString())],
    };

    public static AwsException IncompleteBody() =>
        new("IncompleteBody", "You did not provide the number of bytes specified by the Content-Length HTTP header.");

    public static AwsException MissingContentLength() => new("MissingContentLength", "You must provide the Content-Length HTTP header.", 411);

    public static AwsException EntityTooLarge(long size, long max) =>
        new("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size")
        {
            Details = [new("ProposedSize", size.ToString()), new("MaxSizeAllowed", max.ToString())],
        };

    public static AwsException BadDigest(string message = "The Content-MD5 you specified did not match what we received.") =>
        new("BadDigest", message);

    public static AwsException InvalidDigest(string value) =>
        new("InvalidDigest", "The Content-MD5 you specified was invalid.") { Details = [new("Content-MD5", value)] };

    public static AwsException ContentSha256Mismatch(string sent, string computed) =>
        new("XAmzContentSHA256Mismatch", "The provided 'x-amz-content-sha256' header does not match what was computed.")
        {
            Details = [new("ClientComputedContentSHA256", sent), new("S3ComputedContentSHA256", computed)],
        };

    public static AwsException NoSuchUpload(string uploadId) =>
        new("NoSuchUpload", "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.", 404)
        {
            Details = [new("UploadId", uploadId)],
        };

    public static AwsException InvalidPart(string uploadId, int part, string etag) => new(
        "InvalidPart",
        "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.")
    {
        Details = [new("UploadId", uploadId), new("PartNumber", part.ToString()), new("ETag", etag)],
    };

    public static AwsException InvalidPartOrder(string uploadId) => new(
        "InvalidPartOrder",
        "The list of parts was not in ascending order. Parts must be ordered by part number.")
    {
        Details = [new("UploadId", uploadId)],
    };

    public static AwsException EntityTooSmall(long size, int part, string etag) =>
        new("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size")
        {
            Details = [new("ProposedSize", size.ToString()), new("MinSizeAllowed", MinPartSize.ToString()), new("PartNumber", part.ToString()), new("ETag", etag)],
        };
}
