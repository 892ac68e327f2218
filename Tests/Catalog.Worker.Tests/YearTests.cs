using System.Globalization;
using System.Text;
using System.Text.Json;
using Amazon.S3.Model;
using Catalog.Worker.Tests.Views;
using LocalCloud.S3;
using Microsoft.Extensions.DependencyInjection;

namespace Catalog.Worker.Tests;

/// <summary>
/// The jobs together, hour by hour, as they would run: with events that come late, twice or never, under an injected clock.
/// Afterwards the lake holds each kept event once, says which one is missing, and costs what it cost at the beginning.
/// </summary>
public sealed class YearTests(ITestOutputHelper output)
{
    private const string Closed = "catalog/manifests/closed/";

    [Fact]
    [Trait("Category", "Soak")]
    public Task A_year_of_hours_leaves_each_kept_event_once_and_costs_the_same_at_its_end() => LiveAsync(days: 365, kept: 60, busyHours: [8, 9]);

    [Fact]
    public Task Ten_days_of_hours_leave_each_kept_event_once_and_cost_the_same_at_their_end() => LiveAsync(days: 10, kept: 7, busyHours: [0, 8, 9, 20]);

    /// <param name="days">How long it goes on.</param>
    /// <param name="kept">How many days events are kept.</param>
    /// <param name="busyHours">The hours of a day in which something happens; 8 and 9 among them: events arrive twice in neighbouring hours.</param>
    private async Task LiveAsync(int days, int kept, int[] busyHours)
    {
        await using var lake = await TemplateLake.StartAsync(
            new() { ["DataFormat"] = "json" },
            new() { ["Jobs:retention:KeepEvents"] = TimeSpan.FromDays(kept).ToString("c", CultureInfo.InvariantCulture), ["Jobs:compaction:MeasureHour"] = "-1" });
        var visitors = new Visitors(lake, busyHours, new Random(days));
        await lake.Worker.RunAsync("views");
        var calls = new List<Dictionary<string, long>>();
        for (var hour = 0; hour < days * 24; hour++)
        {
            lake.Time.Advance(TimeSpan.FromHours(1));
            await visitors.HourAsync(lake.Time.GetUtcNow());
            // A lake without hours takes a look further back.
            Assert.InRange((await lake.Worker.RunAsync("load-partitions"))["awsCalls"], 1, hour < 3 ? 10 : 5);
            if (hour % 24 == 20)
            {
                calls.Add(await DailyAsync(lake));
            }
        }

        // All that is on its way arrives, and the jobs see the window pass behind it.
        visitors.Stop();
        for (var hour = 1; hour <= 4 * 24; hour++)
        {
            lake.Time.Advance(TimeSpan.FromHours(1));
            await visitors.HourAsync(lake.Time.GetUtcNow());
            if (hour % 24 == 0)
            {
                await DailyAsync(lake);
            }
        }

        await AssertAsync(lake, visitors, lake.Time.GetUtcNow().AddDays(-kept));
        AssertSteady(calls);
    }

    private static async Task<Dictionary<string, long>> DailyAsync(TemplateLake lake)
    {
        var calls = new Dictionary<string, long>();
        foreach (var job in new[] { "repair-partitions", "compaction", "rollup", "retention", "ledger", "schema", "views" })
        {
            calls[job] = (await lake.Worker.RunAsync(job))["awsCalls"];
        }

        calls["documents under way"] = (await KeysAsync(lake, "catalog/")).Count(o => !o.Key.StartsWith(Closed, StringComparison.Ordinal));
        return calls;
    }

    private async Task AssertAsync(TemplateLake lake, Visitors visitors, DateTimeOffset since)
    {
        var expected = visitors.Sent.Where(e => e.Value.Hour >= Hour(since)).Select(e => e.Key).Order(StringComparer.Ordinal).ToList();
        var found = await IdsAsync(lake);
        Assert.Equal(expected, found);

        // Of hours that are long gone, too.
        Assert.Equal([$"{visitors.Sent.Values.Count(e => !e.IsLedger)}"], await lake.Athena.QueryAsync("SELECT sum(events) FROM daily_rollup"));
        Assert.Equal(["1"], await lake.Athena.QueryAsync("SELECT sum(missing) FROM ledger_hours"));
        Assert.Equal(["final"], await lake.Athena.QueryAsync("SELECT DISTINCT verdict FROM ledger_hours"));
        var failed = await lake.Athena.QueryAsync("SELECT job, error FROM job_runs WHERE outcome <> 'succeeded'");
        Assert.Empty(failed);

        Assert.Empty(await KeysAsync(lake, "events/"));
        var files = await KeysAsync(lake, "compacted/");
        var hours = visitors.Sent.Values.Select(e => e.Hour).Where(h => h >= Hour(since)).Distinct().Count();
        Assert.Equal(hours, files.Count);
        Assert.All(await KeysAsync(lake, Closed), o => Assert.True(string.CompareOrdinal(o.Key, $"{Closed}{since.UtcDateTime:yyyyMMddHH}") >= 0, o.Key));
        output.WriteLine($"{visitors.Sent.Count} events, {expected.Count} of them kept in {files.Count} files.");
    }

