using System.Globalization;
using LocalCloud.Glue;

namespace LocalCloud.Tests.Athena;

/// <summary>What a predicate keeps from being read, in bytes: every hour holds one file of the same size.</summary>
public sealed class PruningTests(PruningTests.Lake lake) : IClassFixture<PruningTests.Lake>
{
    /// <summary>Two days of hours, and the views that stand between a user and them.</summary>
    public sealed class Lake : IAsyncLifetime
    {
        public AthenaBench Bench { get; private set; } = null!;

        /// <summary>The bytes of <c>clicks</c> in one hour.</summary>
        public long Hour { get; private set; }

        public async ValueTask InitializeAsync()
        {
            Bench = await AthenaBench.StartAsync();
            Bench.CreateTable("tp_events", "event_id string, clicks int, received_at timestamp, params map<string,string>");
            var body = AthenaBench.Parquet("SELECT 'e' || i AS event_id, i AS clicks, timestamp '2026-11-23 08:00:00' AS received_at, MAP {'k': 'v'} AS params FROM range(2) t(i)");
            var partitions = new List<PartitionInput>();
            foreach (var day in (string[])["22", "23"])
            {
                for (var hour = 0; hour < 24; hour++)
                {
                    var path = $"tp_events/year=2026/month=11/day={day}/hour={hour:d2}/";
                    await Bench.PutAsync(path + "part", body);
                    Bench.AddPartition("tp_events", "s3://lake/" + path, "2026", "11", day, hour.ToString("d2", CultureInfo.InvariantCulture));
                }
            }

            await Make("""
                CREATE VIEW events AS SELECT * FROM (
                  SELECT *, row_number() OVER (PARTITION BY year, month, day, hour, event_id ORDER BY received_at) AS copy FROM tp_events) WHERE copy = 1
                """);
            await Make("CREATE VIEW daily AS SELECT year, month, day, sum(clicks) AS clicks FROM events GROUP BY year, month, day");
            Hour = await Scanned("SELECT sum(clicks) FROM tp_events WHERE day = '23' AND hour = '08'");
            Assert.True(Hour > 0);
        }

        public async Task<long> Scanned(string sql)
        {
            var execution = await Bench.RunAsync(sql);
            Assert.True(execution.Status.State.Value == "SUCCEEDED", $"{execution.Status.StateChangeReason}\n{sql}");
            return execution.Statistics.DataScannedInBytes!.Value;
        }

        private async Task Make(string sql) => Assert.Equal("SUCCEEDED", (await Bench.RunAsync(sql)).Status.State.Value);

        public ValueTask DisposeAsync() => Bench.DisposeAsync();
    }

    [Theory]
    [InlineData("SELECT sum(clicks) FROM tp_events", 48)]
    [InlineData("SELECT sum(clicks) FROM tp_events WHERE day = '23'", 24)]
    [InlineData("SELECT sum(clicks) FROM tp_events WHERE day = '23' AND hour BETWEEN '08' AND '10'", 3)]
    [InlineData("SELECT sum(clicks) FROM tp_events WHERE hour IN ('01', '02')", 4)]
    [InlineData("SELECT sum(clicks) FROM tp_events WHERE hour <> '01' AND day <> '22'", 23)]
    [InlineData("SELECT sum(clicks) FROM tp_events WHERE NOT (hour = '01' OR day = '22')", 23)]
    [InlineData("SELECT sum(clicks) FROM tp_events WHERE hour LIKE '1%' AND day = '22'", 10)]
    [InlineData("SELECT sum(clicks) FROM tp_events WHERE year || month || day || hour >= '2026112322'", 2)]
    [InlineData("SELECT sum(clicks) FROM tp_events WHERE CAST(hour AS integer) < 2", 4)]
    [InlineData("SELECT sum(clicks) FROM tp_events WHERE CAST(year AS integer) = 2025", 0)]
    [InlineData("SELECT sum(clicks) FROM tp_events WHERE date_parse(year || '-' || month || '-' || day, '%Y-%m-%d') = timestamp '2026-11-22 00:00:00'", 24)]
    [InlineData("SELECT sum(clicks) FROM tp_events WHERE (day = '22' AND hour = '01') OR (day = '23' AND hour = '02')", 2)]
    [InlineData("SELECT sum(clicks) FROM tp_events WHERE hour = '01' AND clicks >= 0 AND day = '23'", 1)]
    [InlineData("SELECT sum(clicks) FROM tp_events WHERE hour = '01' AND day IN (SELECT '23')", 2)]
    [InlineData("SELECT sum(t.clicks) FROM pixel.tp_events AS t WHERE t.hour = '01'", 2)]
    [InlineData("SELECT sum(tp_events.clicks) FROM tp_events WHERE pixel.tp_events.hour = '01'", 2)]
    [InlineData("SELECT sum(clicks) FROM (SELECT * FROM tp_events) WHERE hour = '01'", 2)]
    [InlineData("WITH t AS (SELECT * FROM tp_events) SELECT sum(clicks) FROM t WHERE hour = '01'", 2)]
    [InlineData("WITH t AS (SELECT * FROM tp_events) SELECT a.n, b.n FROM (SELECT sum(clicks) AS n FROM t WHERE hour = '01') AS a CROSS JOIN (SELECT sum(clicks) AS n FROM t WHERE hour = '02' AND day = '22') AS b", 3)]
    [InlineData("SELECT sum(clicks) FROM tp_events WHERE hour = '01' UNION ALL SELECT sum(clicks) FROM tp_events WHERE hour = '02' AND day = '22'", 3)]
    [InlineData("SELECT sum(a.clicks) FROM tp_events AS a JOIN tp_events AS b ON a.day = b.day AND a.hour = b.hour WHERE a.hour = '01'", 2)]
    [InlineData("SELECT sum(clicks) FROM tp_events CROSS JOIN UNNEST(ARRAY[1, 2]) AS u (x) WHERE hour = '01' AND x = 1", 2)]
    [InlineData("SELECT sum(clicks) FROM (SELECT clicks, rank() OVER (PARTITION BY day, hour ORDER BY clicks) AS r, hour FROM tp_events) WHERE r = 1 AND hour = '01'", 2)]
    [InlineData("SELECT clicks, hour FROM tp_events WHERE hour = '01' ORDER BY clicks LIMIT 1", 2)]
    [InlineData("SELECT count(*) FROM tp_events WHERE clicks = 1 AND hour = '01'", 2)]
    public async Task A_predicate_on_partition_columns_keeps_other_partitions_from_being_read(string sql, int hours) =>
        Assert.Equal(hours * lake.Hour, await lake.Scanned(sql));

    [Theory]
    [InlineData("SELECT sum(clicks) FROM events WHERE day = '23' AND hour = '08'", 1)]
    [InlineData("SELECT sum(clicks) FROM daily WHERE day = '23'", 24)]
    [InlineData("SELECT clicks FROM daily WHERE year = '2026' AND month = '11' AND day = '22'", 24)]
    [InlineData("SELECT count(*) FROM events AS e CROSS JOIN UNNEST(params) AS u (k, v) WHERE day = '23' AND hour = '08' AND k = 'k'", 1)]
    public async Task A_predicate_reaches_the_partitions_through_views_and_windows(string sql, int hours)
    {
        // What the view itself needs of an hour is read too, so hours are told by the whole.
        var one = await lake.Scanned(sql.Replace("day = '23'", "day = '23' AND day = '23'", StringComparison.Ordinal));
        var all = await lake.Scanned(sql.Split(" WHERE ")[0]);
        Assert.Equal(all / 48 * hours, one);
    }
}
