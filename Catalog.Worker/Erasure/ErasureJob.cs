using System.Globalization;
using Amazon.Glue.Model;
using Catalog.Worker.Athena;
using Catalog.Worker.Compaction;
using Catalog.Worker.Jobs;
using Catalog.Worker.LateWindow;
using Catalog.Worker.Partitions;
using Microsoft.Extensions.Options;
using Pixel.Events.Lake;

namespace Catalog.Worker.Erasure;

/// <summary>
/// Carries out the erasures that were asked for. The first pass goes over all closed hours, at once; each further run makes
/// a pass over the hours in which events may have appeared since, until the late window has passed behind the request, and
/// the pass that begins after that is the last: then nothing of the subject can be anywhere, and the receipt says so.
/// </summary>
/// <remarks>
/// A pass goes through the hours in order and keeps how far it has come, so that it can stop and go on. An hour is noted
/// before it is rewritten: a run that is killed between the switch and the removal of the old objects is completed by the
/// next, which removes them first.
/// </remarks>
internal sealed class ErasureJob(
    Erasures erasures, HourEraser hours, LineFiles lines, QueryResults results, ReceiptSigner signer, PartitionTable partitions, LakeListing listing,
    InputCleanup cleanup, LateWindowStart window, AthenaStatements athena, IOptions<CompactionOptions> compaction) : IJob
{
    public const string JobName = "erasure";

    public string Name => JobName;

    public string LockName => CompactionJob.RewriteLock;

    public async Task<JobResult> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        var calls = new AwsCalls();
        var pending = await erasures.PendingAsync(calls, cancellationToken);
        var (events, complete) = (0L, 0);
        foreach (var request in pending)
        {
            var pass = new Pass(context, calls, request);
            if (!await PassAsync(pass, cancellationToken))
            {
                return Result(unfinished: true);
            }

            events += pass.Found;
            complete += pass.Request.CompletedAt is null ? 0 : 1;
        }

        return Result(unfinished: false);

        JobResult Result(bool unfinished) => JobResult.Of(
            new("pending", pending.Count - complete), new("events", events), new("complete", complete), new("awsCalls", calls.Made)) with { Unfinished = unfinished };
    }

    /// <summary>One request on its way through a pass.</summary>
    private sealed class Pass(JobContext context, AwsCalls calls, ErasureRequest request)
    {
        public JobContext Context => context;

        public AwsCalls Calls => calls;

        public ErasureRequest Request { get; set; } = request;

        public Subject Subject => Request.Subject;

        public long Found { get; set; }
    }

    /// <returns>False when the time was up.</returns>
    private async Task<bool> PassAsync(Pass pass, CancellationToken cancellationToken)
    {
        var (context, calls) = (pass.Context, pass.Calls);
        var windowStart = await window.ReadAsync(context.StartedAt, calls, cancellationToken);
        var table = await partitions.GetAsync(calls, cancellationToken);
        if (pass.Request.Purging is { } left && !context.DryRun)
        {
            await hours.PurgeAsync(table, LakePartition.Of(left), calls, cancellationToken);
            await SaveAsync(pass, pass.Request with { Purging = null }, cancellationToken);
        }

        if (pass.Request.Reached is null)
        {
            await SaveAsync(pass, pass.Request with { IsLastPass = windowStart > pass.Request.RequestedAt }, cancellationToken);
        }

        if (!await HoursAsync(pass, table, windowStart, cancellationToken))
        {
            return false;
        }

        await PlacesAsync(pass, cancellationToken);
        var done = pass.Request with { From = pass.Request.From ?? windowStart, Reached = null, Passes = pass.Request.Passes + 1 };
        if (done.IsLastPass && !context.DryRun)
        {
            done = done with { CompletedAt = context.StartedAt };
            done = done with { Receipt = await signer.SignAsync(done, context.StartedAt, calls, cancellationToken) };
        }

        await SaveAsync(pass, done, cancellationToken);
        return true;
    }

    private async Task<bool> HoursAsync(Pass pass, Table table, DateTimeOffset windowStart, CancellationToken cancellationToken)
    {
        var (context, calls) = (pass.Context, pass.Calls);
        var closed = Hours.Floor(context.StartedAt - compaction.Value.CloseAfter);
        var from = pass.Request.Reached ?? pass.Request.From;
        var registered = HourPartition.Of(await partitions.ReadAsync(table, from, calls, cancellationToken))
            .Where(p => p.Hour.Start < closed && (from is null || p.Hour.Start >= from))
            .ToList();

        // What compaction switched and did not note is part of what an hour is made from.
        var named = (await cleanup.ReconcileAsync(table, context, calls, cancellationToken))
            .Where(m => m.SwitchedAt is not null).SelectMany(m => m.Inputs).Select(i => i.Key).ToHashSet(StringComparer.Ordinal);
        var raw = await listing.ObjectsAsync(from > windowStart ? from : windowStart, closed, calls, cancellationToken);

        Table? inputTable = null;
        foreach (var month in registered.GroupBy(p => (p.Hour.Year, p.Hour.Month)))
        {
            var counts = await CountsAsync(table, pass.Subject, month.First().Hour, calls, cancellationToken);
            foreach (var (hour, partition) in month)
            {
                var count = counts.GetValueOrDefault(hour);
                var hasFresh = listing.IsCompacted(partition) && (raw.GetValueOrDefault(hour.Start)?.Any(o => !named.Contains(o.Key)) ?? false);
                if (count == 0 && !hasFresh)
                {
                    continue;
                }

                if (context.OutOfTime.IsCancellationRequested)
                {
                    await SaveAsync(pass, pass.Request with { Reached = hour.Start }, cancellationToken);
                    return false;
                }

                pass.Found += count;
                if (!context.DryRun)
                {
                    inputTable ??= await hours.PrepareAsync(table, calls, cancellationToken);
                    await SaveAsync(pass, pass.Request with { Reached = hour.Start, Purging = hour.Start }, cancellationToken);
                    var all = await hours.ObjectsAsync(hour, partition, calls, cancellationToken);
                    var removed = await hours.RewriteAsync(table, inputTable, hour, partition, all, pass.Subject, context.Fence, calls, cancellationToken);
                    await hours.PurgeAsync(table, hour, calls, cancellationToken);
                    await SaveAsync(pass, pass.Request.Adding("events", removed, removed) with { Reached = hour.Start.AddHours(1), Purging = null }, cancellationToken);
                }
            }
        }

        if (inputTable is not null)
        {
            await hours.EndAsync(inputTable, calls, cancellationToken);
        }

        return true;
    }

    private async Task PlacesAsync(Pass pass, CancellationToken cancellationToken)
    {
        var (context, calls) = (pass.Context, pass.Calls);
        var places = new (string Name, long Found)[]
        {
            ("errors", await lines.EraseErrorsAsync(pass.Subject, context.DryRun, calls, cancellationToken)),
            ("quarantine", await lines.EraseQuarantineAsync(pass.Subject, context.DryRun, calls, cancellationToken)),
            ("deadLetters", await lines.EraseDeadLettersAsync(pass.Subject, context.DryRun, cancellationToken)),
        };
        foreach (var (name, found) in places)
        {
            pass.Found += found;
            pass.Request = pass.Request.Adding(name, found, context.DryRun ? 0 : found);
        }

        var old = await results.DeleteOldAsync(context, calls, cancellationToken);
        pass.Request = pass.Request.Adding("queryResults", old, context.DryRun ? 0 : old);
    }

    private async Task<Dictionary<LakePartition, long>> CountsAsync(Table table, Subject subject, LakePartition month, AwsCalls calls, CancellationToken cancellationToken)
    {
        var rows = await athena.QueryAsync(
            $"""
            SELECT year, month, day, hour, count(*) FROM {SqlText.Name(table.Name)}
            WHERE {PartitionValues.IsMonth(table.PartitionKeys, month)} AND {subject.Condition(table)}
            GROUP BY year, month, day, hour
            """,
            calls, cancellationToken);
        return rows
            .Where(row => LakePartition.TryParse([.. row.Take(4)!], out _))
            .GroupBy(row => LakePartition.TryParse([.. row.Take(4)!], out var hour) ? LakePartition.Of(hour.Start) : default)
            .ToDictionary(rows => rows.Key, rows => rows.Sum(row => long.Parse(row[4]!, CultureInfo.InvariantCulture)));
    }

    private async Task SaveAsync(Pass pass, ErasureRequest request, CancellationToken cancellationToken)
    {
        pass.Request = request;
        if (!pass.Context.DryRun)
        {
            await erasures.WriteAsync(request, pass.Calls, cancellationToken);
        }
    }
}
