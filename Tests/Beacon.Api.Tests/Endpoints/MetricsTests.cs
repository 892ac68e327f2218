using System.Diagnostics.Metrics;
using System.Numerics;
using Beacon.Api.Endpoints;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace Beacon.Api.Tests.Endpoints;

public class MetricsTests
{
    [Fact]
    public void A_tally_that_all_cores_raise_misses_nothing()
    {
        var tally = new Tally();

        Parallel.For(0, 100_000, _ => tally.Increment());

        Assert.Equal(100_000, tally.Total);
    }

    [Fact]
    public async Task One_request_in_64_tells_how_long_each_step_took()
    {
        await using RunningBeacon beacon = await RunningBeacon.StartAsync();
        using var steps = new MetricCollector<double>(beacon.App.Services.GetRequiredService<IMeterFactory>(), BeaconMetrics.MeterName, "pixel.beacon.step.duration");

        // Each core numbers its own requests: this many make at least one of them reach 64.
        int requests = ((int)BitOperations.RoundUpToPowerOf2((uint)Environment.ProcessorCount) * 63) + 1;
        for (int i = 0; i < requests; i++)
        {
            (await beacon.GetAsync()).Dispose();
        }

        IReadOnlyList<CollectedMeasurement<double>> measured = steps.GetMeasurementSnapshot();
        Assert.InRange(measured.Count, 4, 4 * (requests / 64));
        Assert.Equal(
            Enumerable.Repeat(new[] { "extract", "enrich", "append", "answer" }, measured.Count / 4).SelectMany(s => s),
            measured.Select(m => (string)m.Tags["step"]!));
        Assert.All(measured, m => Assert.InRange(m.Value, double.Epsilon, 60));
    }

    [Fact]
    public async Task Ten_thousand_requests_allocate_nothing_of_their_own()
    {
        await using RunningBeacon beacon = await RunningBeacon.StartAsync();
        BeaconPipeline pipeline = beacon.App.Services.GetRequiredService<BeaconPipeline>();
        var request = new HttpRequestFeature
        {
            Method = "GET",
            Path = PixelEndpoint.Path,
            QueryString = "?userid=aws_user&thirdpartyname=example.hightrafficwebsite.com&url=https%3A%2F%2Fshop.example%2Fcart%3Fitem%3D7&utm_source=mail&color=red",
            Headers =
            {
                UserAgent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)",
                Referer = "https://shop.example/",
                AcceptLanguage = "de-CH, en",
            },
        };
        var features = new FeatureCollection();
        features.Set<IHttpRequestFeature>(request);
        features.Set<IHttpConnectionFeature>(new HttpConnectionFeature { RemoteIpAddress = new System.Net.IPAddress([198, 51, 100, 7]) });
        int kept = Run(1000);

        long before = GC.GetAllocatedBytesForCurrentThread();
        kept += Run(10_000);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        // Less than a byte a request: what is there belongs to a new segment.
        Assert.InRange(allocated, 0, 10_000);
        Assert.Equal(11_000, kept);
        Assert.Equal(11_000, beacon.Accepted);

        int Run(int requests)
        {
            int kept = 0;
            for (int i = 0; i < requests; i++)
            {
                ValueTask<Verdict> verdict = pipeline.ReceiveAsync(features, request, timer: null, span: null);
                kept += verdict.IsCompletedSuccessfully && verdict.Result == Verdict.Accepted ? 1 : 0;
            }

            return kept;
        }
    }
}
