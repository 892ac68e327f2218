using Amazon.Glue.Model;
using Catalog.Worker.Compaction;
using Catalog.Worker.Jobs;
using Catalog.Worker.Partitions;
using Catalog.Worker.State;
using Pixel.Events.Lake;

namespace Catalog.Worker.Erasure;

/// <summary>
/// Takes a subject's events out of one hour: writes the hour anew without them, by the switch of compaction, and then removes
/// at once, in all their versions, the objects that still hold them.
/// </summary>
/// <remarks>
/// A query that began before the switch may fail when what it reads is removed: that is what was asked for. An object that
/// nobody has looked at yet, because it landed after compaction, is taken in too.
/// </remarks>
internal sealed class HourEraser(LakeListing listing, HourRewriter rewriter, Manifests manifests, PartitionTable partitions, LakeObjects objects)
{
    /// <summary>The objects that an hour's events are in at this moment: those that are read, and those that landed since it was compacted.</summary>
    public async Task<List<LakeObject>> ObjectsAsync(LakePartition hour, Partition partition, AwsCalls calls, CancellationToken cancellationToken)
    {
        var read = await listing.ObjectsAtAsync(partition.StorageDescriptor.Location, calls, cancellationToken);
        if (!listing.IsCompacted(partition))
        {
            return read;
        }

        var raw = await listing.ObjectsAtAsync(partitions.RawLocation(hour), calls, cancellationToken);
        if (raw.Count == 0)
        {
            return read;
        }

        var named = (await manifests.ReadOpenAsync(hour, calls, cancellationToken))
            .Where(m => m.SwitchedAt is not null).SelectMany(m => m.Inputs).Select(i => i.Key).ToHashSet(StringComparer.Ordinal);
        return [.. read, .. raw.Where(o => !named.Contains(o.Key))];
    }

    /// <summary>Writes an hour anew without the subject.</summary>
    /// <returns>How many events were left out; repetitions count.</returns>
    /// <exception cref="JobException">It could not be.</exception>
    public async Task<long> RewriteAsync(HourRewriter.Order order, AwsCalls calls, CancellationToken cancellationToken)
        => (await rewriter.RewriteAsync(order, calls, cancellationToken)
            ?? throw new JobException($"The hour {order.Hour} was changed by somebody else meanwhile; the next run goes on with it.")).LeftOut;

    /// <summary>Removes everything of an hour that is not read any more. Safe to repeat, and complete only when it has returned.</summary>
    /// <param name="table">The events table.</param>
    /// <param name="hour">The hour.</param>
    /// <param name="values">Its partition's values.</param>
    /// <param name="calls">Counts the calls.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>How many objects were removed.</returns>
    public async Task<int> PurgeAsync(Table table, LakePartition hour, IReadOnlyList<string> values, AwsCalls calls, CancellationToken cancellationToken)
    {
        var partition = await partitions.FindAsync(table, [.. values], calls, cancellationToken);
        if (partition is null || !listing.IsCompacted(partition))
        {
            // Never switched: nothing has been replaced.
            return 0;
        }

        var location = partition.StorageDescriptor.Location;
        var open = await manifests.ReadOpenAsync(hour, calls, cancellationToken);
        var folder = $"{listing.CompactedRoot}{KeyLayout.Hive.Format(hour)}";
        var current = (await listing.ObjectsAtAsync(location, calls, cancellationToken)).Select(o => o.Key).ToHashSet(StringComparer.Ordinal);
        var old = (await listing.ObjectsAtAsync(folder, calls, cancellationToken))
            .Concat(open.Where(m => m.SwitchedAt is not null || m.Location == location).SelectMany(m => m.Inputs))
            .Where(o => !current.Contains(o.Key))
            .DistinctBy(o => o.Key)
            .ToList();
        await objects.DeleteAllVersionsAsync(old, [folder, partitions.RawLocation(hour)], calls, cancellationToken);

        // That of what is read stays: it says what a whole version is, and whether the hour after was looked at.
        foreach (var manifest in open.Where(m => m.Location != location))
        {
            await manifests.ForgetAsync(manifest, calls, cancellationToken);
        }

        return old.Count;
    }
}
