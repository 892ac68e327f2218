using System.Net;
using System.Text;
using System.Text.Json;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.SQS;
using Amazon.SQS.Model;
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
internal sealed class LineFiles(IAmazonS3 s3, IAmazonSQS sqs, LakeListing listing, LakeObjects objects, IOptions<LakeOptions> lake, IOptions<RedriveOptions> redrive)
{
    /// <summary>Whether an event, as a line of JSON, is the subject's (<see cref="Subject.Is"/>).</summary>
    public delegate bool? Judge(ReadOnlySpan<byte> line);

    /// <summary>What a place held.</summary>
    /// <param name="Events">Events of the subject.</param>
    /// <param name="Removed">Of these, how many are gone.</param>
    /// <param name="Unreadable">Lines that nobody can read, so nobody knows whose they are.</param>
    public readonly record struct Found(long Events, long Removed, long Unreadable)
    {
        public static Found operator +(Found left, Found right) => new(left.Events + right.Events, left.Removed + right.Removed, left.Unreadable + right.Unreadable);
    }

    /// <summary>The places that this worker has no way to, for the receipt.</summary>
    public IReadOnlyList<string> NotSearched =>
        [.. redrive.Value.DeadLetterFolder.Length == 0 ? ["deadLetters"] : Array.Empty<string>(), .. redrive.Value.QueueUrl.Length == 0 ? ["queue"] : Array.Empty<string>()];

    /// <summary>Looks through Firehose's error output; what is found is removed unless it is a dry run.</summary>
    public Task<Found> EraseErrorsAsync(Judge isTheirs, bool dryRun, AwsCalls calls, CancellationToken cancellationToken)
        => EraseAsync(redrive.Value.ErrorsPrefix, line => WithoutRecords(line, isTheirs), dryRun, calls, cancellationToken);

    /// <summary>Looks through the quarantine; what is found is removed unless it is a dry run.</summary>
    public Task<Found> EraseQuarantineAsync(Judge isTheirs, bool dryRun, AwsCalls calls, CancellationToken cancellationToken)
        => EraseAsync(Quarantine.Folder, line => WithoutQuarantined(line, isTheirs), dryRun, calls, cancellationToken);

