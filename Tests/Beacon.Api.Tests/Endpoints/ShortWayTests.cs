using System.Diagnostics.Metrics;
using System.Net;
using System.Text;
using Beacon.Api.Endpoints;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace Beacon.Api.Tests.Endpoints;

/// <summary>The pixel's way past the application, and that it is the same pixel there as on the long way.</summary>
public class ShortWayTests
{
    [Theory]
    [InlineData("/trackingpixel", 200)]
    [InlineData("/TrackingPixel", 200)]
    [InlineData("/trackingpixel/", 200)]
    [InlineData("/%74racking%70ixel", 200)]
    [InlineData("/elsewhere/../trackingpixel", 200)]
    [InlineData("http://x/trackingpixel", 200)]
    [InlineData("//trackingpixel", 404)]
    [InlineData("/trackingpixel//", 404)]
    [InlineData("/trackingpixels", 404)]
    [InlineData("/tracking%2Fpixel", 404)]
    [InlineData("/", 404)]
    public async Task Both_ways_take_the_same_paths_for_the_pixel(string path, int status)
    {
        await using RunningBeacon @short = await RunningBeacon.StartAsync();
        await using RunningBeacon @long = await RunningBeacon.StartAsync(TakeTheLongWay);
        foreach (RunningBeacon beacon in new[] { @short, @long })
        {
            byte[] answer = await beacon.SendAsync($"GET {path}?userid=a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

            Assert.StartsWith($"HTTP/1.1 {status} ", Encoding.Latin1.GetString(answer));
            Assert.Equal(status == 200 ? 1 : 0, beacon.Events().Count);
            Assert.Equal(status == 200 ? 1 : 0, beacon.Received);
        }
    }

    [Theory]
    [InlineData("GET", 200)]
    [InlineData("HEAD", 200)]
    [InlineData("POST", 405)]
    [InlineData("OPTIONS", 405)]
    [InlineData("get", 200)]
    public async Task Both_ways_take_the_same_methods(string method, int status)
    {
        await using RunningBeacon @short = await RunningBeacon.StartAsync();
        await using RunningBeacon @long = await RunningBeacon.StartAsync(TakeTheLongWay);
        string request = $"{method} /trackingpixel?userid=a HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

        string answer = Encoding.Latin1.GetString(await @short.SendAsync(request));

        Assert.StartsWith($"HTTP/1.1 {status} ", answer);
        Assert.Equal(WithoutDate(Encoding.Latin1.GetString(await @long.SendAsync(request))), WithoutDate(answer));
        int events = method is "GET" or "get" ? 1 : 0;
        Assert.Equal((events, events), (@short.Events().Count, @long.Events().Count));
    }

    [Fact]
    public async Task Nothing_of_the_application_sees_the_pixel_and_all_else_goes_through_it()
    {
        var seen = new List<string>();
        await using RunningBeacon beacon = await RunningBeacon.StartAsync(services => services.AddSingleton<IStartupFilter>(new Watch(seen)));
        using var measured = new MetricCollector<double>(
            beacon.App.Services.GetRequiredService<IMeterFactory>(), "Microsoft.AspNetCore.Hosting", "http.server.request.duration");

        await beacon.KeepAsync("a=b");
        await beacon.Client.GetAsync("health", TestContext.Current.CancellationToken);
        await measured.WaitForMeasurementsAsync(1, TestContext.Current.CancellationToken);

        Assert.Equal(["/health"], seen);
        Assert.Equal("/health", Assert.Single(measured.GetMeasurementSnapshot()).Tags["http.route"]);
    }

    [Fact]
    public async Task A_get_with_a_body_is_a_get()
    {
        await using RunningBeacon beacon = await RunningBeacon.StartAsync();

        string answers = Encoding.Latin1.GetString(await beacon.SendAsync(
            "GET /trackingpixel?n=1 HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbodyGET /trackingpixel?n=2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));

        Assert.Equal(["200", "200"], answers.Split("HTTP/1.1 ")[1..].Select(a => a[..3]));
        Assert.Equal(["n=1", "n=2"], beacon.Events().Select(e => e.Params().Single()));
    }

    [Fact]
    public async Task Http_2_gets_the_same_pixel()
    {
        await using RunningBeacon beacon = await RunningBeacon.StartAsync(("Kestrel:EndpointDefaults:Protocols", "Http2"));
        beacon.Client.DefaultRequestVersion = HttpVersion.Version20;
        beacon.Client.DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact;

        HttpResponseMessage[] responses = await Task.WhenAll(Enumerable.Range(0, 100).Select(i =>
            beacon.Client.GetAsync($"trackingpixel?n={i}", TestContext.Current.CancellationToken)));

        foreach (HttpResponseMessage response in responses)
        {
            Assert.Equal(HttpVersion.Version20, response.Version);
            await Pixels.AssertPixelAsync(response, 200);
        }

        Assert.Equal(100, beacon.Events().Select(e => e.Params().Single()).Distinct().Count());
    }

    [Theory]
    [InlineData("process")]
    [InlineData("batch")]
    [InlineData("always")]
    public async Task At_every_level_of_durability_requests_at_once_are_all_answered(string sync)
    {
        await using RunningBeacon beacon = await RunningBeacon.StartAsync(("Journal:Sync", sync));

        HttpResponseMessage[] responses = await Task.WhenAll(Enumerable.Range(0, 300).Select(i => beacon.GetAsync($"n={i}")));

        foreach (HttpResponseMessage response in responses)
        {
            await Pixels.AssertPixelAsync(response, 200);
        }

        Assert.Equal(300, beacon.Events().Select(e => e.Params().Single()).Distinct().Count());
        Assert.Equal((300, 300), (beacon.Received, beacon.Accepted));
    }

    /// <summary>As a host does that puts a server of its own in place: the real one, with nothing before it.</summary>
    private static void TakeTheLongWay(IServiceCollection services) =>
        services.AddSingleton<IServer>(provider => provider.GetRequiredKeyedService<IServer>(typeof(PixelServer)));

    private static string WithoutDate(string answer) => string.Join("\r\n", answer.Split("\r\n").Where(line => !line.StartsWith("Date:", StringComparison.Ordinal)));

    private sealed class Watch(List<string> seen) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((http, following) =>
            {
                seen.Add(http.Request.Path);
                return following(http);
            });
            next(app);
        };
    }
}
