using System.Text.Json.Serialization;
using Catalog.Worker.Athena;
using Catalog.Worker.Jobs;
using Catalog.Worker.LateWindow;
using Catalog.Worker.Partitions;
using Catalog.Worker.State;

namespace Catalog.Worker.Rollup;

/// <summary>
/// Sums up days into <c>daily_rollup</c>, which long ranges read instead of events. A day is summed up again as long as it
/// lies in the late window and something in it has changed; then it is final.
/// </summary>
/// <remarks>
/// Each version of a day is written beside the one that is read, and one change of the partition switches over, so a reader
/// sees the day before or after, and a run that was cut short leaves nothing but objects that nobody reads.
/// </remarks>
internal sealed class RollupJob(
    RollupTable rollup, RollupSources sources, PartitionTable events, LateWindowStart window, AthenaStatements athena, StateStore store) : IJob
{
    public const string JobName = "rollup";

    private const string StateName = "rollup.json";

    public string Name => JobName;

    public async Task<JobResult> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        var calls = new AwsCalls();
        var state = await store.ReadAsync(StateName, RollupJson.Default.RollupState, calls, cancellationToken);
        var windowDay = Hours.Day(await window.ReadAsync(context.StartedAt, calls, cancellationToken));
        var from = state is null ? (DateTimeOffset?)null : state.Value.FinalBefore < windowDay ? state.Value.FinalBefore : windowDay;
        var eventsTable = await events.GetAsync(calls, cancellationToken);
        var table = await rollup.GetAsync(calls, cancellationToken);
        var days = await sources.ReadAsync(eventsTable, from, context.StartedAt, calls, cancellationToken);

        int written = 0, unchanged = 0, deleted = 0;
        DateTimeOffset? stoppedAt = null;
        foreach (var (day, source) in days)
        {
            if (context.OutOfTime.IsCancellationRequested)
            {
                stoppedAt = day;
                break;
            }

            var there = await rollup.FindAsync(table, day, calls, cancellationToken);
            if (RollupTable.SourceOf(there) == source)
            {
                unchanged++;
            }
            else if (context.DryRun)
            {
                written++;
            }
            else
            {
                var location = rollup.NewLocation(day, context.StartedAt, context.Fence);
                await athena.MaintainAsync(RollupSql.Unload(eventsTable, day, location), calls, cancellationToken);
                written += await rollup.SwitchAsync(table, day, there, location, source, context.Fence, calls, cancellationToken) ? 1 : 0;
            }
        }

        if (!context.DryRun)
        {
            // A day longer than days are looked at: what was replaced last is old enough by then.
            for (var day = windowDay.AddDays(-2); day <= context.StartedAt; day = day.AddDays(1))
            {
                deleted += await rollup.DeleteReplacedAsync(table, day, context.StartedAt, calls, cancellationToken);
            }

            var finalBefore = stoppedAt < windowDay ? stoppedAt.Value : windowDay;
            await store.SaveAsync(StateName, new(finalBefore, context.Fence), state?.ETag, RollupJson.Default.RollupState, calls, cancellationToken);
        }

        return JobResult.Of(
            new("days", written), new("unchanged", unchanged), new("replacedDeleted", deleted), new("awsCalls", calls.Made)) with { Unfinished = stoppedAt is not null };
    }
}

/// <summary>How far the rollup has come: the document <c>catalog/rollup.json</c>.</summary>
/// <param name="FinalBefore">The days before this one are final.</param>
/// <param name="Fence">The fencing token of the run that wrote this.</param>
internal sealed record RollupState(DateTimeOffset FinalBefore, long Fence = 0);

[JsonSerializable(typeof(RollupState))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class RollupJson : JsonSerializerContext;
