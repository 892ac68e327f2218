using Amazon.Glue.Model;
using Catalog.Worker.Jobs;
using Catalog.Worker.LateWindow;
using Catalog.Worker.Tracing;
using Microsoft.Extensions.Options;
using Pixel.Events.Lake;

namespace Catalog.Worker.Partitions;

/// <summary>
/// Registers the hours that have objects and no partition, and those to come. It keeps no state: where to begin follows
/// from what Glue knows, so it can stop anywhere.
/// </summary>
/// <remarks>
/// Usually four or five calls, however large the lake: the late window, the table, its partitions of the window, the lake's
/// hours of the window, and a batch when something is new. When Glue knows nothing that young (a new lake, a long stop) it
/// looks further back. Partitions are added oldest first and never behind a batch in which Glue refused one, those of the
/// window after all others and hours to come last; so what is missing before the window is no further back than as many
/// known hours as one batch has, and from there the lake is listed.
/// </remarks>
internal sealed class LoadPartitionsJob(
    LakeListing listing, PartitionTable partitions, LateWindowStart window, LandedTraces traces, IOptions<LoadPartitionsOptions> options) : IJob
{
    public const string JobName = "load-partitions";

    /// <summary>The second look back, before fetching all: a month's partitions are one page.</summary>
    private static readonly TimeSpan Month = TimeSpan.FromDays(31);

    public string Name => JobName;

    public async Task<JobResult> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        var calls = new AwsCalls();
        var windowStart = await window.ReadAsync(context.StartedAt, calls, cancellationToken);
        var table = await partitions.GetAsync(calls, cancellationToken);

        var (registered, from) = await KnownAsync(table, windowStart, context.StartedAt, calls, cancellationToken);

        // By the hour, not by the text: 1 and 01 name the same data, and it must not be read twice.
        var known = registered.Select(p => p.Hour.Start).ToHashSet();
        var hours = await listing.HoursAsync(from, calls, cancellationToken);
        var missing = hours.Where(h => !known.Contains(h.Start)).ToList();
        var ahead = Ahead(context.StartedAt).Where(h => !known.Contains(h.Start) && !missing.Contains(h)).ToList();

        var old = registered.Where(p => p.Hour.Start >= windowStart && partitions.HasOldColumns(table, p)).ToList();
        var added = 0;
        if (!context.DryRun)
        {
            added = await partitions.AddAsync(table, missing.Where(h => h.Start < windowStart), context.Fence, calls, cancellationToken);
            added += await partitions.AddAsync(table, missing.Where(h => h.Start >= windowStart).Concat(ahead), context.Fence, calls, cancellationToken);
        }

        foreach (var partition in context.DryRun ? [] : old)
        {
            await partitions.RefreshAsync(table, partition, calls, cancellationToken);
        }

        if (options.Value.FollowTraces && !context.DryRun)
        {
            await traces.FollowAsync(context, missing.Concat(ahead).Select(h => h.Start).ToHashSet(), calls, cancellationToken);
        }

        var wanted = missing.Count + ahead.Count;
        return JobResult.Of(
            new("added", context.DryRun ? wanted : added),
            new("alreadyThere", context.DryRun ? 0 : wanted - added),
            new("refreshed", old.Count),
            new("hoursListed", hours.Count),
            new("hoursAhead", ahead.Count),
            new("awsCalls", calls.Made));
    }

    /// <summary>The known hours, and the hour from which the lake must be listed; null: from its beginning.</summary>
    private async Task<(List<HourPartition> Known, DateTimeOffset? From)> KnownAsync(
        Table table, DateTimeOffset windowStart, DateTimeOffset now, AwsCalls calls, CancellationToken cancellationToken)
    {
        List<HourPartition> known = [];
        foreach (DateTimeOffset? since in (DateTimeOffset?[])[windowStart, windowStart - Month, null])
        {
            known = HourPartition.Of(await partitions.ReadAsync(table, since, calls, cancellationToken));

            // Hours to come say nothing about those that have passed.
            var past = known.Select(p => p.Hour.Start).Where(hour => hour <= now).Distinct().OrderDescending().ToList();
            if (past.Count > 0 && past[0] >= windowStart)
            {
                return (known, windowStart);
            }

            if (past.Count >= PartitionTable.BatchSize)
            {
                return (known, past[PartitionTable.BatchSize - 1]);
            }
        }

        return (known, null);
    }

    private IEnumerable<LakePartition> Ahead(DateTimeOffset now)
        => options.Value.RegisterAhead == TimeSpan.Zero
            ? []
            : Hours.Between(Hours.Floor(now), now + options.Value.RegisterAhead).Select(LakePartition.Of);
}
