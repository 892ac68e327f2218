using System.Globalization;
using Amazon.Glue.Model;
using Catalog.Worker.Compaction;
using Catalog.Worker.Jobs;
using Catalog.Worker.LateWindow;
using Catalog.Worker.State;
using Pixel.Events.Lake;

namespace Catalog.Worker.Partitions;

/// <summary>
/// Compares all of the lake with all partitions, both ways: adds the hours that have data and no partition, and removes
/// partitions whose data is gone and those that name an hour a second time. Hours to come and hours inside the late window
/// are not removed: their data may still land. Data is never touched.
/// </summary>
/// <remarks>
/// Must run under the lock of everything that rewrites hours. Else an hour that is switched and whose old objects are
/// removed, between the reading of partitions and the listing of objects, would look as if its data were gone. For the case
/// that the lock was lost unnoticed, a partition is looked at once more just before it is removed.
/// </remarks>
internal sealed class PartitionRepair(LakeListing listing, PartitionTable partitions, LateWindowStart window, Manifests manifests)
{
    /// <summary>What was found and done.</summary>
    /// <param name="Added">Partitions that were missing.</param>
    /// <param name="Removed">Partitions that were too many.</param>
    /// <param name="HoursListed">Hours with objects of Firehose's.</param>
    /// <param name="Partitions">Partitions that named an hour.</param>
    /// <param name="Notes">What could not be mended.</param>
    public sealed record Outcome(int Added, int Removed, int HoursListed, int Partitions, IReadOnlyList<string> Notes);

    public async Task<Outcome> RunAsync(JobContext context, AwsCalls calls, CancellationToken cancellationToken)
    {
        var windowStart = await window.ReadAsync(context.StartedAt, calls, cancellationToken);
        var table = await partitions.GetAsync(calls, cancellationToken);

        // Partitions first: an hour that appears in between is at worst added again, never removed.
        var registered = HourPartition.Of(await partitions.ReadAsync(table, null, calls, cancellationToken)).ToLookup(p => p.Hour.Start);
        var raw = (await listing.HoursAsync(null, calls, cancellationToken)).ToDictionary(h => h.Start);
        var compacted = await listing.CompactedObjectsAsync(DateTimeOffset.MaxValue, calls, cancellationToken);

        var doubles = registered.SelectMany(SecondNames).ToList();
        var gone = registered.Where(h => h.Key < windowStart).SelectMany(h => h).Except(doubles).Where(p => IsGone(p, raw, compacted)).ToList();
        var stays = registered.SelectMany(h => h).Except(gone).Select(p => p.Hour.Start).ToHashSet();

        var (inputs, notes) = (new List<PartitionInput>(), new List<string>());
        foreach (var hour in raw.Keys.Concat(compacted.Keys).Distinct().Where(h => !stays.Contains(h)).Order())
        {
            var partition = LakePartition.Of(hour);
            if (compacted.TryGetValue(hour, out var objects) && await NewestWholeAsync(partition, objects, calls, cancellationToken) is { } manifest)
            {
                inputs.Add(CompactedInput(table, manifest));
            }
            else if (raw.ContainsKey(hour))
            {
                inputs.Add(partitions.RawInput(table, partition, context.Fence));
            }
            else
            {
                notes.Add($"Of the hour {partition} there are only objects in {LakeListing.CompactedFolder} that no manifest calls complete; they are left where they are, and nobody reads them.");
            }
        }

        var (added, removed) = (inputs.Count, gone.Count + doubles.Count);
        if (!context.DryRun)
        {
            var still = await StillAsync(table, gone, calls, cancellationToken);
            removed = await partitions.RemoveAsync(table, still.Concat(doubles).Select(p => p.Partition.Values), calls, cancellationToken);
            added = await partitions.AddAsync(table, inputs, calls, cancellationToken);
        }

        return new(added, removed, raw.Count, registered.Sum(h => h.Count()), notes);
    }

    /// <summary>
    /// Those of an hour's partitions (<c>9</c> beside <c>09</c>) that would make Athena read its objects twice. The one that
    /// stays points to what was compacted, if one does; else it is the one with zeros.
    /// </summary>
    private IEnumerable<HourPartition> SecondNames(IEnumerable<HourPartition> sameHour)
        => sameHour
            .OrderBy(partitions.IsRaw)
            .ThenByDescending(p => p.Partition.Values.Sum(v => v.Length))
            .Skip(1);

    // Where somebody else has put an hour is not ours to judge.
    private bool IsGone(HourPartition partition, Dictionary<DateTimeOffset, LakePartition> raw, SortedDictionary<DateTimeOffset, List<LakeObject>> compacted)
        => partitions.IsRaw(partition)
            ? !raw.ContainsKey(partition.Hour.Start)
            : listing.IsCompacted(partition.Partition) && !compacted.GetValueOrDefault(partition.Hour.Start, []).Exists(o => listing.IsAt(o, partition.Location));

    /// <summary>The last version of an hour that was read and that is there as it was written.</summary>
    private async Task<Manifest?> NewestWholeAsync(LakePartition hour, List<LakeObject> there, AwsCalls calls, CancellationToken cancellationToken)
    {
        var sizes = there.ToDictionary(o => o.Key, o => o.Size);
        var switched = (await manifests.ReadAsync(hour, calls, cancellationToken)).Where(m => m is { SwitchedAt: not null, Outputs.Count: > 0 });
        return switched
            .OrderBy(m => m.Version, StringComparer.Ordinal)
            .LastOrDefault(m => m.Outputs!.All(o => sizes.TryGetValue(o.Key, out var size) && size == o.Size));
    }

    private static PartitionInput CompactedInput(Table table, Manifest manifest) => new()
    {
        Values = PartitionValues.Of(table.PartitionKeys, LakePartition.Of(manifest.Hour)),
        StorageDescriptor = StorageFormats.Of("parquet", manifest.Location, table.StorageDescriptor.Columns),
        Parameters = new() { [HourRewriter.FenceParameter] = manifest.Fence.ToString(CultureInfo.InvariantCulture), ["classification"] = "parquet" },
    };

    private async Task<List<HourPartition>> StillAsync(Table table, List<HourPartition> gone, AwsCalls calls, CancellationToken cancellationToken)
    {
        var still = new List<HourPartition>();
        foreach (var partition in gone)
        {
            if ((await partitions.FindAsync(table, partition.Partition.Values, calls, cancellationToken))?.StorageDescriptor?.Location == partition.Partition.StorageDescriptor?.Location)
            {
                still.Add(partition);
            }
        }

        return still;
    }
}
