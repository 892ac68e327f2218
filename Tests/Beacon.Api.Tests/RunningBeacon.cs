using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Beacon.Api.Endpoints;
using Beacon.Api.Journal;
using Beacon.Api.Tests.Journal;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;
using System.Diagnostics.Metrics;

namespace Beacon.Api.Tests;

/// <summary>A beacon as it runs, on a free port, with its journal in a folder of its own.</summary>
internal sealed class RunningBeacon : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TempFolder _folder;
    private readonly MetricCollector<long> _received;
    private readonly MetricCollector<long> _accepted;
    private readonly MetricCollector<long> _dropped;

    private RunningBeacon(WebApplication app, TempFolder folder)
    {
        _app = app;
        _folder = folder;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        var meters = app.Services.GetRequiredService<IMeterFactory>();
        _received = new(meters, BeaconMetrics.MeterName, "pixel.beacon.received");
        _accepted = new(meters, BeaconMetrics.MeterName, "pixel.beacon.accepted");
        _dropped = new(meters, BeaconMetrics.MeterName, "pixel.beacon.dropped");
    }

    public HttpClient Client { get; }

    public WebApplication App => _app;

    public long Received => Read(_received).Sum(m => m.Value);

    public long Accepted => Read(_accepted).Sum(m => m.Value);

    /// <summary>The reasons of all drops so far, one for each drop.</summary>
    public IEnumerable<string> Dropped => Read(_dropped).SelectMany(m => Enumerable.Repeat((string)m.Tags["reason"]!, (int)m.Value));

    public static Task<RunningBeacon> StartAsync(params (string Key, string Value)[] settings) => StartAsync(_ => { }, settings);

    public static async Task<RunningBeacon> StartAsync(Action<IServiceCollection> configure, params (string Key, string Value)[] settings)
    {
        var folder = new TempFolder();
        WebApplication app = Build(folder, configure, settings);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new RunningBeacon(app, folder);
    }

    /// <summary>The application, not started.</summary>
    public static WebApplication Build(TempFolder folder, Action<IServiceCollection> configure, params (string Key, string Value)[] settings)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Testing" });
        builder.Configuration.AddInMemoryCollection(
        [
            new("Journal:Folder", folder["journal"]),
            new("Telemetry:Enabled", "false"),
            // Nothing answers there: what is behind the journal is not the matter of these tests.
            new("AWS:ServiceURL", "http://127.0.0.1:9"),
            new("AWS:AccessKey", "test"),
            new("AWS:SecretKey", "test"),
            new("Delivery:DrainTimeout", "00:00:00"),
            // Its events are the matter of tests of their own; here events are those of requests.
            new("Ledger:Enabled", "false"),
        ]);
        builder.Configuration.AddInMemoryCollection(settings.Select(s => new KeyValuePair<string, string?>(s.Key, s.Value)));
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddBeacon();
        configure(builder.Services);
        return builder.Build().MapBeacon();
    }

    /// <summary>Asks for the pixel; the query is sent exactly as given.</summary>
    public Task<HttpResponseMessage> GetAsync(string query = "", params (string Name, string Value)[] headers)
    {
        var uri = new Uri(Client.BaseAddress + "trackingpixel" + (query.Length > 0 ? "?" + query : ""), new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var request = new HttpRequestMessage(HttpMethod.Get, uri);
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>Asks for the pixel, asserts that the event is kept, and gives the newest event.</summary>
    public async Task<JsonElement> KeepAsync(string query = "", params (string Name, string Value)[] headers)
    {
        using HttpResponseMessage response = await GetAsync(query, headers);
        await Pixels.AssertPixelAsync(response, 200);
        return Events()[^1];
    }

    /// <summary>Sends bytes over a connection of their own and gives all that comes back until the server closes it.</summary>
    public async Task<byte[]> SendAsync(byte[] request)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", Client.BaseAddress!.Port, TestContext.Current.CancellationToken);
        NetworkStream stream = socket.GetStream();
        await stream.WriteAsync(request, TestContext.Current.CancellationToken);
        var response = new MemoryStream();
        await stream.CopyToAsync(response, TestContext.Current.CancellationToken);
        return response.ToArray();
    }

    /// <summary>Sends text of which every character is one byte.</summary>
    public Task<byte[]> SendAsync(string request) => SendAsync(Encoding.Latin1.GetBytes(request));

    /// <summary>The events in the journal, oldest first; each is one line and one object without duplicate keys.</summary>
    public List<JsonElement> Events()
    {
        var events = new List<JsonElement>();
        foreach ((long first, string path) in SegmentFormat.Find(_folder["journal"]))
        {
            using SegmentScanner scanner = SegmentScanner.Open(path, first);
            long size = new FileInfo(path).Length;
            for (ScanResult step = scanner.Next(size); step != ScanResult.End; step = scanner.Next(size))
            {
                Assert.Equal(ScanResult.Record, step);
                events.Add(Pixels.ParseLine(scanner.Record.Payload.Span));
            }
        }

        return events;
    }

    private static IReadOnlyList<CollectedMeasurement<long>> Read(MetricCollector<long> counts)
    {
        counts.Clear();
        counts.RecordObservableInstruments();
        return counts.GetMeasurementSnapshot();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        _folder.Dispose();
    }
}
