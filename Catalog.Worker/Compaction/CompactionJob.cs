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
    InputCleanup cleanup, StandardQuestions questions, AthenaStatements athena, StateStore store, IOptions<CompactionOptions> options) : IJob
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
            await store.WriteAsync(StateName, new(run.FirstFailed ?? through ?? closed, today), CompactionJson.Default.CompactionState, run.Calls, cancellationToken);
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

            inputTable ??= await inputs.PrepareAsync(table, run.Calls, cancellationToken);
            var order = new HourRewriter.Order(table, inputTable, partition, LakePartition.Of(hour), all, options.Value.FileSize, context.Fence);
            try
            {
                if (!isCompacted && hour.Hour == options.Value.MeasureHour)
                {
                    await MeasuredAsync(order, run, cancellationToken);
                }
                else if (await RewriteAsync(order, run, cancellationToken) && isCompacted)
                {
                    await FollowAsync(order, registered, run, cancellationToken);
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
            await inputs.EmptyAsync(inputTable, run.Calls, cancellationToken);
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
    /// When an hour has got events late, the hour after may hold the same ones, and if it was compacted before, it was so
    /// without knowing of them.
    /// </summary>
    private async Task FollowAsync(HourRewriter.Order order, ILookup<DateTimeOffset, Partition> registered, Run run, CancellationToken cancellationToken)
    {
        var next = order.Hour.Start.AddHours(1);
        if (registered[next].ToList() is not [var partition] || !listing.IsCompacted(partition))
        {
            return;
        }

        var shared = await athena.QueryAsync(new RewriteSql(order.Events, inputs.Name, order.Hour, null).SharedWithTheHourAfter(), run.Calls, cancellationToken);
        if (shared[0][0] == "0")
        {
            return;
        }

        var all = await listing.ObjectsAtAsync(partition.StorageDescriptor.Location, run.Calls, cancellationToken);
        run.Found(all, late: 0);
        await RewriteAsync(order with { Partition = partition, Hour = LakePartition.Of(next), Inputs = all }, run, cancellationToken);
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
