using System.Globalization;
using System.Text.Json.Serialization;
using Catalog.Worker.State;

namespace Catalog.Worker.Ledger;

// Invariants
//   1. A summary is what Athena found in one hour of arrival, and says of which fingerprint (HourSources). With another one
//      it counts for nothing and the hour is read again: so a page may be old, of a run that lost its lock, or gone.
//   2. A page is written after the statement that read its hours, and before anything is derived that others see. A run that is cut
//      short leaves what it has read to the next.
//   3. Pages of days that the ledger does not look at any more are removed.

/// <summary>What the ledger remembers of the lake: a page for each day of arrival, the documents <c>catalog/ledger/{day}.json</c>.</summary>
internal sealed class LedgerPages(StateStore store)
{
    private const string Folder = "ledger/";

    /// <summary>What was found in the hours of a day when they were read last, by hour.</summary>
    public async Task<Dictionary<DateTimeOffset, HourSummary>> ReadAsync(DateTimeOffset day, AwsCalls calls, CancellationToken cancellationToken)
        => (await store.ReadAsync(Name(day), LedgerPageJson.Default.LedgerPage, calls, cancellationToken))?.Value.Hours.ToDictionary(h => h.Hour) ?? [];

    /// <summary>Replaces a day's page.</summary>
    public Task WriteAsync(DateTimeOffset day, IEnumerable<HourSummary> hours, long fence, AwsCalls calls, CancellationToken cancellationToken)
        => store.WriteAsync(Name(day), new([.. hours.OrderBy(h => h.Hour)], fence), LedgerPageJson.Default.LedgerPage, calls, cancellationToken);

    /// <summary>Removes the pages of the days before one.</summary>
    public async Task RemoveBeforeAsync(DateTimeOffset day, AwsCalls calls, CancellationToken cancellationToken)
    {
        foreach (var name in await store.ListAsync(Folder, Name(day), calls, cancellationToken))
        {
            await store.DeleteAsync(name, calls, cancellationToken);
        }
    }

    private static string Name(DateTimeOffset day) => $"{Folder}{day.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}.json";
}

/// <summary>What beacons' numbers and counts an hour of arrival holds.</summary>
/// <param name="Hour">The hour, UTC.</param>
/// <param name="Source">The fingerprint of what was read.</param>
/// <param name="Parts">A part for each beacon process and hour of receipt.</param>
internal sealed record HourSummary(DateTimeOffset Hour, string Source, IReadOnlyList<BeaconPart> Parts);

/// <summary>What of one beacon process and one hour of receipt is in one hour of arrival.</summary>
/// <param name="BeaconId">The process.</param>
/// <param name="Received">The hour of <c>received_at</c>, UTC.</param>
/// <param name="Numbers">The numbers, as runs: <c>1-40,42-42</c>, in any order.</param>
/// <param name="Told">The ledger events among them, as <see cref="LedgerAccounts"/> writes them; null when there is none.</param>
internal sealed record BeaconPart(string BeaconId, DateTimeOffset Received, string Numbers, string? Told);

/// <summary>The document.</summary>
/// <param name="Hours">The hours of a day.</param>
/// <param name="Fence">The fencing token of the run that wrote it.</param>
internal sealed record LedgerPage(IReadOnlyList<HourSummary> Hours, long Fence);

[JsonSerializable(typeof(LedgerPage))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class LedgerPageJson : JsonSerializerContext;
