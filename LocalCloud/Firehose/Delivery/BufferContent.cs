using System.IO.Compression;
using LocalCloud.Firehose.Buffers;
using LocalCloud.Firehose.Conversion;
using LocalCloud.Glue;

namespace LocalCloud.Firehose.Delivery;

/// <summary>The files that a buffer becomes, in a folder that goes with this object.</summary>
/// <param name="Folder">Where they are.</param>
/// <param name="Records">The object of records; null when none could be converted.</param>
/// <param name="Errors">The object of records that could not be converted; null when all could.</param>
/// <param name="ContentEncoding">What encodes the object of records.</param>
/// <param name="FailedRecords">How many records are in <paramref name="Errors"/>.</param>
internal sealed record BufferContent(string Folder, string? Records, string? Errors, string? ContentEncoding, int FailedRecords) : IDisposable
{
    public void Dispose() => Directory.Delete(Folder, recursive: true);
}

/// <summary>Makes the content of objects from the records of a buffer. The same buffer gives the same content again.</summary>
internal sealed class ContentWriter(GlueCatalog catalog, string accountId, string region, TimeProvider time)
{
    /// <summary>Writes the content into a new folder below <paramref name="work"/>.</summary>
    /// <exception cref="SchemaMissingException">The stream converts and its table cannot be used now.</exception>
    public BufferContent Write(IEnumerable<BufferedRecord> records, SealedBuffer buffer, S3Destination destination, string work)
    {
        var folder = Directory.CreateDirectory(Path.Combine(work, $"{buffer.Number:D12}-{Guid.NewGuid():N}")).FullName;
        try
        {
            return destination.Converts ? Convert(records, buffer, destination, folder) : Concatenate(records, destination, folder);
        }
        catch
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    // Nothing goes between records: the producer writes its own newline, or asks for the processor that does.
    private static BufferContent Concatenate(IEnumerable<BufferedRecord> records, S3Destination destination, string folder)
    {
        var path = Path.Combine(folder, "records");
        using var file = File.Create(path);
        switch (destination.CompressionFormat)
        {
            case "GZIP":
                using (var gzip = new GZipStream(file, CompressionLevel.Optimal))
                {
                    Copy(records, destination, gzip);
                }

                return new BufferContent(folder, path, null, "gzip", 0);
            case "ZIP":
                using (var archive = new ZipArchive(file, ZipArchiveMode.Create))
                using (var entry = archive.CreateEntry(Guid.NewGuid().ToString()).Open())
                {
                    Copy(records, destination, entry);
                }

                return new BufferContent(folder, path, null, "zip", 0);
            default:
                Copy(records, destination, file);
                return new BufferContent(folder, path, null, null, 0);
        }
    }

    private static void Copy(IEnumerable<BufferedRecord> records, S3Destination destination, Stream target)
    {
        foreach (var record in records)
        {
            target.Write(record.Data);
            if (destination.Delimits)
            {
                target.Write("\n"u8);
            }
        }
    }

    private BufferContent Convert(IEnumerable<BufferedRecord> records, SealedBuffer buffer, S3Destination destination, string folder)
    {
        var conversion = destination.DataFormatConversionConfiguration!;
        var source = conversion.SchemaConfiguration!;
        var columns = TableSchema.Read(catalog, source) switch
        {
            TableSchema.Found found => found.Columns,
            TableSchema.Missing missing => throw new SchemaMissingException(missing.Reason),
            _ => throw new InvalidOperationException("A schema is found or missing."),
        };

        var (linesPath, errorsPath, parquetPath) = (Path.Combine(folder, "lines.json"), Path.Combine(folder, "errors"), Path.Combine(folder, "records"));
        var converter = new RecordConverter(columns, conversion.InputFormatConfiguration!.Deserializer!);
        var errorOutput = new ErrorOutput(source, buffer.Number, accountId, region);
        var (rows, failed) = (0L, 0);
        using (var lines = File.Create(linesPath))
        using (var errors = File.Create(errorsPath))
        {
            foreach (var record in records)
            {
                if (converter.Convert(record.Data, out var converted, out var count) is { } failure)
                {
                    errorOutput.Write(errors, record, failure, time.GetUtcNow());
                    failed++;
                }
                else
                {
                    lines.Write(converted.Span);
                    rows += count;
                }
            }
        }

        if (rows > 0)
        {
            ParquetFile.Write(linesPath, parquetPath, columns, conversion.OutputFormatConfiguration!.Serializer!.ParquetSerDe!.Compression);
        }

        return new BufferContent(folder, rows > 0 ? parquetPath : null, failed > 0 ? errorsPath : null, null, failed);
    }
}

/// <summary>The table of a converting stream is not there, or cannot be converted to: delivery waits until that is mended.</summary>
internal sealed class SchemaMissingException(string reason) : Exception(reason);