    /// <summary>Looks through the beacon's dead letters; what is found is removed unless it is a dry run.</summary>
    public async Task<Found> EraseDeadLettersAsync(Judge isTheirs, bool dryRun, CancellationToken cancellationToken)
    {
        var folder = redrive.Value.DeadLetterFolder;
        var found = default(Found);
        foreach (var file in folder.Length > 0 && Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.json") : [])
        {
            try
            {
                var (left, gone, unreadable) = Without(await File.ReadAllBytesAsync(file, cancellationToken), isTheirs);
                found += new Found(gone, 0, unreadable);
                if (!dryRun && gone > 0)
                {
                    await WriteAsync(file, left, cancellationToken);
                    found += new Found(0, gone, 0);
                }
            }
            catch (FileNotFoundException)
            {
                // Sent again meanwhile, without the subject's events.
            }
        }

        return found;
    }

    private static async Task WriteAsync(string file, byte[] left, CancellationToken cancellationToken)
    {
        if (left.Length == 0)
        {
            File.Delete(Path.ChangeExtension(file, ".reason"));
            File.Delete(file);
            return;
        }

        // Replaced only if it is still there: else what was sent again would be once more.
        await File.WriteAllBytesAsync(file + ".next", left, cancellationToken);
        try
        {
            File.Replace(file + ".next", file, null);
        }
        catch (FileNotFoundException)
        {
            File.Delete(file + ".next");
            throw;
        }
    }

    /// <summary>The subject's events in all places that this worker has a way to.</summary>
    public async Task<IReadOnlyList<FoundLine>> FindAsync(Subject subject, AwsCalls calls, CancellationToken cancellationToken)
    {
        var found = new List<FoundLine>();
        await EraseErrorsAsync(Watched("errors"), dryRun: true, calls, cancellationToken);
        await EraseQuarantineAsync(Watched("quarantine"), dryRun: true, calls, cancellationToken);
        await EraseDeadLettersAsync(Watched("deadLetters"), dryRun: true, cancellationToken);
        return found;

        Judge Watched(string place) => line =>
        {
            var isTheirs = subject.Is(line);
            if (isTheirs == true)
            {
                found.Add(new(place, Encoding.UTF8.GetString(line).TrimEnd()));
            }

            return isTheirs;
        };
    }

    /// <summary>Whether nothing waits in the beacon's queue. Nobody can look into a queue; but what redrive takes from it is looked at.</summary>
    public async Task<bool> IsQueueEmptyAsync(AwsCalls calls, CancellationToken cancellationToken)
    {
        if (redrive.Value.QueueUrl.Length == 0)
        {
            return true;
        }

        var queue = await calls.Of(sqs.GetQueueAttributesAsync(
            new GetQueueAttributesRequest
            {
                QueueUrl = redrive.Value.QueueUrl,
                AttributeNames = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed"],
            },
            cancellationToken));
        return queue.ApproximateNumberOfMessages + queue.ApproximateNumberOfMessagesNotVisible + queue.ApproximateNumberOfMessagesDelayed == 0;
    }

    /// <param name="prefix">The folder in the bucket.</param>
    /// <param name="without">Gives a line without the subject's events, or null when nothing is left, and what was found in it.</param>
    /// <param name="dryRun">Whether to count only.</param>
    /// <param name="calls">Counts.</param>
    /// <param name="cancellationToken">Stops it.</param>
    private async Task<Found> EraseAsync(string prefix, Func<string, (string? Line, long Gone, long Unreadable)> without, bool dryRun, AwsCalls calls, CancellationToken cancellationToken)
    {
        var found = default(Found);
        var root = $"s3://{lake.Value.LakeBucketName}/{prefix}";
        foreach (var file in await listing.ObjectsAtAsync(root, calls, cancellationToken))
        {
            if (await ReadAsync(file, without, calls, cancellationToken) is not { } read)
            {
                continue;
            }

            found += read.Found;
            if (!dryRun && read.Found.Events > 0 && await ReplaceAsync(file, read.Text, read.ETag, root, calls, cancellationToken))
            {
                found += new Found(0, read.Found.Events, 0);
            }
        }

        return found;
    }

    /// <returns>False when the object is another one by now, or gone: then the next pass looks again.</returns>
    private async Task<bool> ReplaceAsync(LakeObject file, string text, string etag, string root, AwsCalls calls, CancellationToken cancellationToken)
    {
        if (text.Length == 0)
        {
            await objects.DeleteAllVersionsAsync([file], [root], calls, cancellationToken);
            return true;
        }

        try
        {
            // What redrive has sent and removed meanwhile must not come back.
            await calls.Of(s3.PutObjectAsync(
                new PutObjectRequest { BucketName = lake.Value.LakeBucketName, Key = file.Key, ContentBody = text, IfMatch = etag }, cancellationToken));
        }
        catch (AmazonS3Exception e) when (e.StatusCode is HttpStatusCode.PreconditionFailed or HttpStatusCode.Conflict or HttpStatusCode.NotFound)
        {
            return false;
        }

        await objects.DeleteOldVersionsAsync([root], calls, cancellationToken);
        return true;
    }

    /// <returns>Null when the object is gone.</returns>
    private async Task<(string Text, string ETag, Found Found)?> ReadAsync(
        LakeObject file, Func<string, (string? Line, long Gone, long Unreadable)> without, AwsCalls calls, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await calls.Of(s3.GetObjectAsync(new GetObjectRequest { BucketName = lake.Value.LakeBucketName, Key = file.Key }, cancellationToken));
            using var reader = new StreamReader(answer.ResponseStream);
            var kept = new StringBuilder();
            var found = default(Found);
            while (await reader.ReadLineAsync(cancellationToken) is { } line)
            {
                var (left, gone, unreadable) = without(line);
                found += new Found(gone, 0, unreadable);
                if (left is not null)
                {
                    kept.Append(left).Append('\n');
                }
            }

            return (kept.ToString(), answer.ETag, found);
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private static (string? Line, long Gone, long Unreadable) WithoutRecords(string line, Judge isTheirs)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var (left, gone, unreadable) = Without(document.RootElement.GetProperty("rawData").GetBytesFromBase64(), isTheirs);
            if (gone == 0)
            {
                return (line, 0, unreadable);
            }

            return (left.Length == 0 ? null : Replacing(document.RootElement, "rawData", Convert.ToBase64String(left)), gone, unreadable);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return (line, 0, 1);
        }
    }

    private static (string? Line, long Gone, long Unreadable) WithoutQuarantined(string line, Judge isTheirs)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return isTheirs(Encoding.UTF8.GetBytes(document.RootElement.GetProperty("event").GetString() ?? "")) switch
            {
                true => (null, 1, 0),
                false => (line, 0, 0),
                null => (line, 0, 1),
            };
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return (line, 0, 1);
        }
    }

    private static (byte[] Left, long Gone, long Unreadable) Without(byte[] record, Judge isTheirs)
    {
        using var left = new MemoryStream();
        var (gone, unreadable) = (0L, 0L);
        for (ReadOnlySpan<byte> rest = record; rest.Length > 0;)
        {
            var end = rest.IndexOf((byte)'\n');
            var line = end < 0 ? rest : rest[..(end + 1)];
            rest = rest[line.Length..];
            var judged = isTheirs(line);
            if (judged == true)
            {
                gone++;
                continue;
            }

            unreadable += judged is null && line.IndexOfAnyExcept(" \t\r\n"u8) >= 0 ? 1 : 0;
            left.Write(line);
        }

        return (left.ToArray(), gone, unreadable);
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

/// <summary>An event of a subject that is in no table.</summary>
/// <param name="Place">Where it is: <c>errors</c>, <c>quarantine</c> or <c>deadLetters</c>.</param>
/// <param name="Event">The event as it is there, a line of JSON.</param>
internal sealed record FoundLine(string Place, string Event);
