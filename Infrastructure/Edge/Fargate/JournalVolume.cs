using Amazon.CDK;
using Amazon.CDK.AWS.EFS;
using Amazon.CDK.AWS.IAM;
using Infrastructure.Permissions;

namespace Infrastructure.Edge.Fargate;

/// <summary>
/// The journal's volume. It takes only what Firehose refused, and outlives the container that wrote it. It goes with the
/// stack: stop receiving and wait until the beacons have delivered before you delete that.
/// </summary>
internal sealed class JournalVolume
{
    /// <summary>The user of .NET's container images (<c>APP_UID</c>).</summary>
    public const string UserId = "1654";

    private readonly CfnFileSystem _files;
    private readonly CfnAccessPoint _access;

    public JournalVolume(Stack stack, Network network, CfnRole taskRole)
    {
        _files = new CfnFileSystem(stack, "Journal", new CfnFileSystemProps
        {
            Encrypted = true,
            // By what is written, which is nothing while Firehose works.
            ThroughputMode = "elastic",
            FileSystemTags = new[] { new CfnFileSystem.ElasticFileSystemTagProperty { Key = "application", Value = "pixelaspire" } },
            // Without a policy everybody in the network could mount it.
            FileSystemPolicy = Policies.Document(new PolicyStatementProps
            {
                Principals = [new ArnPrincipal(taskRole.AttrArn)],
                Actions = ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
                Conditions = new Dictionary<string, object>
                {
                    ["Bool"] = new Dictionary<string, object> { ["aws:SecureTransport"] = "true" },
                    // Within an account this policy alone is enough: it must not let anyone in who goes past the access point.
                    ["Null"] = new Dictionary<string, object> { ["elasticfilesystem:AccessPointArn"] = "false" },
                },
            }),
        });
        _access = new CfnAccessPoint(stack, "JournalAccess", new CfnAccessPointProps
        {
            FileSystemId = _files.Ref,
            PosixUser = new CfnAccessPoint.PosixUserProperty { Uid = UserId, Gid = UserId },
            RootDirectory = new CfnAccessPoint.RootDirectoryProperty
            {
                Path = "/journal",
                CreationInfo = new CfnAccessPoint.CreationInfoProperty { OwnerUid = UserId, OwnerGid = UserId, Permissions = "0750" },
            },
        });
        Mounts = [.. network.Subnets.Select((subnet, i) => new CfnMountTarget(stack, $"JournalMount{(char)('A' + i)}", new CfnMountTargetProps
        {
            FileSystemId = _files.Ref,
            SubnetId = subnet,
            SecurityGroups = [network.Volume.AttrGroupId],
        }))];

        // Apart from the role, which the volume's own policy names.
        MayUse = new CfnPolicy(stack, "JournalUse", new CfnPolicyProps
        {
            PolicyName = "use-journal",
            Roles = [taskRole.Ref],
            PolicyDocument = Policies.Document(new PolicyStatementProps
            {
                Actions = ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
                Resources = [_files.AttrArn],
                Conditions = new Dictionary<string, object>
                {
                    ["StringEquals"] = new Dictionary<string, object> { ["elasticfilesystem:AccessPointArn"] = _access.AttrArn },
                },
            }),
        });
    }

    /// <summary>The volume's id.</summary>
    public string Id => _files.Ref;

    /// <summary>The id of the only way into it.</summary>
    public string AccessPoint => _access.Ref;

    /// <summary>Where it can be reached in the network.</summary>
    public CfnMountTarget[] Mounts { get; }

    /// <summary>The containers' permission.</summary>
    public CfnPolicy MayUse { get; }
}
