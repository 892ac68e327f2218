using Catalog.Worker.Compaction;
using Catalog.Worker.Jobs;
using Catalog.Worker.LateWindow;
using Catalog.Worker.Partitions;
using Catalog.Worker.Rollup;
using Catalog.Worker.State;
using Microsoft.Extensions.Options;
using Pixel.Events.Lake;

namespace Catalog.Worker.Retention;

/// <summary>
/// Lets go what is too old, by the hour of its partition: partitions first, so that no query meets an hour half gone, then
/// objects, raw and compacted. The bucket's lifecycle does the same a little later, for who turns this off.
/// </summary>
/// <remarks>
/// It keeps no state for whole hours: what is too old and there is what is to go, whether or not a partition names it, so a
/// run that was cut short is completed by the next. For third parties see <see cref="ThirdPartyRetention"/>.
/// </remarks>
internal sealed class RetentionJob(
    LakeListing listing, PartitionTable partitions, RollupTable rollup, LateWindowStart window, LakeObjects objects, Manifests manifests, ThirdPartyRetention thirdParties,
    IOptions<RetentionOptions> options) : IJob
{
    public const string JobName = "retention";

    public string Name => JobName;

    public string LockName => CompactionJob.RewriteLock;

    public async Task<JobResult> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        var calls = new AwsCalls();
        var windowStart = await window.ReadAsync(context.StartedAt, calls, cancellationToken);
        var (hours, gone) = await DropHoursAsync(context, windowStart, calls, cancellationToken);
        var days = await DropRollupAsync(context, calls, cancellationToken);
        var (rewritten, events, unfinished) = await thirdParties.RunAsync(context, windowStart, calls, cancellationToken);
        return JobResult.Of(
            new("hours", hours),
            new("objects", gone.Count),
            new("bytes", gone.Sum(o => o.Size)),
            new("rollupDays", days),
            new("rewrittenHours", rewritten),
            new("events", events),
            new("awsCalls", calls.Made)) with { Unfinished = unfinished };
    }

    private async Task<(int Hours, List<LakeObject> Objects)> DropHoursAsync(
        JobContext context, DateTimeOffset windowStart, AwsCalls calls, CancellationToken cancellationToken)
    {
        if (options.Value.KeepEvents == TimeSpan.Zero)
        {
            return (0, []);
        }

        // An hour is as old as its last event.
        var before = Hours.Earlier(Hours.Floor(context.StartedAt - options.Value.KeepEvents), windowStart);
        var table = await partitions.GetAsync(calls, cancellationToken);
        var old = HourPartition.Of(await partitions.ReadBeforeAsync(table, before, calls, cancellationToken)).Where(p => p.Hour.Start < before).ToList();
        var raw = await listing.ObjectsAsync(null, before, calls, cancellationToken);
        var compacted = await listing.CompactedObjectsAsync(before, calls, cancellationToken);
        List<LakeObject> gone = [.. raw.Values.SelectMany(o => o), .. compacted.Values.SelectMany(o => o)];
        if (!context.DryRun)
        {
            await partitions.RemoveAsync(table, old.Select(p => p.Partition.Values), calls, cancellationToken);
            await objects.DeleteAsync(gone, calls, cancellationToken);
            await manifests.ForgetBeforeAsync(before, calls, cancellationToken);
        }

        return (old.Count, gone);
    }

    private async Task<int> DropRollupAsync(JobContext context, AwsCalls calls, CancellationToken cancellationToken)
    {
        if (options.Value.KeepRollup == TimeSpan.Zero)
        {
            return 0;
        }

        var before = Hours.Day(context.StartedAt - options.Value.KeepRollup);
        var table = await rollup.GetAsync(calls, cancellationToken);
        var old = (await partitions.ReadBeforeAsync(table, before, calls, cancellationToken))
            .Where(p => LakePartition.TryParse([.. p.Values, "00"], out var day) && day.Start < before)
            .ToList();
        if (!context.DryRun)
        {
            await partitions.RemoveAsync(table, old.Select(p => p.Values), calls, cancellationToken);
            await objects.DeleteAsync(await rollup.ObjectsBeforeAsync(before, calls, cancellationToken), calls, cancellationToken);
        }

        return old.Count;
    }
}
