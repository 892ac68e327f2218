using System.Text;
using LocalCloud.Protocol;
using LocalCloud.Signing;

namespace LocalCloud.S3;

/// <summary>The header <c>x-amz-copy-source</c>: <c>[/]bucket/key[?versionId=…]</c>, escaped.</summary>
internal static class CopySource
{
    private const string Header = "x-amz-copy-source";

    /// <summary>The object to copy from, which exists and meets the request's conditions.</summary>
    /// <exception cref="AwsException"><c>NoSuchKey</c>, <c>NoSuchBucket</c>, <c>PreconditionFailed</c>, <c>InvalidArgument</c>.</exception>
    public static StoredObject Find(S3Request request, ObjectStore store)
    {
        var header = request.Header(Header)!;
        var question = header.IndexOf("?versionId=", StringComparison.Ordinal);
        if (question >= 0 && header[(question + "?versionId=".Length)..] != "null")
        {
            throw new AwsException("NoSuchVersion", "The specified version does not exist.", 404);
        }

        var path = Encoding.UTF8.GetString(CanonicalRequest.Decode(question < 0 ? header : header[..question], plusIsSpace: false)).TrimStart('/');
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0 || slash == path.Length - 1)
        {
            throw S3Errors.InvalidArgument("Copy Source must mention the source bucket and key: sourcebucket/sourcekey", Header, header);
        }

        var source = store.Require(path[..slash], path[(slash + 1)..]);
        var conditions = ReadConditions.Read(request, Header + "-");
        var failed = conditions.Failed(source) ?? conditions.Unchanged(source);
        return failed is null ? source : throw S3Errors.PreconditionFailed($"{Header}-{failed}");
    }
}
