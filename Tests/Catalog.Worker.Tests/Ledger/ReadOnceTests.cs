using System.Globalization;
using Amazon.Athena.Model;
using Catalog.Worker.Tests.Views;
using DuckDB.NET.Data;
using LocalCloud.S3;
using Microsoft.Extensions.DependencyInjection;
using Pixel.Events;

namespace Catalog.Worker.Tests.Ledger;

/// <summary>
/// What reading each hour once saves: some hours of steady traffic in Parquet, in which the jobs run on their schedules, and the
/// same questions about everything, asked at the same moments.
/// </summary>
public sealed class ReadOnceTests(ITestOutputHelper output)
{
    private const int SimulatedHours = 3, EventsPerObject = 2_000;

    private static readonly DateTimeOffset Begin = new(2026, 4, 16, 0, 0, 0, TimeSpan.Zero);

    private static readonly EventSchema Schema = EventSchema.Load();

    private long _number;

    [Fact]
    public async Task The_ledger_and_the_alerts_read_a_small_part_of_what_their_questions_are_about()
    {
        await using var lake = await TemplateLake.StartAsync(settings: new() { ["Jobs:compaction:MeasureHour"] = "-1" });
        await lake.Worker.RunAsync("views");
        var judgedHours = Enumerable.Range(-2, SimulatedHours + 2).Select(h => Begin.AddHours(h)).ToList();
        var earlier = judgedHours.SelectMany(hour => Enumerable.Range(1, 4).Select(week => hour.AddDays(-7 * week)));
        foreach (var hour in earlier.Concat(Enumerable.Range(1, 90).Select(h => Begin.AddHours(-h))).Distinct().Order())
        {
            await PutAsync(lake, hour);
        }

        await lake.Worker.RunAsync("repair-partitions");

        // As it was when each of the earlier hours was judged itself.
        foreach (var hour in earlier.Order())
        {
            lake.Time.Advance(hour.AddMinutes(90) - lake.Time.GetUtcNow());
            await lake.Worker.RunAsync("alerts");
        }

        lake.Time.Advance(Begin - lake.Time.GetUtcNow());
        var (ledger, alerts) = (new Reads(), new Reads());
        await RunAsync(lake, "ledger", new(), []);
        await RunAsync(lake, "alerts", new(), []);

        for (var minute = 5; minute <= SimulatedHours * 60; minute += 5)
        {
            lake.Time.Advance(TimeSpan.FromMinutes(5));
            var now = lake.Time.GetUtcNow();
            if (minute % 15 == 0)
            {
                // What Firehose collected for 15 minutes; its name and place are those of its beginning.
                await PutAsync(lake, now.AddMinutes(-15));
                await lake.Worker.RunAsync("load-partitions");
                var judged = new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, 0, 0, TimeSpan.Zero).AddHours(now.Minute < 20 ? -2 : -1);
                await RunAsync(lake, "alerts", alerts, [.. WholeReads.Traffic(Enumerable.Range(0, 5).Select(week => judged.AddDays(-7 * week))), WholeReads.LastWords(now.AddHours(-2))]);
            }

            if (now.Minute == 35)
            {
                await lake.Worker.RunAsync("compaction");
            }
            else if (now.Minute == 55)
            {
                var since = now.AddHours(-73);
                await RunAsync(lake, "ledger", ledger, [WholeReads.Accounts(since), WholeReads.Gaps(since), WholeReads.LastWords(since)]);
            }
        }

