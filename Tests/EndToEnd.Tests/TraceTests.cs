using System.Net;

namespace EndToEnd.Tests;

/// <summary>What somebody sees who looks for one pixel's trace in a dashboard: the real system exports its spans to a collector.</summary>
public sealed class TraceTests
{
    [Fact]
    public async Task A_pixel_is_one_trace_from_its_request_to_the_load_of_its_partition()
    {
        using var folder = new TemporaryFolder();
        await using var collector = await SpanCollector.StartAsync();
        await using var system = await RunningSystem.StartAsync(folder.Path, new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Url,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
            ["Beacon__TraceOneIn"] = "1",
        });

        using var http = new HttpClient();
        using var answer = await http.GetAsync($"{system.Pixel}?event=traced", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);

        var row = Assert.Single(await system.UntilAsync("SELECT traceparent FROM tp_events WHERE event_name = 'traced'", rows => rows.Count == 1));
        var (trace, request) = (row[0]!.Split('-')[1], row[0]!.Split('-')[2]);
        await system.FlushAsync(); // a run that has seen the object; or one is on its way, and the next comes within a minute
        // The three services export each on their own: the last span may come before the others.
        foreach (var name in new[] { "GET /trackingpixel", "journal", "deliver", "Firehose PutRecordBatch", "POST", "Firehose buffer", "load partition" })
        {
            await collector.UntilAsync(trace, name);
        }

        // From each span the way leads to the request.
        var spans = collector.Spans.Where(span => span.Trace == trace).ToList();
        Assert.Equal([request], spans.Where(span => span.Parent.Length == 0).Select(span => span.Id));
        Assert.Equal(["GET /trackingpixel"], Way("GET /trackingpixel"));
        Assert.Equal(["journal", "GET /trackingpixel"], Way("journal"));
        Assert.Equal(["Firehose PutRecordBatch", "deliver", "GET /trackingpixel"], Way("Firehose PutRecordBatch"));
        Assert.Equal(["Firehose buffer", "POST", "Firehose PutRecordBatch", "deliver", "GET /trackingpixel"], Way("Firehose buffer"));
        Assert.Equal(["load partition", "GET /trackingpixel"], Way("load partition"));

        List<string> Way(string name)
        {
            var way = new List<string>();
            for (var span = spans.First(span => span.Name == name); span is not null; span = spans.Find(parent => parent.Id == span.Parent))
            {
                way.Add(span.Name);
            }

            return way;
        }
    }
}
