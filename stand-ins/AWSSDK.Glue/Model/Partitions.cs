using Amazon.Runtime;

namespace Amazon.Glue.Model;

/// <summary>What <c>CreatePartition</c> takes.</summary>
public partial class CreatePartitionRequest : AmazonGlueRequest
{
    public string CatalogId { get; set; }
    public string DatabaseName { get; set; }
    public string TableName { get; set; }
    public PartitionInput PartitionInput { get; set; }
}

/// <summary>What <c>CreatePartition</c> answers.</summary>
public partial class CreatePartitionResponse : AmazonWebServiceResponse;

/// <summary>What <c>GetPartition</c> takes.</summary>
public partial class GetPartitionRequest : AmazonGlueRequest
{
    public string CatalogId { get; set; }
    public string DatabaseName { get; set; }
    public string TableName { get; set; }
    public List<string> PartitionValues { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
}

/// <summary>What <c>GetPartition</c> answers.</summary>
public partial class GetPartitionResponse : AmazonWebServiceResponse
{
    public Partition Partition { get; set; }
}

/// <summary>What <c>GetPartitions</c> takes.</summary>
public partial class GetPartitionsRequest : AmazonGlueRequest
{
    public string CatalogId { get; set; }
    public string DatabaseName { get; set; }
    public string TableName { get; set; }
    public string Expression { get; set; }
    public string NextToken { get; set; }
    public Segment Segment { get; set; }
    public int? MaxResults { get; set; }
    public bool? ExcludeColumnSchema { get; set; }
    public string TransactionId { get; set; }
    public DateTime? QueryAsOfTime { get; set; }
}

/// <summary>What <c>GetPartitions</c> answers.</summary>
public partial class GetPartitionsResponse : AmazonWebServiceResponse
{
    public List<Partition> Partitions { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
    public string NextToken { get; set; }
}

/// <summary>What <c>UpdatePartition</c> takes.</summary>
public partial class UpdatePartitionRequest : AmazonGlueRequest
{
    public string CatalogId { get; set; }
    public string DatabaseName { get; set; }
    public string TableName { get; set; }
    public List<string> PartitionValueList { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
    public PartitionInput PartitionInput { get; set; }
}

/// <summary>What <c>UpdatePartition</c> answers.</summary>
public partial class UpdatePartitionResponse : AmazonWebServiceResponse;

/// <summary>What <c>DeletePartition</c> takes.</summary>
public partial class DeletePartitionRequest : AmazonGlueRequest
{
    public string CatalogId { get; set; }
    public string DatabaseName { get; set; }
    public string TableName { get; set; }
    public List<string> PartitionValues { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
}

/// <summary>What <c>DeletePartition</c> answers.</summary>
public partial class DeletePartitionResponse : AmazonWebServiceResponse;

/// <summary>What <c>BatchCreatePartition</c> takes.</summary>
public partial class BatchCreatePartitionRequest : AmazonGlueRequest
{
    public string CatalogId { get; set; }
    public string DatabaseName { get; set; }
    public string TableName { get; set; }
    public List<PartitionInput> PartitionInputList { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
}

/// <summary>What <c>BatchCreatePartition</c> answers.</summary>
public partial class BatchCreatePartitionResponse : AmazonWebServiceResponse
{
    public List<PartitionError> Errors { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
}

/// <summary>What <c>BatchGetPartition</c> takes.</summary>
public partial class BatchGetPartitionRequest : AmazonGlueRequest
{
    public string CatalogId { get; set; }
    public string DatabaseName { get; set; }
    public string TableName { get; set; }
    public List<PartitionValueList> PartitionsToGet { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
}

/// <summary>What <c>BatchGetPartition</c> answers.</summary>
public partial class BatchGetPartitionResponse : AmazonWebServiceResponse
{
    public List<Partition> Partitions { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
    public List<PartitionValueList> UnprocessedKeys { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
}

/// <summary>What <c>BatchUpdatePartition</c> takes.</summary>
public partial class BatchUpdatePartitionRequest : AmazonGlueRequest
{
    public string CatalogId { get; set; }
    public string DatabaseName { get; set; }
    public string TableName { get; set; }
    public List<BatchUpdatePartitionRequestEntry> Entries { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
}

/// <summary>What <c>BatchUpdatePartition</c> answers.</summary>
public partial class BatchUpdatePartitionResponse : AmazonWebServiceResponse
{
    public List<BatchUpdatePartitionFailureEntry> Errors { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
}

/// <summary>What <c>BatchDeletePartition</c> takes.</summary>
public partial class BatchDeletePartitionRequest : AmazonGlueRequest
{
    public string CatalogId { get; set; }
    public string DatabaseName { get; set; }
    public string TableName { get; set; }
    public List<PartitionValueList> PartitionsToDelete { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
}

/// <summary>What <c>BatchDeletePartition</c> answers.</summary>
public partial class BatchDeletePartitionResponse : AmazonWebServiceResponse
{
    public List<PartitionError> Errors { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
}

public partial class PartitionInput
{
    public List<string> Values { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
    public DateTime? LastAccessTime { get; set; }
    public StorageDescriptor StorageDescriptor { get; set; }
    public Dictionary<string, string> Parameters { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
    public DateTime? LastAnalyzedTime { get; set; }
}

public partial class Partition
{
    public List<string> Values { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
    public string DatabaseName { get; set; }
    public string TableName { get; set; }
    public DateTime? CreationTime { get; set; }
    public DateTime? LastAccessTime { get; set; }
    public StorageDescriptor StorageDescriptor { get; set; }
    public Dictionary<string, string> Parameters { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
    public DateTime? LastAnalyzedTime { get; set; }
    public string CatalogId { get; set; }
}

public partial class Segment
{
    public int? SegmentNumber { get; set; }
    public int? TotalSegments { get; set; }
}

public partial class PartitionError
{
    public List<string> PartitionValues { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
    public ErrorDetail ErrorDetail { get; set; }
}

public partial class PartitionValueList
{
    public List<string> Values { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
}

public partial class BatchUpdatePartitionRequestEntry
{
    public List<string> PartitionValueList { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
    public PartitionInput PartitionInput { get; set; }
}

public partial class BatchUpdatePartitionFailureEntry
{
    public List<string> PartitionValueList { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
    public ErrorDetail ErrorDetail { get; set; }
}
