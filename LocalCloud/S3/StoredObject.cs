namespace LocalCloud.S3;

/// <summary>One object as it was when it was looked up; a later put or delete does not change it.</summary>
/// <param name="Bucket">The bucket's name.</param>
/// <param name="Key">The key, 1 to 1,024 bytes of UTF-8.</param>
/// <param name="Size">The body's length in bytes.</param>
/// <param name="ETag">The entity tag without quotes: the body's MD5 in hex, or <c>md5-of-md5s-N</c> after a multipart upload.</param>
/// <param name="LastModified">When it was written.</param>
/// <param name="Path">
/// The absolute path of the body file. It never changes, and goes away some time after the object is overwritten or
/// deleted: take <see cref="ObjectStore.HoldBodies"/> while paths are in use.
/// </param>
/// <param name="Attributes">What was put along with the body.</param>
public sealed record StoredObject(
    string Bucket,
    string Key,
    long Size,
    string ETag,
    DateTimeOffset LastModified,
    string Path,
    ObjectAttributes Attributes)
{
    /// <summary>User metadata: names in lower case and without <c>x-amz-meta-</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata => Attributes.Metadata;

    /// <summary>The media type, <c>binary/octet-stream</c> when none was put.</summary>
    public string ContentType => Attributes.ContentType;
}

/// <summary>What is kept with a body: system headers, user metadata, tags, a checksum.</summary>
public sealed record ObjectAttributes
{
    /// <summary>What S3 answers when no content type was put.</summary>
    public const string DefaultContentType = "binary/octet-stream";

    /// <summary>An object that nothing was put along with.</summary>
    public static ObjectAttributes None { get; } = new();

    /// <summary>The media type.</summary>
    public string ContentType { get; init; } = DefaultContentType;

    /// <summary>The <c>Cache-Control</c> header.</summary>
    public string? CacheControl { get; init; }

    /// <summary>The <c>Content-Disposition</c> header.</summary>
    public string? ContentDisposition { get; init; }

    /// <summary>The <c>Content-Encoding</c> header, less <c>aws-chunked</c>, which is only the transport's.</summary>
    public string? ContentEncoding { get; init; }

    /// <summary>The <c>Content-Language</c> header.</summary>
    public string? ContentLanguage { get; init; }

    /// <summary>The <c>Expires</c> header as it was sent.</summary>
    public string? Expires { get; init; }

    /// <summary>The storage class; every class is as fast as any other here.</summary>
    public string StorageClass { get; init; } = "STANDARD";

    /// <summary>User metadata: names in lower case and without <c>x-amz-meta-</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>Tags in the order they were put, at most ten.</summary>
    public IReadOnlyList<ObjectTag> Tags { get; init; } = [];

    /// <summary>The checksum that came with the body, if one did.</summary>
    public ObjectChecksum? Checksum { get; init; }

    /// <summary>The sizes of the parts, in order, of an object that was uploaded in parts.</summary>
    public IReadOnlyList<long>? PartSizes { get; init; }
}

/// <param name="Key">The tag's name, 1 to 128 characters.</param>
/// <param name="Value">Its value, up to 256 characters.</param>
public sealed record ObjectTag(string Key, string Value);

/// <param name="Algorithm">How it was computed.</param>
/// <param name="Value">The base64 text; with <c>-N</c> at the end when it is a checksum of N parts' checksums.</param>
/// <param name="FullObject">Whether it covers the bytes (<c>FULL_OBJECT</c>) or the parts' checksums (<c>COMPOSITE</c>).</param>
public sealed record ObjectChecksum(ChecksumAlgorithm Algorithm, string Value, bool FullObject = true);

/// <summary>The algorithms of <c>x-amz-checksum-…</c> headers.</summary>
public enum ChecksumAlgorithm
{
    /// <summary>CRC-32 (ISO 3309), what SDKs send when nothing else is asked for.</summary>
    Crc32,

    /// <summary>CRC-32C (Castagnoli).</summary>
    Crc32C,

    /// <summary>CRC-64/NVME.</summary>
    Crc64Nvme,

    /// <summary>SHA-1.</summary>
    Sha1,

    /// <summary>SHA-256.</summary>
    Sha256,
}

/// <summary>What must be true of the object a put replaces.</summary>
/// <param name="IfMatch">Its ETag (without quotes), or <c>*</c> for any; a missing object fails with 404.</param>
/// <param name="IfNoneMatch">True when the object must not exist (<c>If-None-Match: *</c>).</param>
public sealed record PutConditions(string? IfMatch = null, bool IfNoneMatch = false)
{
    /// <summary>No condition.</summary>
    public static PutConditions None { get; } = new();
}
