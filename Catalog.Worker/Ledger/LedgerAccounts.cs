using System.Globalization;
using Amazon.Glue.Model;
using Catalog.Worker.Athena;
using Catalog.Worker.Partitions;
using Pixel.Events;

namespace Catalog.Worker.Ledger;

/// <summary>Asks the lake what beacons say of themselves and what is there of them.</summary>
internal sealed class LedgerAccounts(AthenaStatements athena)
{
    /// <summary>A beacon process in an hour of receipt.</summary>
    /// <param name="Hour">The hour of <c>received_at</c>, UTC.</param>
    /// <param name="BeaconId">The process.</param>
    /// <param name="FirstSeq">Its first number that is there.</param>
    /// <param name="LastSeq">Its last number that is there.</param>
    /// <param name="Delivered">How many different numbers are there.</param>
    /// <param name="Received">What it counted.</param>
    /// <param name="Accepted">What it counted.</param>
    /// <param name="Dropped">What it counted.</param>
    public sealed record Account(DateTimeOffset Hour, string BeaconId, long FirstSeq, long LastSeq, long Delivered, long Received, long Accepted, long Dropped);

    /// <summary>What a beacon said last.</summary>
    /// <param name="BeaconId">The process.</param>
    /// <param name="At">When.</param>
    /// <param name="OldestUndelivered">Since when its oldest undelivered event waited then; null when there was none.</param>
    /// <param name="IsLast">Whether it stopped then.</param>
    public sealed record LastWord(string BeaconId, DateTimeOffset At, DateTimeOffset? OldestUndelivered, bool IsLast);

    /// <summary>A run of numbers that are not there, and the receipt of the next one that is.</summary>
    public sealed record Gap(string BeaconId, DateTimeOffset Hour, long From, long To);

    // A beacon that does not learn that its counts have arrived tells them again, with what came since: the last ones count.
    private const string Unique = $"""
        SELECT
          *,
          row_number() OVER (PARTITION BY beacon_id, beacon_seq ORDER BY received_at) AS _occurrence,
          rank() OVER (PARTITION BY beacon_id, event_name, element_at(params, '{LedgerEvent.Since}') ORDER BY beacon_seq DESC) AS _told
        """;

    /// <summary>The accounts of everything that arrived since an hour.</summary>
    public async Task<List<Account>> AccountsAsync(Table events, DateTimeOffset from, AwsCalls calls, CancellationToken cancellationToken)
        => [.. (await athena.QueryAsync(
            $"""
            SELECT
              date_format(date_trunc('hour', received_at), '%Y-%m-%d %H'), beacon_id, min(beacon_seq), max(beacon_seq), count(DISTINCT beacon_seq),
              coalesce(sum({Count(LedgerEvent.Received)}), 0), coalesce(sum({Count(LedgerEvent.Accepted)}), 0), coalesce(sum({Count(LedgerEvent.Dropped)}), 0)
            FROM ({Unique} {From(events, from)}) WHERE _occurrence = 1
            GROUP BY 1, 2 ORDER BY 1, 2
            """,
            calls, cancellationToken))
            .Select(r => new Account(Hour(r[0]!), r[1]!, Number(r[2]), Number(r[3]), Number(r[4]), Number(r[5]), Number(r[6]), Number(r[7])))];

    /// <summary>The numbers that are missing between two that arrived since an hour.</summary>
    public async Task<List<Gap>> GapsAsync(Table events, DateTimeOffset from, AwsCalls calls, CancellationToken cancellationToken)
        => [.. (await athena.QueryAsync(
            $"""
            SELECT beacon_id, date_format(date_trunc('hour', received_at), '%Y-%m-%d %H'), _before + 1, beacon_seq - 1
            FROM (
              SELECT *, lag(beacon_seq) OVER (PARTITION BY beacon_id ORDER BY beacon_seq) AS _before
              FROM ({Unique} {From(events, from)}) WHERE _occurrence = 1
            )
            WHERE beacon_seq > _before + 1 ORDER BY 1, 3
            """,
            calls, cancellationToken))
            .Select(r => new Gap(r[0]!, Hour(r[1]!), Number(r[2]), Number(r[3])))];

    /// <summary>What each beacon that said something since an hour said last.</summary>
    public async Task<List<LastWord>> LastWordsAsync(Table events, DateTimeOffset from, AwsCalls calls, CancellationToken cancellationToken)
        => [.. (await athena.QueryAsync(
            $"""
            SELECT
              beacon_id, date_format(max(received_at), '%Y-%m-%d %H:%i:%s'),
              max_by(element_at(params, '{LedgerEvent.OldestUndelivered}'), received_at), max_by(element_at(params, '{LedgerEvent.Last}'), received_at)
            {From(events, from)} AND event_name = '{LedgerEvent.Name}' AND params IS NOT NULL
            GROUP BY 1
            """,
            calls, cancellationToken))
            .Select(r => new LastWord(r[0]!, Instant(r[1]!, "yyyy-MM-dd HH:mm:ss"), r[2] is { } oldest ? Instant(oldest, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'") : null, r[3] == "true"))];

    private static string From(Table events, DateTimeOffset from)
        => $"FROM {SqlText.Name(events.Name)} WHERE ({PartitionValues.SinceDay(events.PartitionKeys, from)}) AND beacon_id IS NOT NULL AND beacon_seq IS NOT NULL";

    private static string Count(string key)
        => $"CASE WHEN event_name = '{LedgerEvent.Name}' AND (element_at(params, '{LedgerEvent.Since}') IS NULL OR _told = 1) THEN TRY_CAST(element_at(params, '{key}') AS bigint) END";

    private static long Number(string? text) => long.Parse(text!, CultureInfo.InvariantCulture);

    private static DateTimeOffset Hour(string text) => Instant(text, "yyyy-MM-dd HH");

    private static DateTimeOffset Instant(string text, string format) => DateTimeOffset.ParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
