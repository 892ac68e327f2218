using System.Globalization;
using System.Text;
using LocalCloud.Protocol;
using LocalCloud.S3.Payload;

namespace LocalCloud.S3;

/// <summary>What stands in headers: an object's attributes in a request, and in an answer.</summary>
internal static class ObjectHeaders
{
    private const string MetadataPrefix = "x-amz-meta-";
    private const int MaxMetadata = 2048;

    private static readonly HashSet<string> StorageClasses = new(StringComparer.Ordinal)
    {
        "STANDARD", "REDUCED_REDUNDANCY", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER", "DEEP_ARCHIVE", "GLACIER_IR", "EXPRESS_ONEZONE",
    };

    /// <summary>The attributes that a put, a copy or a new upload carries.</summary>
    /// <exception cref="AwsException"><c>MetadataTooLarge</c>, <c>InvalidStorageClass</c>, <c>InvalidTag</c>.</exception>
    public static ObjectAttributes Read(S3Request request)
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        var size = 0;
        foreach (var (name, value) in request.Http.Request.Headers)
        {
            if (name.StartsWith(MetadataPrefix, StringComparison.OrdinalIgnoreCase))
            {
                var text = string.Join(',', value.ToArray());
                size += name.Length - MetadataPrefix.Length + Encoding.UTF8.GetByteCount(text);
                metadata[name[MetadataPrefix.Length..].ToLowerInvariant()] = text;
            }
        }

        if (size > MaxMetadata)
        {
            throw new AwsException("MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size")
            {
                Details = [new("Size", size.ToString(CultureInfo.InvariantCulture)), new("MaxSizeAllowed", MaxMetadata.ToString(CultureInfo.InvariantCulture))],
            };
        }

        var storageClass = request.Header("x-amz-storage-class") ?? "STANDARD";
        return new ObjectAttributes
        {
            ContentType = request.Header("Content-Type") ?? ObjectAttributes.DefaultContentType,
            CacheControl = request.Header("Cache-Control"),
            ContentDisposition = request.Header("Content-Disposition"),
            ContentEncoding = WithoutAwsChunked(request.Header("Content-Encoding")),
            ContentLanguage = request.Header("Content-Language"),
            Expires = request.Header("Expires"),
            StorageClass = StorageClasses.Contains(storageClass)
                ? storageClass
                : throw new AwsException("InvalidStorageClass", "The storage class you specified is not valid"),
            Metadata = metadata,
            Tags = request.Header("x-amz-tagging") is { } tags ? ObjectTags.FromHeader(tags) : [],
        };
    }

    /// <summary>What a put, or the end of an upload, must find.</summary>
    public static PutConditions ReadConditions(S3Request request)
    {
        var ifNoneMatch = request.Header("If-None-Match");
        if (ifNoneMatch is not null and not "*")
        {
            throw S3Errors.NotImplemented("If-None-Match"); // S3 knows only the asterisk here
        }

        var ifMatch = request.Header("If-Match");
        return ifMatch is null && ifNoneMatch is null ? PutConditions.None : new PutConditions(ifMatch?.Trim('"'), ifNoneMatch is not null);
    }

    /// <summary>Writes everything an object has, for GET and HEAD.</summary>
    public static void Write(S3Request request, StoredObject found)
    {
        var response = request.Response;
        var attributes = found.Attributes;
        WriteValidators(response, found);
        response.Headers.AcceptRanges = "bytes";
        response.ContentType = request["response-content-type"] ?? attributes.ContentType;
        Set(response, "Cache-Control", request["response-cache-control"] ?? attributes.CacheControl);
        Set(response, "Content-Disposition", request["response-content-disposition"] ?? attributes.ContentDisposition);
        Set(response, "Content-Encoding", request["response-content-encoding"] ?? attributes.ContentEncoding);
        Set(response, "Content-Language", request["response-content-language"] ?? attributes.ContentLanguage);
        Set(response, "Expires", request["response-expires"] ?? attributes.Expires);
        Set(response, "x-amz-storage-class", attributes.StorageClass == "STANDARD" ? null : attributes.StorageClass);
        Set(response, "x-amz-tagging-count", attributes.Tags.Count == 0 ? null : attributes.Tags.Count.ToString(CultureInfo.InvariantCulture));
        WriteEncryption(response);
        foreach (var (name, value) in attributes.Metadata)
        {
            response.Headers[MetadataPrefix + name] = value;
        }
    }

    /// <summary>ETag and Last-Modified, which a 304 carries too.</summary>
    public static void WriteValidators(HttpResponse response, StoredObject found)
    {
        response.Headers.ETag = Quote(found.ETag);
        response.Headers.LastModified = found.LastModified.ToString("R", CultureInfo.InvariantCulture);
    }

    public static void WriteChecksum(HttpResponse response, ObjectChecksum? checksum)
    {
        if (checksum is not null)
        {
            response.Headers[checksum.Algorithm.Header()] = checksum.Value;
            response.Headers["x-amz-checksum-type"] = checksum.TypeName();
        }
    }

    /// <summary>Every object is encrypted at rest, says S3 since 2023, in every answer about one.</summary>
    public static void WriteEncryption(HttpResponse response) => response.Headers["x-amz-server-side-encryption"] = "AES256";

    public static string Quote(string etag) => $"\"{etag}\"";

    private static string? WithoutAwsChunked(string? encoding)
    {
        var left = encoding?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(e => !e.Equals("aws-chunked", StringComparison.OrdinalIgnoreCase))
            .ToArray();
        return left is { Length: > 0 } ? string.Join(',', left) : null;
    }

    private static void Set(HttpResponse response, string name, string? value)
    {
        if (value is not null)
        {
            response.Headers[name] = value;
        }
    }
}
