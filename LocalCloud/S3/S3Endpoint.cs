using System.Security.Cryptography;
using System.Xml.Linq;
using LocalCloud.Protocol;
using LocalCloud.S3.Multipart;
using LocalCloud.S3.Payload;
using LocalCloud.Signing;
using Microsoft.AspNetCore.Http.Features;

namespace LocalCloud.S3;

/// <summary>
/// S3's REST-XML protocol: the table of operations, by what the request is about, its method and the parameter that
/// names a sub-resource (https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html).
/// </summary>
internal sealed class S3Endpoint(
    SignatureVerifier verifier,
    BucketOperations buckets,
    BucketSettingOperations settings,
    ListOperations lists,
    ObjectOperations objects,
    CopyOperations copies,
    DeleteOperations deletes,
    TaggingOperations tagging,
    MultipartOperations multipart) : IAwsEndpoint
{
    public string Name => "S3";

    public AwsException InternalError => new("InternalError", "We encountered an internal error. Please try again.", 500);

    public Task AnswerAsync(HttpContext context, AwsCall call, RequestSignature? signature)
    {
        context.Response.Headers["x-amz-request-id"] = call.RequestId;
        context.Response.Headers["x-amz-id-2"] = HostId(call);
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null; // the payload's own limits hold, also where LocalCloud shares a host
        }

        var claims = PayloadClaims.Read(context.Request);
        var key = verifier.Verify(context.Request, signature, claims.SignedAs, SignatureErrors.S3);
        var request = new S3Request(context, call, signature, claims, key);
        if (request["versionId"] is { } version and not "null")
        {
            throw new AwsException("NoSuchVersion", "The specified version does not exist.", 404) { Details = [new("VersionId", version)] };
        }

        buckets.CheckOwner(request);
        return request switch
        {
            { Bucket: null } => Service(request),
            { Key: null } => Bucket(request),
            _ => Object(request),
        };
    }

    public Task RefuseAsync(HttpContext context, AwsCall call, AwsException error)
    {
        context.Response.Headers["x-amz-request-id"] = call.RequestId;
        context.Response.Headers["x-amz-id-2"] = HostId(call);
        return S3Xml.WriteAsync(context, error.Status, new XElement(
            "Error",
            new XElement("Code", error.Code),
            new XElement("Message", error.Message),
            error.Details.Select(d => new XElement(d.Key, d.Value)),
            new XElement("RequestId", call.RequestId),
            new XElement("HostId", HostId(call))));
    }

    private Task Service(S3Request request) => request.Http.Request.Method switch
    {
        "GET" => buckets.List(request),
        var method => throw S3Errors.MethodNotAllowed(method, "SERVICE"),
    };

    private Task Bucket(S3Request request)
    {
        var method = request.Http.Request.Method;
        if (BucketSettings.Named(request.Query) is { } setting)
        {
            return method switch
            {
                "GET" => settings.Get(request, setting),
                "PUT" => settings.Put(request, setting),
                "DELETE" => settings.Delete(request, setting),
                _ => throw S3Errors.MethodNotAllowed(method, "BUCKET"),
            };
        }

        return method switch
        {
            "HEAD" => buckets.Head(request),
            "GET" when request.Has("location") => buckets.Location(request),
            "GET" when request.Has("policyStatus") => settings.PolicyStatus(request),
            "GET" when request.Has("uploads") => multipart.ListUploads(request),
            "GET" when request.Has("versions") => lists.Versions(request),
            "GET" when request["list-type"] == "2" => lists.Version2(request),
            "GET" => lists.Version1(request),
            "PUT" => buckets.Create(request),
            "DELETE" => buckets.Delete(request),
            "POST" when request.Has("delete") => deletes.DeleteMany(request),
            _ => throw S3Errors.MethodNotAllowed(method, "BUCKET"),
        };
    }

    private Task Object(S3Request request)
    {
        var method = request.Http.Request.Method;
        var isCopy = request.Header("x-amz-copy-source") is not null;
        return method switch
        {
            "HEAD" => objects.Head(request),
            "GET" when request.Has("tagging") => tagging.Get(request),
            "GET" when request.Has("uploadId") => multipart.ListParts(request),
            "GET" when request.Has("attributes") => objects.Attributes(request),
            "GET" when request.Has("acl") => objects.GetAcl(request),
            "GET" => objects.Get(request),
            "PUT" when request.Has("tagging") => tagging.Put(request),
            "PUT" when request.Has("acl") => objects.PutAcl(request),
            "PUT" when request.Has("partNumber") && isCopy => multipart.UploadPartCopy(request),
            "PUT" when request.Has("partNumber") => multipart.UploadPart(request),
            "PUT" when request.Has("retention") || request.Has("legal-hold") => throw S3Errors.InvalidRequest("Bucket is missing Object Lock Configuration"),
            "PUT" when isCopy => copies.Copy(request),
            "PUT" => objects.Put(request),
            "POST" when request.Has("uploads") => multipart.Create(request),
            "POST" when request.Has("uploadId") => multipart.Complete(request),
            "DELETE" when request.Has("tagging") => tagging.Delete(request),
            "DELETE" when request.Has("uploadId") => multipart.Abort(request),
            "DELETE" => deletes.Delete(request),
            _ => throw S3Errors.MethodNotAllowed(method, "OBJECT"),
        };
    }

    private static string HostId(AwsCall call) => Convert.ToBase64String(SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(call.RequestId)));
}
