using System.Globalization;
using Catalog.Worker.Jobs;
using Catalog.Worker.State;

namespace Catalog.Worker.Erasure;

/// <summary>Keeps the erasures: those under way, and, as a record, those that are complete.</summary>
internal sealed class Erasures(StateStore store, TimeProvider time)
{
    private const string Pending = "erasures/pending/";
    private const string Complete = "erasures/complete/";

    /// <summary>Asks for an erasure.</summary>
    public async Task<ErasureRequest> RequestAsync(string column, string value, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var id = string.Create(CultureInfo.InvariantCulture, $"{now.UtcDateTime:yyyyMMddHHmmss}-{Guid.NewGuid().ToString("N")[..12]}");
        var request = new ErasureRequest(id, Subject.Of(column, value), now, null, null, null, false, 0, new Dictionary<string, ErasedPlace>(), null, null);
        await store.SaveAsync($"{Pending}{id}.json", request, null, ErasureJson.Default.ErasureRequest, new AwsCalls(), cancellationToken);
        return request;
    }

    /// <summary>One erasure; null when there is none of that id.</summary>
    public async Task<ErasureRequest?> FindAsync(string id, CancellationToken cancellationToken)
    {
        var calls = new AwsCalls();
        return (await store.ReadAsync($"{Pending}{id}.json", ErasureJson.Default.ErasureRequest, calls, cancellationToken)
            ?? await store.ReadAsync($"{Complete}{id}.json", ErasureJson.Default.ErasureRequest, calls, cancellationToken))?.Value;
    }

    /// <summary>Those that are not complete, in the order of time, with their versions.</summary>
    public async Task<List<StateStore.Stored<ErasureRequest>>> PendingAsync(AwsCalls calls, CancellationToken cancellationToken)
    {
        var requests = new List<StateStore.Stored<ErasureRequest>>();
        foreach (var name in await store.ListAsync(Pending, null, calls, cancellationToken))
        {
            if (await store.ReadAsync(name, ErasureJson.Default.ErasureRequest, calls, cancellationToken) is { } found)
            {
                requests.Add(found);
            }
        }

        return requests;
    }

    /// <summary>Writes one as it is now.</summary>
    /// <param name="request">The request.</param>
    /// <param name="seen">The version that this run has read or written.</param>
    /// <param name="calls">Counts the calls.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The new version.</returns>
    /// <exception cref="JobException">Another run has written it meanwhile.</exception>
    public Task<string> SaveAsync(ErasureRequest request, string seen, AwsCalls calls, CancellationToken cancellationToken)
        => store.SaveAsync($"{Pending}{request.Id}.json", request, seen, ErasureJson.Default.ErasureRequest, calls, cancellationToken);

    /// <summary>Moves one that is complete to the others that are. Safe to repeat.</summary>
    public async Task CompleteAsync(ErasureRequest request, AwsCalls calls, CancellationToken cancellationToken)
    {
        await store.WriteAsync($"{Complete}{request.Id}.json", request, ErasureJson.Default.ErasureRequest, calls, cancellationToken);
        await store.DeleteAsync($"{Pending}{request.Id}.json", calls, cancellationToken);
    }
}
