using Amazon.Runtime;

namespace Amazon.Glue.Model;

/// <summary>What <c>GetTableVersion</c> takes.</summary>
public partial class GetTableVersionRequest : AmazonGlueRequest
{
    public string CatalogId { get; set; }
    public string DatabaseName { get; set; }
    public string TableName { get; set; }
    public string VersionId { get; set; }
}

/// <summary>What <c>GetTableVersion</c> answers.</summary>
public partial class GetTableVersionResponse : AmazonWebServiceResponse
{
    public TableVersion TableVersion { get; set; }
}

/// <summary>What <c>GetTableVersions</c> takes.</summary>
public partial class GetTableVersionsRequest : AmazonGlueRequest
{
    public string CatalogId { get; set; }
    public string DatabaseName { get; set; }
    public string TableName { get; set; }
    public string NextToken { get; set; }
    public int? MaxResults { get; set; }
}

/// <summary>What <c>GetTableVersions</c> answers.</summary>
public partial class GetTableVersionsResponse : AmazonWebServiceResponse
{
    public List<TableVersion> TableVersions { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
    public string NextToken { get; set; }
}

/// <summary>What <c>DeleteTableVersion</c> takes.</summary>
public partial class DeleteTableVersionRequest : AmazonGlueRequest
{
    public string CatalogId { get; set; }
    public string DatabaseName { get; set; }
    public string TableName { get; set; }
    public string VersionId { get; set; }
}

/// <summary>What <c>DeleteTableVersion</c> answers.</summary>
public partial class DeleteTableVersionResponse : AmazonWebServiceResponse;

/// <summary>What <c>BatchDeleteTableVersion</c> takes.</summary>
public partial class BatchDeleteTableVersionRequest : AmazonGlueRequest
{
    public string CatalogId { get; set; }
    public string DatabaseName { get; set; }
    public string TableName { get; set; }
    public List<string> VersionIds { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
}

/// <summary>What <c>BatchDeleteTableVersion</c> answers.</summary>
public partial class BatchDeleteTableVersionResponse : AmazonWebServiceResponse
{
    public List<TableVersionError> Errors { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
}

public partial class TableVersion
{
    public Table Table { get; set; }
    public string VersionId { get; set; }
}

public partial class TableVersionError
{
    public string TableName { get; set; }
    public string VersionId { get; set; }
    public ErrorDetail ErrorDetail { get; set; }
}
