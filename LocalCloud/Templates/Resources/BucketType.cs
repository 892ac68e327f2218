using LocalCloud.S3;
using LocalCloud.Templates.Language;
using static LocalCloud.Templates.Resources.PropertyShape;

namespace LocalCloud.Templates.Resources;

/// <summary>
/// AWS::S3::Bucket. Its lifecycle rules, encryption, ownership, access block and tags are kept and answered as S3 does;
/// nothing here ages, leaves the machine or is public. Its objects stay whatever the template says.
/// </summary>
internal sealed class BucketType(ObjectStore store, BucketSettings settings) : ProvisionedType
{
    public override string Name => "AWS::S3::Bucket";

    public override PropertyShape Shape { get; } = Members(
        ("BucketName", Text),
        ("BucketEncryption", BucketXml.EncryptionShape),
        ("LifecycleConfiguration", BucketXml.LifecycleShape),
        ("OwnershipControls", BucketXml.OwnershipShape),
        ("PublicAccessBlockConfiguration", BucketXml.PublicAccessShape),
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
        foreach (var (name, content) in BucketXml.Of(resource.Properties))
        {
            if (content is not null)
            {
                settings.Put(physicalId, name, content);
            }
        }

        return ValueTask.CompletedTask;
    }

    public override ValueTask UpdateAsync(ResolvedResource resource, string physicalId, CancellationToken cancellation)
    {
        foreach (var (name, content) in BucketXml.Of(resource.Properties))
        {
            if (content is null)
            {
                settings.Delete(physicalId, name);
            }
            else
            {
                settings.Put(physicalId, name, content);
            }
        }

        return ValueTask.CompletedTask;
    }

    public override ValueTask DeleteAsync(ResolvedResource resource, string physicalId, CancellationToken cancellation)
    {
        store.DeleteBucket(physicalId);
        return ValueTask.CompletedTask;
    }
}

/// <summary>AWS::S3::BucketPolicy. It is kept and answered; nothing enforces it.</summary>
internal sealed class BucketPolicyType(BucketSettings settings) : ProvisionedType
{
    private const string Setting = "policy";

    public override string Name => "AWS::S3::BucketPolicy";

    public override PropertyShape Shape { get; } = Members(("Bucket!", Text), ("PolicyDocument!", Any));

    public override ResourceIdentity Identify(ResolvedResource resource) => new(resource.Text("Bucket")!);

    public override ValueTask<bool> ExistsAsync(ResolvedResource resource, string physicalId, CancellationToken cancellation) =>
        ValueTask.FromResult(settings.Find(physicalId, Setting) is not null);

    public override ValueTask CreateAsync(ResolvedResource resource, string physicalId, CancellationToken cancellation)
    {
        settings.Put(physicalId, Setting, resource.Properties["PolicyDocument"]!.ToJsonString());
        return ValueTask.CompletedTask;
    }

    public override ValueTask UpdateAsync(ResolvedResource resource, string physicalId, CancellationToken cancellation) =>
        CreateAsync(resource, physicalId, cancellation);

    public override ValueTask DeleteAsync(ResolvedResource resource, string physicalId, CancellationToken cancellation)
    {
        settings.Delete(physicalId, Setting);
        return ValueTask.CompletedTask;
    }
}
