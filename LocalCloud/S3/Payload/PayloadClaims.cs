using System.Globalization;
using LocalCloud.Protocol;

namespace LocalCloud.S3.Payload;

/// <summary>What a request's headers say about its body: how it is coded, how long it is, and what it must hash to.</summary>
internal sealed record PayloadClaims
{
    /// <summary>The most one put takes: 5 GiB.</summary>
    private const long MaxSize = 5L * 1024 * 1024 * 1024;

    private const string UnsignedPayload = "UNSIGNED-PAYLOAD";

    /// <summary>What stands in the canonical request for the body: its hash, or the name of a streaming mode.</summary>
    public required string SignedAs { get; init; }

    /// <summary>Whether the body is <c>aws-chunked</c>.</summary>
    public bool IsChunked { get; init; }

    /// <summary>Whether each chunk is signed.</summary>
    public bool HasSignedChunks { get; init; }

    /// <summary>Whether trailers follow the last chunk.</summary>
    public bool HasTrailer { get; init; }

    /// <summary>The length of the content in bytes.</summary>
    public long Length { get; init; }

    /// <summary>The content's SHA-256 in hex, when it was signed.</summary>
    public string? Sha256 { get; init; }

    /// <summary>The content's MD5.</summary>
    public byte[]? Md5 { get; init; }

    /// <summary>The algorithm of the checksum that comes along, in a header or a trailer.</summary>
    public ChecksumAlgorithm? Algorithm { get; init; }

    /// <summary>Its value, when it is in a header.</summary>
    public string? ChecksumValue { get; init; }

    /// <exception cref="AwsException">The headers contradict themselves or cannot be read.</exception>
    public static PayloadClaims Read(HttpRequest request)
    {
        var headers = request.Headers;
        var signedAs = headers["x-amz-content-sha256"].ToString();
        if (signedAs.Length == 0)
        {
            signedAs = UnsignedPayload;
        }

        var streaming = signedAs.StartsWith("STREAMING-", StringComparison.Ordinal);
        var isHash = !streaming && signedAs != UnsignedPayload;
        if (isHash && (signedAs.Length != 64 || !signedAs.All(char.IsAsciiHexDigit)))
        {
            throw S3Errors.InvalidArgument(
                "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD, STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER or a valid sha256 value.",
                "x-amz-content-sha256",
                signedAs);
        }

        var (algorithm, value) = ReadChecksum(request);
        return new PayloadClaims
        {
            SignedAs = signedAs,
            IsChunked = streaming,
            HasSignedChunks = signedAs.StartsWith("STREAMING-AWS4-HMAC-SHA256-PAYLOAD", StringComparison.Ordinal),
            HasTrailer = signedAs.EndsWith("-TRAILER", StringComparison.Ordinal),
            Length = ReadLength(request, streaming),
            Sha256 = isHash ? signedAs.ToLowerInvariant() : null,
            Md5 = ReadMd5(headers.ContentMD5.ToString()),
            Algorithm = algorithm,
            ChecksumValue = value,
        };
    }

    private static long ReadLength(HttpRequest request, bool streaming)
    {
        long length;
        if (streaming)
        {
            if (!long.TryParse(request.Headers["x-amz-decoded-content-length"], NumberStyles.None, CultureInfo.InvariantCulture, out length))
            {
                throw S3Errors.MissingContentLength();
            }
        }
        else if (request.Headers.TransferEncoding.Count > 0)
        {
            throw S3Errors.NotImplemented("Transfer-Encoding");
        }
        else
        {
            length = request.ContentLength ?? 0;
        }

        return length <= MaxSize ? length : throw S3Errors.EntityTooLarge(length, MaxSize);
    }

    private static byte[]? ReadMd5(string header)
    {
        if (header.Length == 0)
        {
            return null;
        }

        var md5 = new byte[16];
        return Convert.TryFromBase64String(header, md5, out var length) && length == md5.Length ? md5 : throw S3Errors.InvalidDigest(header);
    }

    private static (ChecksumAlgorithm? Algorithm, string? Value) ReadChecksum(HttpRequest request)
    {
        (ChecksumAlgorithm? Algorithm, string? Value) found = default;
        foreach (var (name, value) in request.Headers)
        {
            if (ChecksumNames.ParseHeader(name) is not { } algorithm)
            {
                continue;
            }

            if (found.Algorithm is not null)
            {
                throw S3Errors.InvalidRequest("Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
            }

            // On CompleteMultipartUpload the value is the object's, and may end with the number of parts.
            found = (algorithm, value.ToString());
        }

        if (found.Algorithm is null && request.Headers["x-amz-trailer"].ToString().Trim() is { Length: > 0 } trailer)
        {
            found.Algorithm = ChecksumNames.ParseHeader(trailer)
                ?? throw S3Errors.InvalidRequest("The value specified in the x-amz-trailer header is not supported");
        }

        return found;
    }
}