        foreach (var (job, reads) in new[] { ("ledger", ledger), ("alerts", alerts) })
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{job}: {reads.Runs} runs; everything: {reads.WholeStatements} statements, {reads.Whole} bytes; each hour once: {reads.Statements} statements, {reads.Read} bytes: {(double)reads.Whole / reads.Read:0.0} times fewer."));
        }

        Assert.True(ledger.Whole > 30 * ledger.Read, $"The ledger read {ledger.Read} bytes of {ledger.Whole}.");
        Assert.True(alerts.Whole > 5 * alerts.Read, $"The alerts read {alerts.Read} bytes of {alerts.Whole}.");
        Assert.InRange(ledger.Statements, 1, ledger.Runs);
        Assert.InRange(alerts.Statements, 1, alerts.Runs);
    }

    private static async Task RunAsync(TemplateLake lake, string job, Reads reads, string[] whole)
    {
        var before = await ExecutionsAsync(lake);
        await lake.Worker.RunAsync(job);
        var own = (await ExecutionsAsync(lake)).Except(before).ToList();
        reads.Runs++;
        reads.Statements += own.Count;
        reads.Read += await ScannedAsync(lake, own);

        before = await ExecutionsAsync(lake);
        foreach (var sql in whole)
        {
            await lake.Athena.QueryAsync(sql, "pixel-maintenance");
        }

        reads.WholeStatements += whole.Length;
        reads.Whole += await ScannedAsync(lake, (await ExecutionsAsync(lake)).Except(before).ToList());
    }

    private static async Task<HashSet<string>> ExecutionsAsync(TemplateLake lake)
    {
        var ids = new HashSet<string>();
        var request = new ListQueryExecutionsRequest { WorkGroup = "pixel-maintenance" };
        do
        {
            var page = await lake.Athena.ListQueryExecutionsAsync(request);
            ids.UnionWith(page.QueryExecutionIds ?? []);
            request.NextToken = page.NextToken;
        }
        while (!string.IsNullOrEmpty(request.NextToken));

        return ids;
    }

    private static async Task<long> ScannedAsync(TemplateLake lake, List<string> ids)
    {
        var bytes = 0L;
        foreach (var id in ids)
        {
            bytes += (await lake.Athena.GetQueryExecutionAsync(new GetQueryExecutionRequest { QueryExecutionId = id })).QueryExecution.Statistics.DataScannedInBytes!.Value;
        }

        return bytes;
    }

    /// <summary>An object as Firehose converts it: pageviews of two beacons, and each one's ledger event a minute.</summary>
    private async Task PutAsync(TemplateLake lake, DateTimeOffset quarter)
    {
        var first = _number;
        _number += EventsPerObject / 2;
        var values = new Dictionary<string, string>
        {
            ["event_id"] = "CAST(uuid() AS VARCHAR)",
            ["received_at"] = string.Create(CultureInfo.InvariantCulture, $"TIMESTAMP '{quarter:yyyy-MM-dd HH:mm:ss}' + to_milliseconds(CAST(n * {900_000 / (EventsPerObject / 2)} AS BIGINT))"),
            ["event_name"] = "CASE WHEN told THEN 'ledger' ELSE 'pageview' END",
            ["user_id"] = "CASE WHEN told THEN NULL ELSE 'user-' || (n % 97) END",
            ["page_path"] = "CASE WHEN told THEN NULL ELSE '/articles/' || (n % 61) END",
            ["is_bot"] = "CASE WHEN told THEN NULL ELSE n % 20 = 0 END",
            ["beacon_id"] = "'0190f5c0-0000-7000-8000-00000000000' || b",
            ["beacon_seq"] = string.Create(CultureInfo.InvariantCulture, $"{first} + n + 1"),
            ["params"] = "CASE WHEN told THEN MAP {'since': CAST(n AS VARCHAR), 'received': '66', 'accepted': '66', 'dropped': '0', 'undelivered': '3'} END",
        };
        var columns = Schema.Columns.Select(c => $"({values.GetValueOrDefault(c.Name, "NULL")})::{TypeOf(c.GlueType)} AS \"{c.Name}\"");
        var file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid()}.parquet");
        await using (var connection = new DuckDBConnection("DataSource=:memory:"))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = string.Create(
                CultureInfo.InvariantCulture,
                $"COPY (SELECT {string.Join(", ", columns)} FROM (SELECT n, b, n % {EventsPerObject / 30} = 0 AS told FROM range({EventsPerObject / 2}) r(n), range(2) s(b))) TO '{file}' (FORMAT parquet, COMPRESSION snappy)");
            await command.ExecuteNonQueryAsync();
        }

        await using (var written = File.OpenRead(file))
        {
            await lake.Cloud.Services.GetRequiredService<ObjectStore>().PutAsync(
                Tests.Lake.Bucket, $"events/{Tests.Lake.Hive(quarter)}pixel-events-1-{quarter:yyyy-MM-dd-HH-mm-ss}-{Guid.NewGuid()}.parquet", written);
        }

        File.Delete(file);
    }

    private static string TypeOf(string glue) => glue switch
    {
        "string" => "VARCHAR",
        "map<string,string>" => "MAP(VARCHAR, VARCHAR)",
        _ => glue,
    };

    /// <summary>What runs of a job read, and what the same questions about everything would have.</summary>
    private sealed class Reads
    {
        public int Runs { get; set; }

        public int Statements { get; set; }

        public int WholeStatements { get; set; }

        public long Read { get; set; }

        public long Whole { get; set; }
    }
}
