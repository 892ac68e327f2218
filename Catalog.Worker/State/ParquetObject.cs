using System.Buffers.Binary;
using Amazon.S3;
using Amazon.S3.Model;
using Parquet;
using Parquet.Schema;

namespace Catalog.Worker.State;

/// <summary>A Parquet file in S3, of which only its end and the columns that are asked for are fetched.</summary>
internal sealed class ParquetObject : IAsyncDisposable
{
    // Of a file with a few dozen columns and row groups; a longer footer takes a second call.
    private const int UsualFooter = 64 * 1024;

    private readonly IAmazonS3 _s3;
    private readonly string _bucket;
    private readonly LakeObject _object;
    private readonly FetchedStream _file;
    private readonly ParquetReader _reader;

    private ParquetObject(IAmazonS3 s3, string bucket, LakeObject found, FetchedStream file, ParquetReader reader)
    {
        _s3 = s3;
        _bucket = bucket;
        _object = found;
        _file = file;
        _reader = reader;
    }

    private static ReadOnlySpan<byte> Magic => "PAR1"u8;

    /// <summary>The columns.</summary>
    public ParquetSchema Schema => _reader.Schema;

    /// <summary>Fetches a file's end; null when it is no Parquet, such as JSON lines.</summary>
    public static async Task<ParquetObject?> OpenAsync(IAmazonS3 s3, string bucket, LakeObject found, AwsCalls calls, CancellationToken cancellationToken)
    {
        var tail = await FetchAsync(s3, bucket, found.Key, Math.Max(0, found.Size - UsualFooter), found.Size, calls, cancellationToken);
        if (tail.Length < 12 || !tail.AsSpan(tail.Length - 4).SequenceEqual(Magic))
        {
            return null;
        }

        // The footer, its length, and the magic.
        var length = BinaryPrimitives.ReadInt32LittleEndian(tail.AsSpan(tail.Length - 8)) + 8L;
        if (length > tail.Length && length <= found.Size)
        {
            tail = await FetchAsync(s3, bucket, found.Key, found.Size - length, found.Size, calls, cancellationToken);
        }

        var file = new FetchedStream(found.Size);
        file.Add(found.Size - tail.Length, tail);
        file.Add(0, Magic.ToArray());
        return new ParquetObject(s3, bucket, found, file, await ParquetReader.CreateAsync(file, cancellationToken: cancellationToken));
    }

    /// <summary>The values of a column of texts that are not null; of row groups that have none nothing is fetched.</summary>
    /// <param name="column">Its name; a file without it has no values.</param>
    /// <param name="calls">Counts the calls.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<IReadOnlyList<string>> ReadTextsAsync(string column, AwsCalls calls, CancellationToken cancellationToken)
    {
        if (Schema.GetDataFields().FirstOrDefault(field => field.Path.Length == 1 && field.Name == column) is not { } field)
        {
            return [];
        }

        var values = new List<string>();
        for (var group = 0; group < _reader.RowGroupCount; group++)
        {
            using var rows = _reader.OpenRowGroupReader(group);
            if (rows.GetMetadata(field)?.MetaData is not { } chunk || chunk.Statistics?.NullCount == chunk.NumValues)
            {
                continue;
            }

            var from = Math.Min(chunk.DictionaryPageOffset is > 0 and var dictionary ? dictionary : long.MaxValue, chunk.DataPageOffset);
            _file.Add(from, await FetchAsync(_s3, _bucket, _object.Key, from, from + chunk.TotalCompressedSize, calls, cancellationToken));
            var texts = new string?[rows.RowCount];
            await rows.ReadAsync(field, texts.AsMemory()!, null, cancellationToken);
            values.AddRange(texts.OfType<string>());
        }

        return values;
    }

    public async ValueTask DisposeAsync()
    {
        await _reader.DisposeAsync();
        await _file.DisposeAsync();
    }

    private static async Task<byte[]> FetchAsync(IAmazonS3 s3, string bucket, string key, long from, long end, AwsCalls calls, CancellationToken cancellationToken)
    {
        using var answer = await calls.Of(s3.GetObjectAsync(
            new GetObjectRequest { BucketName = bucket, Key = key, ByteRange = new ByteRange(from, end - 1) }, cancellationToken));
        using var body = new MemoryStream();
        await answer.ResponseStream.CopyToAsync(body, cancellationToken);
        return body.ToArray();
    }
}
