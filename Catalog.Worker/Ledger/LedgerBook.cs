using System.Globalization;

namespace Catalog.Worker.Ledger;

/// <summary>A beacon process in an hour of receipt.</summary>
/// <param name="Hour">The hour of <c>received_at</c>, UTC.</param>
/// <param name="BeaconId">The process.</param>
/// <param name="FirstSeq">Its first number that is there.</param>
/// <param name="LastSeq">Its last number that is there.</param>
/// <param name="Delivered">How many different numbers are there.</param>
/// <param name="Received">What it counted.</param>
/// <param name="Accepted">What it counted.</param>
/// <param name="Dropped">What it counted.</param>
internal sealed record LedgerAccount(DateTimeOffset Hour, string BeaconId, long FirstSeq, long LastSeq, long Delivered, long Received, long Accepted, long Dropped);

/// <summary>A run of numbers that are not there, and the receipt of the next one that is.</summary>
internal sealed record LedgerGap(string BeaconId, DateTimeOffset Hour, long From, long To);

/// <summary>A ledger event.</summary>
/// <param name="Seq">Its number.</param>
/// <param name="At">When.</param>
/// <param name="Since">Since when its counts are, as it wrote it; null when it did not.</param>
/// <param name="Received">What was counted.</param>
/// <param name="Accepted">What was counted.</param>
/// <param name="Dropped">What was counted.</param>
/// <param name="OldestUndelivered">Since when the beacon's oldest undelivered event waited then; null when there was none.</param>
/// <param name="IsLast">Whether the beacon stopped then.</param>
internal sealed record LedgerTold(long Seq, DateTimeOffset At, string? Since, long Received, long Accepted, long Dropped, DateTimeOffset? OldestUndelivered, bool IsLast);

/// <summary>What a beacon said last.</summary>
/// <param name="BeaconId">The process.</param>
/// <param name="At">When.</param>
/// <param name="OldestUndelivered">Since when its oldest undelivered event waited then; null when there was none.</param>
/// <param name="IsLast">Whether it stopped then.</param>
internal sealed record LastWord(string BeaconId, DateTimeOffset At, DateTimeOffset? OldestUndelivered, bool IsLast);

/// <summary>
/// The accounts of all beacons over hours of arrival, put together from what is in each. Pure.
/// </summary>
/// <remarks>
/// A number that arrived in several hours counts once, and so do counts that a beacon told again: it does that when it does
/// not learn that they have arrived, with what came since, so of those since one instant the last ones count. A number's
/// repetitions are one event's and so of one hour of receipt.
/// </remarks>
internal sealed class LedgerBook
{
    private LedgerBook(IReadOnlyList<LedgerAccount> accounts, IReadOnlyList<LedgerGap> gaps, IReadOnlyList<LastWord> lastWords)
        => (Accounts, Gaps, LastWords) = (accounts, gaps, lastWords);

    /// <summary>By hour and beacon.</summary>
    public IReadOnlyList<LedgerAccount> Accounts { get; }

    /// <summary>By beacon and number.</summary>
    public IReadOnlyList<LedgerGap> Gaps { get; }

    /// <summary>By beacon; of those that said something.</summary>
    public IReadOnlyList<LastWord> LastWords { get; }

    /// <summary>Puts the parts of hours together.</summary>
    public static LedgerBook Of(IEnumerable<BeaconPart> parts)
    {
        var (accounts, gaps, words) = (new List<LedgerAccount>(), new List<LedgerGap>(), new List<LastWord>());
        foreach (var beacon in parts.GroupBy(p => p.BeaconId).OrderBy(b => b.Key, StringComparer.Ordinal))
        {
            var hours = Numbers(beacon, gaps);
            Tell(beacon, hours, words);
            accounts.AddRange(hours.Values);
        }

        return new([.. accounts.OrderBy(a => a.Hour).ThenBy(a => a.BeaconId, StringComparer.Ordinal)], gaps, words);
    }

    // In the order of numbers, each once; what lies between one and the next that is there is missing.
    private static Dictionary<DateTimeOffset, LedgerAccount> Numbers(IGrouping<string, BeaconPart> beacon, List<LedgerGap> gaps)
    {
        var hours = new Dictionary<DateTimeOffset, LedgerAccount>();
        long? upTo = null;
        foreach (var (first, last, hour) in beacon.SelectMany(RunsOf).OrderBy(r => r.First).ThenBy(r => r.Hour))
        {
            if (last <= upTo)
            {
                continue;
            }

            var from = first <= upTo ? upTo.Value + 1 : first;
            if (upTo is { } before && from > before + 1)
            {
                gaps.Add(new(beacon.Key, hour, before + 1, from - 1));
            }

            hours[hour] = hours.TryGetValue(hour, out var account)
                ? account with { LastSeq = last, Delivered = account.Delivered + last - from + 1 }
                : new(hour, beacon.Key, from, last, last - from + 1, 0, 0, 0);
            upTo = last;
        }

        return hours;
    }

    private static void Tell(IGrouping<string, BeaconPart> beacon, Dictionary<DateTimeOffset, LedgerAccount> hours, List<LastWord> words)
    {
        var told = beacon.SelectMany(p => LedgerAccounts.ToldIn(p).Select(t => (Told: t, Hour: p.Received))).OrderBy(t => t.Told.Seq).ThenBy(t => t.Told.At).DistinctBy(t => t.Told.Seq).ToList();
        if (told.Count == 0)
        {
            return;
        }

        foreach (var (counts, hour) in told.Where(t => t.Told.Since is null).Concat(told.Where(t => t.Told.Since is not null).GroupBy(t => t.Told.Since).Select(again => again.Last())))
        {
            if (hours.TryGetValue(hour, out var account))
            {
                hours[hour] = account with { Received = account.Received + counts.Received, Accepted = account.Accepted + counts.Accepted, Dropped = account.Dropped + counts.Dropped };
            }
        }

        var last = told.MaxBy(t => (t.Told.At, t.Told.Seq)).Told;
        words.Add(new(beacon.Key, last.At, last.OldestUndelivered, last.IsLast));
    }

    private static IEnumerable<(long First, long Last, DateTimeOffset Hour)> RunsOf(BeaconPart part)
        => part.Numbers.Split(',').Select(run => run.Split('-')).Select(run => (long.Parse(run[0], CultureInfo.InvariantCulture), long.Parse(run[1], CultureInfo.InvariantCulture), part.Received));
}
