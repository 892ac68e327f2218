using System.Text.Json.Serialization;
using Catalog.Worker.State;
using Microsoft.Extensions.Options;

namespace Catalog.Worker.LateWindow;

/// <summary>
/// Where the late window begins: what lies before is closed. It is <see cref="LateWindowOptions.LateWindow"/> ago, or
/// earlier when a beacon still holds older events: the ledger's job leaves word of that in <c>catalog/late-window.json</c>.
/// </summary>
internal sealed class LateWindowStart(StateStore store, IOptions<LateWindowOptions> options)
{
    private const string Name = "late-window.json";

    /// <summary>The longest time that a beacon which says nothing any more holds the window open.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(90);

    /// <summary>The beginning of the window, at a full hour, UTC. One call.</summary>
    public async Task<DateTimeOffset> ReadAsync(DateTimeOffset now, AwsCalls calls, CancellationToken cancellationToken)
    {
        var kept = await store.ReadAsync(Name, LateWindowJson.Default.LateWindowState, calls, cancellationToken);
        return Of(now, kept?.Value.OldestUndelivered);
    }

    /// <summary>Whether an event that a beacon still holds makes the window longer than it is by itself.</summary>
    public bool IsOlder(DateTimeOffset? oldestUndelivered, DateTimeOffset now) => oldestUndelivered < now - options.Value.LateWindow;

    /// <summary>Leaves word of the oldest event that some beacon still holds; null: of none.</summary>
    public Task WriteAsync(DateTimeOffset? oldestUndelivered, long fence, AwsCalls calls, CancellationToken cancellationToken)
        => store.WriteAsync(Name, new(oldestUndelivered, fence), LateWindowJson.Default.LateWindowState, calls, cancellationToken);

    private DateTimeOffset Of(DateTimeOffset now, DateTimeOffset? oldestUndelivered)
    {
        var start = now - options.Value.LateWindow;
        if (IsOlder(oldestUndelivered, now))
        {
            var limit = now - Longest;
            start = oldestUndelivered!.Value > limit ? oldestUndelivered.Value : limit;
        }

        return Hours.Floor(start);
    }
}

/// <summary>The document <c>catalog/late-window.json</c>.</summary>
/// <param name="OldestUndelivered">When the oldest event that a beacon still holds was received, UTC.</param>
/// <param name="Fence">The fencing token of the run that wrote it.</param>
internal sealed record LateWindowState(DateTimeOffset? OldestUndelivered, long Fence);

[JsonSerializable(typeof(LateWindowState))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class LateWindowJson : JsonSerializerContext;
