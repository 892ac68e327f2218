using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Extensions.Options;
using Pixel.Events.Lake;

namespace Catalog.Worker.Redrive;

/// <summary>
/// The folder <c>quarantine/</c> of the bucket: events that cannot be sent again, as JSON lines with the reason, where they
/// came from and what they were. The bucket's lifecycle deletes them when it deletes Firehose's errors.
/// </summary>
internal sealed class Quarantine(IAmazonS3 s3, IOptions<LakeOptions> lake)
{
    /// <summary>The folder.</summary>
    public const string Folder = "quarantine/";

    /// <summary>Writes what one source has left. The same source gives the same key on the same day, so a repetition replaces it.</summary>
    public async Task WriteAsync(string source, IReadOnlyCollection<QuarantinedEvent> events, DateTimeOffset now, AwsCalls calls, CancellationToken cancellationToken)
    {
        if (events.Count == 0)
        {
            return;
        }

        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(source)).AsSpan(0, 16));
        var day = now.UtcDateTime.ToString("yyyy/MM/dd", CultureInfo.InvariantCulture);
        var lines = new StringBuilder();
        foreach (var found in events)
        {
            lines.Append(JsonSerializer.Serialize(found, QuarantineJson.Readable.QuarantinedEvent!)).Append('\n');
        }

        await calls.Of(s3.PutObjectAsync(
            new PutObjectRequest
            {
                BucketName = lake.Value.LakeBucketName,
                Key = $"{Folder}{day}/{name}.json",
                ContentBody = lines.ToString(),
                ContentType = "application/x-ndjson",
            },
            cancellationToken));
    }
}

/// <summary>A line of the quarantine.</summary>
/// <param name="Reason">Why it is there.</param>
/// <param name="Source">Where it came from.</param>
/// <param name="Event">What it was, as text; bytes that are no UTF-8 are replaced.</param>
/// <param name="RawData">What it was, in base64, when it is no UTF-8; else null.</param>
internal sealed record QuarantinedEvent(string Reason, string Source, string Event, string? RawData)
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    public static QuarantinedEvent Of(string reason, string source, ReadOnlySpan<byte> line)
    {
        try
        {
            return new(reason, source, Strict.GetString(line), null);
        }
        catch (DecoderFallbackException)
        {
            return new(reason, source, Encoding.UTF8.GetString(line), Convert.ToBase64String(line));
        }
    }
}

[JsonSerializable(typeof(QuarantinedEvent))]
internal sealed partial class QuarantineJson : JsonSerializerContext
{
    /// <summary>Without escapes that only a browser would need.</summary>
    public static QuarantineJson Readable { get; } = new(new JsonSerializerOptions(JsonSerializerOptions.Default)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
