using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Cli.Tests.Demo;

/// <summary>A web server in the beacon's place that keeps what it was sent and answers as it was told.</summary>
internal sealed class RecordingPixel : IAsyncDisposable
{
    private readonly WebApplication _app;

    private RecordingPixel(WebApplication app) => _app = app;

    public ConcurrentQueue<Load> Loads { get; } = new();

    public int Port => new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;

    public Uri Address => new($"http://127.0.0.1:{Port}/trackingpixel");

    public static async Task<RecordingPixel> StartAsync(Func<int, int>? status = null)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var pixel = new RecordingPixel(app);
        var number = 0;
        app.MapGet("/trackingpixel", (HttpRequest request) =>
        {
            pixel.Loads.Enqueue(new(request.Query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString()), request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString())));
            return Results.StatusCode(status?.Invoke(Interlocked.Increment(ref number)) ?? 200);
        });
        await app.StartAsync();
        return pixel;
    }

    /// <summary>Goes away as a killed process does: nothing listens any more.</summary>
    public Task StopAsync() => _app.StopAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    internal sealed record Load(Dictionary<string, string> Query, Dictionary<string, string> Headers)
    {
        public string Agent => Headers["User-Agent"];
    }
}
