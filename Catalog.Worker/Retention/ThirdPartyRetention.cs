using System.Globalization;
using System.Text.Json.Serialization;
using Amazon.Glue.Model;
using Catalog.Worker.Athena;
using Catalog.Worker.Compaction;
using Catalog.Worker.Jobs;
using Catalog.Worker.LateWindow;
using Catalog.Worker.Partitions;
using Catalog.Worker.State;
using Microsoft.Extensions.Options;

namespace Catalog.Worker.Retention;

/// <summary>
/// Lets single third parties' events go earlier than the rest: the hours that hold some are written anew without them, by
/// the same switch as compaction's, which also deletes what they were made from a day later.
/// </summary>
/// <remarks>
/// For each third party <c>catalog/retention.json</c> keeps the hour before which all is done, and a run looks at what has
/// grown old since, a day of the lake at a time, with one question for all its hours.
/// </remarks>
internal sealed class ThirdPartyRetention(
    PartitionTable partitions, LakeListing listing, InputTable inputs, HourRewriter rewriter, InputCleanup cleanup, AthenaStatements athena, StateStore store,
    IOptions<RetentionOptions> options, IOptions<CompactionOptions> compaction)
{
    private const string StateName = "retention.json";

    public async Task<(int Hours, long Events, bool Unfinished)> RunAsync(
        JobContext context, DateTimeOffset windowStart, AwsCalls calls, CancellationToken cancellationToken)
    {
        if (options.Value.ThirdParties.Count == 0)
        {
            return (0, 0, false);
        }

        var state = await store.ReadAsync(StateName, RetentionJson.Default.RetentionState, calls, cancellationToken);
        var done = new SortedDictionary<string, DateTimeOffset>((state?.Value.Before ?? new Dictionary<string, DateTimeOffset>()).ToDictionary(), StringComparer.Ordinal);
        var version = state?.ETag;
        var table = await partitions.GetAsync(calls, cancellationToken);
        if (!table.StorageDescriptor.Columns.Any(c => c.Name == "third_party"))
        {
            throw new JobException($"{RetentionOptions.Section}:ThirdParties needs a column third_party, which the table {table.Name} does not have.");
        }

        // What compaction switched and did not note is part of what an hour is made from.
        await cleanup.ReconcileAsync(table, context, calls, cancellationToken);
        var (hours, events) = (0, 0L);
        foreach (var (thirdParty, age) in options.Value.ThirdParties)
        {
            var before = Hours.Earlier(Hours.Floor(context.StartedAt - age), windowStart);
            var registered = HourPartition.Of(await partitions.ReadBeforeAsync(table, before, calls, cancellationToken))
                .Where(p => p.Hour.Start >= done.GetValueOrDefault(thirdParty) && p.Hour.Start < before);
            foreach (var day in registered.GroupBy(p => p.Hour.Start.UtcDateTime.Date))
            {
                if (context.OutOfTime.IsCancellationRequested)
                {
                    return (hours, events, true);
                }

                foreach (var (hour, count) in await WithEventsAsync(table, thirdParty, day, calls, cancellationToken))
                {
                    hours++;
                    events += count;
                    if (!context.DryRun)
                    {
                        await RewriteAsync(table, day.First(p => p.Hour.Hour == hour), thirdParty, context.Fence, calls, cancellationToken);
                    }
                }

                done[thirdParty] = day.Last().Hour.Start.AddHours(1);
                if (!context.DryRun)
                {
                    version = await store.SaveAsync(StateName, new(done, context.Fence), version, RetentionJson.Default.RetentionState, calls, cancellationToken);
                }
            }
        }

        return (hours, events, false);
    }

    private async Task<List<(string Hour, long Events)>> WithEventsAsync(
        Table table, string thirdParty, IEnumerable<HourPartition> day, AwsCalls calls, CancellationToken cancellationToken)
    {
        var hours = string.Join(" OR ", day.Select(p => $"({PartitionValues.Is(table.PartitionKeys, p.Hour)})"));
        var rows = await athena.QueryAsync(
            $"""
            SELECT hour, count(*) FROM {SqlText.Name(table.Name)}
            WHERE third_party = {SqlText.Literal(thirdParty)} AND ({hours})
            GROUP BY hour ORDER BY hour
            """,
            calls, cancellationToken);
        return [.. rows.Select(r => (int.Parse(r[0]!, CultureInfo.InvariantCulture).ToString("00", CultureInfo.InvariantCulture), long.Parse(r[1]!, CultureInfo.InvariantCulture)))];
    }

    private async Task RewriteAsync(
        Table table, HourPartition hour, string thirdParty, long fence, AwsCalls calls, CancellationToken cancellationToken)
    {
        var inputTable = await inputs.PrepareAsync(table, fence, calls, cancellationToken);
        var objects = await listing.ObjectsAtAsync(hour.Location, calls, cancellationToken);
        var order = new HourRewriter.Order(
            table, inputTable, hour.Partition, hour.Hour, objects, compaction.Value.FileSize, fence,
            Keep: $"third_party IS NULL OR third_party <> {SqlText.Literal(thirdParty)}", IsFollowed: true);
        if (await rewriter.RewriteAsync(order, calls, cancellationToken) is null)
        {
            throw new JobException($"The hour {hour.Hour} was changed by somebody else meanwhile; the next run goes on with it.");
        }

        await inputs.EmptyAsync(inputTable, fence, calls, cancellationToken);
    }
}

/// <summary>How far retention has come for third parties: the document <c>catalog/retention.json</c>.</summary>
/// <param name="Before">For each third party, the hour before which none of its events are left.</param>
/// <param name="Fence">The fencing token of the run that wrote this.</param>
internal sealed record RetentionState(IReadOnlyDictionary<string, DateTimeOffset> Before, long Fence = 0);

[JsonSerializable(typeof(RetentionState))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class RetentionJson : JsonSerializerContext;
