using System.Globalization;
using System.Text.Json;
using Amazon.S3.Model;

namespace Catalog.Worker.Tests.Views;

/// <summary>A lake with all views and a few events, which a test writes down as a table.</summary>
internal sealed class ViewLake : IAsyncDisposable
{
    private readonly TemplateLake _lake;
    private int _events;

    private ViewLake(TemplateLake lake) => _lake = lake;

    public static async Task<ViewLake> StartAsync(params (string Key, string Value)[] settings)
    {
        var all = settings.ToDictionary(s => s.Key, s => (string?)s.Value);
        all["Jobs:load-partitions:RegisterAhead"] = "00:00:00";
        var lake = await TemplateLake.StartAsync(new() { ["DataFormat"] = "json" }, all);
        await lake.Worker.RunAsync("views");
        return new(lake);
    }

    /// <summary>Puts events into the lake, each into the hour of its time on 15 March 2026 (or the day that it names).</summary>
    /// <param name="columns">The columns, in order; <c>at</c> is the time as <c>HH:mm</c> or <c>dd HH:mm</c>; <c>params</c> is <c>a=1,b=2</c>.</param>
    /// <param name="rows">The values, separated by bars; <c>-</c> is null.</param>
    public async Task PutAsync(string columns, params string[] rows)
    {
        var names = Split(columns);
        var hours = new Dictionary<DateTimeOffset, List<string>>();
        foreach (var (row, i) in rows.Select((row, i) => (Split(row), i)))
        {
            var values = names.Zip(row).ToDictionary(v => v.First, v => v.Second);
            var text = values["at"].Length > 5 ? values["at"] : $"15 {values["at"]}";
            var at = DateTimeOffset.ParseExact($"2026-03-{text}", "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
            var hour = values.TryGetValue("lands", out var lands) ? DateTimeOffset.ParseExact($"2026-03-{lands}", "yyyy-MM-dd HH", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal) : at;
            var line = new Dictionary<string, object?> { ["event_id"] = $"e{Interlocked.Increment(ref _events)}-{i}", ["received_at"] = $"{at:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}", ["event_name"] = "pageview" };
            foreach (var (name, value) in values.Where(v => v.Key is not ("at" or "lands")))
            {
                line[name] = value == "-" ? null : name switch
                {
                    "is_bot" => bool.Parse(value),
                    "beacon_seq" => long.Parse(value, CultureInfo.InvariantCulture),
                    "params" => value.Split(',').Select(p => p.Split('=')).ToDictionary(p => p[0], p => p[1]),
                    _ => value,
                };
            }

            var key = new DateTimeOffset(hour.Year, hour.Month, hour.Day, hour.Hour, 0, 0, TimeSpan.Zero);
            hours.TryAdd(key, []);
            hours[key].Add(JsonSerializer.Serialize(line));
        }

        foreach (var (hour, lines) in hours)
        {
            await _lake.S3.PutObjectAsync(new PutObjectRequest
            {
                BucketName = Tests.Lake.Bucket,
                Key = $"events/{Tests.Lake.Hive(hour)}pixel-events-1-{Guid.NewGuid()}",
                ContentBody = string.Join('\n', lines) + "\n",
            });
        }

        await _lake.Worker.RunAsync("repair-partitions");
    }

    /// <summary>Asks for columns of a view on 15 March 2026, in order.</summary>
    public Task<IReadOnlyList<string>> RowsAsync(string view, string columns, string order = "1, 2, 3, 4", string where = "day = '15'")
        => _lake.Athena.QueryAsync($"SELECT {columns} FROM {view} WHERE year = '2026' AND month = '03' AND {where} ORDER BY {order}");

    public TemplateLake Lake => _lake;

    public Task<IReadOnlyList<string>> QueryAsync(string sql) => _lake.Athena.QueryAsync(sql);

    public ValueTask DisposeAsync() => _lake.DisposeAsync();

    private static string[] Split(string row) => [.. row.Split('|').Select(v => v.Trim())];
}
