namespace Amazon.Glue.Model;

public partial class StorageDescriptor
{
    public List<Column> Columns { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
    public string Location { get; set; }
    public List<string> AdditionalLocations { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
    public string InputFormat { get; set; }
    public string OutputFormat { get; set; }
    public bool? Compressed { get; set; }
    public int? NumberOfBuckets { get; set; }
    public SerDeInfo SerdeInfo { get; set; }
    public List<string> BucketColumns { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
    public List<Order> SortColumns { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
    public Dictionary<string, string> Parameters { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
    public SkewedInfo SkewedInfo { get; set; }
    public bool? StoredAsSubDirectories { get; set; }
    public SchemaReference SchemaReference { get; set; }
}

public partial class Column
{
    public string Name { get; set; }
    public string Type { get; set; }
    public string Comment { get; set; }
    public Dictionary<string, string> Parameters { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
}

public partial class SerDeInfo
{
    public string Name { get; set; }
    public string SerializationLibrary { get; set; }
    public Dictionary<string, string> Parameters { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
}

public partial class Order
{
    public string Column { get; set; }
    public int? SortOrder { get; set; }
}

public partial class SkewedInfo
{
    public List<string> SkewedColumnNames { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
    public List<string> SkewedColumnValues { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
    public Dictionary<string, string> SkewedColumnValueLocationMaps { get; set; } = AWSConfigs.InitializeCollections ? new() : null;
}

public partial class SchemaReference
{
    public SchemaId SchemaId { get; set; }
    public string SchemaVersionId { get; set; }
    public long? SchemaVersionNumber { get; set; }
}

public partial class SchemaId
{
    public string SchemaArn { get; set; }
    public string SchemaName { get; set; }
    public string RegistryName { get; set; }
}
