namespace LocalCloud.S3;

/// <summary>ListBuckets, CreateBucket, HeadBucket, GetBucketLocation, DeleteBucket.</summary>
internal sealed class BucketOperations(ObjectStore store)
{
    // The region whose buckets have no location constraint, and where creating one's own bucket again succeeds.
    private const string Classic = "us-east-1";

    public Task List(S3Request request)
    {
        var prefix = request["prefix"] ?? "";
        var after = request["continuation-token"] ?? "";
        var max = request.Number("max-buckets", absent: 10_000, max: 10_000);
        var found = store.ListBuckets()
            .Where(b => b.Name.StartsWith(prefix, StringComparison.Ordinal) && string.CompareOrdinal(b.Name, after) > 0)
            .Where(b => request["bucket-region"] is not { } region || b.Region == region)
            .Take(max + 1)
            .ToList();
        var page = found.Take(max).ToList();
        return request.WriteXmlAsync(S3Xml.Element(
            "ListAllMyBucketsResult",
            S3Owner.Element(request.Call),
            S3Xml.Element("Buckets", page.Select(b => S3Xml.Element(
                "Bucket",
                S3Xml.Element("Name", b.Name),
                S3Xml.Element("CreationDate", S3Xml.Time(b.Created)),
                S3Xml.Element("BucketRegion", b.Region)))),
            found.Count > max && max > 0 ? S3Xml.Element("ContinuationToken", page[^1].Name) : null,
            S3Xml.Optional("Prefix", request["prefix"])));
    }

    public async Task Create(S3Request request)
    {
        var bucket = request.Bucket!;
        string? constraint = null;
        if (request.Claims.Length > 0)
        {
            var configuration = await request.ReadXmlAsync("CreateBucketConfiguration");
            constraint = configuration.Text("LocationConstraint") switch
            {
                null or "" => null,
                "EU" => "eu-west-1", // its name before regions had names; the .NET SDK still sends it
                var location => location,
            };
        }

        // A regional endpoint makes buckets of its own region only; us-east-1 is also the old global endpoint.
        var region = request.Call.Region;
        if (region != Classic && constraint != region)
        {
            throw S3Errors.IllegalLocation(constraint ?? "unspecified");
        }

        if (!store.CreateBucket(bucket, constraint ?? region) && (region != Classic || store.FindBucket(bucket)!.Region != Classic))
        {
            throw S3Errors.BucketAlreadyOwnedByYou(bucket);
        }

        request.Response.Headers.Location = "/" + bucket;
        await request.WriteNothingAsync();
    }

    /// <summary>
    /// Refuses a request that expects another owner of its bucket than the account, to which all buckets here belong
    /// (https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-owner-condition.html).
    /// </summary>
    /// <exception cref="Protocol.AwsException"><c>AccessDenied</c>; a bucket that is not there is no matter of this.</exception>
    public void CheckOwner(S3Request request)
    {
        var expected = request.Http.Request.Headers["x-amz-expected-bucket-owner"];
        if (expected.Count > 0 && expected != request.Call.AccountId && request.Bucket is { } bucket && store.BucketExists(bucket))
        {
            throw S3Errors.AccessDenied();
        }
    }

    public Task Head(S3Request request)
    {
        request.Response.Headers["x-amz-bucket-region"] = Require(request).Region;
        request.Response.Headers["x-amz-access-point-alias"] = "false";
        request.Response.ContentType = "application/xml";
        return request.WriteNothingAsync();
    }

    public Task Location(S3Request request)
    {
        var region = Require(request).Region;
        return request.WriteXmlAsync(S3Xml.Element("LocationConstraint", region == Classic ? null : region));
    }

    public Task Delete(S3Request request)
    {
        store.DeleteBucket(request.Bucket!);
        return request.WriteNothingAsync(204);
    }

    private Bucket Require(S3Request request) => store.FindBucket(request.Bucket!) ?? throw S3Errors.NoSuchBucket(request.Bucket!);
}
