using System.Globalization;
using Amazon.Glue.Model;
using Catalog.Worker.Athena;
using Catalog.Worker.Jobs;
using Catalog.Worker.Partitions;
using Catalog.Worker.State;
using Microsoft.Extensions.Options;
using Pixel.Events.Lake;

namespace Catalog.Worker.Compaction;

/// <summary>
/// Writes an hour anew and switches it over. Readers see the hour as it was or as it is, never half of it; a crash at any
/// step leaves the hour as it was, or as it is to be.
/// </summary>
/// <remarks>
/// In this order, each step safe to be the last one:
/// <list type="number">
/// <item>the inputs are listed in a table of their own; what is left there is removed by the next run;</item>
/// <item>the manifest names the inputs and the place of the outputs;</item>
/// <item>UNLOAD writes the outputs to that place, which nobody reads;</item>
/// <item>ids are counted on both sides: a difference stops here, and so does a list of inputs that somebody removed;</item>
/// <item>one UpdatePartition switches the hour, if it is still where it was and no later run has been at it;</item>
/// <item>the manifest says that it was switched. A crash before this is mended by looking where the hour is.</item>
/// </list>
/// Nothing is deleted here but the outputs of a try that failed.
/// </remarks>
internal sealed class HourRewriter(
    AthenaStatements athena, InputTable inputs, Manifests manifests, PartitionTable partitions, LakeListing listing, LakeObjects objects, IOptions<LakeOptions> lake, TimeProvider time)
{
    /// <summary>The partition's parameter that keeps the fencing token of the run that rewrote it.</summary>
    public const string FenceParameter = "pixel.rewrite.fence";

    // JSON lines become about a tenth of their size as Parquet; the slices only have to be about right.
    private const int JsonShrinks = 8;

    // What UNLOAD takes (https://docs.aws.amazon.com/athena/latest/ug/unload.html).
    private const int MostSlices = 100;

    /// <summary>What is to be done to an hour.</summary>
    /// <param name="Events">The events table.</param>
    /// <param name="InputTable">The prepared table of inputs.</param>
    /// <param name="Partition">The hour's partition, as it is.</param>
    /// <param name="Hour">The hour.</param>
    /// <param name="Inputs">All objects that the hour is to be made from.</param>
    /// <param name="FileSize">About how large its files become, in bytes.</param>
    /// <param name="Fence">The run's fencing token.</param>
    /// <param name="Keep">What holds of the events that stay, in SQL; null: all stay.</param>
    /// <param name="KeepNumbers">Whether the numbers of those that do not stay are kept (<see cref="RewriteSql"/>).</param>
    /// <param name="IsFollowed">Whether the hour after need not be looked at afterwards.</param>
    public sealed record Order(
        Table Events, Table InputTable, Partition Partition, LakePartition Hour, IReadOnlyList<LakeObject> Inputs, long FileSize, long Fence,
        string? Keep = null, bool KeepNumbers = false, bool IsFollowed = false);

    /// <summary>What was done.</summary>
    /// <param name="Manifest">The manifest, switched.</param>
    /// <param name="EventsBefore">The events in the inputs.</param>
    /// <param name="LeftOut">Of these, those that were not to stay.</param>
    /// <param name="EventsAfter">The events in the outputs.</param>
    public sealed record Outcome(Manifest Manifest, long EventsBefore, long LeftOut, long EventsAfter);

    /// <summary>Rewrites an hour.</summary>
    /// <returns>Null when somebody has changed the hour's partition meanwhile; then nothing was switched.</returns>
    /// <exception cref="JobException">Athena could not, or the counts differ; nothing was switched.</exception>
    public async Task<Outcome?> RewriteAsync(Order order, AwsCalls calls, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var version = InputTable.NewVersion(now, order.Fence);
        var location = $"{listing.CompactedRoot}{KeyLayout.Hive.Format(order.Hour)}v={version}/";
        var manifest = new Manifest(
            order.Hour.Start, version, order.Fence, now, location, order.Partition.StorageDescriptor.Location, order.Inputs, null, null, order.Partition.Values);

        await inputs.AddAsync(order.InputTable, version, order.Inputs, calls, cancellationToken);
        await manifests.WriteAsync(manifest, calls, cancellationToken);
        IReadOnlyList<LakeObject> outputs;
        Outcome outcome;
        try
        {
            (outputs, outcome) = await WriteAsync(order, manifest, calls, cancellationToken);
        }
        catch (JobException)
        {
            // It would be tried again, and each try would leave as much behind.
            await objects.DeleteAsync(await listing.ObjectsAtAsync(location, calls, cancellationToken), calls, cancellationToken);
            await manifests.ForgetAsync(manifest, calls, cancellationToken);
            throw;
        }

        if (!await SwitchAsync(order, manifest, calls, cancellationToken))
        {
            return null;
        }

        manifest = manifest with { Outputs = outputs, SwitchedAt = time.GetUtcNow(), Events = outcome.EventsAfter, IsFollowed = order.IsFollowed };
        await manifests.WriteAsync(manifest, calls, cancellationToken);
        return outcome with { Manifest = manifest };
    }

    /// <summary>Writes the outputs and makes sure that they are all that was to be written.</summary>
    private async Task<(IReadOnlyList<LakeObject> Outputs, Outcome Outcome)> WriteAsync(Order order, Manifest manifest, AwsCalls calls, CancellationToken cancellationToken)
    {
        var sql = new RewriteSql(order.Events, inputs.Name, order.Hour, order.Keep, order.KeepNumbers);
        var (version, outputVersion) = (manifest.Version, $"{manifest.Version}-out");
        await athena.MaintainAsync(sql.Unload(version, manifest.Location, Slices(order)), calls, cancellationToken);
        var outputs = await listing.ObjectsAtAsync(manifest.Location, calls, cancellationToken);
        await inputs.AddAsync(order.InputTable, outputVersion, outputs, calls, cancellationToken);
        var (before, leftOut, after) = await CompareAsync(order.Hour, sql, version, outputVersion, calls, cancellationToken);

        // Without the list, nothing would have been read, nothing written, and both sides be equal.
        if (!await inputs.HasAsync(order.InputTable, version, order.Inputs, calls, cancellationToken))
        {
            throw new JobException($"The hour {order.Hour} was not switched: another run took its list of inputs away. It stays as it was; the next run tries again.");
        }

        return (outputs, new(manifest, before, leftOut, after));
    }

    private int Slices(Order order)
    {
        var bytes = order.Inputs.Sum(o => o.Key.StartsWith(LakeListing.CompactedFolder, StringComparison.Ordinal) || lake.Value.DataFormat == "parquet" ? o.Size : o.Size / JsonShrinks);
        return (int)Math.Clamp((bytes + order.FileSize - 1) / order.FileSize, 1, MostSlices);
    }

    private async Task<(long Before, long LeftOut, long After)> CompareAsync(
        LakePartition hour, RewriteSql sql, string version, string outputVersion, AwsCalls calls, CancellationToken cancellationToken)
    {
        var counts = (await athena.QueryAsync(sql.Compare(version, outputVersion), calls, cancellationToken))
            .ToDictionary(row => row[0]!, row => row.Skip(1).Select(n => long.Parse(n!, CultureInfo.InvariantCulture)).ToArray());
        var (ids, without) = (counts["in"][1], counts["in"][2]);
        var expected = ids + without;
        if (counts["out"] is not [var written, var writtenIds, _] || written != expected || writtenIds != ids)
        {
            throw new JobException(
                $"The hour {hour} was not switched: of {expected} events {counts["out"][0]} were written. It stays as it was; the next run tries again.");
        }

        return (counts["all"][0], counts["all"][0] - counts["stays"][0], expected);
    }

    private async Task<bool> SwitchAsync(Order order, Manifest manifest, AwsCalls calls, CancellationToken cancellationToken)
    {
        var there = await partitions.FindAsync(order.Events, order.Partition.Values, calls, cancellationToken);
        if (there?.StorageDescriptor?.Location != manifest.Replaces || FenceOf(there) > order.Fence)
        {
            return false;
        }

        var parameters = new Dictionary<string, string>(there.Parameters ?? [])
        {
            [FenceParameter] = order.Fence.ToString(CultureInfo.InvariantCulture),
            ["classification"] = "parquet",
        };
        var to = StorageFormats.Of("parquet", manifest.Location, order.Events.StorageDescriptor.Columns);
        await partitions.MoveAsync(order.Events, there, to, parameters, calls, cancellationToken);
        return true;
    }

    private static long FenceOf(Partition partition)
        => partition.Parameters?.TryGetValue(FenceParameter, out var text) == true && long.TryParse(text, CultureInfo.InvariantCulture, out var fence) ? fence : 0;
}
