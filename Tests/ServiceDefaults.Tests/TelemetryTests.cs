using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace ServiceDefaults.Tests;

public sealed class TelemetryTests
{
    [Fact]
    public async Task Our_meters_sources_and_logs_reach_the_collector_that_is_configured()
    {
        var received = new ConcurrentDictionary<string, byte[]>();
        await using var collector = await CollectorAsync(received);

        await using (var app = await Service.StartAsync(
            settings: [("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Urls.Single()), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")]))
        {
            using var source = new ActivitySource("Pixel.Test");
            using var meter = app.Services.GetRequiredService<IMeterFactory>().Create("Pixel.Test");
            using (source.StartActivity("pixel-span"))
            {
                meter.CreateCounter<int>("pixel.test.counted").Add(1);
                app.Logger.LogWarning("pixel-line");
            }

            await app.StopAsync();
        }

        Assert.Contains("pixel.test.counted", Text(received["/v1/metrics"]), StringComparison.Ordinal);
        Assert.Contains("pixel-span", Text(received["/v1/traces"]), StringComparison.Ordinal);
        Assert.Contains("pixel-line", Text(received["/v1/logs"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_collector_that_does_not_answer_holds_up_the_end_by_a_few_seconds_at_most()
    {
        // Held, so that nobody else takes it, and not listened at.
        using var nobody = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        nobody.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var url = $"http://{nobody.LocalEndPoint}";
        var app = await Service.StartAsync(settings: [("OTEL_EXPORTER_OTLP_ENDPOINT", url), ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"), ("OTEL_BSP_SCHEDULE_DELAY", "100")]);
        using var source = new ActivitySource("Pixel.Test");
        source.StartActivity("pixel-span")?.Dispose();
        app.Logger.LogWarning("pixel-line");

        var started = Stopwatch.GetTimestamp();
        await app.StopAsync(TestContext.Current.CancellationToken);
        await app.DisposeAsync();

        // 15 seconds if each of the three kept trying by itself.
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(6));
    }

    [Fact]
    public async Task Telemetry_can_be_off_for_all_but_one_host_of_a_process()
    {
        await using var on = Service.Build(settings: ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9"));
        await using var off = Service.Build(settings: [("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9"), ("Telemetry:Enabled", "false")]);

        Assert.NotNull(on.Services.GetService<TracerProvider>());
        Assert.NotNull(on.Services.GetService<MeterProvider>());
        Assert.Null(off.Services.GetService<TracerProvider>());
        Assert.Null(off.Services.GetService<MeterProvider>());
    }

    [Fact]
    public async Task Spans_that_nobody_collects_are_not_begun()
    {
        await using var app = Service.Build();

        Assert.Null(app.Services.GetService<TracerProvider>());
    }

    private static string Text(byte[] protobuf) => System.Text.Encoding.Latin1.GetString(protobuf);

    private static async Task<WebApplication> CollectorAsync(ConcurrentDictionary<string, byte[]> received)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            received.AddOrUpdate(context.Request.Path, _ => body.ToArray(), (_, before) => [.. before, .. body.ToArray()]);
        });
        await app.StartAsync();
        return app;
    }
}
