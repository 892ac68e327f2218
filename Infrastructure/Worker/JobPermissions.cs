using Amazon.CDK.AWS.IAM;
using Infrastructure.Lake;
using Infrastructure.Permissions;
using Pixel.Events.Lake;

namespace Infrastructure.Worker;

/// <summary>
/// What each job calls, as its code does: actions and resources by job. Whoever gives a job another call finds the place
/// here; without it AWS refuses the call, and the job says so.
/// </summary>
internal sealed class JobPermissions(LakeReference lake)
{
    private const string State = "catalog/";

    /// <summary>What every job does: take its lock, leave a record of its run, and see that something is not there.</summary>
    /// <remarks>Without <c>s3:ListBucket</c> S3 answers 403 instead of 404 for an object that is not there.</remarks>
    public PolicyStatementProps[] OfAll() =>
    [
        Policies.Allow(["s3:GetBucketLocation", "s3:ListBucket"], lake.Bucket),
        Policies.Allow(["s3:GetObject", "s3:PutObject"], lake.Objects($"{State}locks/*")),
        Policies.Allow(["s3:GetObject"], lake.Objects($"{State}late-window.json")),
        Policies.Allow(["s3:PutObject"], lake.Objects($"{LakeTable.JobRuns.Folder}*")),

        // Half of a permission each: Glue wants an action to be allowed on the catalog, the database and the table, and tables
        // are allowed job by job. Written once, because a template that says it for every job is longer than may be sent.
        Policies.Allow(OnCatalog, lake.Catalog),
    ];

    private static readonly string[] OnCatalog =
    [
        "glue:BatchCreatePartition", "glue:BatchDeletePartition", "glue:BatchGetPartition", "glue:CreatePartition", "glue:CreateTable", "glue:DeleteTable",
        "glue:GetDatabase", "glue:GetPartition", "glue:GetPartitions", "glue:GetTable", "glue:GetTables", "glue:UpdatePartition", "glue:UpdateTable",
    ];

    /// <summary>Whether a job asks events.</summary>
    public static bool Asks(string job) => Rewrites(job) || job is "rollup" or "ledger" or "alerts";

    /// <summary>Whether a job writes hours anew.</summary>
    public static bool Rewrites(string job) => job is "compaction" or "retention" or "erasure";

