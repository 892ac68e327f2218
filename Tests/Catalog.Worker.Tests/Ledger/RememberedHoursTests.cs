using System.Globalization;
using Amazon.S3.Model;
using Catalog.Worker.Tests.Views;

namespace Catalog.Worker.Tests.Ledger;

/// <summary>
/// The ledger reads an hour once, and again only when it has changed; what it says is what it would say if it read all of it. The
/// clock stands at 10:30 on 15 March 2026 in the beginning.
/// </summary>
public sealed class RememberedHoursTests : IAsyncLifetime
{
    private const string Columns = "at | lands | event_id | beacon_id | beacon_seq | event_name | params";

    private const string Hours = "SELECT hour, beacon_id, first_seq, last_seq, delivered, received, accepted, dropped, missing, gaps FROM ledger_hours ORDER BY hour, beacon_id";

    private ViewLake _lake = null!;

    public async ValueTask InitializeAsync() => _lake = await ViewLake.StartAsync(("Lake:LateWindow", "06:00:00"), ("Jobs:compaction:MeasureHour", "-1"));

    public ValueTask DisposeAsync() => _lake.DisposeAsync();

    [Fact]
    public async Task An_hour_is_read_again_only_when_something_has_landed_in_it()
    {
        await _lake.PutAsync(Columns, "08:10 | 15 08 | a | b1 | 1 | pageview | -", "09:10 | 15 09 | b | b1 | 2 | pageview | -", "10:10 | 15 10 | c | b1 | 4 | pageview | -");

        var first = await RunAsync();
        var second = await RunAsync();
        await _lake.PutAsync(Columns, "09:50 | 15 09 | d | b1 | 3 | pageview | -");
        var third = await RunAsync();

        Assert.Equal([(3, 1), (0, 1), (1, 0)], new[] { first, second, third }.Select(c => (c["hoursRead"], c["provisionallyMissing"])));
        Assert.Equal(
            ["2026-03-15 08:00:00.000|b1|1|1|1|0|0|0|0|", "2026-03-15 09:00:00.000|b1|2|3|2|0|0|0|0|", "2026-03-15 10:00:00.000|b1|4|4|1|0|0|0|0|"],
            await _lake.QueryAsync(Hours));
    }

    [Fact]
    public async Task A_compacted_hour_is_read_once_more_and_so_is_one_that_an_event_was_added_to_by_compaction()
    {
        await _lake.PutAsync(Columns, "08:10 | 15 08 | a | b1 | 1 | pageview | -");
        await _lake.PutAsync(Columns, "08:20 | 15 08 | b | b1 | 3 | pageview | -");
        await RunAsync();

        await _lake.Lake.Worker.RunAsync("compaction");
        Assert.Equal((1, 1), await CountsAsync());
        Assert.Equal((0, 1), await CountsAsync());

        // Late, into the raw folder of an hour that is read from elsewhere: there when compaction has taken it in.
        await _lake.PutAsync(Columns, "08:15 | 15 08 | c | b1 | 2 | pageview | -");
        Assert.Equal((0, 1), await CountsAsync());
        await _lake.Lake.Worker.RunAsync("compaction");
        Assert.Equal((1, 0), await CountsAsync());
    }

