using System.Diagnostics;
using Catalog.Worker.Jobs;
using Catalog.Worker.LateWindow;
using Catalog.Worker.Partitions;
using Catalog.Worker.State;
using Pixel.Events.Lake;

namespace Catalog.Worker.Tracing;

// What this process has seen: the keys of the last two hours' objects as they were listed last, null before the first time.
// It is no one's loss when they are forgotten: a trace then lacks its last span, or has it twice.

/// <summary>
/// Ends the traces of events that have landed: one span each, below the request, for the run of <c>load-partitions</c> from
/// which on Athena finds the event.
/// </summary>
internal sealed partial class LandedTraces(LakeListing listing, TracedEvents events, TimeProvider time, ILogger<LandedTraces> logger)
{
    /// <summary>The most objects that one run looks into.</summary>
    private const int MostObjects = 20;

    private HashSet<string>? _seen;

    /// <summary>Follows the traces of objects that have landed since the last time.</summary>
    /// <param name="context">The run.</param>
    /// <param name="added">The hours that it has registered.</param>
    /// <param name="calls">Counts the calls.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <remarks>Never fails: events are found all the same.</remarks>
    public async Task FollowAsync(JobContext context, IReadOnlySet<DateTimeOffset> added, AwsCalls calls, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var (hour, landed) in await NewAsync(context, added, calls, cancellationToken))
            {
                foreach (var trace in await events.ReadAsync(landed, calls, cancellationToken))
                {
                    End(trace, context, LakePartition.Of(hour), added.Contains(hour), landed);
                }
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogNotFollowed(e.Message);
        }
    }

    private async Task<IEnumerable<(DateTimeOffset Hour, LakeObject Object)>> NewAsync(
        JobContext context, IReadOnlySet<DateTimeOffset> added, AwsCalls calls, CancellationToken cancellationToken)
    {
        var now = Hours.Floor(context.StartedAt);
        var hours = await listing.ObjectsAsync(now.AddHours(-1), now.AddHours(1), calls, cancellationToken);
        var listed = hours.SelectMany(hour => hour.Value.Select(found => (Hour: hour.Key, Object: found))).ToList();
        var seen = _seen;
        _seen = listed.Select(found => found.Object.Key).ToHashSet(StringComparer.Ordinal);

        // A worker that has just started finds what was there before it; of that only new hours are news.
        return listed
            .Where(found => seen is null ? context.Trigger != JobTrigger.Start || added.Contains(found.Hour) : !seen.Contains(found.Object.Key))
            .TakeLast(MostObjects); // the newest: hours are in order, and so are Firehose's names
    }

    private void End(ActivityContext trace, JobContext context, LakePartition partition, bool wasAdded, LakeObject landed)
    {
        var run = Activity.Current;
        var links = run is null ? null : new[] { new ActivityLink(run.Context) };
        using (var span = JobMetrics.Activities.StartActivity("load partition", ActivityKind.Consumer, trace, links: links, startTime: context.StartedAt))
        {
            span?.SetTag("pixel.partition", KeyLayout.Hive.Format(partition))
                .SetTag("pixel.partition.added", wasAdded)
                .SetTag("aws.s3.key", landed.Key)
                .SetEndTime(time.GetUtcNow().UtcDateTime);
        }

        Activity.Current = run;
    }

    [LoggerMessage(LogLevel.Warning, "Traces are not followed into the lake: {Reason}")]
    private partial void LogNotFollowed(string reason);
}
