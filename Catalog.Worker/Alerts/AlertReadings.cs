using System.Globalization;
using Amazon.Glue.Model;
using Catalog.Worker.Athena;
using Catalog.Worker.Ledger;
using Catalog.Worker.Partitions;
using Pixel.Events;
using Pixel.Events.Lake;

namespace Catalog.Worker.Alerts;

/// <summary>What was counted in an hour when it was read last.</summary>
/// <param name="Hour">The hour of arrival, UTC.</param>
/// <param name="Source">The fingerprint of what was read (<see cref="HourSources"/>).</param>
/// <param name="Traffic">The counts; null when there was no event in it.</param>
internal sealed record HourTraffic(DateTimeOffset Hour, string Source, Traffic? Traffic);

/// <summary>What beacons said last in an hour when it was read last.</summary>
/// <param name="Hour">The hour of arrival, UTC.</param>
/// <param name="Source">The fingerprint of what was read.</param>
/// <param name="Words">A word for each beacon that said something.</param>
internal sealed record HourWords(DateTimeOffset Hour, string Source, IReadOnlyList<LastWord> Words);

/// <summary>Reads hours for the rules, in one statement whatever is asked: Athena bills at least 10 MB for each.</summary>
internal sealed class AlertReadings(AthenaStatements athena)
{
    private const string Traffic = "traffic", Drops = "drops", Words = "words", Instant = "yyyy-MM-dd HH:mm:ss.ffffff";

    /// <summary>Counts some hours' traffic, and listens to what beacons said last in others.</summary>
    /// <exception cref="Jobs.JobException">Athena could not.</exception>
    public async Task<(List<HourTraffic> Traffic, List<HourWords> Words)> ReadAsync(
        Table events, IReadOnlyList<HourSource> traffic, IReadOnlyList<HourSource> words, AwsCalls calls, CancellationToken cancellationToken)
    {
        if (traffic.Count + words.Count == 0)
        {
            return ([], []);
        }

        var sql = string.Join("\nUNION ALL\n", [.. traffic.Count > 0 ? [EventsSql(traffic), DropsSql(traffic)] : Array.Empty<string>(), .. words.Count > 0 ? [WordsSql(events, words)] : Array.Empty<string>()]);
        var rows = (await athena.QueryAsync(sql, calls, cancellationToken)).ToLookup(
            row => (Kind: row[0]!, Hour: LakePartition.TryParse([row[1]!, row[2]!, row[3]!, row[4]!], out var hour) ? hour.Start : default),
            row => row[5..]);
        return ([.. traffic.Select(TrafficOf)], [.. words.Select(WordsOf)]);

        HourTraffic TrafficOf(HourSource source)
        {
            var (found, dropped) = (rows[(Traffic, source.Hour.Start)].SingleOrDefault(), rows[(Drops, source.Hour.Start)].SingleOrDefault());
            return new(source.Hour.Start, source.Fingerprint, found is null && dropped is null ? null : new(Number(found?[0]), Number(found?[1]), Number(dropped?[0]), Number(dropped?[1])));
        }

        HourWords WordsOf(HourSource source) => new(source.Hour.Start, source.Fingerprint, [.. rows[(Words, source.Hour.Start)].Select(r =>
            new LastWord(r[0]!, At(r[1]!, Instant), r[2] is { } oldest ? At(oldest, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'") : null, r[3] == "true"))]);
    }

    // What an event is, and what a beacon's counts are, the views say.
    private static string EventsSql(IReadOnlyList<HourSource> hours) => $"""
        SELECT '{Traffic}', year, month, day, hour, CAST(count(*) AS varchar), CAST(count_if(is_bot) AS varchar), CAST(NULL AS varchar), CAST(NULL AS varchar)
        FROM events WHERE {Any(hours)} GROUP BY year, month, day, hour
        """;

    private static string DropsSql(IReadOnlyList<HourSource> hours) => $"""
        SELECT '{Drops}', year, month, day, hour, CAST(coalesce(sum(received), 0) AS varchar), CAST(coalesce(sum(dropped), 0) AS varchar), CAST(NULL AS varchar), CAST(NULL AS varchar)
        FROM ledger WHERE {Any(hours)} GROUP BY year, month, day, hour
        """;

    private static string WordsSql(Table events, IReadOnlyList<HourSource> hours) => $"""
        SELECT
          '{Words}', year, month, day, hour, beacon_id, date_format(max(received_at), '%Y-%m-%d %H:%i:%s.%f'),
          max_by(element_at(params, '{LedgerEvent.OldestUndelivered}'), received_at), max_by(element_at(params, '{LedgerEvent.Last}'), received_at)
        FROM {SqlText.Name(events.Name)}
        WHERE ({Any(hours)}) AND event_name = '{LedgerEvent.Name}' AND params IS NOT NULL AND beacon_id IS NOT NULL AND beacon_seq IS NOT NULL
        GROUP BY year, month, day, hour, beacon_id
        """;

    private static string Any(IEnumerable<HourSource> hours) => string.Join(" OR ", hours.Select(h => h.Condition));

    private static long Number(string? text) => text is null ? 0 : long.Parse(text, CultureInfo.InvariantCulture);

    private static DateTimeOffset At(string text, string format) => DateTimeOffset.ParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
