using Amazon.Runtime;

namespace Amazon.Glue.Model;

/// <summary>What <c>CreateDatabase</c> takes.</summary>
public partial class CreateDatabaseRequest : AmazonGlueRequest
{
    public string CatalogId { get; set; }
    public DatabaseInput DatabaseInput { get; set; }
    public Dictionary<string, string> Tags { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
}

/// <summary>What <c>CreateDatabase</c> answers.</summary>
public partial class CreateDatabaseResponse : AmazonWebServiceResponse;

/// <summary>What <c>GetDatabase</c> takes.</summary>
public partial class GetDatabaseRequest : AmazonGlueRequest
{
    public string CatalogId { get; set; }
    public string Name { get; set; }
}

/// <summary>What <c>GetDatabase</c> answers.</summary>
public partial class GetDatabaseResponse : AmazonWebServiceResponse
{
    public Database Database { get; set; }
}

/// <summary>What <c>GetDatabases</c> takes.</summary>
public partial class GetDatabasesRequest : AmazonGlueRequest
{
    public string CatalogId { get; set; }
    public string NextToken { get; set; }
    public int? MaxResults { get; set; }
    public ResourceShareType ResourceShareType { get; set; }
}

/// <summary>What <c>GetDatabases</c> answers.</summary>
public partial class GetDatabasesResponse : AmazonWebServiceResponse
{
    public List<Database> DatabaseList { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
    public string NextToken { get; set; }
}

/// <summary>What <c>UpdateDatabase</c> takes.</summary>
public partial class UpdateDatabaseRequest : AmazonGlueRequest
{
    public string CatalogId { get; set; }
    public string Name { get; set; }
    public DatabaseInput DatabaseInput { get; set; }
}

/// <summary>What <c>UpdateDatabase</c> answers.</summary>
public partial class UpdateDatabaseResponse : AmazonWebServiceResponse;

/// <summary>What <c>DeleteDatabase</c> takes.</summary>
public partial class DeleteDatabaseRequest : AmazonGlueRequest
{
    public string CatalogId { get; set; }
    public string Name { get; set; }
}

/// <summary>What <c>DeleteDatabase</c> answers.</summary>
public partial class DeleteDatabaseResponse : AmazonWebServiceResponse;

public partial class DatabaseInput
{
    public string Name { get; set; }
    public string Description { get; set; }
    public string LocationUri { get; set; }
    public Dictionary<string, string> Parameters { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
    public DatabaseIdentifier TargetDatabase { get; set; }
}

public partial class DatabaseIdentifier
{
    public string CatalogId { get; set; }
    public string DatabaseName { get; set; }
}

public partial class Database
{
    public string Name { get; set; }
    public string Description { get; set; }
    public string LocationUri { get; set; }
    public Dictionary<string, string> Parameters { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
    public DateTime? CreateTime { get; set; }
    public DatabaseIdentifier TargetDatabase { get; set; }
    public string CatalogId { get; set; }
}
