using LocalCloud.S3;
using LocalCloud.Templates.Language;
using static LocalCloud.Templates.Resources.PropertyShape;

namespace LocalCloud.Templates.Resources;

/// <summary>
/// AWS::S3::Bucket. The bucket is real; its lifecycle rules, encryption and access settings are kept with the stack and
/// shown there, since nothing here ages, leaves the machine or is public.
/// </summary>
internal sealed class BucketType(ObjectStore store) : ProvisionedType
{
    public override string Name => "AWS::S3::Bucket";

    public override PropertyShape Shape { get; } = Members(
        ("BucketName", Text),
        ("AccelerateConfiguration", Any),
        ("AccessControl", Text),
        ("AnalyticsConfigurations", Any),
        ("BucketEncryption", Any),
        ("CorsConfiguration", Any),
        ("IntelligentTieringConfigurations", Any),
        ("InventoryConfigurations", Any),
        ("LifecycleConfiguration", Members(
            ("TransitionDefaultMinimumObjectSize", Text),
            ("Rules!", List(Members(
                ("Status!", Text),
                ("Id", Text),
                ("Prefix", Text),
                ("AbortIncompleteMultipartUpload", Members(("DaysAfterInitiation!", Whole))),
                ("ExpirationDate", Text),
                ("ExpirationInDays", Whole),
                ("ExpiredObjectDeleteMarker", Flag),
                ("NoncurrentVersionExpiration", Any),
                ("NoncurrentVersionTransitions", Any),
                ("ObjectSizeGreaterThan", Text),
                ("ObjectSizeLessThan", Text),
                ("TagFilters", Tags),
                ("Transitions", List(Members(
                    ("StorageClass!", Text),
                    ("TransitionDate", Text),
                    ("TransitionInDays", Whole))))))))),
        ("LoggingConfiguration", Any),
        ("MetricsConfigurations", Any),
        ("OwnershipControls", Any),
        ("PublicAccessBlockConfiguration", Members(
            ("BlockPublicAcls", Flag),
            ("BlockPublicPolicy", Flag),
            ("IgnorePublicAcls", Flag),
            ("RestrictPublicBuckets", Flag))),
        ("Tags", Tags));

    public override ResourceIdentity Identify(ResolvedResource resource)
    {
        var stack = resource.Stack;
        var name = resource.Text("BucketName") ?? stack.NameFor(resource.LogicalId, longest: 63).ToLowerInvariant();
        return new ResourceIdentity(name, new Dictionary<string, string>
        {
            ["Arn"] = $"arn:{stack.Partition}:s3:::{name}",
            ["DomainName"] = $"{name}.s3.{stack.UrlSuffix}",
            ["RegionalDomainName"] = $"{name}.s3.{stack.Region}.{stack.UrlSuffix}",
            ["DualStackDomainName"] = $"{name}.s3.dualstack.{stack.Region}.{stack.UrlSuffix}",
        });
    }

    public override ValueTask<bool> ExistsAsync(ResolvedResource resource, string physicalId, CancellationToken cancellation) =>
        ValueTask.FromResult(store.BucketExists(physicalId));

    public override ValueTask CreateAsync(ResolvedResource resource, string physicalId, CancellationToken cancellation)
    {
        store.CreateBucket(physicalId, resource.Stack.Region);
        return ValueTask.CompletedTask;
    }

    public override ValueTask UpdateAsync(ResolvedResource resource, string physicalId, CancellationToken cancellation) =>
        ValueTask.CompletedTask;
}
