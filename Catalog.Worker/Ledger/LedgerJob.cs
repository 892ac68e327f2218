using System.Globalization;
using System.Text.Json.Serialization;
using Amazon.Glue.Model;
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
/// seem to be missing. Of that only hours that have changed since they were read last are read (<see cref="HourSources"/>);
/// of the others <see cref="LedgerPages"/> remembers what was in them. A gap at the very beginning or end of what a process wrote cannot be seen: nobody knows its last
/// number before its last ledger event is there, or its first event was 1.
/// </remarks>
internal sealed class LedgerJob(
    LedgerAccounts accounts, LedgerPages pages, HourSources sources, LedgerHoursTable table, LedgerMetrics metrics, PartitionTable partitions, LateWindowStart window, StateStore store) : IJob
{
    public const string JobName = "ledger";

    private const string StateName = "ledger.json";

    // A note for each gap would hide the others.
    private const int MostNotes = 10;

    // A statement has 262,144 bytes at most (https://docs.aws.amazon.com/athena/latest/ug/service-limits.html), and one that names
    // this many hours has a tenth of that.
    private const int HoursPerStatement = 240;

    public string Name => JobName;

    public async Task<JobResult> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        var calls = new AwsCalls();
        var state = await store.ReadAsync(StateName, LedgerJson.Default.LedgerState, calls, cancellationToken);
        var windowStart = await window.ReadAsync(context.StartedAt, calls, cancellationToken);
        var events = await partitions.GetAsync(calls, cancellationToken);
        var firstOpen = Hours.Earlier(state?.Value.FinalBefore ?? windowStart.AddDays(-1), windowStart);
        var from = firstOpen.AddDays(-1);

        var (parts, read) = await PartsAsync(events, from, context, calls, cancellationToken);
        var book = LedgerBook.Of(parts);
        var (hours, gaps, words) = (book.Accounts, book.Gaps.ToLookup(g => (g.BeaconId, g.Hour)), book.LastWords);
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
            await pages.RemoveBeforeAsync(Hours.Day(from), calls, cancellationToken);
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
            new("hoursRead", read),
            new("awsCalls", calls.Made)) with { Notes = Notes(rows, holding) };
    }

    /// <summary>What is in the hours from the day of an instant on, and how many of them had to be read.</summary>
    private async Task<(List<BeaconPart> Parts, int Read)> PartsAsync(Table events, DateTimeOffset from, JobContext context, AwsCalls calls, CancellationToken cancellationToken)
    {
        var current = await sources.ReadAsync(events, from, context.StartedAt, calls, cancellationToken);
        var known = new Dictionary<DateTimeOffset, HourSummary>();
        foreach (var day in current.GroupBy(s => Hours.Day(s.Hour.Start)))
        {
            var page = await pages.ReadAsync(day.Key, calls, cancellationToken);
            foreach (var source in day.Where(s => page.GetValueOrDefault(s.Hour.Start)?.Source == s.Fingerprint))
            {
                known[source.Hour.Start] = page[source.Hour.Start];
            }
        }

        var changed = current.Where(s => !known.ContainsKey(s.Hour.Start)).ToList();
        foreach (var some in changed.Chunk(HoursPerStatement))
        {
            foreach (var summary in await accounts.ReadAsync(events, some, calls, cancellationToken))
            {
                known[summary.Hour] = summary;
            }

            foreach (var day in context.DryRun ? [] : some.Select(s => Hours.Day(s.Hour.Start)).Distinct())
            {
                await pages.WriteAsync(day, known.Values.Where(h => Hours.Day(h.Hour) == day), context.Fence, calls, cancellationToken);
            }
        }

        return ([.. known.Values.SelectMany(h => h.Parts)], changed.Count);
    }

    private static List<string> Notes(List<LedgerHour> rows, List<LastWord> holding)
        =>
        [
            .. rows.Where(r => r.Verdict == "final" && r.Missing > 0).Take(MostNotes)
                .Select(r => $"Of beacon {r.BeaconId}, {r.Missing} events that it accepted before or in the hour of {r.Hour} are not in the lake: numbers {r.Gaps}."),
            .. holding.Take(MostNotes).Select(w => string.Create(
                CultureInfo.InvariantCulture, $"Beacon {w.BeaconId} was last heard of at {w.At:yyyy-MM-dd HH:mm} and held events since {w.OldestUndelivered:yyyy-MM-dd HH:mm} (UTC); the late window goes back to them.")),
        ];

    private static LedgerHour Row(LedgerAccount account, ILookup<(string BeaconId, DateTimeOffset Hour), LedgerGap> gaps, DateTimeOffset windowStart, DateTimeOffset now)
    {
        var own = gaps[(account.BeaconId, account.Hour)].ToList();
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
