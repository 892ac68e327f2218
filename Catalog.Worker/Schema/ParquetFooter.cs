using System.Buffers.Binary;
using Amazon.S3;
using Amazon.S3.Model;
using Catalog.Worker.State;
using Microsoft.Extensions.Options;
using Parquet;
using Parquet.Schema;
using Pixel.Events.Lake;

namespace Catalog.Worker.Schema;

/// <summary>Reads the columns of a Parquet file in S3, from its end and without its data.</summary>
internal sealed class ParquetFooter(IAmazonS3 s3, IOptions<LakeOptions> lake)
{
    // Of a file with a few dozen columns and row groups; a longer footer takes a second call.
    private const int UsualFooter = 64 * 1024;

    private static ReadOnlySpan<byte> Magic => "PAR1"u8;

    /// <summary>The columns with their types in Glue's words; none when the object is no Parquet, such as JSON lines.</summary>
    public async Task<IReadOnlyDictionary<string, string>> ReadAsync(LakeObject found, AwsCalls calls, CancellationToken cancellationToken)
    {
        var tail = await EndAsync(found, Math.Min(found.Size, UsualFooter), calls, cancellationToken);
        if (tail.Length < 12 || !tail.AsSpan(tail.Length - 4).SequenceEqual(Magic))
        {
            return new Dictionary<string, string>();
        }

        // The footer, its length, and the magic.
        var length = BinaryPrimitives.ReadInt32LittleEndian(tail.AsSpan(tail.Length - 8)) + 8L;
        if (length > tail.Length && length <= found.Size)
        {
            tail = await EndAsync(found, length, calls, cancellationToken);
        }

        await using var body = new TailStream(found.Size, Magic.ToArray(), tail);
        await using var reader = await ParquetReader.CreateAsync(body, cancellationToken: cancellationToken);
        return reader.Schema.Fields.ToDictionary(field => field.Name, TypeOf, StringComparer.Ordinal);
    }

    private async Task<byte[]> EndAsync(LakeObject found, long length, AwsCalls calls, CancellationToken cancellationToken)
    {
        using var answer = await calls.Of(s3.GetObjectAsync(
            new GetObjectRequest { BucketName = lake.Value.LakeBucketName, Key = found.Key, ByteRange = new ByteRange(found.Size - length, found.Size - 1) }, cancellationToken));
        using var body = new MemoryStream();
        await answer.ResponseStream.CopyToAsync(body, cancellationToken);
        return body.ToArray();
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
