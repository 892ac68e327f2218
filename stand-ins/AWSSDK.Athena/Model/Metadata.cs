using Amazon.Runtime;

namespace Amazon.Athena.Model;

/// <summary>What <c>ListDataCatalogs</c> takes.</summary>
public partial class ListDataCatalogsRequest : AmazonAthenaRequest
{
    public string NextToken { get; set; }
    public int? MaxResults { get; set; }
}

/// <summary>What <c>ListDataCatalogs</c> answers.</summary>
public partial class ListDataCatalogsResponse : AmazonWebServiceResponse
{
    public List<DataCatalogSummary> DataCatalogsSummary { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
    public string NextToken { get; set; }
}

/// <summary>What <c>GetDataCatalog</c> takes.</summary>
public partial class GetDataCatalogRequest : AmazonAthenaRequest
{
    public string Name { get; set; }
}

/// <summary>What <c>GetDataCatalog</c> answers.</summary>
public partial class GetDataCatalogResponse : AmazonWebServiceResponse
{
    public DataCatalog DataCatalog { get; set; }
}

/// <summary>What <c>ListDatabases</c> takes.</summary>
public partial class ListDatabasesRequest : AmazonAthenaRequest
{
    public string CatalogName { get; set; }
    public string NextToken { get; set; }
    public int? MaxResults { get; set; }
}

/// <summary>What <c>ListDatabases</c> answers.</summary>
public partial class ListDatabasesResponse : AmazonWebServiceResponse
{
    public List<Database> DatabaseList { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
    public string NextToken { get; set; }
}

/// <summary>What <c>GetDatabase</c> takes.</summary>
public partial class GetDatabaseRequest : AmazonAthenaRequest
{
    public string CatalogName { get; set; }
    public string DatabaseName { get; set; }
}

/// <summary>What <c>GetDatabase</c> answers.</summary>
public partial class GetDatabaseResponse : AmazonWebServiceResponse
{
    public Database Database { get; set; }
}

/// <summary>What <c>ListTableMetadata</c> takes.</summary>
public partial class ListTableMetadataRequest : AmazonAthenaRequest
{
    public string CatalogName { get; set; }
    public string DatabaseName { get; set; }
    public string Expression { get; set; }
    public string NextToken { get; set; }
    public int? MaxResults { get; set; }
}

/// <summary>What <c>ListTableMetadata</c> answers.</summary>
public partial class ListTableMetadataResponse : AmazonWebServiceResponse
{
    public List<TableMetadata> TableMetadataList { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
    public string NextToken { get; set; }
}

/// <summary>What <c>GetTableMetadata</c> takes.</summary>
public partial class GetTableMetadataRequest : AmazonAthenaRequest
{
    public string CatalogName { get; set; }
    public string DatabaseName { get; set; }
    public string TableName { get; set; }
}

/// <summary>What <c>GetTableMetadata</c> answers.</summary>
public partial class GetTableMetadataResponse : AmazonWebServiceResponse
{
    public TableMetadata TableMetadata { get; set; }
}

public partial class DataCatalogSummary
{
    public string CatalogName { get; set; }
    public DataCatalogType Type { get; set; }
}

public partial class DataCatalog
{
    public string Name { get; set; }
    public string Description { get; set; }
    public DataCatalogType Type { get; set; }
    public Dictionary<string, string> Parameters { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
}

public partial class Database
{
    public string Name { get; set; }
    public string Description { get; set; }
    public Dictionary<string, string> Parameters { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
}

public partial class TableMetadata
{
    public string Name { get; set; }
    public DateTime? CreateTime { get; set; }
    public DateTime? LastAccessTime { get; set; }
    public string TableType { get; set; }
    public List<Column> Columns { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
    public List<Column> PartitionKeys { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
    public Dictionary<string, string> Parameters { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
}

public partial class Column
{
    public string Name { get; set; }
    public string Type { get; set; }
    public string Comment { get; set; }
}
