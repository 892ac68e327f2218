using Amazon.S3;
using Catalog.Worker.State;
using Microsoft.Extensions.Options;
using Parquet.Schema;
using Pixel.Events.Lake;

namespace Catalog.Worker.Schema;

/// <summary>Reads the columns of a Parquet file in S3, from its end and without its data.</summary>
internal sealed class ParquetFooter(IAmazonS3 s3, IOptions<LakeOptions> lake)
{
    /// <summary>The columns with their types in Glue's words; none when the object is no Parquet, such as JSON lines.</summary>
    public async Task<IReadOnlyDictionary<string, string>> ReadAsync(LakeObject found, AwsCalls calls, CancellationToken cancellationToken)
    {
        await using var file = await ParquetObject.OpenAsync(s3, lake.Value.LakeBucketName, found, calls, cancellationToken);
        return file is null
            ? new Dictionary<string, string>()
            : file.Schema.Fields.ToDictionary(field => field.Name, TypeOf, StringComparer.Ordinal);
    }

    /// <summary>Whether a file's column can be read as the table's.</summary>
    public static bool CanBe(string inFile, string inTable) => inFile == inTable
        || (inFile, inTable) is ("int", "bigint") or ("smallint" or "tinyint", "int" or "bigint") or ("float", "double") || (inFile == "map" && inTable.StartsWith("map<", StringComparison.Ordinal));

    // The library names texts and bytes by the memory it reads them into.
    private static bool IsText(Type type)
        => type == typeof(string) || type == typeof(byte[]) || type == typeof(ReadOnlyMemory<char>) || type == typeof(ReadOnlyMemory<byte>);

    private static string TypeOf(Field field) => field switch
    {
        MapField => "map",
        ListField => "array",
        StructField => "struct",
        DataField data when IsText(data.ClrType) => "string",
        DataField data when data.ClrType == typeof(bool) => "boolean",
        DataField data when data.ClrType == typeof(int) => "int",
        DataField data when data.ClrType == typeof(short) => "smallint",
        DataField data when data.ClrType == typeof(sbyte) => "tinyint",
        DataField data when data.ClrType == typeof(long) => "bigint",
        DataField data when data.ClrType == typeof(float) => "float",
        DataField data when data.ClrType == typeof(double) => "double",
        DataField data when data.ClrType == typeof(DateTime) || data.ClrType == typeof(DateTimeOffset) => "timestamp",
        DataField data => data.ClrType.Name,
        _ => "unknown",
    };
}