    [Fact]
    public async Task Objects_that_somebody_removes_from_a_compacted_hour_are_missed()
    {
        await _lake.PutAsync(Columns, "08:10 | 15 08 | a | b1 | 1 | pageview | -", "09:10 | 15 09 | b | b1 | 2 | pageview | -");
        await _lake.PutAsync(Columns, "08:20 | 15 08 | c | b1 | 3 | pageview | -", "09:20 | 15 09 | d | b1 | 4 | pageview | -", "10:20 | 15 10 | e | b1 | 5 | pageview | -");
        await _lake.Lake.Worker.RunAsync("compaction");
        Assert.Equal((3, 0), await CountsAsync());

        var compacted = await _lake.Lake.S3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = Tests.Lake.Bucket, Prefix = "compacted/year=2026/month=03/day=15/hour=08/" });
        foreach (var found in compacted.S3Objects)
        {
            await _lake.Lake.S3.DeleteObjectAsync(Tests.Lake.Bucket, found.Key);
        }

        Assert.Equal((0, 1), await CountsAsync());
    }

    [Fact]
    public async Task Counts_that_were_told_again_into_a_later_hour_count_once()
    {
        await _lake.PutAsync(
            Columns,
            "09:00 | 15 09 | a | b1 | 1 | pageview | -",
            "09:58 | 15 09 | k | b1 | 2 | ledger   | since=09:00,received=1,accepted=1,dropped=0");
        await RunAsync();
        Assert.Equal(["2026-03-15 09:00:00.000|b1|1|2|2|1|1|0|0|"], await _lake.QueryAsync(Hours));

        await _lake.PutAsync(
            Columns,
            "09:58 | 15 10 | k | b1 | 2 | ledger   | since=09:00,received=1,accepted=1,dropped=0", // delivered twice
            "09:59 | 15 10 | l | b1 | 3 | ledger   | since=09:00,received=4,accepted=1,dropped=3"); // told again

        await RunAsync();
        Assert.Equal(["2026-03-15 09:00:00.000|b1|1|3|3|4|1|3|0|"], await _lake.QueryAsync(Hours));
    }

    [Fact]
    public async Task A_page_that_is_gone_or_of_another_time_is_read_anew()
    {
        await _lake.PutAsync(Columns, "08:10 | 15 08 | a | b1 | 1 | pageview | -", "09:10 | 15 09 | b | b1 | 3 | pageview | -");
        await RunAsync();
        var page = await _lake.Lake.S3.GetObjectAsync(Tests.Lake.Bucket, "catalog/ledger/2026-03-15.json");
        var old = await new StreamReader(page.ResponseStream).ReadToEndAsync(TestContext.Current.CancellationToken);

        await _lake.PutAsync(Columns, "09:00 | 15 09 | c | b1 | 2 | pageview | -");
        Assert.Equal((1, 0), await CountsAsync());

        // As a run leaves it that was asleep, and wakes up after another one has written.
        await _lake.Lake.S3.PutObjectAsync(new PutObjectRequest { BucketName = Tests.Lake.Bucket, Key = "catalog/ledger/2026-03-15.json", ContentBody = old });
        Assert.Equal((1, 0), await CountsAsync());
        await _lake.Lake.S3.DeleteObjectAsync(Tests.Lake.Bucket, "catalog/ledger/2026-03-15.json");
        Assert.Equal((2, 0), await CountsAsync());
    }

    [Fact]
    public async Task Pages_end_with_the_days_that_the_ledger_looks_at()
    {
        await _lake.PutAsync(Columns, "13 08:10 | 13 08 | a | b1 | 1 | pageview | -", "09:10 | 15 09 | b | b1 | 2 | pageview | -");
        await RunAsync();
        Assert.Equal(["catalog/ledger/2026-03-13.json", "catalog/ledger/2026-03-15.json"], await PagesAsync());

        _lake.Lake.Time.Advance(TimeSpan.FromDays(2));
        await RunAsync();
        Assert.Equal(["catalog/ledger/2026-03-15.json"], await PagesAsync());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Whatever_comes_late_twice_again_or_never_it_says_what_reading_everything_would_say(int seed)
    {
        var beacons = new Beacons(new Random(seed));
        var firstOpen = _lake.Lake.Time.GetUtcNow().AddDays(-10);
        for (var hour = 0; hour < 18; hour++)
        {
            var now = _lake.Lake.Time.GetUtcNow();
            if (beacons.Landing(now) is { Length: > 0 } rows)
            {
                await _lake.PutAsync(Columns, rows);
            }

            if (hour % 3 == 0)
            {
                await _lake.Lake.Worker.RunAsync("compaction");
            }

            if (hour % 7 == 6)
            {
                await RemoveOneAsync(now.AddHours(-2));
            }

            await RunAsync();
            var window = Floor(now.AddHours(-6));
            var open = firstOpen < window ? firstOpen : window;
            await AssertAsync(hour == 0 ? window.AddDays(-2) : open.AddDays(-1), Day(hour == 0 ? window.AddDays(-1) : open));
            firstOpen = window;
            _lake.Lake.Time.Advance(TimeSpan.FromHours(1));
        }

        Assert.True(beacons.Repeated > 5 && beacons.Lost > 2 && beacons.ToldAgain > 1, "The dice were too kind.");
    }

    private async Task AssertAsync(DateTimeOffset since, DateTimeOffset from)
    {
        var gaps = (await _lake.QueryAsync(WholeReads.Gaps(since))).Select(row => row.Split('|')).ToLookup(
            row => $"{row[0]}|{row[1]}", row => (From: long.Parse(row[2], CultureInfo.InvariantCulture), To: long.Parse(row[3], CultureInfo.InvariantCulture)));
        var expected = (await _lake.QueryAsync(WholeReads.Accounts(since))).Select(row =>
        {
            var own = gaps[string.Join('|', row.Split('|')[..2])].ToList();
            return $"{row}|{own.Sum(g => g.To - g.From + 1)}|{string.Join(',', own.Select(g => g.From == g.To ? $"{g.From}" : $"{g.From}-{g.To}"))}";
        });
        var text = from.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);
        Assert.Equal(expected.Where(row => string.CompareOrdinal(row, text) >= 0), (await _lake.QueryAsync(Hours)).Where(row => string.CompareOrdinal(row, text) >= 0));
    }

    private async Task RemoveOneAsync(DateTimeOffset hour)
    {
        foreach (var folder in new[] { "events/", "compacted/" })
        {
            var found = await _lake.Lake.S3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = Tests.Lake.Bucket, Prefix = folder + Tests.Lake.Hive(hour) });
            if (found.S3Objects is { Count: > 0 } objects)
            {
                await _lake.Lake.S3.DeleteObjectAsync(Tests.Lake.Bucket, objects[0].Key);
            }
        }
    }

    private async Task<(long HoursRead, long Missing)> CountsAsync()
    {
        var counts = await RunAsync();
        return (counts["hoursRead"], counts["provisionallyMissing"]);
    }

    private async Task<IEnumerable<string>> PagesAsync()
        => (await _lake.Lake.S3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = Tests.Lake.Bucket, Prefix = "catalog/ledger/" })).S3Objects.Select(o => o.Key);

    private Task<Dictionary<string, long>> RunAsync() => _lake.Lake.Worker.RunAsync("ledger");

    private static DateTimeOffset Floor(DateTimeOffset at) => new(at.Year, at.Month, at.Day, at.Hour, 0, 0, TimeSpan.Zero);

    private static DateTimeOffset Day(DateTimeOffset at) => new(at.Year, at.Month, at.Day, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Three beacons, whose events come on time, late, twice, twice and late, or never.</summary>
    private sealed class Beacons(Random random)
    {
        private readonly long[] _seq = new long[3];
        private readonly string[] _since = ["start", "start", "start"];
        private readonly List<(DateTimeOffset Due, string Row)> _late = [];

        public int Repeated { get; private set; }

        public int Lost { get; private set; }

        public int ToldAgain { get; private set; }

        /// <summary>What has landed in the hour until this moment.</summary>
        public string[] Landing(DateTimeOffset now)
        {
            var rows = _late.Where(l => l.Due <= now).Select(l => l.Row).ToList();
            _late.RemoveAll(l => l.Due <= now);
            for (var beacon = 0; beacon < _seq.Length; beacon++)
            {
                for (var i = random.Next(6); i > 0; i--)
                {
                    Send(now, beacon, minute: 29 - (4 * i), rows);
                }
            }

            return [.. rows];
        }

        private void Send(DateTimeOffset now, int beacon, int minute, List<string> rows)
        {
            var seq = ++_seq[beacon];
            var at = now.AddMinutes(minute - 30);
            var counts = "-";
            if (random.Next(3) == 0)
            {
                counts = $"since={_since[beacon]},received={random.Next(9)},accepted={random.Next(9)},dropped={random.Next(9)}";
                if (random.Next(3) == 0)
                {
                    ToldAgain++;
                }
                else
                {
                    _since[beacon] = $"{at:dd HH:mm}";
                }
            }

            string Row(DateTimeOffset lands) => string.Create(
                CultureInfo.InvariantCulture, $"{at:dd HH:mm} | {lands:dd HH} | b{beacon}-{seq} | b{beacon} | {seq} | {(counts == "-" ? "pageview" : "ledger")} | {counts}");
            switch (random.Next(10))
            {
                case 0:
                    Lost++;
                    break;
                case 1:
                    _late.Add((now.AddHours(random.Next(1, 5)), Row(now)));
                    break;
                case 2:
                    Repeated++;
                    rows.AddRange([Row(now), Row(now)]);
                    break;
                case 3:
                    Repeated++;
                    rows.Add(Row(now));
                    _late.Add((now.AddHours(1), Row(now.AddHours(1))));
                    break;
                default:
                    rows.Add(Row(now));
                    break;
            }
        }
    }
}
