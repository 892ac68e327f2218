using System.Globalization;
using System.Text.Json.Serialization;
using Amazon.Glue.Model;
using Catalog.Worker.Athena;
using Catalog.Worker.Jobs;
using Catalog.Worker.LateWindow;
using Catalog.Worker.Ledger;
using Catalog.Worker.Partitions;
using Catalog.Worker.State;
using Microsoft.Extensions.Options;
using Pixel.Events.Lake;

namespace Catalog.Worker.Alerts;

/// <summary>
/// Looks at the last full hour, beside the same hour of the four weeks before, and at what beacons hold, and tells what is
/// out of the ordinary: once when it begins and once when it ends. Which alerts are on is kept in <c>catalog/alerts.json</c>.
/// </summary>
internal sealed class AlertsJob(
    AthenaStatements athena, LedgerAccounts ledger, PartitionTable partitions, StateStore store, AlertChannel channel, AlertMetrics metrics, IOptions<AlertsOptions> options) : IJob
{
    public const string JobName = "alerts";

    private const int Weeks = 4;
    private const string StateName = "alerts.json";

    // Firehose's longest buffer and the time to write: an hour is not judged before.
    private static readonly TimeSpan Landing = TimeSpan.FromMinutes(20);

    public string Name => JobName;

    public async Task<JobResult> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        var calls = new AwsCalls();
        var table = await partitions.GetAsync(calls, cancellationToken);
        var hour = Hours.Floor(context.StartedAt - Landing).AddHours(-1);
        var hours = await TrafficAsync(table, hour, calls, cancellationToken);
        var earlier = Enumerable.Range(1, Weeks).Select(week => hours.GetValueOrDefault(hour.AddDays(-7 * week))).OfType<Traffic>().ToList();
        List<Alert> alerts = [.. AlertRules.Of(hour, hours.GetValueOrDefault(hour) ?? new(0, 0, 0, 0), earlier, options.Value), .. await BacklogAsync(table, context.StartedAt, calls, cancellationToken)];

        var before = (await store.ReadAsync(StateName, AlertsJson.Default.AlertsState, calls, cancellationToken))?.Value.On ?? [];
        var raised = alerts.Where(a => !before.Contains(a.Name)).ToList();
        var ended = before.Where(name => alerts.All(a => a.Name != name)).ToList();
        if (!context.DryRun)
        {
            metrics.On(alerts);

            // Kept after it was told: better told twice than never.
            await channel.TellAsync(raised, ended, context.StartedAt, cancellationToken);
            if (raised.Count + ended.Count > 0)
            {
                await store.WriteAsync(StateName, new([.. alerts.Select(a => a.Name)], context.Fence), AlertsJson.Default.AlertsState, calls, cancellationToken);
            }
        }

        return JobResult.Of(new("alerts", alerts.Count), new("raised", raised.Count), new("ended", ended.Count), new("awsCalls", calls.Made)) with
        {
            Notes = [.. alerts.Select(a => a.Text)],
        };
    }

    /// <summary>The traffic of an hour and of the same hour of the weeks before, as far as there was any.</summary>
    private async Task<Dictionary<DateTimeOffset, Traffic>> TrafficAsync(Table table, DateTimeOffset hour, AwsCalls calls, CancellationToken cancellationToken)
    {
        var chosen = string.Join(" OR ", Enumerable.Range(0, Weeks + 1).Select(week => $"({PartitionValues.Is(table.PartitionKeys, LakePartition.Of(hour.AddDays(-7 * week)))})"));
        var traffic = await CountAsync($"SELECT year, month, day, hour, count(*), count_if(is_bot) FROM events WHERE {chosen} GROUP BY year, month, day, hour", calls, cancellationToken);
        var counted = await CountAsync(
            $"SELECT year, month, day, hour, coalesce(sum(received), 0), coalesce(sum(dropped), 0) FROM ledger WHERE {chosen} GROUP BY year, month, day, hour", calls, cancellationToken);
        return traffic.Keys.Union(counted.Keys).ToDictionary(
            h => h,
            h => new Traffic(traffic.GetValueOrDefault(h).First, traffic.GetValueOrDefault(h).Second, counted.GetValueOrDefault(h).First, counted.GetValueOrDefault(h).Second));
    }

    private async Task<Dictionary<DateTimeOffset, (long First, long Second)>> CountAsync(string sql, AwsCalls calls, CancellationToken cancellationToken)
    {
        var counts = new Dictionary<DateTimeOffset, (long, long)>();
        foreach (var row in await athena.QueryAsync(sql, calls, cancellationToken))
        {
            if (LakePartition.TryParse([row[0]!, row[1]!, row[2]!, row[3]!], out var hour))
            {
                counts[hour.Start] = (long.Parse(row[4]!, CultureInfo.InvariantCulture), long.Parse(row[5]!, CultureInfo.InvariantCulture));
            }
        }

        return counts;
    }

    private async Task<IEnumerable<Alert>> BacklogAsync(Table table, DateTimeOffset now, AwsCalls calls, CancellationToken cancellationToken)
    {
        var holding = (await ledger.LastWordsAsync(table, now.AddHours(-2), calls, cancellationToken))
            .Where(w => !w.IsLast && w.OldestUndelivered is { } oldest && w.At - oldest > options.Value.MaxBacklogAge)
            .ToList();
        return holding.Count == 0
            ? []
            : [new("backlog", string.Create(
                CultureInfo.InvariantCulture,
                $"{holding.Count} {(holding.Count == 1 ? "beacon holds" : "beacons hold")} events that are not delivered, the oldest since {holding.Min(w => w.OldestUndelivered):yyyy-MM-dd HH:mm} UTC."))];
    }
}

/// <summary>Which alerts are on: the document <c>catalog/alerts.json</c>.</summary>
/// <param name="On">Their names.</param>
/// <param name="Fence">The fencing token of the run that wrote it.</param>
internal sealed record AlertsState(IReadOnlyList<string> On, long Fence);

[JsonSerializable(typeof(AlertsState))]
[JsonSerializable(typeof(AlertMessage))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class AlertsJson : JsonSerializerContext;
