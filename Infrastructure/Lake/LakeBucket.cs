using Amazon.CDK;
using Amazon.CDK.AWS.IAM;
using Amazon.CDK.AWS.S3;
using Pixel.Events.Lake;

namespace Infrastructure.Lake;

/// <summary>The bucket of the lake: private, encrypted, TLS only, and cheaper the older its objects are.</summary>
internal sealed class LakeBucket
{
    /// <summary>How many days records of the worker's own doing are kept: a little more than a year.</summary>
    private const double RecordDays = 400;

    public LakeBucket(Stack stack, LakeParameters parameters, LakeLayout layout)
    {
        Resource = new CfnBucket(stack, "LakeBucket", new CfnBucketProps
        {
            BucketName = layout.BucketName,
            BucketEncryption = new CfnBucket.BucketEncryptionProperty
            {
                ServerSideEncryptionConfiguration = new[]
                {
                    new CfnBucket.ServerSideEncryptionRuleProperty
                    {
                        BucketKeyEnabled = layout.KeyOnly(true),
                        ServerSideEncryptionByDefault = new CfnBucket.ServerSideEncryptionByDefaultProperty
                        {
                            SseAlgorithm = layout.ByKey("aws:kms", "AES256").ToString()!,
                            KmsMasterKeyId = layout.KeyOnly(parameters.KeyArn.ValueAsString).ToString(),
                        },
                    },
                },
            },
            OwnershipControls = new CfnBucket.OwnershipControlsProperty
            {
                Rules = new[] { new CfnBucket.OwnershipControlsRuleProperty { ObjectOwnership = "BucketOwnerEnforced" } },
            },
            PublicAccessBlockConfiguration = new CfnBucket.PublicAccessBlockConfigurationProperty
            {
                BlockPublicAcls = true,
                BlockPublicPolicy = true,
                IgnorePublicAcls = true,
                RestrictPublicBuckets = true,
            },
            LifecycleConfiguration = new CfnBucket.LifecycleConfigurationProperty
            {
                Rules = new[]
                {
                    EventsRule("events", layout.EventsFolder, parameters, layout),
                    EventsRule("compacted", LakeLayout.CompactedFolder, parameters, layout),
                    ExpiryRule("errors", LakeLayout.ErrorsFolder, parameters.ErrorsExpireAfterDays),
                    ExpiryRule("quarantine", LakeLayout.QuarantineFolder, parameters.ErrorsExpireAfterDays),
                    ExpiryRule("athena-results", LakeLayout.ResultsFolder, parameters.ResultsExpireAfterDays),
                    ExpiryRule("job-runs", LakeTable.JobRuns.Folder, RecordDays),
                    ExpiryRule("manifests", LakeLayout.ClosedManifestsFolder, RecordDays),
                    UnfinishedUploadsRule(),
                },
            },
        });

        // Deleting the stack keeps the data: CloudFormation could not delete a bucket with objects in it anyway, and a
        // policy that follows a parameter needs a macro transform, which emulators and plain deploys do not take. Only
        // a first creation that fails takes its (empty) bucket along.
        Resource.ApplyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);

        _ = new CfnBucketPolicy(stack, "LakeBucketPolicy", new CfnBucketPolicyProps
        {
            Bucket = Resource.Ref,
            PolicyDocument = TlsOnly(),
        });
    }

    public CfnBucket Resource { get; }

    /// <summary>The bucket's name.</summary>
    public string Name => Resource.Ref;

    /// <summary>The ARN of everything in one folder; <paramref name="folder"/> ends in a slash.</summary>
    public string ObjectsIn(string folder) => $"{Resource.AttrArn}/{folder}*";

    private static CfnBucket.RuleProperty EventsRule(string id, string folder, LakeParameters parameters, LakeLayout layout) => new()
    {
        Id = id,
        Status = "Enabled",
        Prefix = folder,
        // Instant Retrieval, because Athena reads neither Glacier Flexible Retrieval nor Deep Archive.
        Transitions = new[]
        {
            new CfnBucket.TransitionProperty
            {
                StorageClass = "STANDARD_IA",
                TransitionInDays = parameters.InfrequentAccessAfterDays.ValueAsNumber,
            },
            new CfnBucket.TransitionProperty
            {
                StorageClass = "GLACIER_IR",
                TransitionInDays = parameters.GlacierAfterDays.ValueAsNumber,
            },
        },
        ExpirationInDays = layout.EventsExpireAfterDays,
    };

    private static CfnBucket.RuleProperty ExpiryRule(string id, string folder, CfnParameter days) => ExpiryRule(id, folder, days.ValueAsNumber);

    private static CfnBucket.RuleProperty ExpiryRule(string id, string folder, double days) => new()
    {
        Id = id,
        Status = "Enabled",
        Prefix = folder,
        ExpirationInDays = days,
    };

    private static CfnBucket.RuleProperty UnfinishedUploadsRule() => new()
    {
        Id = "unfinished-uploads",
        Status = "Enabled",
        AbortIncompleteMultipartUpload = new CfnBucket.AbortIncompleteMultipartUploadProperty { DaysAfterInitiation = 1 },
    };

    private PolicyDocument TlsOnly() => new(new PolicyDocumentProps
    {
        Statements =
        [
            new PolicyStatement(new PolicyStatementProps
            {
                Sid = "TlsOnly",
                Effect = Effect.DENY,
                Principals = [new AnyPrincipal()],
                Actions = ["s3:*"],
                Resources = [Resource.AttrArn, ObjectsIn("")],
                Conditions = new Dictionary<string, object>
                {
                    ["Bool"] = new Dictionary<string, object> { ["aws:SecureTransport"] = "false" },
                },
            }),
        ],
    });
}
