using Amazon.Runtime;

namespace Amazon.Athena.Model;

/// <summary>What <c>GetQueryResults</c> takes.</summary>
public partial class GetQueryResultsRequest : AmazonAthenaRequest
{
    public string QueryExecutionId { get; set; }
    public string NextToken { get; set; }
    public int? MaxResults { get; set; }
}

/// <summary>What <c>GetQueryResults</c> answers.</summary>
public partial class GetQueryResultsResponse : AmazonWebServiceResponse
{
    public long? UpdateCount { get; set; }
    public ResultSet ResultSet { get; set; }
    public string NextToken { get; set; }
}

public partial class ResultSet
{
    public List<Row> Rows { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
    public ResultSetMetadata ResultSetMetadata { get; set; }
}

public partial class Row
{
    public List<Datum> Data { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
}

public partial class Datum
{
    public string VarCharValue { get; set; }
}

public partial class ResultSetMetadata
{
    public List<ColumnInfo> ColumnInfo { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
}

public partial class ColumnInfo
{
    public string CatalogName { get; set; }
    public string SchemaName { get; set; }
    public string TableName { get; set; }
    public string Name { get; set; }
    public string Label { get; set; }
    public string Type { get; set; }
    public int? Precision { get; set; }
    public int? Scale { get; set; }
    public ColumnNullable Nullable { get; set; }
    public bool? CaseSensitive { get; set; }
}
