using System.Globalization;

namespace Catalog.Worker.Tests.Ledger;

/// <summary>
/// The jobs' questions without a memory, each over everything that it is about: what an answer must be equal to, and what
/// reading each hour once is measured against.
/// </summary>
internal static class WholeReads
{
    private const string Unique = """
        SELECT
          *,
          row_number() OVER (PARTITION BY beacon_id, beacon_seq ORDER BY received_at) AS _occurrence,
          rank() OVER (PARTITION BY beacon_id, event_name, element_at(params, 'since') ORDER BY beacon_seq DESC) AS _told
        """;

    /// <summary>The accounts of all that arrived since a day: hour, beacon, first and last number, delivered, received, accepted, dropped.</summary>
    public static string Accounts(DateTimeOffset since) => $"""
        SELECT
          date_trunc('hour', received_at), beacon_id, min(beacon_seq), max(beacon_seq), count(DISTINCT beacon_seq),
          coalesce(sum({Count("received")}), 0), coalesce(sum({Count("accepted")}), 0), coalesce(sum({Count("dropped")}), 0)
        FROM ({Unique} {From(since)}) WHERE _occurrence = 1
        GROUP BY 1, 2 ORDER BY 1, 2
        """;

    /// <summary>The numbers that are missing between two that arrived since a day: hour, beacon, from, to.</summary>
    public static string Gaps(DateTimeOffset since) => $"""
        SELECT date_trunc('hour', received_at), beacon_id, _before + 1, beacon_seq - 1
        FROM (
          SELECT *, lag(beacon_seq) OVER (PARTITION BY beacon_id ORDER BY beacon_seq) AS _before
          FROM ({Unique} {From(since)}) WHERE _occurrence = 1
        )
        WHERE beacon_seq > _before + 1 ORDER BY 2, 3
        """;

    /// <summary>What each beacon said last since a day.</summary>
    public static string LastWords(DateTimeOffset since) => $"""
        SELECT beacon_id, max(received_at), max_by(element_at(params, 'oldest_undelivered'), received_at), max_by(element_at(params, 'last'), received_at)
        {From(since)} AND event_name = 'ledger' AND params IS NOT NULL
        GROUP BY 1
        """;

    /// <summary>The traffic of some hours.</summary>
    public static string[] Traffic(IEnumerable<DateTimeOffset> hours)
    {
        var chosen = string.Join(" OR ", hours.Select(hour => string.Create(CultureInfo.InvariantCulture, $"(year = '{hour:yyyy}' AND month = '{hour:MM}' AND day = '{hour:dd}' AND hour = '{hour:HH}')")));
        return
        [
            $"SELECT year, month, day, hour, count(*), count_if(is_bot) FROM events WHERE {chosen} GROUP BY year, month, day, hour",
            $"SELECT year, month, day, hour, coalesce(sum(received), 0), coalesce(sum(dropped), 0) FROM ledger WHERE {chosen} GROUP BY year, month, day, hour",
        ];
    }

    private static string From(DateTimeOffset since)
        => string.Create(CultureInfo.InvariantCulture, $"FROM tp_events WHERE (year > '{since:yyyy}' OR (year = '{since:yyyy}' AND (month > '{since:MM}' OR (month = '{since:MM}' AND day >= '{since:dd}')))) AND beacon_id IS NOT NULL AND beacon_seq IS NOT NULL");

    private static string Count(string key)
        => $"CASE WHEN event_name = 'ledger' AND (element_at(params, 'since') IS NULL OR _told = 1) THEN TRY_CAST(element_at(params, '{key}') AS bigint) END";
}
