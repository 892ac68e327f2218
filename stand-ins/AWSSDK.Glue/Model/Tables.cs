using Amazon.Runtime;

namespace Amazon.Glue.Model;

/// <summary>What <c>CreateTable</c> takes.</summary>
public partial class CreateTableRequest : AmazonGlueRequest
{
    public string CatalogId { get; set; }
    public string DatabaseName { get; set; }
    public TableInput TableInput { get; set; }
    public List<PartitionIndex> PartitionIndexes { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
    public string TransactionId { get; set; }
}

/// <summary>What <c>CreateTable</c> answers.</summary>
public partial class CreateTableResponse : AmazonWebServiceResponse;

/// <summary>What <c>GetTable</c> takes.</summary>
public partial class GetTableRequest : AmazonGlueRequest
{
    public string CatalogId { get; set; }
    public string DatabaseName { get; set; }
    public string Name { get; set; }
    public string TransactionId { get; set; }
    public DateTime? QueryAsOfTime { get; set; }
}

/// <summary>What <c>GetTable</c> answers.</summary>
public partial class GetTableResponse : AmazonWebServiceResponse
{
    public Table Table { get; set; }
}

/// <summary>What <c>GetTables</c> takes.</summary>
public partial class GetTablesRequest : AmazonGlueRequest
{
    public string CatalogId { get; set; }
    public string DatabaseName { get; set; }
    public string Expression { get; set; }
    public string NextToken { get; set; }
    public int? MaxResults { get; set; }
    public string TransactionId { get; set; }
    public DateTime? QueryAsOfTime { get; set; }
}

/// <summary>What <c>GetTables</c> answers.</summary>
public partial class GetTablesResponse : AmazonWebServiceResponse
{
    public List<Table> TableList { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
    public string NextToken { get; set; }
}

/// <summary>What <c>UpdateTable</c> takes.</summary>
public partial class UpdateTableRequest : AmazonGlueRequest
{
    public string CatalogId { get; set; }
    public string DatabaseName { get; set; }
    public TableInput TableInput { get; set; }
    public bool? SkipArchive { get; set; }
    public string TransactionId { get; set; }
    public string VersionId { get; set; }
}

/// <summary>What <c>UpdateTable</c> answers.</summary>
public partial class UpdateTableResponse : AmazonWebServiceResponse;

/// <summary>What <c>DeleteTable</c> takes.</summary>
public partial class DeleteTableRequest : AmazonGlueRequest
{
    public string CatalogId { get; set; }
    public string DatabaseName { get; set; }
    public string Name { get; set; }
    public string TransactionId { get; set; }
}

/// <summary>What <c>DeleteTable</c> answers.</summary>
public partial class DeleteTableResponse : AmazonWebServiceResponse;

/// <summary>What <c>BatchDeleteTable</c> takes.</summary>
public partial class BatchDeleteTableRequest : AmazonGlueRequest
{
    public string CatalogId { get; set; }
    public string DatabaseName { get; set; }
    public List<string> TablesToDelete { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
    public string TransactionId { get; set; }
}

/// <summary>What <c>BatchDeleteTable</c> answers.</summary>
public partial class BatchDeleteTableResponse : AmazonWebServiceResponse
{
    public List<TableError> Errors { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
}

public partial class TableInput
{
    public string Name { get; set; }
    public string Description { get; set; }
    public string Owner { get; set; }
    public DateTime? LastAccessTime { get; set; }
    public DateTime? LastAnalyzedTime { get; set; }
    public int? Retention { get; set; }
    public StorageDescriptor StorageDescriptor { get; set; }
    public List<Column> PartitionKeys { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
    public string ViewOriginalText { get; set; }
    public string ViewExpandedText { get; set; }
    public string TableType { get; set; }
    public Dictionary<string, string> Parameters { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
    public TableIdentifier TargetTable { get; set; }
}

public partial class TableIdentifier
{
    public string CatalogId { get; set; }
    public string DatabaseName { get; set; }
    public string Name { get; set; }
}

public partial class PartitionIndex
{
    public List<string> Keys { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
    public string IndexName { get; set; }
}

public partial class Table
{
    public string Name { get; set; }
    public string DatabaseName { get; set; }
    public string Description { get; set; }
    public string Owner { get; set; }
    public DateTime? CreateTime { get; set; }
    public DateTime? UpdateTime { get; set; }
    public DateTime? LastAccessTime { get; set; }
    public DateTime? LastAnalyzedTime { get; set; }
    public int? Retention { get; set; }
    public StorageDescriptor StorageDescriptor { get; set; }
    public List<Column> PartitionKeys { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
    public string ViewOriginalText { get; set; }
    public string ViewExpandedText { get; set; }
    public string TableType { get; set; }
    public Dictionary<string, string> Parameters { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
    public string CreatedBy { get; set; }
    public bool? IsRegisteredWithLakeFormation { get; set; }
    public TableIdentifier TargetTable { get; set; }
    public string CatalogId { get; set; }
    public string VersionId { get; set; }
}

public partial class TableError
{
    public string TableName { get; set; }
    public ErrorDetail ErrorDetail { get; set; }
}

public partial class ErrorDetail
{
    public string ErrorCode { get; set; }
    public string ErrorMessage { get; set; }
}
