using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Amazon.Glue.Model;
using Catalog.Worker.LateWindow;
using Catalog.Worker.Partitions;
using Pixel.Events.Lake;

namespace Catalog.Worker.Rollup;

/// <summary>
/// Tells what a day is made of, as a fingerprint: a day is summed up again only when that has changed. An hour is its
/// location, and while that is where Firehose writes, also the objects there.
/// </summary>
internal sealed class RollupSources(LakeListing listing, PartitionTable partitions)
{
    /// <summary>The days from one on that have something in them, each with its fingerprint, in order.</summary>
    public async Task<SortedDictionary<DateTimeOffset, string>> ReadAsync(
        Table events, DateTimeOffset? from, DateTimeOffset now, AwsCalls calls, CancellationToken cancellationToken)
    {
        var raw = await listing.ObjectsAsync(from, Hours.Floor(now).AddHours(1), calls, cancellationToken);
        var days = new SortedDictionary<DateTimeOffset, StringBuilder>();
        var hours = (await partitions.ReadAsync(events, from, calls, cancellationToken))
            .Select(p => (Partition: p, IsHour: LakePartition.TryParse(p.Values, out var hour), Hour: hour))
            .Where(p => p.IsHour && (from is null || p.Hour.Start >= from))
            .OrderBy(p => p.Hour.Start);
        foreach (var (partition, _, hour) in hours)
        {
            var location = partition.StorageDescriptor?.Location ?? "";
            var isRaw = location.TrimEnd('/') == partitions.RawLocation(hour).TrimEnd('/');
            var objects = isRaw ? raw.GetValueOrDefault(hour.Start) ?? [] : [];
            if (isRaw && objects.Count == 0)
            {
                continue;
            }

            var day = new DateTimeOffset(hour.Start.Date, TimeSpan.Zero);
            if (!days.TryGetValue(day, out var text))
            {
                days.Add(day, text = new());
            }

            text.Append(location).Append('\n');
            foreach (var found in objects)
            {
                text.Append(found.Key).Append(' ').Append(found.Size.ToString(CultureInfo.InvariantCulture)).Append('\n');
            }
        }

        return new(days.ToDictionary(d => d.Key, d => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(d.Value.ToString())).AsSpan(0, 16))));
    }
}
