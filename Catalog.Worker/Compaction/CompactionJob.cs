using Amazon.Glue.Model;
using Catalog.Worker.Athena;
using Catalog.Worker.Jobs;
using Catalog.Worker.LateWindow;
using Catalog.Worker.Partitions;
using Catalog.Worker.State;
using Microsoft.Extensions.Options;
using Pixel.Events.Lake;

namespace Catalog.Worker.Compaction;

/// <summary>
/// Makes a few sorted Parquet files out of the many small objects of an hour that is over, without duplicates. What lands
/// in such an hour later is found by the next run, which rewrites the hour once more with it.
/// </summary>
/// <remarks>
/// An hour is rewritten when an object lies in it that no manifest names. So a run needs no memory of the hours inside the
/// late window: it lists them. Of those before, <c>catalog/compaction.json</c> says up to where they have been done, which
/// matters after a long stop; and the first run of a day lists all hours, because what landed later than the window allows,
/// in an hour that is read from elsewhere, would be seen by nobody. Switching is <see cref="HourRewriter"/>'s, deleting <see cref="InputCleanup"/>'s.
/// </remarks>
internal sealed class CompactionJob(
    LakeListing listing, PartitionTable partitions, LateWindowStart window, InputTable inputs, HourRewriter rewriter,
    Manifests manifests, InputCleanup cleanup, StandardQuestions questions, AthenaStatements athena, StateStore store, IOptions<CompactionOptions> options) : IJob
{
    public const string JobName = "compaction";

    /// <summary>The lock of everything that rewrites hours.</summary>
    public const string RewriteLock = "rewrite";

    private const string StateName = "compaction.json";

    public string Name => JobName;

    public string LockName => RewriteLock;

    public async Task<JobResult> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        var run = new Run { Calls = new AwsCalls() };
        var state = await store.ReadAsync(StateName, CompactionJson.Default.CompactionState, run.Calls, cancellationToken);
        var windowStart = await window.ReadAsync(context.StartedAt, run.Calls, cancellationToken);
        var today = DateOnly.FromDateTime(context.StartedAt.UtcDateTime);
        var from = state?.Value.AllOn == today ? Hours.Earlier(state.Value.Through, windowStart) : (DateTimeOffset?)null;
        var closed = Hours.Floor(context.StartedAt - options.Value.CloseAfter);

        var table = await partitions.GetAsync(run.Calls, cancellationToken);
        var open = await cleanup.ReconcileAsync(table, context, run.Calls, cancellationToken);
        var raw = await listing.ObjectsAsync(from, closed, run.Calls, cancellationToken);
        var registered = HourPartition.Of(await partitions.ReadAsync(table, from, run.Calls, cancellationToken)).ToLookup(p => p.Hour.Start, p => p.Partition);
        var named = open.Where(m => m.SwitchedAt is not null).SelectMany(m => m.Inputs.Select(i => i.Key)).ToHashSet(StringComparer.Ordinal);

        // Before new ones are made: those are not old enough in any case.
        (run.Deleted, var kept) = await cleanup.DeleteInputsAsync(table, open, context, run.Calls, cancellationToken);
        run.Notes.AddRange(kept);
        var through = await CompactAsync(table, raw, registered, named, context, run, cancellationToken);
        if (!context.DryRun)
        {
            await FollowAsync(table, open.Concat(run.Written), registered, context, run, cancellationToken);
            await store.SaveAsync(StateName, new(run.FirstFailed ?? through ?? closed, today, context.Fence), state?.ETag, CompactionJson.Default.CompactionState, run.Calls, cancellationToken);
        }

        run.ThrowIfFailed();
        return run.Result(unfinished: through is not null);
    }

    /// <returns>The hour before which all is done, when the run had to end early; else null.</returns>
    private async Task<DateTimeOffset?> CompactAsync(
        Table table, SortedDictionary<DateTimeOffset, List<LakeObject>> raw, ILookup<DateTimeOffset, Partition> registered, HashSet<string> named,
        JobContext context, Run run, CancellationToken cancellationToken)
    {
        Table? inputTable = null;
        foreach (var (hour, objects) in raw)
        {
            var fresh = objects.Where(o => !named.Contains(o.Key)).ToList();
            if (registered[hour].ToList() is not [var partition])
            {
                // Not registered yet, or under two names: the jobs of partitions come first.
                continue;
            }

            var isCompacted = listing.IsCompacted(partition);
            if (fresh.Count < (isCompacted ? 1 : options.Value.MinFiles))
            {
                continue;
            }

            if (context.OutOfTime.IsCancellationRequested)
            {
                return hour;
            }

            var all = isCompacted
                ? [.. await listing.ObjectsAtAsync(partition.StorageDescriptor.Location, run.Calls, cancellationToken), .. fresh]
                : fresh;
            run.Found(all, late: isCompacted ? fresh.Count : 0);
            if (context.DryRun)
            {
                continue;
            }

            inputTable ??= await inputs.PrepareAsync(table, context.Fence, run.Calls, cancellationToken);
            var order = new HourRewriter.Order(
                table, inputTable, partition, LakePartition.Of(hour), all, options.Value.FileSize, context.Fence, IsFollowed: !registered[hour.AddHours(1)].Any(listing.IsCompacted));
            try
            {
                if (!isCompacted && hour.Hour == options.Value.MeasureHour)
                {
                    await MeasuredAsync(order, run, cancellationToken);
                }
                else
                {
                    await RewriteAsync(order, run, cancellationToken);
                }
            }
            catch (JobException e)
            {
                // One hour that cannot be read does not keep the others as they are.
                run.Failed(hour, e);
            }
        }

        if (inputTable is not null)
        {
            await inputs.EmptyAsync(inputTable, context.Fence, run.Calls, cancellationToken);
        }

        return null;
    }

    /// <summary>Rewrites an hour and asks it what a dashboard asks, before and after.</summary>
    private async Task MeasuredAsync(HourRewriter.Order order, Run run, CancellationToken cancellationToken)
    {
        var before = await ScannedAsync(order, run, cancellationToken);
        if (await RewriteAsync(order, run, cancellationToken) && before is not null && await ScannedAsync(order, run, cancellationToken) is { } after)
        {
            run.Scanned(before.Value, after);
        }
    }

    /// <returns>Null when the questions could not be asked, which keeps no hour from being compacted.</returns>
    private async Task<long?> ScannedAsync(HourRewriter.Order order, Run run, CancellationToken cancellationToken)
    {
        try
        {
            return await questions.ScannedAsync(order.Events, order.Hour, run.Calls, cancellationToken);
        }
        catch (JobException e)
        {
            run.Notes.Add($"What questions about the hour {order.Hour} scan was not measured: {e.Message}");
            return null;
        }
    }

    /// <summary>
    /// When an hour has got events after the hour after it was compacted, that one may hold the same ones: it was made so
    /// without knowing of them. A manifest says whether that was looked into, so a run that was killed in between, and what
    /// other jobs rewrite, is followed by the next run.
    /// </summary>
    private async Task FollowAsync(
        Table table, IEnumerable<Manifest> open, ILookup<DateTimeOffset, Partition> registered, JobContext context, Run run, CancellationToken cancellationToken)
    {
        Table? inputTable = null;
        foreach (var manifest in open.Where(m => !m.IsFollowed && context.StartedAt - m.SwitchedAt < options.Value.KeepInputs).OrderBy(m => m.Hour))
        {
            try
            {
                inputTable = await FollowAsync(table, inputTable, manifest, registered, context, run, cancellationToken);
            }
            catch (JobException e)
            {
                run.Failed(manifest.Hour.AddHours(1), e);
            }
        }

        if (inputTable is not null)
        {
            await inputs.EmptyAsync(inputTable, context.Fence, run.Calls, cancellationToken);
        }
    }

    private async Task<Table?> FollowAsync(
        Table table, Table? inputTable, Manifest manifest, ILookup<DateTimeOffset, Partition> registered, JobContext context, Run run, CancellationToken cancellationToken)
    {
        var (hour, next) = (LakePartition.Of(manifest.Hour), LakePartition.Of(manifest.Hour.AddHours(1)));
        var values = registered[next.Start].FirstOrDefault()?.Values ?? PartitionValues.Of(table.PartitionKeys, next);
        var partition = await partitions.FindAsync(table, values, run.Calls, cancellationToken);
        var isDone = true;
        if (partition is not null && listing.IsCompacted(partition)
            && (await athena.QueryAsync(RewriteSql.SharedWithTheHourAfter(table, hour), run.Calls, cancellationToken))[0][0] != "0")
        {
            var all = await listing.ObjectsAtAsync(partition.StorageDescriptor.Location, run.Calls, cancellationToken);
            run.Found(all, late: 0);
            inputTable ??= await inputs.PrepareAsync(table, context.Fence, run.Calls, cancellationToken);
            isDone = await RewriteAsync(new(table, inputTable, partition, next, all, options.Value.FileSize, context.Fence, IsFollowed: true), run, cancellationToken);
        }

        if (isDone)
        {
            await manifests.WriteAsync(manifest with { IsFollowed = true }, run.Calls, cancellationToken);
        }

        return inputTable;
    }

    private async Task<bool> RewriteAsync(HourRewriter.Order order, Run run, CancellationToken cancellationToken)
    {
        var outcome = await rewriter.RewriteAsync(order, run.Calls, cancellationToken);
        if (outcome is null)
        {
            run.Notes.Add($"The hour {order.Hour} was not switched, because its partition was changed meanwhile; the next run looks at it again.");
            return false;
        }

        run.Wrote(outcome);
        return true;
    }

    /// <summary>What a run counts.</summary>
    private sealed class Run
    {
        private readonly List<JobException> _failures = [];
        private long _hours, _filesBefore, _filesAfter, _bytesBefore, _bytesAfter, _late, _duplicates, _scannedBefore, _scannedAfter;

        public required AwsCalls Calls { get; init; }

        public int Deleted { get; set; }

        public List<string> Notes { get; } = [];

        public List<Manifest> Written { get; } = [];

        public DateTimeOffset? FirstFailed { get; private set; }

        public void Failed(DateTimeOffset hour, JobException problem)
        {
            FirstFailed ??= hour;
            _failures.Add(problem);
        }

        public void ThrowIfFailed()
        {
            if (_failures.Count > 0)
            {
                throw new JobException($"{_failures.Count} of {_hours} hours could not be compacted and stay as they are. The first: {_failures[0].Message}", _failures[0]);
            }
        }

        public void Found(IReadOnlyCollection<LakeObject> objects, int late)
        {
            _hours++;
            _filesBefore += objects.Count;
            _bytesBefore += objects.Sum(o => o.Size);
            _late += late;
        }

        public void Wrote(HourRewriter.Outcome outcome)
        {
            Written.Add(outcome.Manifest);
            _filesAfter += outcome.Manifest.Outputs!.Count;
            _bytesAfter += outcome.Manifest.Outputs!.Sum(o => o.Size);
            _duplicates += outcome.EventsBefore - outcome.EventsAfter;
        }

        public void Scanned(long before, long after)
        {
            _scannedBefore += before;
            _scannedAfter += after;
        }

        public JobResult Result(bool unfinished) => JobResult.Of(
            new("hours", _hours),
            new("filesBefore", _filesBefore),
            new("filesAfter", _filesAfter),
            new("bytesBefore", _bytesBefore),
            new("bytesAfter", _bytesAfter),
            new("scannedBefore", _scannedBefore),
            new("scannedAfter", _scannedAfter),
            new("lateFiles", _late),
            new("duplicates", _duplicates),
            new("inputsDeleted", Deleted),
            new("awsCalls", Calls.Made)) with { Unfinished = unfinished, Notes = Notes };
    }
}
