using System.Globalization;
using Catalog.Worker.State;

namespace Catalog.Worker.Compaction;

/// <summary>Keeps the manifests.</summary>
internal sealed class Manifests(StateStore store)
{
    private const string Open = "manifests/open/";
    private const string Closed = "manifests/closed/";

    /// <summary>Those whose inputs have not been deleted, in the order of their hours and versions: few, however old the lake.</summary>
    public async Task<List<Manifest>> ReadOpenAsync(AwsCalls calls, CancellationToken cancellationToken)
    {
        var manifests = new List<Manifest>();
        foreach (var name in await store.ListAsync(Open, null, calls, cancellationToken))
        {
            if (await store.ReadAsync(name, CompactionJson.Default.Manifest, calls, cancellationToken) is { } found)
            {
                manifests.Add(found.Value);
            }
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

    /// <summary>Forgets one whose version was never switched to.</summary>
    public Task ForgetAsync(Manifest manifest, AwsCalls calls, CancellationToken cancellationToken)
        => store.DeleteAsync(Open + Name(manifest), calls, cancellationToken);

    private static string Name(Manifest manifest)
        => $"{manifest.Hour.UtcDateTime.ToString("yyyyMMddHH", CultureInfo.InvariantCulture)}-{manifest.Version}.json";
}
