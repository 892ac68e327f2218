using System.Collections.Concurrent;
using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using Amazon.KinesisFirehose;
using Amazon.KinesisFirehose.Model;
using Catalog.Worker.Jobs;
using Pixel.Events;

namespace Catalog.Worker.Tests.Tracing;

/// <summary>The last span of a traced pixel. The listener hears the whole process, so each test looks at traces of its own.</summary>
public sealed class LandedTracesTests : IDisposable
{
    private static readonly EventSchema Schema = EventSchema.Load();

    private static readonly Dictionary<string, string?> Following = new() { ["Jobs:load-partitions:FollowTraces"] = "true" };

    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly ActivityListener _listener;

    public LandedTracesTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == JobMetrics.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public void Dispose() => _listener.Dispose();

    [Theory]
    [InlineData("parquet")]
    [InlineData("json")]
    public async Task A_trace_ends_with_the_run_that_registers_the_hour_its_event_has_landed_in(string format)
    {
        await using var lake = await TemplateLake.StartAsync(new() { ["DataFormat"] = format }, new() { ["Jobs:load-partitions:RegisterAhead"] = "00:00:00", ["Jobs:load-partitions:FollowTraces"] = "true" });
        lake.Time.Advance(TimeProvider.System.GetUtcNow() - lake.Time.GetUtcNow()); // Firehose has a clock of its own
        var traced = ActivityTraceId.CreateRandom();
        var request = ActivitySpanId.CreateRandom();
        await PutAsync(lake, [.. Enumerable.Range(0, 500).Select(_ => Line(null)), Line(Traceparent(traced, request)), Line(null)]);

        await lake.Worker.RunAsync("load-partitions");
        await lake.Worker.RunAsync("load-partitions");

        var span = Assert.Single(_ended, span => span.TraceId == traced);
        var run = _ended.First(span => span.OperationName == "load-partitions" && span.Context == Assert.Single(_ended, s => s.TraceId == traced).Links.Single().Context);
        Assert.Equal(("load partition", request), (span.DisplayName, span.ParentSpanId));
        Assert.Equal(true, span.GetTagItem("pixel.partition.added"));
        Assert.StartsWith("events/year=", (string)span.GetTagItem("aws.s3.key")!, StringComparison.Ordinal);
        Assert.InRange(span.StartTimeUtc, run.StartTimeUtc.AddDays(-1), span.StartTimeUtc + span.Duration);
    }

    [Fact]
    public async Task An_event_that_lands_in_an_hour_that_is_registered_is_followed_by_the_next_run()
    {
        await using var lake = await Lake.StartAsync(Following);
        await lake.PutAsync("year=2026/month=03/day=15/hour=10/");
        await lake.RunAsync("load-partitions");
        var traced = ActivityTraceId.CreateRandom();
        await lake.PutAsync("year=2026/month=03/day=15/hour=10/", Line(Traceparent(traced, ActivitySpanId.CreateRandom())));

        await lake.RunAsync("load-partitions");

        Assert.Equal(false, Assert.Single(_ended, span => span.TraceId == traced).GetTagItem("pixel.partition.added"));
    }

    [Fact]
    public async Task Compressed_lines_are_read_and_what_a_visitor_wrote_is_no_trace()
    {
        await using var lake = await Lake.StartAsync(Following);
        var (traced, claimed) = (ActivityTraceId.CreateRandom(), ActivityTraceId.CreateRandom());
        using var body = new MemoryStream();
        await using (var gzip = new GZipStream(body, CompressionLevel.Fastest, leaveOpen: true))
        {
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(
                Line(null, "traceparent", Traceparent(claimed, ActivitySpanId.CreateRandom())) + Line(Traceparent(traced, ActivitySpanId.CreateRandom()))));
        }

        body.Position = 0;
        await lake.S3.PutObjectAsync(new() { BucketName = Lake.Bucket, Key = "events/year=2026/month=03/day=15/hour=10/pixel-events-1-2026-03-15-10-00-00-x.gz", InputStream = body });

        await lake.RunAsync("load-partitions");

        Assert.Single(_ended, span => span.TraceId == traced);
        Assert.DoesNotContain(_ended, span => span.TraceId == claimed);
    }

    [Fact]
    public async Task Objects_that_cannot_be_read_hold_nothing_up()
    {
        await using var lake = await Lake.StartAsync(Following);
        await lake.PutAsync("year=2026/month=03/day=15/hour=10/", "PAR1 and nothing of it PAR1");

        var counts = await lake.RunAsync("load-partitions");

        Assert.Equal(1, counts["hoursListed"]);
    }

    [Fact]
    public async Task Where_nobody_collects_spans_no_object_is_looked_at()
    {
        await using var lake = await Lake.StartAsync();
        var traced = ActivityTraceId.CreateRandom();
        await lake.PutAsync("year=2026/month=03/day=15/hour=10/", Line(Traceparent(traced, ActivitySpanId.CreateRandom())));

        await lake.RunAsync("load-partitions");

        Assert.DoesNotContain(_ended, span => span.TraceId == traced);
    }

    private static string Traceparent(ActivityTraceId trace, ActivitySpanId span) => $"00-{trace}-{span}-01";

    private static string Line(string? traceparent, string? parameter = null, string? value = null)
    {
        var e = new PixelEvent(Schema);
        e.Begin(TimeProvider.System.GetUtcNow());
        if (traceparent is not null)
        {
            e.Trace(traceparent);
        }

        if (parameter is not null)
        {
            e.Parameters.Add(Encoding.UTF8.GetBytes(parameter), Encoding.UTF8.GetBytes(value!));
        }

        return Encoding.UTF8.GetString(e.WriteOpen().Span) + ",\"beacon_id\":\"b\",\"beacon_seq\":1}\n";
    }

    private static async Task PutAsync(TemplateLake lake, IEnumerable<string> lines)
    {
        using var firehose = lake.Cloud.Client<AmazonKinesisFirehoseClient, AmazonKinesisFirehoseConfig>((credentials, config) => new(credentials, config));
        await firehose.PutRecordAsync(new PutRecordRequest
        {
            DeliveryStreamName = "pixel-events",
            Record = new() { Data = new MemoryStream(Encoding.UTF8.GetBytes(string.Concat(lines))) },
        });
        using var http = lake.Cloud.Http();
        (await http.PostAsync("/_localcloud/flush", null)).EnsureSuccessStatusCode();
    }
}
