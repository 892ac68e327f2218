using Amazon.Glue.Model;
using Catalog.Worker.Partitions;
using Pixel.Events;
using Pixel.Events.Lake;

namespace Catalog.Worker.Rollup;

/// <summary>The statement that sums up one day.</summary>
internal static class RollupSql
{
    /// <summary>Writes the day's rows to a place that must be empty. What an event is, the view <c>events</c> says.</summary>
    /// <param name="events">The events table; a column that it does not have is null.</param>
    /// <param name="day">Any instant of the day, UTC.</param>
    /// <param name="location">The place.</param>
    public static string Unload(Table events, DateTimeOffset day, string location)
    {
        var there = events.StorageDescriptor.Columns.Select(c => c.Name).ToHashSet(StringComparer.Ordinal);
        var columns = LakeTable.DailyRollup.Columns;
        var measures = new Dictionary<string, string>
        {
            ["events"] = "count(*)",
            ["users"] = there.Contains("user_id") ? "count(DISTINCT nullif(user_id, 'unknown'))" : "CAST(0 AS bigint)",
            ["visitors"] = "count(DISTINCT visitor_id)",
            ["first_at"] = "min(received_at)",
            ["last_at"] = "max(received_at)",
        };
        var outputs = columns.Select(c => $"{measures.GetValueOrDefault(c.Name) ?? Dimension(c, there)} AS {c.Name}");
        var groups = columns.Where(c => !measures.ContainsKey(c.Name) && there.Contains(c.Name)).Select(c => c.Name).ToList();
        return $"""
            UNLOAD (
              SELECT {string.Join(", ", outputs)}
              FROM events
              WHERE {PartitionValues.IsDay(events.PartitionKeys, day)}
              {(groups.Count == 0 ? "" : $"GROUP BY {string.Join(", ", groups)}")}
              ORDER BY third_party, events DESC
            )
            TO '{location}'
            WITH (format = 'PARQUET', compression = 'SNAPPY')
            """;
    }

    private static string Dimension(EventColumn column, HashSet<string> there)
        => there.Contains(column.Name) ? column.Name : $"CAST(NULL AS {(column.GlueType == "string" ? "varchar" : column.GlueType)})";
}
