using Amazon.Runtime;

namespace Amazon.Athena.Model;

/// <summary>What <c>StartQueryExecution</c> takes.</summary>
public partial class StartQueryExecutionRequest : AmazonAthenaRequest
{
    public string QueryString { get; set; }
    public string ClientRequestToken { get; set; }
    public QueryExecutionContext QueryExecutionContext { get; set; }
    public ResultConfiguration ResultConfiguration { get; set; }
    public string WorkGroup { get; set; }
    public List<string> ExecutionParameters { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
    public ResultReuseConfiguration ResultReuseConfiguration { get; set; }
}

/// <summary>What <c>StartQueryExecution</c> answers.</summary>
public partial class StartQueryExecutionResponse : AmazonWebServiceResponse
{
    public string QueryExecutionId { get; set; }
}

/// <summary>What <c>GetQueryExecution</c> takes.</summary>
public partial class GetQueryExecutionRequest : AmazonAthenaRequest
{
    public string QueryExecutionId { get; set; }
}

/// <summary>What <c>GetQueryExecution</c> answers.</summary>
public partial class GetQueryExecutionResponse : AmazonWebServiceResponse
{
    public QueryExecution QueryExecution { get; set; }
}

/// <summary>What <c>BatchGetQueryExecution</c> takes.</summary>
public partial class BatchGetQueryExecutionRequest : AmazonAthenaRequest
{
    public List<string> QueryExecutionIds { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
}

/// <summary>What <c>BatchGetQueryExecution</c> answers.</summary>
public partial class BatchGetQueryExecutionResponse : AmazonWebServiceResponse
{
    public List<QueryExecution> QueryExecutions { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
    public List<UnprocessedQueryExecutionId> UnprocessedQueryExecutionIds { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
}

/// <summary>What <c>StopQueryExecution</c> takes.</summary>
public partial class StopQueryExecutionRequest : AmazonAthenaRequest
{
    public string QueryExecutionId { get; set; }
}

/// <summary>What <c>StopQueryExecution</c> answers.</summary>
public partial class StopQueryExecutionResponse : AmazonWebServiceResponse;

/// <summary>What <c>ListQueryExecutions</c> takes.</summary>
public partial class ListQueryExecutionsRequest : AmazonAthenaRequest
{
    public string NextToken { get; set; }
    public int? MaxResults { get; set; }
    public string WorkGroup { get; set; }
}

/// <summary>What <c>ListQueryExecutions</c> answers.</summary>
public partial class ListQueryExecutionsResponse : AmazonWebServiceResponse
{
    public List<string> QueryExecutionIds { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
    public string NextToken { get; set; }
}

public partial class QueryExecutionContext
{
    public string Database { get; set; }
    public string Catalog { get; set; }
}

public partial class ResultConfiguration
{
    public string OutputLocation { get; set; }
    public EncryptionConfiguration EncryptionConfiguration { get; set; }
    public string ExpectedBucketOwner { get; set; }
    public AclConfiguration AclConfiguration { get; set; }
}

public partial class EncryptionConfiguration
{
    public EncryptionOption EncryptionOption { get; set; }
    public string KmsKey { get; set; }
}

public partial class AclConfiguration
{
    public S3AclOption S3AclOption { get; set; }
}

public partial class ResultReuseConfiguration
{
    public ResultReuseByAgeConfiguration ResultReuseByAgeConfiguration { get; set; }
}

public partial class ResultReuseByAgeConfiguration
{
    public bool? Enabled { get; set; }
    public int? MaxAgeInMinutes { get; set; }
}

public partial class QueryExecution
{
    public string QueryExecutionId { get; set; }
    public string Query { get; set; }
    public StatementType StatementType { get; set; }
    public ResultConfiguration ResultConfiguration { get; set; }
    public ResultReuseConfiguration ResultReuseConfiguration { get; set; }
    public QueryExecutionContext QueryExecutionContext { get; set; }
    public QueryExecutionStatus Status { get; set; }
    public QueryExecutionStatistics Statistics { get; set; }
    public string WorkGroup { get; set; }
    public EngineVersion EngineVersion { get; set; }
    public List<string> ExecutionParameters { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
}

public partial class QueryExecutionStatus
{
    public QueryExecutionState State { get; set; }
    public string StateChangeReason { get; set; }
    public DateTime? SubmissionDateTime { get; set; }
    public DateTime? CompletionDateTime { get; set; }
    public AthenaError AthenaError { get; set; }
}

public partial class AthenaError
{
    public int? ErrorCategory { get; set; }
    public int? ErrorType { get; set; }
    public bool? Retryable { get; set; }
    public string ErrorMessage { get; set; }
}

public partial class QueryExecutionStatistics
{
    public long? EngineExecutionTimeInMillis { get; set; }
    public long? DataScannedInBytes { get; set; }
    public string DataManifestLocation { get; set; }
    public long? TotalExecutionTimeInMillis { get; set; }
    public long? QueryQueueTimeInMillis { get; set; }
    public long? QueryPlanningTimeInMillis { get; set; }
    public long? ServiceProcessingTimeInMillis { get; set; }
    public ResultReuseInformation ResultReuseInformation { get; set; }
}

public partial class ResultReuseInformation
{
    public bool? ReusedPreviousResult { get; set; }
}

public partial class EngineVersion
{
    public string SelectedEngineVersion { get; set; }
    public string EffectiveEngineVersion { get; set; }
}

public partial class UnprocessedQueryExecutionId
{
    public string QueryExecutionId { get; set; }
    public string ErrorCode { get; set; }
    public string ErrorMessage { get; set; }
}
