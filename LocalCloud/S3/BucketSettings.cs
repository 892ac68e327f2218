using LocalCloud.Protocol;

namespace LocalCloud.S3;

/// <summary>
/// A bucket's sub-resources (lifecycle, encryption, policy, …). They are kept and answered as they were put, so that
/// templates, tools and drift checks see what they expect; none of them changes what the store does.
/// </summary>
public sealed class BucketSettings(ObjectStore store)
{
    private static readonly Dictionary<string, BucketSetting> Settings = new BucketSetting[]
    {
        new("lifecycle", "LifecycleConfiguration", Missing: ("NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist")),
        new("publicAccessBlock", "PublicAccessBlockConfiguration", Missing: ("NoSuchPublicAccessBlockConfiguration", "The public access block configuration was not found")),
        new("ownershipControls", "OwnershipControls", Missing: ("OwnershipControlsNotFoundError", "The bucket ownership controls were not found")),
        new("tagging", "Tagging", Missing: ("NoSuchTagSet", "The TagSet does not exist")),
        new("cors", "CORSConfiguration", Missing: ("NoSuchCORSConfiguration", "The CORS configuration does not exist")),
        new("website", "WebsiteConfiguration", Missing: ("NoSuchWebsiteConfiguration", "The specified bucket does not have a website configuration")),
        new("replication", "ReplicationConfiguration", Missing: ("ReplicationConfigurationNotFoundError", "The replication configuration was not found")),
        new("object-lock", "ObjectLockConfiguration", Missing: ("ObjectLockConfigurationNotFoundError", "Object Lock configuration does not exist for this bucket")),
        new("policy", null, Missing: ("NoSuchBucketPolicy", "The bucket policy does not exist")),
        // Every bucket is encrypted since 2023, whether or not somebody said so.
        new("encryption", "ServerSideEncryptionConfiguration", Default:
            "<Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault><BucketKeyEnabled>false</BucketKeyEnabled></Rule>"),
        new("versioning", "VersioningConfiguration", Default: ""),
        new("notification", "NotificationConfiguration", Default: ""),
        new("logging", "BucketLoggingStatus", Default: ""),
        new("accelerate", "AccelerateConfiguration", Default: ""),
        new("requestPayment", "RequestPaymentConfiguration", Default: "<Payer>BucketOwner</Payer>"),
        new("acl", "AccessControlPolicy", Default: null),
    }.ToDictionary(s => s.Name, StringComparer.Ordinal);

    /// <summary>What every bucket has from the start since April 2023.</summary>
    internal static IReadOnlyList<(string Name, string Content)> OfNewBuckets { get; } =
    [
        ("publicAccessBlock",
            "<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>true</IgnorePublicAcls>"
            + "<BlockPublicPolicy>true</BlockPublicPolicy><RestrictPublicBuckets>true</RestrictPublicBuckets></PublicAccessBlockConfiguration>"),
        ("ownershipControls", "<OwnershipControls><Rule><ObjectOwnership>BucketOwnerEnforced</ObjectOwnership></Rule></OwnershipControls>"),
    ];

    /// <summary>The setting that a query names, or null.</summary>
    internal static BucketSetting? Named(IReadOnlyDictionary<string, string> query) =>
        query.Keys.Select(name => Settings.GetValueOrDefault(name)).FirstOrDefault(setting => setting is not null);

    /// <summary>What was put, or null.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="name">The sub-resource's name in the query, e.g. <c>lifecycle</c>.</param>
    /// <exception cref="AwsException"><c>NoSuchBucket</c>.</exception>
    public string? Find(string bucket, string name)
    {
        RequireBucket(bucket);
        return store.Database.Read(db => db.First("SELECT content FROM bucket_settings WHERE bucket = $1 AND name = $2", r => r.GetString(0), bucket, name));
    }

    /// <summary>Keeps a setting.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="name">The sub-resource's name in the query, e.g. <c>lifecycle</c>.</param>
    /// <param name="content">What a client would put: XML with the sub-resource's root element, or JSON for <c>policy</c>.</param>
    /// <exception cref="AwsException"><c>NoSuchBucket</c>.</exception>
    /// <exception cref="ArgumentException">There is no such sub-resource.</exception>
    public void Put(string bucket, string name, string content)
    {
        if (!Settings.ContainsKey(name))
        {
            throw new ArgumentException($"A bucket has no sub-resource '{name}'.", nameof(name));
        }

        RequireBucket(bucket);
        store.Database.Write(db => db.Execute(
            "INSERT INTO bucket_settings (bucket, name, content) VALUES ($1, $2, $3) ON CONFLICT (bucket, name) DO UPDATE SET content = excluded.content",
            bucket, name, content));
    }

    /// <summary>Forgets a setting; nothing happens when there is none.</summary>
    /// <exception cref="AwsException"><c>NoSuchBucket</c>.</exception>
    public void Delete(string bucket, string name)
    {
        RequireBucket(bucket);
        store.Database.Write(db => db.Execute("DELETE FROM bucket_settings WHERE bucket = $1 AND name = $2", bucket, name));
    }

    private void RequireBucket(string bucket)
    {
        if (!store.BucketExists(bucket))
        {
            throw S3Errors.NoSuchBucket(bucket);
        }
    }
}

/// <param name="Name">The name in the query.</param>
/// <param name="Root">The root element; null for JSON.</param>
/// <param name="Default">What stands inside the root when nothing was put.</param>
/// <param name="Missing">The error when nothing was put and there is no default.</param>
internal sealed record BucketSetting(string Name, string? Root, string? Default = null, (string Code, string Message)? Missing = null);
