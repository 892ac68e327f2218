using Amazon.CDK;

namespace Infrastructure.Lake;

/// <summary>
/// What a deployment of the lake may choose. Every parameter has a default, so that
/// <c>aws cloudformation deploy</c> works with none given; the patterns refuse what the beacon, the
/// catalog worker or the service behind the parameter could not work with later.
/// </summary>
public sealed class LakeParameters
{
    /// <summary>The hour of arrival as Hive-style folders.</summary>
    public const string HiveHours = "year=!{timestamp:yyyy}/month=!{timestamp:MM}/day=!{timestamp:dd}/hour=!{timestamp:HH}/";

    /// <summary>Where Firehose puts events unless told otherwise: Hive style, by the hour of arrival.</summary>
    public const string HivePrefix = "events/" + HiveHours;

    internal LakeParameters(Stack stack)
    {
        BucketName = StackParameters.Text(stack, nameof(BucketName), "",
            "Name of the bucket. Empty: CloudFormation makes one up.",
            "^$|^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$",
            "3 to 63 lower-case letters, digits, dots and hyphens, or empty.");
        KeyArn = StackParameters.Text(stack, nameof(KeyArn), "",
            "ARN of a KMS key that encrypts the bucket, with a bucket key, so that KMS is asked and paid seldom. Empty: S3's "
            + "own encryption, which costs nothing. Whoever reads the lake needs kms:Decrypt as well.",
            "^$|^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$",
            "The ARN of a key, not of an alias, or empty.");
        StreamName = StackParameters.Text(stack, nameof(StreamName), "pixel-events",
            "Name of the Firehose delivery stream. Empty: CloudFormation makes one up.",
            "^[a-zA-Z0-9_.-]{0,64}$",
            "At most 64 letters, digits, dots, hyphens and underscores, or empty.");
        DatabaseName = StackParameters.Text(stack, nameof(DatabaseName), "pixel",
            "Name of the Glue database.",
            "^[a-z0-9_]{1,128}$",
            "1 to 128 lower-case letters, digits and underscores: Glue and Athena know no others.");
        TableName = StackParameters.Text(stack, nameof(TableName), "tp_events",
            "Name of the Glue table of tracking-pixel events.",
            "^[a-z0-9_]{1,128}$",
            "1 to 128 lower-case letters, digits and underscores: Glue and Athena know no others.");
        WorkgroupName = StackParameters.Text(stack, nameof(WorkgroupName), "pixel",
            "Name of the Athena workgroup.",
            "^[a-zA-Z0-9_.-]{1,128}$",
            "1 to 128 letters, digits, dots, hyphens and underscores.");

        MaintenanceWorkgroupName = StackParameters.Text(stack, nameof(MaintenanceWorkgroupName), "pixel-maintenance",
            "Name of the Athena workgroup of the catalog worker's own statements, which write and read without a limit.",
            "^[a-zA-Z0-9_.-]{1,128}$",
            "1 to 128 letters, digits, dots, hyphens and underscores.");

        // Only layouts that the partition loader can read back: `year=…/month=…/day=…/hour=…/`, an explicit
        // `yyyy/MM/dd/HH/`, or a plain folder, to which Firehose itself appends `yyyy/MM/dd/HH/`.
        Prefix = StackParameters.Text(stack, nameof(Prefix), HivePrefix,
            "Where Firehose puts events: a folder, and by choice the hour of arrival, as in the default or as "
            + "!{timestamp:yyyy/MM/dd/HH}/. A folder alone gets yyyy/MM/dd/HH/ appended by Firehose.",
            @"^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*/"
            + @"(year=!\{timestamp:yyyy\}/month=!\{timestamp:MM\}/day=!\{timestamp:dd\}/hour=!\{timestamp:HH\}/"
            + @"|!\{timestamp:yyyy/MM/dd/HH\}/)?$",
            "A folder such as events/, alone or followed by year=!{timestamp:yyyy}/month=!{timestamp:MM}/"
            + "day=!{timestamp:dd}/hour=!{timestamp:HH}/ or !{timestamp:yyyy/MM/dd/HH}/.");
        DataFormat = StackParameters.Choice(stack, nameof(DataFormat), "parquet", ["parquet", "json"],
            "Format of the objects under the prefix: parquet, converted by Firehose, or json lines as the beacon wrote them.");
        PartitionType = StackParameters.Choice(stack, nameof(PartitionType), "string", ["string", "int"],
            "Glue type of the partition columns. Athena prunes string columns inside Glue; int ones only after fetching "
            + "all partitions.");

        BufferSeconds = StackParameters.Whole(stack, nameof(BufferSeconds), 15, 1, 900,
            "How long Firehose collects events before it writes an object. Small for trying out; 900 in production: "
            + "fewer and larger objects, which cost less to write and to query.");
        BufferMegabytes = StackParameters.Whole(stack, nameof(BufferMegabytes), 128, 64, 128,
            "How much Firehose collects, in MiB, before it writes an object earlier than that. Conversion to Parquet "
            + "asks for at least 64.");

        InfrequentAccessAfterDays = StackParameters.Whole(stack, nameof(InfrequentAccessAfterDays), 30, 30, 3650,
            "Age in days at which events move to S3 Standard-IA.");
        GlacierAfterDays = StackParameters.Whole(stack, nameof(GlacierAfterDays), 90, 60, 3650,
            "Age in days at which events move to S3 Glacier Instant Retrieval, which Athena can read. At least 30 more "
            + "than InfrequentAccessAfterDays.");
        EventsExpireAfterDays = StackParameters.Whole(stack, nameof(EventsExpireAfterDays), 730, 0, 36500,
            "Age in days at which events are deleted. More than GlacierAfterDays; 0 keeps them for ever.");
        ErrorsExpireAfterDays = StackParameters.Whole(stack, nameof(ErrorsExpireAfterDays), 30, 1, 3650,
            "Age in days at which records that Firehose could not convert are deleted.");
        ResultsExpireAfterDays = StackParameters.Whole(stack, nameof(ResultsExpireAfterDays), 1, 1, 3650,
            "Age in days at which Athena's query results are deleted. They may hold whatever the events hold about people.");
        LogRetentionDays = StackParameters.LogRetention(stack, "Firehose's log of delivery errors");
        ProducerAccountIds = StackParameters.Text(stack, nameof(ProducerAccountIds), "",
            "Accounts, separated by commas, whose beacons may put events, by a role that this makes. Empty: none, and no role.",
            "^$|^[0-9]{12}(,[0-9]{12})*$",
            "Twelve digits each, separated by commas, or empty.");
        ProducerExternalId = StackParameters.Text(stack, nameof(ProducerExternalId), "",
            "What those must also say to get the role. Empty: nothing.",
            "^$|^[A-Za-z0-9_+=,.@:/-]{2,1224}$",
            "2 to 1224 letters, digits and characters of +=,.@:/-_, or empty.");
        QueryScanLimitBytes = StackParameters.Whole(stack, nameof(QueryScanLimitBytes), 107_374_182_400, 10_000_000, 7_000_000_000_000_000,
            "Bytes a single Athena query may scan before it is cancelled. The default is 100 GiB, about half a dollar.");
    }

    public CfnParameter BucketName { get; }

    public CfnParameter KeyArn { get; }

    public CfnParameter StreamName { get; }

    public CfnParameter DatabaseName { get; }

    public CfnParameter TableName { get; }

    public CfnParameter WorkgroupName { get; }

    public CfnParameter MaintenanceWorkgroupName { get; }

    public CfnParameter Prefix { get; }

    public CfnParameter DataFormat { get; }

    public CfnParameter PartitionType { get; }

    public CfnParameter BufferSeconds { get; }

    public CfnParameter BufferMegabytes { get; }

    public CfnParameter InfrequentAccessAfterDays { get; }

    public CfnParameter GlacierAfterDays { get; }

    public CfnParameter EventsExpireAfterDays { get; }

    public CfnParameter ErrorsExpireAfterDays { get; }

    public CfnParameter ResultsExpireAfterDays { get; }

    public CfnParameter LogRetentionDays { get; }

    public CfnParameter ProducerAccountIds { get; }

    public CfnParameter ProducerExternalId { get; }

    public CfnParameter QueryScanLimitBytes { get; }
}
