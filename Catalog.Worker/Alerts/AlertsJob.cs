using System.Globalization;
using System.Text.Json.Serialization;
using Amazon.Glue.Model;
using Catalog.Worker.Jobs;
using Catalog.Worker.LateWindow;
using Catalog.Worker.Partitions;
using Catalog.Worker.State;
using Microsoft.Extensions.Options;
using Pixel.Events.Lake;

namespace Catalog.Worker.Alerts;

/// <summary>
/// Looks at the last full hour, beside the same hour of the four weeks before, and at what beacons hold, and tells what is
/// out of the ordinary: once when it begins and once when it ends.
/// </summary>
/// <remarks>
/// Which alerts are on is kept in <c>catalog/alerts.json</c>, and what was counted in each hour: an hour is read again only when
/// something in it has changed (<see cref="HourSources"/>). What was usual is looked for once an hour, when the next hour's
/// turn comes.
/// </remarks>
internal sealed class AlertsJob(
    AlertReadings readings, HourSources sources, PartitionTable partitions, StateStore store, AlertChannel channel, AlertMetrics metrics, IOptions<AlertsOptions> options) : IJob
{
    public const string JobName = "alerts";

    private const int Weeks = 4;
    private const string StateName = "alerts.json";

    // Firehose's longest buffer and the time to write: an hour is not judged before.
    private static readonly TimeSpan Landing = TimeSpan.FromMinutes(20);

    // A beacon that lives says something every hour.
    private static readonly TimeSpan Hearing = TimeSpan.FromHours(2);

    public string Name => JobName;

    public async Task<JobResult> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        var calls = new AwsCalls();
        var table = await partitions.GetAsync(calls, cancellationToken);
        var hour = Hours.Floor(context.StartedAt - Landing).AddHours(-1);
        var state = (await store.ReadAsync(StateName, AlertsJson.Default.AlertsState, calls, cancellationToken))?.Value ?? new([], 0);
        var now = await ReadAsync(table, hour, state, context, calls, cancellationToken);

        var traffic = (now.Traffic ?? []).ToDictionary(t => t.Hour, t => t.Traffic);
        var earlier = Enumerable.Range(1, Weeks).Select(week => traffic.GetValueOrDefault(hour.AddDays(-7 * week))).OfType<Traffic>().ToList();
        List<Alert> alerts = [.. AlertRules.Of(hour, traffic.GetValueOrDefault(hour) ?? new(0, 0, 0, 0), earlier, options.Value), .. Backlog(now.Words ?? [])];

        var raised = alerts.Where(a => !state.On.Contains(a.Name)).ToList();
        var ended = state.On.Where(name => alerts.All(a => a.Name != name)).ToList();
        if (!context.DryRun)
        {
            metrics.On(alerts);
            if (now != state)
            {
                // Before anybody is told, who may not answer: what was read need not be read again.
                await store.WriteAsync(StateName, now, AlertsJson.Default.AlertsState, calls, cancellationToken);
            }

            // Kept after it was told: better told twice than never.
            await channel.TellAsync(raised, ended, context.StartedAt, cancellationToken);
            if (raised.Count + ended.Count > 0)
            {
                await store.WriteAsync(StateName, now with { On = [.. alerts.Select(a => a.Name)], Fence = context.Fence }, AlertsJson.Default.AlertsState, calls, cancellationToken);
            }
        }

        return JobResult.Of(new("alerts", alerts.Count), new("raised", raised.Count), new("ended", ended.Count), new("awsCalls", calls.Made)) with
        {
            Notes = [.. alerts.Select(a => a.Text)],
        };
    }

    /// <summary>The state with what is in the lake by now; the same one when nothing that matters has changed there.</summary>
    private async Task<AlertsState> ReadAsync(Table table, DateTimeOffset hour, AlertsState state, JobContext context, AwsCalls calls, CancellationToken cancellationToken)
    {
        var heardFrom = Hours.Day(context.StartedAt - Hearing);
        var recent = await sources.ReadAsync(table, Hours.Earlier(heardFrom, hour), context.StartedAt, calls, cancellationToken);
        var judged = recent.Where(s => s.Hour.Start == hour).ToList();
        if (state.Hour != hour)
        {
            judged.AddRange(await sources.ReadAsync(table, [.. Enumerable.Range(1, Weeks).Select(week => LakePartition.Of(hour.AddDays(-7 * week)))], calls, cancellationToken));
        }

        var heard = recent.Where(s => s.Hour.Start >= heardFrom).ToList();
        var (traffic, words) = ((state.Traffic ?? []).ToDictionary(t => t.Hour), (state.Words ?? []).ToDictionary(w => w.Hour));
        var (unread, unheard) = (
            judged.Where(s => traffic.GetValueOrDefault(s.Hour.Start)?.Source != s.Fingerprint).ToList(),
            heard.Where(s => words.GetValueOrDefault(s.Hour.Start)?.Source != s.Fingerprint).ToList());
        var (counted, said) = await readings.ReadAsync(table, unread, unheard, calls, cancellationToken);

        // Of hours that are there no more nothing is known, and what no later hour will be compared with is forgotten.
        var gone = new[] { hour }.Concat(state.Hour == hour ? [] : Enumerable.Range(1, Weeks).Select(week => hour.AddDays(-7 * week))).Except(judged.Select(s => s.Hour.Start)).ToHashSet();
        var forget = traffic.Keys.Where(h => gone.Contains(h) || h < hour.AddDays(-7 * Weeks)).ToList();
        if (state.Hour == hour && unread.Count + unheard.Count + forget.Count == 0 && words.Count == heard.Count)
        {
            return state;
        }

        forget.ForEach(h => traffic.Remove(h));
        counted.ForEach(t => traffic[t.Hour] = t);
        said.ForEach(w => words[w.Hour] = w);
        return state with
        {
            Hour = hour, Fence = context.Fence, Traffic = [.. traffic.Values.OrderBy(t => t.Hour)], Words = [.. heard.Select(s => words[s.Hour.Start])],
        };
    }

    private IEnumerable<Alert> Backlog(IEnumerable<HourWords> words)
    {
        var holding = words.SelectMany(w => w.Words).GroupBy(w => w.BeaconId).Select(said => said.MaxBy(w => w.At)!)
            .Where(w => !w.IsLast && w.OldestUndelivered is { } oldest && w.At - oldest > options.Value.MaxBacklogAge)
            .ToList();
        return holding.Count == 0
            ? []
            : [new("backlog", string.Create(
                CultureInfo.InvariantCulture,
                $"{holding.Count} {(holding.Count == 1 ? "beacon holds" : "beacons hold")} events that are not delivered, the oldest since {holding.Min(w => w.OldestUndelivered):yyyy-MM-dd HH:mm} UTC."))];
    }
}

/// <summary>Which alerts are on, and what is known of hours: the document <c>catalog/alerts.json</c>.</summary>
/// <param name="On">The names of the alerts that are on.</param>
/// <param name="Fence">The fencing token of the run that wrote it.</param>
/// <param name="Hour">The hour that was judged last, with all that it was compared with.</param>
/// <param name="Traffic">The hours that were judged, and those that they were compared with; four weeks of them at most.</param>
/// <param name="Words">The hours in which beacons are listened to.</param>
internal sealed record AlertsState(
    IReadOnlyList<string> On, long Fence, DateTimeOffset? Hour = null, IReadOnlyList<HourTraffic>? Traffic = null, IReadOnlyList<HourWords>? Words = null);

[JsonSerializable(typeof(AlertsState))]
[JsonSerializable(typeof(AlertMessage))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class AlertsJson : JsonSerializerContext;
