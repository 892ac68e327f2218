using System.Globalization;
using Amazon.Glue.Model;
using Catalog.Worker.Athena;
using Catalog.Worker.Jobs;
using Catalog.Worker.Partitions;
using Catalog.Worker.Rollup;
using Catalog.Worker.State;
using Pixel.Events.Lake;

namespace Catalog.Worker.Erasure;

/// <summary>
/// Takes a third party's rows out of <c>daily_rollup</c>, whose days are final and outlive the events. Of persons the table
/// has only how many they were.
/// </summary>
internal sealed class RollupEraser(RollupTable rollup, AthenaStatements athena, LakeObjects objects, LakeListing listing, TimeProvider time)
{
    /// <summary>Whether the table can say anything of a subject at all.</summary>
    public static bool Names(Subject subject) => LakeTable.DailyRollup.Columns.Any(c => c.Name == subject.Column);

    /// <summary>Removes the subject's rows, and the versions that had them.</summary>
    /// <returns>How many rows were found.</returns>
    public async Task<long> EraseAsync(Subject subject, JobContext context, AwsCalls calls, CancellationToken cancellationToken)
    {
        if (await rollup.TryGetAsync(calls, cancellationToken) is not { } table)
        {
            return 0;
        }

        var days = await athena.QueryAsync(
            $"SELECT year, month, day, count(*) FROM {SqlText.Name(table.Name)} WHERE {subject.Condition(table)} GROUP BY year, month, day", calls, cancellationToken);
        foreach (var row in context.DryRun ? [] : days)
        {
            await EraseAsync(table, [row[0]!, row[1]!, row[2]!], subject, context, calls, cancellationToken);
        }

        return days.Sum(row => long.Parse(row[3]!, CultureInfo.InvariantCulture));
    }

    private async Task EraseAsync(Table table, IReadOnlyList<string> values, Subject subject, JobContext context, AwsCalls calls, CancellationToken cancellationToken)
    {
        var day = new DateTimeOffset(
            int.Parse(values[0], CultureInfo.InvariantCulture), int.Parse(values[1], CultureInfo.InvariantCulture), int.Parse(values[2], CultureInfo.InvariantCulture), 0, 0, 0, TimeSpan.Zero);
        var there = await rollup.FindAsync(table, day, calls, cancellationToken)
            ?? throw new JobException($"The rollup of {day:yyyy-MM-dd} was changed by somebody else meanwhile; the next run goes on with it.");
        var old = await listing.ObjectsAtAsync(there.StorageDescriptor.Location, calls, cancellationToken);
        var location = rollup.NewLocation(day, time.GetUtcNow(), context.Fence);
        await athena.MaintainAsync(
            $"""
            UNLOAD (
              SELECT {string.Join(", ", table.StorageDescriptor.Columns.Select(c => SqlText.Name(c.Name)))}
              FROM {SqlText.Name(table.Name)}
              WHERE {PartitionValues.IsText(table.PartitionKeys, values)} AND NOT {subject.Condition(table)}
            )
            TO '{location}'
            WITH (format = 'PARQUET', compression = 'SNAPPY')
            """,
            calls, cancellationToken);

        // It is what it was made from, less the subject: so it is not made anew for having changed.
        if (!await rollup.SwitchAsync(table, day, there, location, RollupTable.SourceOf(there) ?? "", context.Fence, calls, cancellationToken))
        {
            throw new JobException($"The rollup of {day:yyyy-MM-dd} was changed by somebody else meanwhile; the next run goes on with it.");
        }

        await objects.DeleteAllVersionsAsync(old, [there.StorageDescriptor.Location], calls, cancellationToken);
    }
}
