using System.Globalization;
using Amazon.Glue.Model;
using Catalog.Worker.Athena;
using Catalog.Worker.Partitions;
using Pixel.Events;
using Pixel.Events.Lake;

namespace Catalog.Worker.Ledger;

/// <summary>Asks the lake which numbers of beacons are in some hours of arrival, and what beacons say of themselves there.</summary>
internal sealed class LedgerAccounts(AthenaStatements athena)
{
    // Control characters, which no parameter has: a beacon writes them itself.
    private const char BetweenEvents = '\u001e', BetweenValues = '\u001f';

    private const string Instant = "%Y-%m-%d %H:%i:%s.%f";

    private static readonly string Told = string.Join(
        ", ",
        [
            "CAST(beacon_seq AS varchar)", $"date_format(received_at, '{Instant}')",
            .. new[] { LedgerEvent.Since, LedgerEvent.Received, LedgerEvent.Accepted, LedgerEvent.Dropped, LedgerEvent.OldestUndelivered, LedgerEvent.Last }
                .Select(key => $"coalesce(element_at(params, '{key}'), '')"),
        ]);

    /// <summary>
    /// Reads hours, all of them in one statement, each column once: Athena bills at least 10 MB a statement, and a table as often as it is named.
    /// </summary>
    /// <returns>What is in each of them.</returns>
    /// <exception cref="Jobs.JobException">Athena could not.</exception>
    public async Task<List<HourSummary>> ReadAsync(Table events, IReadOnlyList<HourSource> hours, AwsCalls calls, CancellationToken cancellationToken)
    {
        var rows = await athena.QueryAsync(Sql(events, hours), calls, cancellationToken);
        var parts = rows.ToLookup(
            row => LakePartition.TryParse([row[0]!, row[1]!, row[2]!, row[3]!], out var hour) ? hour.Start : throw new FormatException($"{row[0]}/{row[1]}/{row[2]}/{row[3]} is no hour."),
            row => new BeaconPart(row[4]!, At(row[5]!, "yyyy-MM-dd HH"), row[6]!, row[7]));
        return [.. hours.Select(h => new HourSummary(h.Hour.Start, h.Fingerprint, [.. parts[h.Hour.Start].OrderBy(p => p.BeaconId, StringComparer.Ordinal).ThenBy(p => p.Received)]))];
    }

    /// <summary>The ledger events of a part.</summary>
    public static IEnumerable<LedgerTold> ToldIn(BeaconPart part)
        => (part.Told ?? "").Split(BetweenEvents, StringSplitOptions.RemoveEmptyEntries).Select(text => text.Split(BetweenValues)).Select(values => new LedgerTold(
            long.Parse(values[0], CultureInfo.InvariantCulture),
            At(values[1], "yyyy-MM-dd HH:mm:ss.ffffff"),
            values[2].Length == 0 ? null : values[2],
            Count(values[3]),
            Count(values[4]),
            Count(values[5]),
            values[6].Length == 0 ? null : At(values[6], "yyyy-MM-dd'T'HH:mm:ss.fff'Z'"),
            values[7] == "true"));

    // From the inside: of a number that is there twice one row; neighbours; runs of them; all of a beacon's.
    private static string Sql(Table events, IEnumerable<HourSource> hours) => $"""
        SELECT
          year, month, day, hour, beacon_id, date_format(_received, '%Y-%m-%d %H'),
          array_join(array_agg(_first || '-' || _last), ','), array_join(array_agg(_told) FILTER (WHERE _told IS NOT NULL), chr({(int)BetweenEvents}))
        FROM (
          SELECT
            year, month, day, hour, beacon_id, _received, CAST(min(beacon_seq) AS varchar) AS _first, CAST(max(beacon_seq) AS varchar) AS _last,
            array_join(array_agg(_tells) FILTER (WHERE _tells IS NOT NULL), chr({(int)BetweenEvents})) AS _told
          FROM (
            SELECT *, beacon_seq - row_number() OVER (PARTITION BY year, month, day, hour, beacon_id, _received ORDER BY beacon_seq) AS _run
            FROM (
              SELECT
                year, month, day, hour, beacon_id, beacon_seq, date_trunc('hour', received_at) AS _received,
                CASE WHEN event_name = '{LedgerEvent.Name}' AND params IS NOT NULL THEN concat_ws(chr({(int)BetweenValues}), {Told}) END AS _tells,
                row_number() OVER (PARTITION BY year, month, day, hour, beacon_id, beacon_seq ORDER BY received_at) AS _occurrence
              FROM {SqlText.Name(events.Name)}
              WHERE ({string.Join(" OR ", hours.Select(h => h.Condition))}) AND beacon_id IS NOT NULL AND beacon_seq IS NOT NULL
            )
            WHERE _occurrence = 1
          )
          GROUP BY year, month, day, hour, beacon_id, _received, _run
        )
        GROUP BY year, month, day, hour, beacon_id, _received
        """;

    private static long Count(string text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var count) ? count : 0;

    private static DateTimeOffset At(string text, string format) => DateTimeOffset.ParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
