using System.Net;
using System.Text;
using LocalCloud.Signing;

namespace LocalCloud.S3;

/// <summary>
/// Which bucket and key a request is about: <c>/bucket/key</c> on the server's own host (path style), <c>/key</c> on
/// <c>bucket.s3.…</c> or <c>bucket.localhost</c> (virtual host).
/// </summary>
/// <param name="Bucket">Null for the service itself.</param>
/// <param name="Key">Null for the bucket itself.</param>
internal readonly record struct S3Address(string? Bucket, string? Key)
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="Protocol.AwsException"><c>InvalidURI</c>: the escapes are not UTF-8.</exception>
    public static S3Address Read(string host, string rawPath)
    {
        string path;
        try
        {
            path = StrictUtf8.GetString(CanonicalRequest.Decode(rawPath, plusIsSpace: false));
        }
        catch (ArgumentException)
        {
            throw S3Errors.InvalidUri();
        }

        path = path.Length > 0 && path[0] == '/' ? path[1..] : path;
        if (BucketOfHost(host) is { } bucket)
        {
            return new S3Address(bucket, path.Length == 0 ? null : path);
        }

        var slash = path.IndexOf('/', StringComparison.Ordinal);
        return slash < 0
            ? new S3Address(path.Length == 0 ? null : path, null)
            : new S3Address(path[..slash], slash == path.Length - 1 ? null : path[(slash + 1)..]);
    }

    private static string? BucketOfHost(string host)
    {
        if (IPAddress.TryParse(host.Trim('[', ']'), out _))
        {
            return null;
        }

        // The last one: a bucket's own name may hold ".s3.".
        var s3 = host.LastIndexOf(".s3.", StringComparison.OrdinalIgnoreCase);
        if (s3 < 0)
        {
            s3 = host.LastIndexOf(".s3-", StringComparison.OrdinalIgnoreCase); // bucket.s3-us-west-2.amazonaws.com, the older form
        }

        if (s3 > 0)
        {
            return host[..s3];
        }

        return host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase) && !host.StartsWith("s3.", StringComparison.OrdinalIgnoreCase)
            ? host[..^".localhost".Length]
            : null;
    }
}
