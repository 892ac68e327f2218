using System.Globalization;
using Amazon.Glue.Model;
using Catalog.Worker.Athena;
using Catalog.Worker.Partitions;
using Pixel.Events;
using Pixel.Events.Lake;

namespace Catalog.Worker.Compaction;

/// <summary>The statements of a rewriting of one hour.</summary>
/// <param name="events">The events table.</param>
/// <param name="inputs">The name of the table of inputs.</param>
/// <param name="hour">The hour.</param>
/// <param name="keep">What holds of the events that stay, as a condition in SQL; null: all stay.</param>
/// <param name="keepNumbers">Whether the numbers of events that do not stay are kept.</param>
/// <remarks>
/// Duplicates. Of events with one id the hour keeps one, and none when the hour before has it. Only the hour before is
/// asked, never the one after: the earliest hour that has an event never gives it up, in whatever order hours are
/// rewritten and whoever does it at the same time. Events without an id are somebody else's and all stay.
/// Numbers. A beacon numbers what it accepts, and a number that is nowhere is a lost event to the ledger. So of an event
/// that was taken out on purpose a row may stay: a ledger event without counters and without an id, that has the beacon's
/// id, the number and the hour of receipt, and nothing of the event itself.
/// </remarks>
internal sealed class RewriteSql(Table events, string inputs, LakePartition hour, string? keep, bool keepNumbers = false)
{
    private const string EventId = "event_id";
    private const string Number = "beacon_seq";

    // The order of the rows in the files, as far as the table has the columns: what queries choose by.
    private static readonly string[] Order = ["third_party", "received_at"];

    // What is left of an event that was taken out.
    private static readonly Dictionary<string, string> Left = new(StringComparer.Ordinal)
    {
        ["beacon_id"] = "beacon_id",
        [Number] = Number,
        ["event_name"] = $"'{LedgerEvent.Name}'",
        ["received_at"] = "date_trunc('hour', received_at)",
    };

    private string[] Columns => [.. events.StorageDescriptor.Columns.Select(c => c.Name)];

    private string Stays => keep is null ? "true" : $"({keep})";

    private bool KeepsNumbers => keep is not null && keepNumbers && Left.Keys.All(Columns.Contains);

    private string NotInTheHourBefore
        => $"""
            ({EventId} IS NULL OR {EventId} NOT IN (
              SELECT {EventId} FROM {SqlText.Name(events.Name)}
              WHERE {PartitionValues.Is(events.PartitionKeys, LakePartition.Of(hour.Start.AddHours(-1)))} AND {EventId} IS NOT NULL))
            """;

    /// <summary>Writes the hour to a new place.</summary>
    /// <param name="version">The inputs' version.</param>
    /// <param name="location">The place, which must be empty.</param>
    /// <param name="slices">Into how many slices of time, each a folder, since a statement cannot say how large its files become.</param>
    public string Unload(string version, string location, int slices)
    {
        var columns = string.Join(", ", Columns.Select(SqlText.Name));
        var slice = slices == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $",\n    coalesce(CAST(minute(received_at) * {slices} / 60 AS integer), 0) AS slice");
        var order = Order.Intersect(Columns).ToList();
        return $"""
            UNLOAD (
              SELECT {columns}{slice}
              FROM (
                SELECT {columns}, row_number() OVER (PARTITION BY {EventId} ORDER BY received_at) AS _occurrence
                FROM {Staying(version)}
              )
              WHERE (_occurrence = 1 OR {EventId} IS NULL) AND {NotInTheHourBefore}
              {(order.Count == 0 ? "" : $"ORDER BY {string.Join(", ", order)}")}
            )
            TO '{location}'
            WITH (format = 'PARQUET', compression = 'SNAPPY'{(slices == 1 ? "" : ", partitioned_by = ARRAY['slice']")})
            """;
    }

    /// <summary>The events of the inputs that stay, with their repetitions.</summary>
    private string Staying(string version)
    {
        var columns = string.Join(", ", Columns.Select(SqlText.Name));
        if (!KeepsNumbers)
        {
            return $"(SELECT {columns} FROM {SqlText.Name(inputs)} WHERE version = '{version}' AND {Stays})";
        }

        var left = Columns.Select(c => $"CASE WHEN _stays THEN {SqlText.Name(c)} {(Left.TryGetValue(c, out var value) ? $"ELSE {value} " : "")}END AS {SqlText.Name(c)}");
        return $"""
            (
              SELECT {string.Join(", ", left)}
              FROM (SELECT *, {Stays} AS _stays FROM {SqlText.Name(inputs)} WHERE version = '{version}')
              WHERE _stays OR {Number} IS NOT NULL
            )
            """;
    }

    /// <summary>
    /// Counts events, ids and events without an id: of all that went in, of what of that was to stay, of what of that is not
    /// in the hour before, and of what came out.
    /// </summary>
    public string Compare(string version, string outputVersion) => $"""
        SELECT 'all', count(*), count(DISTINCT {EventId}), count_if({EventId} IS NULL)
        FROM {SqlText.Name(inputs)} WHERE version = '{version}'
        UNION ALL
        SELECT 'stays', count(*), 0, 0
        FROM {SqlText.Name(inputs)} WHERE version = '{version}' AND {Stays}
        UNION ALL
        SELECT 'in', count(*), count(DISTINCT {EventId}), count_if({EventId} IS NULL)
        FROM {Staying(version)} WHERE {NotInTheHourBefore}
        UNION ALL
        SELECT 'out', count(*), count(DISTINCT {EventId}), count_if({EventId} IS NULL)
        FROM {SqlText.Name(inputs)} WHERE version = '{outputVersion}'
        """;

    /// <summary>How many events of the hour after are in an hour, too.</summary>
    public static string SharedWithTheHourAfter(Table events, LakePartition hour)
    {
        var keys = events.PartitionKeys;
        return $"""
            SELECT count(*) FROM {SqlText.Name(events.Name)}
            WHERE {PartitionValues.Is(keys, LakePartition.Of(hour.Start.AddHours(1)))}
              AND {EventId} IN (SELECT {EventId} FROM {SqlText.Name(events.Name)} WHERE {PartitionValues.Is(keys, hour)} AND {EventId} IS NOT NULL)
            """;
    }
}
