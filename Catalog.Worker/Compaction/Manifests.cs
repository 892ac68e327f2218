using System.Globalization;
using Catalog.Worker.State;
using Pixel.Events.Lake;

namespace Catalog.Worker.Compaction;

/// <summary>Keeps the manifests.</summary>
internal sealed class Manifests(StateStore store, LakeObjects objects)
{
    private const string Open = "manifests/open/";
    private const string Closed = "manifests/closed/";

    /// <summary>Those whose inputs have not been deleted, in the order of their hours and versions: few, however old the lake.</summary>
    public Task<List<Manifest>> ReadOpenAsync(AwsCalls calls, CancellationToken cancellationToken) => ReadAsync(Open, calls, cancellationToken);

    /// <summary>Those of an hour whose inputs have not been deleted.</summary>
    public Task<List<Manifest>> ReadOpenAsync(LakePartition hour, AwsCalls calls, CancellationToken cancellationToken)
        => ReadAsync($"{Open}{NameOf(hour.Start)}-", calls, cancellationToken);

    private async Task<List<Manifest>> ReadAsync(string prefix, AwsCalls calls, CancellationToken cancellationToken)
    {
        var manifests = new List<Manifest>();
        foreach (var name in await store.ListAsync(prefix, null, calls, cancellationToken))
        {
            if (await store.ReadAsync(name, CompactionJson.Default.Manifest, calls, cancellationToken) is { } found)
            {
                manifests.Add(found.Value);
            }
        }

        return manifests;
    }

    /// <summary>All of an hour, open and closed.</summary>
    public async Task<List<Manifest>> ReadAsync(LakePartition hour, AwsCalls calls, CancellationToken cancellationToken)
    {
        var manifests = new List<Manifest>();
        foreach (var folder in new[] { Open, Closed })
        {
            manifests.AddRange(await ReadAsync($"{folder}{NameOf(hour.Start)}-", calls, cancellationToken));
        }

        return manifests;
    }

    /// <summary>Writes one that is open.</summary>
    public Task WriteAsync(Manifest manifest, AwsCalls calls, CancellationToken cancellationToken)
        => store.WriteAsync(Open + Name(manifest), manifest, CompactionJson.Default.Manifest, calls, cancellationToken);

    /// <summary>Moves one to the closed ones. Written first, so that a crash in between leaves it in both and closes it again.</summary>
    public async Task CloseAsync(Manifest manifest, AwsCalls calls, CancellationToken cancellationToken)
    {
        await store.WriteAsync(Closed + Name(manifest), manifest, CompactionJson.Default.Manifest, calls, cancellationToken);
        await store.DeleteAsync(Open + Name(manifest), calls, cancellationToken);
    }

    /// <summary>Forgets one that says nothing about what is read or kept any more.</summary>
    public Task ForgetAsync(Manifest manifest, AwsCalls calls, CancellationToken cancellationToken)
        => store.DeleteAsync(Open + Name(manifest), calls, cancellationToken);

    /// <summary>Deletes the records of the hours before one.</summary>
    public async Task ForgetBeforeAsync(DateTimeOffset hour, AwsCalls calls, CancellationToken cancellationToken)
    {
        var names = await store.ListAsync(Closed, Closed + NameOf(hour), calls, cancellationToken);
        await objects.DeleteAsync([.. names.Select(n => new LakeObject(StateStore.Folder + n, 0))], calls, cancellationToken);
    }

    private static string Name(Manifest manifest)
        => $"{NameOf(manifest.Hour)}-{manifest.Version}.json";

    private static string NameOf(DateTimeOffset hour) => hour.UtcDateTime.ToString("yyyyMMddHH", CultureInfo.InvariantCulture);
}
