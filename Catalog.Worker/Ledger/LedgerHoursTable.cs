using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Extensions.Options;
using Pixel.Events.Lake;

namespace Catalog.Worker.Ledger;

/// <summary>The table <c>ledger_hours</c>: one object a day, written anew while anything in it is provisional.</summary>
internal sealed class LedgerHoursTable(IAmazonS3 s3, IOptions<LakeOptions> lake)
{
    /// <summary>Replaces a day.</summary>
    public async Task WriteAsync(DateTimeOffset day, IEnumerable<LedgerHour> hours, AwsCalls calls, CancellationToken cancellationToken)
    {
        var lines = new StringBuilder();
        foreach (var hour in hours)
        {
            lines.Append(JsonSerializer.Serialize(hour, LedgerHourJson.Default.LedgerHour)).Append('\n');
        }

        await calls.Of(s3.PutObjectAsync(
            new PutObjectRequest
            {
                BucketName = lake.Value.LakeBucketName,
                Key = $"{LakeTable.LedgerHours.Folder}{day.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}.json",
                ContentBody = lines.ToString(),
                ContentType = "application/x-ndjson",
            },
            cancellationToken));
    }
}

/// <summary>A row of <see cref="LakeTable.LedgerHours"/>.</summary>
internal sealed record LedgerHour(
    string Hour, string BeaconId, long FirstSeq, long LastSeq, long Delivered, long Received, long Accepted, long Dropped, long Missing, string? Gaps, string Verdict, string CheckedAt);

[JsonSerializable(typeof(LedgerHour))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
internal sealed partial class LedgerHourJson : JsonSerializerContext;
