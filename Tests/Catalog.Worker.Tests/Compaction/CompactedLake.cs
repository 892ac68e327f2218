using System.Text.Json;
using Amazon.S3.Model;
using Catalog.Worker.Tests.Views;

namespace Catalog.Worker.Tests.Compaction;

/// <summary>A lake with hours of small files, and what a reader sees in it.</summary>
internal static class CompactedLake
{
    /// <summary>Nine o'clock, an hour and a half before the lake's clock.</summary>
    public static readonly DateTimeOffset Nine = new(2026, 3, 15, 9, 0, 0, TimeSpan.Zero);

    /// <summary>Puts an object with these events into an hour; their names are their ids.</summary>
    public static Task PutEventsAsync(this Lake lake, DateTimeOffset hour, params string[] ids)
        => lake.PutAsync(Lake.Hive(hour), string.Concat(ids.Select((id, i) => Line(id, hour.AddSeconds(i))).Select(line => line + "\n")));

    /// <summary>The ids that a reader of the table sees, with repetitions, in order.</summary>
    public static Task<IReadOnlyList<string>> IdsAsync(this Lake lake, DateTimeOffset hour)
        => lake.Athena.QueryAsync($"SELECT event_id FROM tp_events WHERE year = '{hour:yyyy}' AND month = '{hour:MM}' AND day = '{hour:dd}' AND hour = '{hour:HH}' ORDER BY 1");

    /// <summary>Where an hour is read from.</summary>
    public static async Task<string> LocationAsync(this Lake lake, DateTimeOffset hour)
        => (await lake.PartitionsAsync()).Single(p => string.Join('/', p.Values) == $"{hour:yyyy/MM/dd/HH}").StorageDescriptor.Location;

    /// <summary>The keys of the bucket below a prefix.</summary>
    public static async Task<List<string>> KeysAsync(this Lake lake, string prefix)
        => [.. ((await lake.S3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = Lake.Bucket, Prefix = prefix })).S3Objects ?? []).Select(o => o.Key)];

    /// <summary>The raw objects of an hour.</summary>
    public static Task<List<string>> RawAsync(this Lake lake, DateTimeOffset hour) => lake.KeysAsync($"events/{Lake.Hive(hour)}");

    public static string Line(string id, DateTimeOffset at, string thirdParty = "news.example")
        => JsonSerializer.Serialize(new { event_id = id.Length == 0 ? null : id, received_at = $"{at:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}", event_name = "pageview", third_party = thirdParty });
}
