namespace LocalCloud.Athena;

// The shapes of the Athena API (https://docs.aws.amazon.com/athena/latest/APIReference/), under its own member names.

/// <summary>Where results go.</summary>
public sealed record ResultConfiguration
{
    /// <summary><c>s3://bucket/prefix/</c>; the file's name is the execution's id.</summary>
    public string? OutputLocation { get; init; }
    public Dictionary<string, string>? EncryptionConfiguration { get; init; }
    public string? ExpectedBucketOwner { get; init; }
    public Dictionary<string, string>? AclConfiguration { get; init; }
}

/// <summary>Which database names without one mean.</summary>
public sealed record QueryExecutionContext(string? Database = null, string? Catalog = null);

/// <summary>Why a query failed, in numbers.</summary>
public sealed record AthenaError(int ErrorCategory, int ErrorType, bool Retryable, string ErrorMessage);

/// <summary>Where a query is in its life: QUEUED, RUNNING, then SUCCEEDED, FAILED or CANCELLED.</summary>
public sealed record QueryExecutionStatus
{
    public string State { get; init; } = "QUEUED";
    public string? StateChangeReason { get; init; }
    public DateTimeOffset SubmissionDateTime { get; init; }
    public DateTimeOffset? CompletionDateTime { get; init; }
    public AthenaError? AthenaError { get; init; }
}

/// <summary>Whether an earlier result was taken; here never.</summary>
public sealed record ResultReuseInformation(bool ReusedPreviousResult);

/// <summary>What a query took. Times are in milliseconds.</summary>
public sealed record QueryExecutionStatistics
{
    public long? EngineExecutionTimeInMillis { get; init; }
    public long? DataScannedInBytes { get; init; }
    public string? DataManifestLocation { get; init; }
    public long? TotalExecutionTimeInMillis { get; init; }
    public long? QueryQueueTimeInMillis { get; init; }
    public long? ServicePreProcessingTimeInMillis { get; init; }
    public long? QueryPlanningTimeInMillis { get; init; }
    public long? ServiceProcessingTimeInMillis { get; init; }
    public ResultReuseInformation? ResultReuseInformation { get; init; }
}

/// <summary>The engine's version, chosen and in effect.</summary>
public sealed record EngineVersion
{
    public string? SelectedEngineVersion { get; init; }
    public string? EffectiveEngineVersion { get; init; }

    public static EngineVersion Three { get; } = new() { SelectedEngineVersion = "AUTO", EffectiveEngineVersion = "Athena engine version 3" };
}

/// <summary>A statement that was started.</summary>
public sealed record QueryExecution
{
    public string QueryExecutionId { get; init; } = "";
    public string Query { get; init; } = "";
    public string StatementType { get; init; } = "DML";
    public string? SubstatementType { get; init; }
    public ResultConfiguration? ResultConfiguration { get; init; }
    public QueryExecutionContext? QueryExecutionContext { get; init; }
    public QueryExecutionStatus Status { get; init; } = new();
    public QueryExecutionStatistics Statistics { get; init; } = new();
    public string WorkGroup { get; init; } = "primary";
    public EngineVersion EngineVersion { get; init; } = EngineVersion.Three;
    public IReadOnlyList<string>? ExecutionParameters { get; init; }

    internal bool IsOver => Status.State is "SUCCEEDED" or "FAILED" or "CANCELLED";
}

/// <summary>A column of a result.</summary>
public sealed record ColumnInfo
{
    public string CatalogName { get; init; } = "hive";
    public string SchemaName { get; init; } = "";
    public string TableName { get; init; } = "";
    public string Name { get; init; } = "";
    public string Label { get; init; } = "";
    public string Type { get; init; } = "";
    public int Precision { get; init; }
    public int Scale { get; init; }
    public string Nullable { get; init; } = "UNKNOWN";
    public bool CaseSensitive { get; init; }
}

/// <summary>How a workgroup runs its queries.</summary>
public sealed record WorkGroupConfiguration
{
    public ResultConfiguration? ResultConfiguration { get; init; }
    public bool? EnforceWorkGroupConfiguration { get; init; }
    public bool? PublishCloudWatchMetricsEnabled { get; init; }
    public long? BytesScannedCutoffPerQuery { get; init; }
    public bool? RequesterPaysEnabled { get; init; }
    public EngineVersion? EngineVersion { get; init; }
    public string? AdditionalConfiguration { get; init; }
    public string? ExecutionRole { get; init; }
    public bool? EnableMinimumEncryptionConfiguration { get; init; }
}

/// <summary>A workgroup: settings that queries share.</summary>
public sealed record WorkGroup
{
    public string Name { get; init; } = "";
    public string State { get; init; } = "ENABLED";
    public WorkGroupConfiguration Configuration { get; init; } = new();
    public string? Description { get; init; }
    public DateTimeOffset CreationTime { get; init; }
}

/// <summary>A query that was kept under a name.</summary>
public sealed record NamedQuery(string Name, string? Description, string Database, string QueryString, string NamedQueryId, string WorkGroup);
