using System.Xml.Linq;
using LocalCloud.Protocol;

namespace LocalCloud.S3;

/// <summary>DeleteObject and DeleteObjects.</summary>
internal sealed class DeleteOperations(ObjectStore store)
{
    private const int MaxKeys = 1000;

    public Task Delete(S3Request request)
    {
        RequireBucket(request);
        ObjectStore.CheckKey(request.Key!);
        store.Delete(request.Bucket!, request.Key!, request.Header("If-Match")?.Trim('"'));
        return request.WriteNothingAsync(204); // also when there was nothing: deleting is idempotent
    }

    public async Task DeleteMany(S3Request request)
    {
        RequireBucket(request);
        if (request.Claims is { Md5: null, Algorithm: null })
        {
            throw S3Errors.InvalidRequest("Missing required header for this request: Content-MD5");
        }

        var delete = await request.ReadXmlAsync("Delete");
        var objects = delete.Children("Object").ToList();
        if (objects.Count is 0 or > MaxKeys)
        {
            throw S3Errors.MalformedXml();
        }

        var quiet = delete.Text("Quiet")?.Trim() == "true";
        var results = objects.Select(o => DeleteOne(request.Bucket!, o, quiet)).Where(result => result is not null).ToList();
        await request.WriteXmlAsync(S3Xml.Element("DeleteResult", results));
    }

    private XElement? DeleteOne(string bucket, XElement entry, bool quiet)
    {
        var key = entry.Text("Key") ?? throw S3Errors.MalformedXml();
        try
        {
            ObjectStore.CheckKey(key);
            if (entry.Text("VersionId") is { Length: > 0 } version && version != "null")
            {
                throw new AwsException("NoSuchVersion", "The specified version does not exist.", 404);
            }

            store.Delete(bucket, key, entry.Text("ETag")?.Trim('"'));
            return quiet ? null : S3Xml.Element("Deleted", S3Xml.Element("Key", key));
        }
        catch (AwsException error) // one key's failure is its own
        {
            return S3Xml.Element("Error", S3Xml.Element("Key", key), S3Xml.Element("Code", error.Code), S3Xml.Element("Message", error.Message));
        }
    }

    private void RequireBucket(S3Request request)
    {
        if (!store.BucketExists(request.Bucket!))
        {
            throw S3Errors.NoSuchBucket(request.Bucket!);
        }
    }
}
