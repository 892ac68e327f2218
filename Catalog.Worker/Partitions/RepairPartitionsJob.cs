using Catalog.Worker.Jobs;
using Catalog.Worker.LateWindow;
using Pixel.Events.Lake;

namespace Catalog.Worker.Partitions;

/// <summary>
/// Compares all of the lake with all partitions, both ways: adds the hours that have objects and no partition, and removes
/// partitions whose data is gone and those that name an hour a second time. Hours to come and hours inside the late window
/// are not removed: their data may still land. Data is never touched.
/// </summary>
internal sealed class RepairPartitionsJob(LakeListing listing, PartitionTable partitions, LateWindowStart window) : IJob
{
    public const string JobName = "repair-partitions";

    public string Name => JobName;

    public async Task<JobResult> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        var calls = new AwsCalls();
        var windowStart = await window.ReadAsync(context.StartedAt, calls, cancellationToken);
        var table = await partitions.GetAsync(calls, cancellationToken);

        // Partitions first: an hour that appears in between is at worst added again, never removed.
        var registered = HourPartition.Of(await partitions.ReadAsync(table, null, calls, cancellationToken)).ToLookup(p => p.Hour.Start);
        var hours = (await listing.HoursAsync(null, calls, cancellationToken)).ToDictionary(h => h.Start);

        var doubles = registered.SelectMany(SecondNames).ToList();
        var gone = await GoneAsync(registered.Where(h => h.Key < windowStart).SelectMany(h => h).Except(doubles), hours, calls, cancellationToken);
        var stays = registered.SelectMany(h => h).Except(gone).Select(p => p.Hour.Start).ToHashSet();
        var missing = hours.Where(h => !stays.Contains(h.Key)).OrderBy(h => h.Key).Select(h => h.Value).ToList();

        var (added, removed) = (missing.Count, gone.Count + doubles.Count);
        if (!context.DryRun)
        {
            removed = await partitions.RemoveAsync(table, gone.Concat(doubles).Select(p => p.Partition.Values), calls, cancellationToken);
            added = await partitions.AddAsync(table, missing, context.Fence, calls, cancellationToken);
        }

        return JobResult.Of(
            new("added", added), new("removed", removed), new("hoursListed", hours.Count), new("partitions", registered.Sum(h => h.Count())), new("awsCalls", calls.Made));
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

    private async Task<List<HourPartition>> GoneAsync(
        IEnumerable<HourPartition> closed, Dictionary<DateTimeOffset, LakePartition> hours, AwsCalls calls, CancellationToken cancellationToken)
    {
        HashSet<string>? compacted = null;
        var gone = new List<HourPartition>();
        foreach (var partition in closed)
        {
            if (partitions.IsRaw(partition))
            {
                if (!hours.ContainsKey(partition.Hour.Start))
                {
                    gone.Add(partition);
                }

                continue;
            }

            // Where somebody else has put an hour is not ours to judge.
            var location = $"{partition.Location.TrimEnd('/')}/";
            if (location.StartsWith(listing.CompactedRoot, StringComparison.Ordinal))
            {
                compacted ??= await listing.LocationsAsync(LakeListing.CompactedFolder, calls, cancellationToken);
                if (!compacted.Contains(location))
                {
                    gone.Add(partition);
                }
            }
        }

        return gone;
    }
}
