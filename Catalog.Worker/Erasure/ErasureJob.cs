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
/// a pass over the hours in which events may have appeared since, until the late window has passed behind the request and
/// nothing waits in the beacon's queue. The pass that begins then is the last, goes over all hours once more, and ends in a
/// receipt, which names the places that were searched and those that this worker has no way to.
/// </summary>
/// <remarks>
/// A pass goes through the hours in order and keeps how far it has come, so that it can stop and go on. An hour is noted
/// before it is rewritten: a run that is killed between the switch and the removal of the old objects is completed by the
/// next, which removes them first. While an erasure is pending, redrive sends none of its events again.
/// </remarks>
internal sealed class ErasureJob(
    Erasures erasures, HourEraser hours, RollupEraser rollup, InputTable inputs, LineFiles lines, QueryResults results, ReceiptSigner signer, PartitionTable partitions,
    PartitionRepair repair, LakeListing listing, InputCleanup cleanup, LateWindowStart window, AthenaStatements athena, IOptions<CompactionOptions> compaction) : IJob
{
    public const string JobName = "erasure";

    /// <summary>How long before the late window numbers of erased events are kept: the ledger looks back a day and, after a stop, longer.</summary>
    private static readonly TimeSpan NumbersKept = TimeSpan.FromDays(7);

    public string Name => JobName;

    public string LockName => CompactionJob.RewriteLock;

    public async Task<JobResult> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        var calls = new AwsCalls();
        var pending = await erasures.PendingAsync(calls, cancellationToken);
        var (events, complete) = (0L, 0);
        var (notes, failures) = (new List<string>(), new List<JobException>());
        foreach (var (request, version) in pending)
        {
            var pass = new Pass(context, calls, request, version);
            try
            {
                if (!await PassAsync(pass, notes, cancellationToken))
                {
                    return Result(unfinished: true);
                }
            }
            catch (JobException e)
            {
                // One person's hour that cannot be read does not keep the others' events where they are.
                failures.Add(e);
            }

            events += pass.Found;
            complete += pass.Request.CompletedAt is null ? 0 : 1;
        }

        return failures.Count == 0
            ? Result(unfinished: false)
            : throw new JobException($"{failures.Count} of {pending.Count} erasures could not go on. The first: {failures[0].Message}", failures[0]);

        JobResult Result(bool unfinished) => JobResult.Of(
            new("pending", pending.Count - complete), new("events", events), new("complete", complete), new("awsCalls", calls.Made)) with
        {
            Unfinished = unfinished, Notes = notes,
        };
    }

    /// <summary>One request on its way through a pass.</summary>
    private sealed class Pass(JobContext context, AwsCalls calls, ErasureRequest request, string version)
    {
        public JobContext Context => context;

        public AwsCalls Calls => calls;

        public ErasureRequest Request { get; set; } = request;

        /// <summary>The version of the request's document that this run wrote or read last.</summary>
        public string Version { get; set; } = version;

        public Subject Subject => Request.Subject;

        public long Found { get; set; }

        /// <summary>Whether all hours are looked at, and not only those in which something may have appeared.</summary>
        public bool IsOverAll => Request.From is null || Request.IsLastPass;
    }

    /// <returns>False when the time was up.</returns>
    private async Task<bool> PassAsync(Pass pass, List<string> notes, CancellationToken cancellationToken)
    {
        var (context, calls) = (pass.Context, pass.Calls);
        if (pass.Request.CompletedAt is not null)
        {
            // Killed in the very last step.
            await CompleteAsync(pass, cancellationToken);
            return true;
        }

        var windowStart = await window.ReadAsync(context.StartedAt, calls, cancellationToken);
        var table = await partitions.GetAsync(calls, cancellationToken);
        if (pass.Request.Purging is { } left && !context.DryRun)
        {
            var hour = LakePartition.Of(left);
            await PurgeAsync(pass, table, hour, pass.Request.PurgingValues ?? PartitionValues.Of(table.PartitionKeys, hour), null, cancellationToken);
        }

        if (pass.Request.Reached is null)
        {
            var isLast = windowStart > pass.Request.RequestedAt;
            if (isLast && !await lines.IsQueueEmptyAsync(calls, cancellationToken))
            {
                isLast = false;
                notes.Add($"The erasure {pass.Request.Id} waits until redrive has emptied the beacon's queue, since events in it may still appear.");
            }

            await SaveAsync(pass, pass.Request with { IsLastPass = isLast }, cancellationToken);
            if (pass.IsOverAll)
            {
                // An hour that no partition names would be read by nobody today, and found again by this job's neighbour tomorrow.
                await repair.RunAsync(context, calls, cancellationToken);
            }
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
            done = done with { Receipt = await signer.SignAsync(done, context.StartedAt, lines.NotSearched, calls, cancellationToken) };
        }

        await SaveAsync(pass, done, cancellationToken);
        if (done.CompletedAt is not null)
        {
            await CompleteAsync(pass, cancellationToken);
        }

        return true;
    }

    private async Task<bool> HoursAsync(Pass pass, Table table, DateTimeOffset windowStart, CancellationToken cancellationToken)
    {
        var (context, calls) = (pass.Context, pass.Calls);
        var closed = Hours.Floor(context.StartedAt - compaction.Value.CloseAfter);
        var from = pass.Request.Reached ?? (pass.IsOverAll ? null : pass.Request.From);
        var registered = HourPartition.Of(await partitions.ReadAsync(table, from, calls, cancellationToken))
            .Where(p => p.Hour.Start < closed && (from is null || p.Hour.Start >= from))
            .ToList();
        var values = registered.ToLookup(p => p.Hour.Start, p => p.Partition.Values);

        // What compaction switched and did not note is part of what an hour is made from.
        var named = (await cleanup.ReconcileAsync(table, context, calls, cancellationToken))
            .Where(m => m.SwitchedAt is not null).SelectMany(m => m.Inputs).Select(i => i.Key).ToHashSet(StringComparer.Ordinal);
        var raw = await listing.ObjectsAsync(from, closed, calls, cancellationToken);

        Table? inputTable = null;
        foreach (var month in registered.GroupBy(p => (Year: p.Partition.Values[0], Month: p.Partition.Values[1])))
        {
            var counts = await CountsAsync(table, pass.Subject, [month.Key.Year, month.Key.Month], from, calls, cancellationToken);
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
                    inputTable ??= await inputs.PrepareAsync(table, context.Fence, calls, cancellationToken);
                    await SaveAsync(pass, pass.Request with { Reached = hour.Start, Purging = hour.Start, PurgingValues = partition.Values }, cancellationToken);
                    var order = new HourRewriter.Order(
                        table, inputTable, partition, hour, await hours.ObjectsAsync(hour, partition, calls, cancellationToken), compaction.Value.FileSize, context.Fence,
                        Keep: $"NOT {pass.Subject.Condition(table)}", KeepNumbers: hour.Start >= windowStart - NumbersKept);
                    var removed = await hours.RewriteAsync(order, calls, cancellationToken);
                    pass.Request = pass.Request.Adding("events", removed, removed) with { Reached = hour.Start.AddHours(1) };
                    await PurgeAsync(pass, table, hour, partition.Values, values[hour.Start.AddHours(1)].FirstOrDefault(), cancellationToken);
                }
            }
        }

        if (inputTable is not null)
        {
            await inputs.EmptyAsync(inputTable, context.Fence, calls, cancellationToken);
        }

        return true;
    }

    /// <summary>
    /// Removes what an hour was made from, and what the hour after was made from as well: of an event that arrived in both,
    /// compaction has left the second one out, and the object that it was in is still there.
    /// </summary>
    private async Task PurgeAsync(
        Pass pass, Table table, LakePartition hour, IReadOnlyList<string> values, IReadOnlyList<string>? nextValues, CancellationToken cancellationToken)
    {
        var next = LakePartition.Of(hour.Start.AddHours(1));
        await hours.PurgeAsync(table, hour, values, pass.Calls, cancellationToken);
        await hours.PurgeAsync(table, next, nextValues ?? PartitionValues.Of(table.PartitionKeys, next), pass.Calls, cancellationToken);
        await SaveAsync(pass, pass.Request with { Purging = null, PurgingValues = null }, cancellationToken);
    }

    private async Task PlacesAsync(Pass pass, CancellationToken cancellationToken)
    {
        var (context, calls) = (pass.Context, pass.Calls);
        var places = new List<(string Name, LineFiles.Found Found)>
        {
            ("errors", await lines.EraseErrorsAsync(pass.Subject.Is, context.DryRun, calls, cancellationToken)),
            ("quarantine", await lines.EraseQuarantineAsync(pass.Subject.Is, context.DryRun, calls, cancellationToken)),
        };
        if (!lines.NotSearched.Contains("deadLetters"))
        {
            places.Add(("deadLetters", await lines.EraseDeadLettersAsync(pass.Subject.Is, context.DryRun, cancellationToken)));
        }

        foreach (var (name, found) in places)
        {
            pass.Found += found.Events;
            pass.Request = pass.Request.Adding(name, found.Events, found.Removed, found.Unreadable);
        }

        if (RollupEraser.Names(pass.Subject))
        {
            var rows = await rollup.EraseAsync(pass.Subject, context, calls, cancellationToken);
            pass.Found += rows;
            pass.Request = pass.Request.Adding("dailyRollup", rows, context.DryRun ? 0 : rows);
        }

        var old = await results.DeleteOldAsync(context, calls, cancellationToken);
        pass.Request = pass.Request.Adding("queryResults", old, context.DryRun ? 0 : old);
    }

    private async Task<Dictionary<LakePartition, long>> CountsAsync(
        Table table, Subject subject, IReadOnlyList<string> month, DateTimeOffset? from, AwsCalls calls, CancellationToken cancellationToken)
    {
        var since = from is { } start ? $" AND ({PartitionValues.SinceDay(table.PartitionKeys, start)})" : "";
        var rows = await athena.QueryAsync(
            $"""
            SELECT year, month, day, hour, count(*) FROM {SqlText.Name(table.Name)}
            WHERE {PartitionValues.IsText(table.PartitionKeys, month)}{since} AND {subject.Condition(table)}
            GROUP BY year, month, day, hour
            """,
            calls, cancellationToken);
        return rows
            .Where(row => LakePartition.TryParse([.. row.Take(4)!], out _))
            .GroupBy(row => LakePartition.TryParse([.. row.Take(4)!], out var hour) ? LakePartition.Of(hour.Start) : default)
            .ToDictionary(rows => rows.Key, rows => rows.Sum(row => long.Parse(row[4]!, CultureInfo.InvariantCulture)));
    }

    private async Task CompleteAsync(Pass pass, CancellationToken cancellationToken)
    {
        if (!pass.Context.DryRun)
        {
            await erasures.CompleteAsync(pass.Request, pass.Calls, cancellationToken);
        }
    }

    private async Task SaveAsync(Pass pass, ErasureRequest request, CancellationToken cancellationToken)
    {
        pass.Request = request with { Fence = pass.Context.Fence };
        if (!pass.Context.DryRun)
        {
            pass.Version = await erasures.SaveAsync(pass.Request, pass.Version, pass.Calls, cancellationToken);
        }
    }
}
