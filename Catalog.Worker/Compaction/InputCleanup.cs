using Amazon.Glue.Model;
using Catalog.Worker.Jobs;
using Catalog.Worker.Partitions;
using Catalog.Worker.State;
using Microsoft.Extensions.Options;
using Pixel.Events.Lake;

namespace Catalog.Worker.Compaction;

/// <summary>
/// Ends what rewriting began: finds out which versions took effect, and deletes what an hour was made from when it has been
/// read from its new place for long enough.
/// </summary>
/// <remarks>
/// Inputs are deleted only when the hour is read, at that moment, from the version that they went into or from one made
/// from it, and all objects of the version that is read are there in their size (none of them only when it is known that it has no events). Else they are kept, and the next run that
/// lists all hours compacts the hour again.
/// </remarks>
internal sealed class InputCleanup(
    Manifests manifests, PartitionTable partitions, LakeListing listing, LakeObjects objects, IOptions<CompactionOptions> options)
{
    /// <summary>
    /// The open manifests, each as it really is: a run that was killed between the switch and its note is completed, and
    /// what a run wrote that never switched is removed when nobody can be about to switch to it any more.
    /// </summary>
    public async Task<List<Manifest>> ReconcileAsync(Table table, JobContext context, AwsCalls calls, CancellationToken cancellationToken)
    {
        var open = new List<Manifest>();
        foreach (var manifest in await manifests.ReadOpenAsync(calls, cancellationToken))
        {
            if (manifest.SwitchedAt is not null)
            {
                open.Add(manifest);
            }
            else if (await LocationAsync(table, manifest, calls, cancellationToken) == manifest.Location)
            {
                var outputs = await listing.ObjectsAtAsync(manifest.Location, calls, cancellationToken);
                var switched = manifest with { Outputs = outputs, SwitchedAt = context.StartedAt };
                if (!context.DryRun)
                {
                    await manifests.WriteAsync(switched, calls, cancellationToken);
                }

                open.Add(switched);
            }
            else if (!context.DryRun && context.StartedAt - manifest.CreatedAt >= options.Value.KeepInputs)
            {
                await objects.DeleteAsync(await listing.ObjectsAtAsync(manifest.Location, calls, cancellationToken), calls, cancellationToken);
                await manifests.ForgetAsync(manifest, calls, cancellationToken);
            }
        }

        return open;
    }

    /// <summary>Deletes the inputs whose time is over.</summary>
    /// <returns>How many objects were deleted, and what was not and why.</returns>
    public async Task<(int Deleted, IReadOnlyList<string> Notes)> DeleteInputsAsync(
        Table table, IReadOnlyList<Manifest> open, JobContext context, AwsCalls calls, CancellationToken cancellationToken)
    {
        var deleted = 0;
        var notes = new List<string>();
        foreach (var manifest in open.Where(m => context.StartedAt - m.SwitchedAt >= options.Value.KeepInputs))
        {
            if (await IsSupersededSafelyAsync(table, manifest, open, calls, cancellationToken))
            {
                deleted += manifest.Inputs.Count;
                if (!context.DryRun)
                {
                    await objects.DeleteAsync(manifest.Inputs, calls, cancellationToken);
                    await manifests.CloseAsync(manifest, calls, cancellationToken);
                }
            }
            else
            {
                // Without a partition the hour has been dropped as a whole.
                if (await LocationAsync(table, manifest, calls, cancellationToken) is not null)
                {
                    notes.Add($"What {LakePartition.Of(manifest.Hour)} was compacted from is kept, because the hour is not read from its compacted files any more.");
                }

                if (!context.DryRun)
                {
                    await manifests.ForgetAsync(manifest, calls, cancellationToken);
                }
            }
        }

        return (deleted, notes);
    }

    private async Task<bool> IsSupersededSafelyAsync(
        Table table, Manifest manifest, IReadOnlyList<Manifest> open, AwsCalls calls, CancellationToken cancellationToken)
    {
        var location = await LocationAsync(table, manifest, calls, cancellationToken);
        var current = open.FirstOrDefault(m => m.Location == location);
        for (var made = current; made is not null; made = open.FirstOrDefault(m => m.Location == made.Replaces))
        {
            if (made.Version == manifest.Version)
            {
                var there = (await listing.ObjectsAtAsync(current!.Location, calls, cancellationToken)).ToDictionary(o => o.Key, o => o.Size);
                return (current.Outputs!.Count > 0 || current.Events == 0) && current.Outputs.All(o => there.TryGetValue(o.Key, out var size) && size == o.Size);
            }
        }

        return false;
    }

    private async Task<string?> LocationAsync(Table table, Manifest manifest, AwsCalls calls, CancellationToken cancellationToken)
    {
        var values = manifest.Values?.ToList() ?? PartitionValues.Of(table.PartitionKeys, LakePartition.Of(manifest.Hour));
        return (await partitions.FindAsync(table, values, calls, cancellationToken))?.StorageDescriptor?.Location;
    }
}