    /// <summary>What one job does besides what it has in common with others.</summary>
    public PolicyStatementProps[] Of(string job) => job switch
    {
        "load-partitions" => [Catalog(["glue:GetTable", "glue:GetPartitions", "glue:BatchCreatePartition", "glue:UpdatePartition"], lake.EventsTable)],
        "repair-partitions" =>
        [
            .. Repairing(),
            Policies.Allow(["s3:GetObject"], lake.Objects($"{State}manifests/*")),
        ],
        "schema" =>
        [
            Catalog(["glue:GetTable", "glue:UpdateTable"], lake.EventsTable),
            Policies.Allow(["s3:GetObject"], lake.RawEvents),
        ],
        "views" =>
        [
            // The names of views are those of files, so any table of this database.
            Catalog(["glue:CreateTable", "glue:DeleteTable", "glue:GetTable", "glue:GetTables", "glue:UpdateTable"], lake.AllTables),
            .. Statements(lake.Workgroup, withAnswers: false),
        ],
        "rollup" =>
        [
            Catalog(["glue:GetPartitions"], lake.EventsTable),
            Catalog(["glue:CreatePartition", "glue:GetPartition", "glue:UpdatePartition"], lake.Table(LakeTable.DailyRollup.Name)),
            Documents("rollup.json"),
            Policies.Allow(["s3:DeleteObject", "s3:GetObject", "s3:PutObject"], lake.Objects($"{LakeTable.DailyRollup.Folder}*")),
        ],
        "compaction" => [Documents("compaction.json")],
        "retention" =>
        [
            Documents("retention.json"),
            Catalog(["glue:BatchDeletePartition"], lake.EventsTable),
            Catalog(["glue:BatchDeletePartition", "glue:GetPartitions"], lake.Table(LakeTable.DailyRollup.Name)),
            Policies.Allow(["s3:DeleteObject"], lake.Objects($"{LakeTable.DailyRollup.Folder}*")),
        ],
        "erasure" =>
        [
            .. Repairing(),
            Policies.Allow(["s3:DeleteObject", "s3:GetObject", "s3:PutObject"], lake.Objects($"{State}erasures/*")),
            Catalog(["glue:GetPartition", "glue:GetTable", "glue:UpdatePartition"], lake.Table(LakeTable.DailyRollup.Name)),
            Policies.Allow(["s3:DeleteObject", "s3:DeleteObjectVersion", "s3:GetObject", "s3:PutObject"], lake.Objects($"{LakeTable.DailyRollup.Folder}*")),
            Policies.Allow(["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], lake.Objects($"{LakeLayout.ErrorsFolder}*"), lake.Objects($"{LakeLayout.QuarantineFolder}*")),
            // A bucket with versions keeps what was deleted.
            Policies.Allow(["s3:ListBucketVersions"], lake.Bucket),
            Policies.Allow(
                ["s3:DeleteObjectVersion"],
                lake.RawEvents, lake.Objects($"{LakeLayout.CompactedFolder}*"), lake.Objects($"{LakeLayout.ErrorsFolder}*"),
                lake.Objects($"{LakeLayout.QuarantineFolder}*"), lake.Objects($"{LakeLayout.ResultsFolder}*")),
            Policies.Allow(["s3:DeleteObject"], lake.Objects($"{LakeLayout.ResultsFolder}*")),
        ],
        "redrive" =>
        [
            Catalog(["glue:GetTable"], lake.EventsTable),
            Policies.Allow(["s3:DeleteObject", "s3:GetObject"], lake.Objects($"{LakeLayout.ErrorsFolder}*")),
            // It sends nothing of those whose erasure is under way.
            Policies.Allow(["s3:GetObject"], lake.Objects($"{State}erasures/pending/*")),
            Policies.Allow(["s3:PutObject"], lake.Objects($"{LakeLayout.QuarantineFolder}*")),
            Policies.Allow(["firehose:PutRecordBatch"], lake.Stream),
        ],
        "ledger" =>
        [
            Documents("ledger.json", "late-window.json"),
            Policies.Allow(["s3:DeleteObject", "s3:GetObject", "s3:PutObject"], lake.Objects($"{State}ledger/*")),
            Policies.Allow(["s3:PutObject"], lake.Objects($"{LakeTable.LedgerHours.Folder}*")),
        ],
        "alerts" => [Documents("alerts.json")],
        _ => throw new ArgumentOutOfRangeException(nameof(job), job, "What this job may do is not written down."),
    };

    /// <summary>Compares partitions with the lake.</summary>
    private PolicyStatementProps[] Repairing() =>
        [Catalog(["glue:GetTable", "glue:GetPartition", "glue:GetPartitions", "glue:BatchCreatePartition", "glue:BatchDeletePartition"], lake.EventsTable)];

    /// <summary>What else redrive may do where there is an overflow queue.</summary>
    public static PolicyStatementProps OfQueue(string queueArn) =>
        Policies.Allow(["sqs:DeleteMessage", "sqs:ReceiveMessage"], queueArn);

    /// <summary>What else erasure may do where there is an overflow queue: see whether it is empty.</summary>
    public static PolicyStatementProps OfQueueSize(string queueArn) => Policies.Allow(["sqs:GetQueueAttributes"], queueArn);

    /// <summary>What every job may do besides where the lake has a key of its own: by way of S3 alone.</summary>
    public static PolicyStatementProps OfKey(string keyArn) => new()
    {
        Actions = ["kms:Decrypt", "kms:GenerateDataKey"],
        Resources = [keyArn],
        Conditions = new Dictionary<string, object>
        {
            ["StringEquals"] = new Dictionary<string, object> { ["kms:ViaService"] = Amazon.CDK.Fn.Sub("s3.${AWS::Region}.${AWS::URLSuffix}") },
        },
    };

    /// <summary>Writes hours anew: compaction, and whoever lets single events go.</summary>
    public PolicyStatementProps[] Rewriting() =>
    [
        Catalog(["glue:GetPartition", "glue:GetPartitions", "glue:UpdatePartition"], lake.EventsTable),
        Catalog(
            ["glue:BatchDeletePartition", "glue:CreatePartition", "glue:CreateTable", "glue:GetPartitions", "glue:GetTable", "glue:UpdateTable"],
            lake.RewriteInputTable),
        Policies.Allow(["s3:DeleteObject", "s3:GetObject", "s3:PutObject"], lake.Objects($"{State}inputs/*"), lake.Objects($"{State}manifests/*")),
        Policies.Allow(["s3:DeleteObject", "s3:PutObject"], lake.Objects($"{LakeLayout.CompactedFolder}*")),
        Policies.Allow(["s3:DeleteObject"], lake.RawEvents),
    ];

    /// <summary>Asks events, by the table or by views: Athena reads the catalog and the objects as whoever asks.</summary>
    public PolicyStatementProps[] Asking() =>
    [
        Catalog(["glue:BatchGetPartition", "glue:GetPartition", "glue:GetPartitions", "glue:GetTable", "glue:GetTables"], lake.AllTables),
        Policies.Allow(["s3:GetObject"], lake.RawEvents, lake.Objects($"{LakeLayout.CompactedFolder}*")),
        .. Statements(lake.MaintenanceWorkgroup, withAnswers: true),
    ];

    /// <summary>Runs statements in a workgroup, which keeps their results in the lake's bucket.</summary>
    private PolicyStatementProps[] Statements(string workgroup, bool withAnswers) =>
    [
        Policies.Allow(
            ["athena:GetQueryExecution", .. withAnswers ? ["athena:GetQueryResults"] : Array.Empty<string>(), "athena:StartQueryExecution", "athena:StopQueryExecution"], workgroup),
        Policies.Allow(
            ["s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"],
            lake.Objects($"{LakeLayout.ResultsFolder}*")),
    ];

    private PolicyStatementProps Documents(params string[] names) =>
        Policies.Allow(["s3:GetObject", "s3:PutObject"], [.. names.Select(name => lake.Objects(State + name))]);

    private static PolicyStatementProps Catalog(string[] actions, string table) => Policies.Allow(actions, table);
}
