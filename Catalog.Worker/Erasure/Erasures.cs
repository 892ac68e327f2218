using System.Globalization;
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
        await WriteAsync(request, new AwsCalls(), cancellationToken);
        return request;
    }

    /// <summary>One erasure; null when there is none of that id.</summary>
    public async Task<ErasureRequest?> FindAsync(string id, CancellationToken cancellationToken)
    {
        var calls = new AwsCalls();
        return (await store.ReadAsync($"{Pending}{id}.json", ErasureJson.Default.ErasureRequest, calls, cancellationToken)
            ?? await store.ReadAsync($"{Complete}{id}.json", ErasureJson.Default.ErasureRequest, calls, cancellationToken))?.Value;
    }

    /// <summary>Those that are not complete, in the order of time.</summary>
    public async Task<List<ErasureRequest>> PendingAsync(AwsCalls calls, CancellationToken cancellationToken)
    {
        var requests = new List<ErasureRequest>();
        foreach (var name in await store.ListAsync(Pending, null, calls, cancellationToken))
        {
            if (await store.ReadAsync(name, ErasureJson.Default.ErasureRequest, calls, cancellationToken) is { } found)
            {
                requests.Add(found.Value);
            }
        }

        return requests;
    }

    /// <summary>Writes one as it is now.</summary>
    public async Task WriteAsync(ErasureRequest request, AwsCalls calls, CancellationToken cancellationToken)
    {
        var folder = request.CompletedAt is null ? Pending : Complete;
        await store.WriteAsync($"{folder}{request.Id}.json", request, ErasureJson.Default.ErasureRequest, calls, cancellationToken);
        if (request.CompletedAt is not null)
        {
            await store.DeleteAsync($"{Pending}{request.Id}.json", calls, cancellationToken);
        }
    }
}
