using Amazon.Glue.Model;
using Catalog.Worker.Jobs;
using Microsoft.Extensions.Options;
using Pixel.Events.Lake;

namespace Catalog.Worker.Partitions;

/// <summary>
/// Registers the hours that have objects and no partition. It keeps no state: where to begin follows from what Glue
/// knows, so it can stop anywhere and any number of them can run.
/// </summary>
/// <remarks>
/// Usually three or four calls, however large the lake: the table, its partitions of the late window, the lake's hours
/// of the late window, and a batch when something is new. When Glue knows nothing that young (a new lake, a long stop)
/// it looks further back. Partitions are added oldest first and never behind a batch in which Glue refused one, those of
/// the window after all others; so what is missing before the window is no further back than as many known hours as
/// one batch has, and from there the lake is listed.
/// </remarks>
internal sealed class LoadPartitionsJob(LakeListing listing, PartitionTable partitions, IOptions<LateWindowOptions> window) : IJob
{
    public const string JobName = "load-partitions";

    /// <summary>The second look back, before fetching all: a month's partitions are one page.</summary>
    private static readonly TimeSpan Month = TimeSpan.FromDays(31);

    public string Name => JobName;

    public async Task<JobResult> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        var calls = new AwsCalls();
        var table = await partitions.GetAsync(calls, cancellationToken);
        var windowStart = context.StartedAt - window.Value.LateWindow;

        var (known, from) = await KnownAsync(table, windowStart, context.StartedAt, calls, cancellationToken);
        var hours = await listing.HoursAsync(from, calls, cancellationToken);
        var missing = hours.Where(h => !known.Contains(Start(h))).ToList();
        var added = await partitions.AddAsync(table, missing.Where(h => Start(h) < windowStart), calls, cancellationToken);
        added += await partitions.AddAsync(table, missing.Where(h => Start(h) >= windowStart), calls, cancellationToken);

        return JobResult.Of(
            new("added", added), new("alreadyThere", missing.Count - added), new("hoursListed", hours.Count), new("awsCalls", calls.Made));
    }

    /// <summary>The known hours, and the hour from which the lake must be listed; null: from its beginning.</summary>
    private async Task<(HashSet<DateTimeOffset> Known, DateTimeOffset? From)> KnownAsync(
        Table table, DateTimeOffset windowStart, DateTimeOffset now, AwsCalls calls, CancellationToken cancellationToken)
    {
        HashSet<DateTimeOffset> known = [];
        foreach (DateTimeOffset? since in (DateTimeOffset?[])[windowStart, windowStart - Month, null])
        {
            known = await partitions.HoursAsync(table, since, calls, cancellationToken);

            // Hours to come say nothing about those that have passed.
            var past = known.Where(hour => hour <= now).OrderDescending().ToList();
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

    // Listings give only what is an hour.
    private static DateTimeOffset Start(LakePartition partition) =>
        partition.TryGetStart(out var start) ? start : throw new InvalidOperationException($"{partition} is no hour.");
}
