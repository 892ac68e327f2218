using System.Globalization;
using System.Text.Json.Serialization;
using Catalog.Worker.Jobs;
using Catalog.Worker.LateWindow;
using Catalog.Worker.Partitions;
using Catalog.Worker.State;

namespace Catalog.Worker.Ledger;

/// <summary>
/// Proves that what beacons accepted is in the lake, or names what is not: numbers of a beacon's sequence that are missing
/// between two that are there. Hours are those of receipt; a verdict is provisional until the late window has passed, then
/// final. It also leaves word, for all jobs, of beacons that hold events older than the window.
/// </summary>
/// <remarks>
/// Looked at is what arrived since the window's beginning, and a day more: so a number that arrived just before it does not
/// seem to be missing. A gap at the very beginning or end of what a process wrote cannot be seen: nobody knows its last
/// number before its last ledger event is there, or its first event was 1.
/// </remarks>
internal sealed class LedgerJob(
    LedgerAccounts accounts, LedgerHoursTable table, LedgerMetrics metrics, PartitionTable partitions, LateWindowStart window, StateStore store) : IJob
{
    public const string JobName = "ledger";

    private const string StateName = "ledger.json";

    // A note for each gap would hide the others.
    private const int MostNotes = 10;

    public string Name => JobName;

    public async Task<JobResult> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        var calls = new AwsCalls();
        var state = await store.ReadAsync(StateName, LedgerJson.Default.LedgerState, calls, cancellationToken);
        var windowStart = await window.ReadAsync(context.StartedAt, calls, cancellationToken);
        var events = await partitions.GetAsync(calls, cancellationToken);
        var firstOpen = Hours.Earlier(state?.Value.FinalBefore ?? windowStart.AddDays(-1), windowStart);
        var from = firstOpen.AddDays(-1);

        var hours = await accounts.AccountsAsync(events, from, calls, cancellationToken);
        var gaps = await accounts.GapsAsync(events, from, calls, cancellationToken);
        var words = await accounts.LastWordsAsync(events, from, calls, cancellationToken);
        var holding = words.Where(w => !w.IsLast && window.IsOlder(w.OldestUndelivered, context.StartedAt)).ToList();
        var rows = hours.Where(h => h.Hour >= firstOpen).Select(h => Row(h, gaps, windowStart, context.StartedAt)).ToList();
        var missing = rows.Where(r => r.Verdict == "final").Sum(r => r.Missing);

        if (!context.DryRun)
        {
            // Whole days: what was final before in the first of them is found again.
            foreach (var day in hours.Where(h => h.Hour >= Hours.Day(firstOpen)).GroupBy(h => Hours.Day(h.Hour)))
            {
                await table.WriteAsync(day.Key, day.Select(h => Row(h, gaps, windowStart, context.StartedAt)), calls, cancellationToken);
            }

            await window.WriteAsync(holding.Min(w => w.OldestUndelivered), context.Fence, calls, cancellationToken);
            await store.SaveAsync(StateName, new(windowStart, context.Fence), state?.ETag, LedgerJson.Default.LedgerState, calls, cancellationToken);
            metrics.Found(missing, holding.Count);
        }

        return JobResult.Of(
            new("hours", rows.Count),
            new("beacons", rows.Select(r => r.BeaconId).Distinct().Count()),
            new("delivered", rows.Sum(r => r.Delivered)),
            new("final", rows.Count(r => r.Verdict == "final")),
            new("missing", missing),
            new("provisionallyMissing", rows.Where(r => r.Verdict != "final").Sum(r => r.Missing)),
            new("awsCalls", calls.Made)) with { Notes = Notes(rows, holding) };
    }

    private static List<string> Notes(List<LedgerHour> rows, List<LedgerAccounts.LastWord> holding)
        =>
        [
            .. rows.Where(r => r.Verdict == "final" && r.Missing > 0).Take(MostNotes)
                .Select(r => $"Of beacon {r.BeaconId}, {r.Missing} events that it accepted before or in the hour of {r.Hour} are not in the lake: numbers {r.Gaps}."),
            .. holding.Take(MostNotes).Select(w => string.Create(
                CultureInfo.InvariantCulture, $"Beacon {w.BeaconId} was last heard of at {w.At:yyyy-MM-dd HH:mm} and held events since {w.OldestUndelivered:yyyy-MM-dd HH:mm} (UTC); the late window goes back to them.")),
        ];

    private static LedgerHour Row(LedgerAccounts.Account account, List<LedgerAccounts.Gap> gaps, DateTimeOffset windowStart, DateTimeOffset now)
    {
        var own = gaps.Where(g => g.BeaconId == account.BeaconId && g.Hour == account.Hour).ToList();
        return new(
            Hours.Text(account.Hour), account.BeaconId, account.FirstSeq, account.LastSeq, account.Delivered, account.Received, account.Accepted, account.Dropped,
            own.Sum(g => g.To - g.From + 1),
            own.Count == 0 ? null : string.Join(',', own.Select(g => g.From == g.To ? $"{g.From}" : $"{g.From}-{g.To}")),
            account.Hour.AddHours(1) <= windowStart ? "final" : "provisional",
            Hours.Text(now));
    }
}

/// <summary>How far the ledger has come: the document <c>catalog/ledger.json</c>.</summary>
/// <param name="FinalBefore">Verdicts of hours before this one are final and written.</param>
/// <param name="Fence">The fencing token of the run that wrote this.</param>
internal sealed record LedgerState(DateTimeOffset FinalBefore, long Fence = 0);

[JsonSerializable(typeof(LedgerState))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class LedgerJson : JsonSerializerContext;
