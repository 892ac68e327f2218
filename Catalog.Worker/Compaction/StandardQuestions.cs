using Amazon.Glue.Model;
using Catalog.Worker.Athena;
using Catalog.Worker.Partitions;
using Pixel.Events.Lake;

namespace Catalog.Worker.Compaction;

/// <summary>
/// What a dashboard asks, to tell what compaction saves: the same questions about an hour before and after, and the bytes
/// that Athena read, and bills, for them.
/// </summary>
internal sealed class StandardQuestions(AthenaStatements athena)
{
    /// <summary>The questions, with <c>{hour}</c> where the partitions are named.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        "SELECT day, sum(pageviews) FROM pages WHERE {hour} GROUP BY day",
        "SELECT page_host, page_path, sum(pageviews) FROM pages WHERE {hour} GROUP BY page_host, page_path",
        "SELECT day, count(DISTINCT visitor_id) FROM events WHERE {hour} GROUP BY day",
        "SELECT third_party, sum(events) FROM third_parties WHERE {hour} GROUP BY third_party",
        "SELECT referrer_host, sum(pageviews) FROM referrers WHERE {hour} GROUP BY referrer_host",
        "SELECT country, sum(events) FROM countries WHERE {hour} GROUP BY country",
        "SELECT device, browser, sum(events) FROM devices WHERE {hour} GROUP BY device, browser",
    ];

    /// <summary>Asks all of them.</summary>
    /// <returns>The bytes read, all together.</returns>
    /// <exception cref="Jobs.JobException">Athena could not answer one, as when the views were not made yet.</exception>
    public async Task<long> ScannedAsync(Table events, LakePartition hour, AwsCalls calls, CancellationToken cancellationToken)
    {
        var condition = PartitionValues.Is(events.PartitionKeys, hour);
        var bytes = 0L;
        foreach (var question in All)
        {
            bytes += await athena.MaintainAsync(question.Replace("{hour}", condition, StringComparison.Ordinal), calls, cancellationToken);
        }

        return bytes;
    }
}
