using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Amazon.Glue.Model;
using Catalog.Worker.LateWindow;
using Catalog.Worker.State;
using Pixel.Events.Lake;

namespace Catalog.Worker.Partitions;

/// <summary>What an hour of the lake is read from at this moment.</summary>
/// <param name="Hour">The hour of arrival.</param>
/// <param name="Condition">What chooses it, in SQL: its partition, or both where two write it differently.</param>
/// <param name="Fingerprint">Another one whenever Athena could answer otherwise: places, objects with their sizes, and columns.</param>
internal sealed record HourSource(LakePartition Hour, string Condition, string Fingerprint);

/// <summary>
/// Tells hours that have changed from those that have not, so that what was read of an hour once need not be read again.
/// Asked are Glue and S3, which costs next to nothing, and never Athena.
/// </summary>
/// <remarks>
/// Whatever changes the rows of an hour changes its fingerprint: an object that lands (however late, or sent again), one that
/// somebody deletes, a compaction, an erasure or a retention (each switches the hour to another place), and columns. Objects
/// are never changed in place: Firehose and UNLOAD give each a name of its own. What happens between the listing and the
/// statement that reads the hour is in its rows and not in its fingerprint: then the next run reads it once more.
/// </remarks>
internal sealed class HourSources(LakeListing listing, PartitionTable partitions)
{
    /// <summary>The hours from the day of an instant on that have objects, in order.</summary>
    public async Task<List<HourSource>> ReadAsync(Table table, DateTimeOffset from, DateTimeOffset now, AwsCalls calls, CancellationToken cancellationToken)
    {
        var day = Hours.Day(from);
        var registered = HourPartition.Of(await partitions.ReadAsync(table, day, calls, cancellationToken));
        var raw = await listing.ObjectsAsync(day, DateTimeOffset.MaxValue, calls, cancellationToken);
        var compacted = registered.Exists(p => listing.IsCompacted(p.Partition))
            ? await listing.CompactedObjectsAsync(day, DateTimeOffset.MaxValue, calls, cancellationToken)
            : [];

        var read = new List<(HourPartition Partition, List<LakeObject> Objects)>();
        foreach (var partition in registered)
        {
            read.Add((partition, await ObjectsAsync(partition)));
        }

        if (read.Exists(r => r.Objects.Count == 0 && r.Partition.Hour.Start <= now))
        {
            // An erasure that switched the hour between the two questions has removed its objects since.
            var moved = HourPartition.Of(await partitions.ReadAsync(table, day, calls, cancellationToken)).ToLookup(p => string.Join('/', p.Partition.Values), p => p);
            for (var i = 0; i < read.Count; i++)
            {
                if (read[i].Objects.Count == 0 && moved[string.Join('/', read[i].Partition.Partition.Values)].SingleOrDefault() is { } there && there.Location != read[i].Partition.Location)
                {
                    read[i] = (there, await listing.ObjectsAtAsync(there.Location, calls, cancellationToken));
                }
            }
        }

        return Sources(table, read);

        async Task<List<LakeObject>> ObjectsAsync(HourPartition partition)
            => partitions.IsRaw(partition) ? raw.GetValueOrDefault(partition.Hour.Start) ?? []
                : listing.IsCompacted(partition.Partition) ? [.. (compacted.GetValueOrDefault(partition.Hour.Start) ?? []).Where(o => listing.IsAt(o, partition.Location))]
                : await listing.ObjectsAtAsync(partition.Location, calls, cancellationToken);
    }

    /// <summary>Those of some hours that have objects.</summary>
    public async Task<List<HourSource>> ReadAsync(Table table, IReadOnlyList<LakePartition> hours, AwsCalls calls, CancellationToken cancellationToken)
    {
        var read = new List<(HourPartition Partition, List<LakeObject> Objects)>();
        foreach (var partition in HourPartition.Of(await partitions.ReadHoursAsync(table, hours, calls, cancellationToken)))
        {
            read.Add((partition, await listing.ObjectsAtAsync(partition.Location, calls, cancellationToken)));
        }

        return Sources(table, read);
    }

    private static List<HourSource> Sources(Table table, IEnumerable<(HourPartition Partition, List<LakeObject> Objects)> read) =>
    [
        .. read.GroupBy(r => r.Partition.Hour.Start).Where(hour => hour.Any(r => r.Objects.Count > 0))
            .Select(hour => new HourSource(hour.First().Partition.Hour, Condition(table, hour.Select(r => r.Partition)), Fingerprint(hour))),
    ];

    // As the values stand in the catalog: 9 and 09 are two partitions, and both are read.
    private static string Condition(Table table, IEnumerable<HourPartition> partitions)
        => string.Join(" OR ", partitions.Select(p => $"({PartitionValues.IsText(table.PartitionKeys, p.Partition.Values)})"));

    private static string Fingerprint(IEnumerable<(HourPartition Partition, List<LakeObject> Objects)> found)
    {
        var text = new StringBuilder();
        foreach (var (partition, objects) in found)
        {
            text.Append(partition.Location).Append(' ').Append(PartitionTable.ColumnsGivenTo(partition)).Append('\n');
            foreach (var o in objects)
            {
                text.Append(CultureInfo.InvariantCulture, $"{o.Key} {o.Size}\n");
            }
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 16));
    }
}
