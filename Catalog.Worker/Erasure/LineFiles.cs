using System.Text;
using System.Text.Json;
using Amazon.S3;
using Amazon.S3.Model;
using Catalog.Worker.Partitions;
using Catalog.Worker.Redrive;
using Catalog.Worker.State;
using Microsoft.Extensions.Options;
using Pixel.Events.Lake;

namespace Catalog.Worker.Erasure;

/// <summary>
/// Takes a subject's events out of what never became rows: Firehose's error output, whose lines hold records in base64; the
/// quarantine; and the beacon's dead letters, where the worker can reach their folder.
/// </summary>
internal sealed class LineFiles(IAmazonS3 s3, LakeListing listing, LakeObjects objects, IOptions<LakeOptions> lake, IOptions<RedriveOptions> redrive)
{
    /// <summary>What was found in a place, which is removed unless it is a dry run.</summary>
    public async Task<long> EraseErrorsAsync(Subject subject, bool dryRun, AwsCalls calls, CancellationToken cancellationToken)
        => await EraseAsync(redrive.Value.ErrorsPrefix, line => WithoutRecords(line, subject), dryRun, calls, cancellationToken);

    /// <inheritdoc cref="EraseErrorsAsync"/>
    public async Task<long> EraseQuarantineAsync(Subject subject, bool dryRun, AwsCalls calls, CancellationToken cancellationToken)
        => await EraseAsync(Quarantine.Folder, line => WithoutQuarantined(line, subject), dryRun, calls, cancellationToken);

    /// <inheritdoc cref="EraseErrorsAsync"/>
    public async Task<long> EraseDeadLettersAsync(Subject subject, bool dryRun, CancellationToken cancellationToken)
    {
        var folder = redrive.Value.DeadLetterFolder;
        var found = 0L;
        foreach (var file in folder.Length > 0 && Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.json") : [])
        {
            var (left, gone) = Without(await File.ReadAllBytesAsync(file, cancellationToken), subject);
            found += gone;
            if (dryRun || gone == 0)
            {
                continue;
            }

            if (left.Length > 0)
            {
                await File.WriteAllBytesAsync(file + ".next", left, cancellationToken);
                File.Move(file + ".next", file, overwrite: true);
            }
            else
            {
                File.Delete(Path.ChangeExtension(file, ".reason"));
                File.Delete(file);
            }
        }

        return found;
    }

    /// <param name="prefix">The folder in the bucket.</param>
    /// <param name="without">Gives a line without the subject's events, or null when nothing is left, and how many there were.</param>
    /// <param name="dryRun">Whether to count only.</param>
    /// <param name="calls">Counts.</param>
    /// <param name="cancellationToken">Stops it.</param>
    private async Task<long> EraseAsync(string prefix, Func<string, (string? Line, long Gone)> without, bool dryRun, AwsCalls calls, CancellationToken cancellationToken)
    {
        var found = 0L;
        var root = $"s3://{lake.Value.LakeBucketName}/{prefix}";
        foreach (var file in await listing.ObjectsAtAsync(root, calls, cancellationToken))
        {
            var (text, gone) = await ReadAsync(file, without, calls, cancellationToken);
            found += gone;
            if (dryRun || gone == 0)
            {
                continue;
            }

            if (text.Length > 0)
            {
                await calls.Of(s3.PutObjectAsync(
                    new PutObjectRequest { BucketName = lake.Value.LakeBucketName, Key = file.Key, ContentBody = text }, cancellationToken));
                await objects.DeleteOldVersionsAsync([root], calls, cancellationToken);
            }
            else
            {
                await objects.DeleteAllVersionsAsync([file], [root], calls, cancellationToken);
            }
        }

        return found;
    }

    private async Task<(string Text, long Gone)> ReadAsync(LakeObject file, Func<string, (string? Line, long Gone)> without, AwsCalls calls, CancellationToken cancellationToken)
    {
        using var answer = await calls.Of(s3.GetObjectAsync(new GetObjectRequest { BucketName = lake.Value.LakeBucketName, Key = file.Key }, cancellationToken));
        using var reader = new StreamReader(answer.ResponseStream);
        var kept = new StringBuilder();
        var gone = 0L;
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            var (left, count) = without(line);
            gone += count;
            if (left is not null)
            {
                kept.Append(left).Append('\n');
            }
        }

        return (kept.ToString(), gone);
    }

    private static (string? Line, long Gone) WithoutRecords(string line, Subject subject)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var (left, gone) = Without(document.RootElement.GetProperty("rawData").GetBytesFromBase64(), subject);
            if (gone == 0)
            {
                return (line, 0);
            }

            return (left.Length == 0 ? null : Replacing(document.RootElement, "rawData", Convert.ToBase64String(left)), gone);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return (line, 0);
        }
    }

    private static (string? Line, long Gone) WithoutQuarantined(string line, Subject subject)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return subject.Is(Encoding.UTF8.GetBytes(document.RootElement.GetProperty("event").GetString() ?? "")) ? (null, 1) : (line, 0);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return (line, 0);
        }
    }

    private static (byte[] Left, long Gone) Without(byte[] record, Subject subject)
    {
        using var left = new MemoryStream();
        var gone = 0L;
        for (ReadOnlySpan<byte> rest = record; rest.Length > 0;)
        {
            var end = rest.IndexOf((byte)'\n');
            var line = end < 0 ? rest : rest[..(end + 1)];
            rest = rest[line.Length..];
            if (subject.Is(line))
            {
                gone++;
            }
            else
            {
                left.Write(line);
            }
        }

        return (left.ToArray(), gone);
    }

    private static string Replacing(JsonElement line, string member, string value)
    {
        using var text = new MemoryStream();
        using (var writer = new Utf8JsonWriter(text))
        {
            writer.WriteStartObject();
            foreach (var property in line.EnumerateObject())
            {
                if (property.Name == member)
                {
                    writer.WriteString(member, value);
                }
                else
                {
                    property.WriteTo(writer);
                }
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(text.ToArray());
    }
}
