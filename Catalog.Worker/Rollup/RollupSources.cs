using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Amazon.Glue.Model;
using Catalog.Worker.LateWindow;
using Catalog.Worker.Partitions;

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
        foreach (var partition in HourPartition.Of(await partitions.ReadAsync(events, from, calls, cancellationToken)).Where(p => from is null || p.Hour.Start >= from))
        {
            var isRaw = partitions.IsRaw(partition);
            var objects = isRaw ? raw.GetValueOrDefault(partition.Hour.Start) ?? [] : [];
            if (isRaw && objects.Count == 0)
            {
                continue;
            }

            var day = Hours.Day(partition.Hour.Start);
            if (!days.TryGetValue(day, out var text))
            {
                days.Add(day, text = new());
            }

            text.Append(partition.Location).Append('\n');
            foreach (var found in objects)
            {
                text.Append(found.Key).Append(' ').Append(found.Size.ToString(CultureInfo.InvariantCulture)).Append('\n');
            }
        }

        return new(days.ToDictionary(d => d.Key, d => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(d.Value.ToString())).AsSpan(0, 16))));
    }
}