    /// <summary>A run's calls grow with the late window and with what is kept, and with nothing else.</summary>
    private void AssertSteady(List<Dictionary<string, long>> calls)
    {
        var early = calls.Skip(calls.Count / 3).Take(calls.Count / 3).ToList();
        var late = calls.TakeLast(calls.Count / 3).ToList();
        foreach (var what in calls[0].Keys)
        {
            var (before, after) = (early.Max(c => c[what]), late.Max(c => c[what]));
            output.WriteLine($"{what}: at most {before} and then {after}");
            Assert.True(after <= (before * 5 / 4) + 5, $"{what}: at most {before} in the middle third of the days, {after} in the last.");
        }
    }

    private static async Task<List<string>> IdsAsync(TemplateLake lake)
    {
        var ids = new List<string>();
        foreach (var month in await lake.Athena.QueryAsync("SELECT DISTINCT year, month FROM tp_events"))
        {
            var parts = month.Split('|');
            ids.AddRange(await AllRowsAsync(lake, $"SELECT event_id FROM tp_events WHERE year = '{parts[0]}' AND month = '{parts[1]}'"));
        }

        ids.Sort(StringComparer.Ordinal);
        return ids;
    }

    private static async Task<IReadOnlyList<string>> AllRowsAsync(TemplateLake lake, string sql)
    {
        // A page of results has a thousand rows at most.
        var joined = await lake.Athena.QueryAsync($"SELECT array_join(array_agg(event_id), ',') FROM ({sql})");
        return joined[0].Split(',');
    }

    private static async Task<List<S3Object>> KeysAsync(TemplateLake lake, string prefix)
    {
        var keys = new List<S3Object>();
        await foreach (var page in lake.S3.Paginators.ListObjectsV2(new ListObjectsV2Request { BucketName = Lake.Bucket, Prefix = prefix }).Responses)
        {
            keys.AddRange(page.S3Objects ?? []);
        }

        return keys;
    }

    private static DateTimeOffset Hour(DateTimeOffset at) => new(at.Year, at.Month, at.Day, at.Hour, 0, 0, TimeSpan.Zero);

    /// <summary>What arrives in the lake, from one beacon that numbers it.</summary>
    private sealed class Visitors(TemplateLake lake, int[] busyHours, Random random)
    {
        private const long Lost = 10;

        private readonly ObjectStore _store = lake.Cloud.Services.GetRequiredService<ObjectStore>();
        private readonly List<(DateTimeOffset Due, DateTimeOffset Hour, string Line)> _onItsWay = [];
        private long _number;
        private bool _stopped;

        /// <summary>The ids of what is to be found, with the hour of the lake that it is in and whether it is the beacon's own.</summary>
        public Dictionary<string, (DateTimeOffset Hour, bool IsLedger)> Sent { get; } = [];

        public void Stop() => _stopped = true;

        /// <summary>What arrived in the hour before this moment, in its own folder or, late, in that of an hour before.</summary>
        public async Task HourAsync(DateTimeOffset now)
        {
            var hour = Hour(now).AddHours(-1);
            foreach (var late in _onItsWay.Where(l => l.Due <= now).ToList())
            {
                _onItsWay.Remove(late);
                await PutAsync(late.Hour, [late.Line]);
            }

            if (_stopped || !busyHours.Contains(hour.Hour))
            {
                return;
            }

            var again = new List<string>();
            for (var file = 0; file < 2; file++)
            {
                var lines = new List<string>();
                for (var i = 0; i < 3; i++)
                {
                    var line = Next(hour, isLedger: file == 1 && i == 2);
                    if (line is null)
                    {
                        continue;
                    }

                    // The first of each file is on time, so that every busy hour has two files.
                    switch (i == 0 ? 9 : random.Next(10))
                    {
                        case 0:
                            _onItsWay.Add((now.AddHours(random.Next(1, 40)), hour, line));
                            break;
                        case 1:
                            lines.Add(line);
                            again.Add(line);
                            break;
                        default:
                            lines.Add(line);
                            break;
                    }
                }

                await PutAsync(hour, lines);
            }

            if (hour.Hour == 8)
            {
                // Firehose delivers at least once; the second time may be an hour later, or days.
                _onItsWay.AddRange(again.Select(line => (now.AddHours(random.Next(1, 30)), hour.AddHours(1), line)));
            }
            else if (again.Count > 0)
            {
                await PutAsync(hour, again);
            }
        }

        private string? Next(DateTimeOffset hour, bool isLedger)
        {
            var number = ++_number;
            if (number == Lost)
            {
                return null;
            }

            var id = $"e{number:000000}";
            Sent.Add(id, (hour, isLedger));
            return JsonSerializer.Serialize(new
            {
                event_id = id,
                received_at = $"{hour.AddSeconds(number % 3600):yyyy-MM-dd'T'HH:mm:ss.fff'Z'}",
                event_name = isLedger ? "ledger" : "pageview",
                third_party = "news.example",
                beacon_id = "b",
                beacon_seq = number,
            });
        }

        private Task PutAsync(DateTimeOffset hour, IReadOnlyCollection<string> lines)
        {
            var body = Encoding.UTF8.GetBytes(string.Concat(lines.Select(l => l + "\n")));
            return _store.PutAsync(Lake.Bucket, $"events/{Lake.Hive(hour)}pixel-events-1-{Guid.NewGuid()}", new MemoryStream(body));
        }
    }
}
