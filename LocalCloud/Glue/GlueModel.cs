using System.Text.Json;
using System.Text.Json.Serialization;

namespace LocalCloud.Glue;

// The shapes of the Glue API (https://docs.aws.amazon.com/glue/latest/webapi/), under its own member names,
// so that they are read from requests and written to answers as they are.

/// <summary>A column of a table, or a partition key.</summary>
/// <param name="Name">As it was given; Athena and Firehose compare without regard to case.</param>
/// <param name="Type">A Hive type, e.g. <c>string</c> or <c>map&lt;string,string&gt;</c>.</param>
/// <param name="Comment">Free text.</param>
/// <param name="Parameters">Free key and value pairs.</param>
public sealed record GlueColumn(
    string Name,
    string? Type = null,
    string? Comment = null,
    IReadOnlyDictionary<string, string>? Parameters = null);

/// <summary>How rows are read from a file.</summary>
public sealed record SerDeInfo
{
    public string? Name { get; init; }
    public string? SerializationLibrary { get; init; }
    public IReadOnlyDictionary<string, string>? Parameters { get; init; }
}

/// <summary>A column to sort by; <c>SortOrder</c> 1 ascends, 0 descends.</summary>
public sealed record GlueOrder(string Column, int SortOrder);

/// <summary>Where a table's or a partition's data lies and how it is read.</summary>
public sealed record StorageDescriptor
{
    public IReadOnlyList<GlueColumn>? Columns { get; init; }
    public string? Location { get; init; }
    public IReadOnlyList<string>? AdditionalLocations { get; init; }
    public string? InputFormat { get; init; }
    public string? OutputFormat { get; init; }
    public bool? Compressed { get; init; }
    public int? NumberOfBuckets { get; init; }
    public SerDeInfo? SerdeInfo { get; init; }
    public IReadOnlyList<string>? BucketColumns { get; init; }
    public IReadOnlyList<GlueOrder>? SortColumns { get; init; }
    public IReadOnlyDictionary<string, string>? Parameters { get; init; }
    public JsonElement? SkewedInfo { get; init; }
    public bool? StoredAsSubDirectories { get; init; }
    public JsonElement? SchemaReference { get; init; }
}

/// <summary>What a caller says of a database.</summary>
public record DatabaseInput
{
    public string Name { get; init; } = "";
    public string? Description { get; init; }
    public string? LocationUri { get; init; }
    public IReadOnlyDictionary<string, string>? Parameters { get; init; }
    public JsonElement? CreateTableDefaultPermissions { get; init; }
}

/// <summary>A database of the catalog.</summary>
public sealed record GlueDatabase : DatabaseInput
{
    [JsonConstructor]
    public GlueDatabase()
    {
    }

    /// <summary>The database that <paramref name="input"/> describes.</summary>
    public GlueDatabase(DatabaseInput input) : base(input)
    {
    }

    public DateTimeOffset CreateTime { get; init; }
    public string? CatalogId { get; init; }
}

/// <summary>What a caller says of a table.</summary>
public record TableInput
{
    public string Name { get; init; } = "";
    public string? Description { get; init; }
    public string? Owner { get; init; }
    public DateTimeOffset? LastAccessTime { get; init; }
    public DateTimeOffset? LastAnalyzedTime { get; init; }
    public int Retention { get; init; }
    public StorageDescriptor? StorageDescriptor { get; init; }
    public IReadOnlyList<GlueColumn>? PartitionKeys { get; init; }
    public string? ViewOriginalText { get; init; }
    public string? ViewExpandedText { get; init; }
    public string? TableType { get; init; }
    public IReadOnlyDictionary<string, string>? Parameters { get; init; }
    public JsonElement? TargetTable { get; init; }
}

/// <summary>A table of the catalog, in one of its versions.</summary>
public sealed record GlueTable : TableInput
{
    [JsonConstructor]
    public GlueTable()
    {
    }

    /// <summary>The table that <paramref name="input"/> describes.</summary>
    public GlueTable(TableInput input) : base(input)
    {
    }

    public string? DatabaseName { get; init; }
    public DateTimeOffset CreateTime { get; init; }
    public DateTimeOffset UpdateTime { get; init; }
    public string? CreatedBy { get; init; }
    public bool IsRegisteredWithLakeFormation { get; init; }
    public string? CatalogId { get; init; }
    /// <summary>A number as text: "0" when created, one more with each update.</summary>
    public string? VersionId { get; init; }
}

/// <summary>One version of a table.</summary>
public sealed record TableVersion(GlueTable Table, string VersionId);

/// <summary>What a caller says of a partition.</summary>
public record PartitionInput
{
    /// <summary>One value for each partition key of the table, in their order.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];
    public StorageDescriptor? StorageDescriptor { get; init; }
    public IReadOnlyDictionary<string, string>? Parameters { get; init; }
    public DateTimeOffset? LastAccessTime { get; init; }
    public DateTimeOffset? LastAnalyzedTime { get; init; }
}

/// <summary>A partition of a table.</summary>
public sealed record GluePartition : PartitionInput
{
    [JsonConstructor]
    public GluePartition()
    {
    }

    /// <summary>The partition that <paramref name="input"/> describes.</summary>
    public GluePartition(PartitionInput input) : base(input)
    {
    }

    public string? DatabaseName { get; init; }
    public string? TableName { get; init; }
    public DateTimeOffset CreationTime { get; init; }
    public string? CatalogId { get; init; }
}

/// <summary>Why something could not be done, within an answer that is otherwise a success.</summary>
public sealed record ErrorDetail(string ErrorCode, string ErrorMessage);

/// <summary>Why one partition of a batch was not created, updated or deleted.</summary>
public sealed record PartitionError(IReadOnlyList<string> PartitionValues, ErrorDetail ErrorDetail);

/// <summary>Why one version of a table was not deleted.</summary>
public sealed record TableVersionError(string TableName, string VersionId, ErrorDetail ErrorDetail);
