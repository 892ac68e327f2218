using System.Globalization;
using System.Text;
using System.Text.Json;
using Amazon.Athena;
using Amazon.Athena.Model;
using Catalog.Worker.Compaction;
using LocalCloud.S3;
using Microsoft.Extensions.DependencyInjection;

namespace Catalog.Worker.Tests.Compaction;

/// <summary>What compaction saves: a month of JSON lines, asked the questions of a dashboard before and after.</summary>
public sealed class ScannedBytesTests(ITestOutputHelper output)
{
    [Fact]
    [Trait("Category", "Soak")]
    public async Task A_months_questions_scan_less_than_a_twentieth_of_the_same_month_as_json()
    {
        await using var lake = await TemplateLake.StartAsync(
            new() { ["DataFormat"] = "json" }, new() { ["Jobs:load-partitions:RegisterAhead"] = "00:00:00", ["Lake:LateWindow"] = "40.00:00:00" });
        await lake.Worker.RunAsync("views");
        var store = lake.Cloud.Services.GetRequiredService<ObjectStore>();
        var random = new Random(1);
        for (var day = 0; day < 28; day++)
        {
            var hour = new DateTimeOffset(2026, 2, 1, 9, 0, 0, TimeSpan.Zero).AddDays(day);
            for (var file = 0; file < 8; file++)
            {
                await store.PutAsync(Lake.Bucket, $"events/{Lake.Hive(hour)}pixel-events-1-{file}", new MemoryStream(Encoding.UTF8.GetBytes(Events(hour, 250, random))));
            }
        }

        await lake.Worker.RunAsync("load-partitions");
        var before = await ScannedAsync(lake.Athena);
        var counts = await lake.Worker.RunAsync("compaction");
        var after = await ScannedAsync(lake.Athena);

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{counts["filesBefore"]} files with {counts["bytesBefore"]} bytes became {counts["filesAfter"]} with {counts["bytesAfter"]}; {StandardQuestions.All.Count} questions scanned {before} bytes and then {after}: {(double)before / after:0.0} times fewer."));
        Assert.True(before > 20 * after, $"{before} bytes before, {after} after: {(double)before / after:0.0} times fewer");
    }

    private static string Events(DateTimeOffset hour, int count, Random random)
    {
        string[] hosts = ["shop.example", "blog.example", "www.example"], browsers = ["Chrome", "Safari", "Firefox"], countries = ["DE", "FR", "US", "GB", "JP"];
        var lines = new StringBuilder();
        for (var i = 0; i < count; i++)
        {
            var host = hosts[random.Next(hosts.Length)];
            var page = $"/articles/{random.Next(60)}";
            var user = random.Next(4000);
            lines.Append(JsonSerializer.Serialize(new Dictionary<string, object>
            {
                ["event_id"] = Guid.CreateVersion7(hour),
                ["received_at"] = $"{hour.AddMilliseconds(random.Next(3_600_000)):yyyy-MM-dd'T'HH:mm:ss.fff'Z'}",
                ["event_name"] = "pageview",
                ["user_id"] = $"user-{user}",
                ["third_party"] = host,
                ["page_url"] = $"https://{host}{page}?ref=newsletter",
                ["page_host"] = host,
                ["page_path"] = page,
                ["referrer"] = $"https://{hosts[random.Next(hosts.Length)]}/",
                ["referrer_host"] = hosts[random.Next(hosts.Length)],
                ["user_agent"] = $"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) {browsers[random.Next(3)]}/{120 + random.Next(8)}.0.0.0 Safari/537.36",
                ["browser"] = browsers[random.Next(3)],
                ["os"] = "Windows",
                ["device"] = "desktop",
                ["is_bot"] = random.Next(20) == 0,
                ["ip"] = $"192.0.{random.Next(256)}.0",
                ["country"] = countries[random.Next(countries.Length)],
                ["visitor_id"] = $"{user:x16}",
                ["language"] = "de-DE,de;q=0.9,en;q=0.8",
                ["consent"] = "granted",
                ["query"] = $"userid=user-{user}&thirdpartyname={host}&url=https%3A%2F%2F{host}{page}",
                ["beacon_id"] = "0190f5c0-0000-7000-8000-000000000001",
                ["beacon_seq"] = i,
                ["params"] = new Dictionary<string, string> { ["tz"] = "Europe/Berlin" },
            })).Append('\n');
        }

        return lines.ToString();
    }

    private static async Task<long> ScannedAsync(IAmazonAthena athena)
    {
        var bytes = 0L;
        foreach (var question in StandardQuestions.All)
        {
            var id = (await athena.StartQueryExecutionAsync(new StartQueryExecutionRequest
            {
                QueryString = question.Replace("{hour}", "year = '2026' AND month = '02'", StringComparison.Ordinal),
                WorkGroup = Lake.Workgroup,
                QueryExecutionContext = new QueryExecutionContext { Database = Lake.Database },
            })).QueryExecutionId;
            QueryExecution execution;
            do
            {
                execution = (await athena.GetQueryExecutionAsync(new GetQueryExecutionRequest { QueryExecutionId = id })).QueryExecution;
            }
            while (execution.Status.State == "QUEUED" || execution.Status.State == "RUNNING");
            Assert.True(execution.Status.State == "SUCCEEDED", execution.Status.StateChangeReason);
            bytes += execution.Statistics.DataScannedInBytes!.Value;
        }

        return bytes;
    }
}
