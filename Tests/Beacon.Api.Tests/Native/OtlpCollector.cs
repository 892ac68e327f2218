using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Beacon.Api.Tests.Native;

/// <summary>A real HTTP server that takes what OpenTelemetry's exporters send (OTLP over HTTP) and can say what was in it.</summary>
internal sealed class OtlpCollector : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(string Path, byte[] Body)> _taken = new();
    private readonly SemaphoreSlim _arrived = new(0);

    private OtlpCollector(WebApplication app) => _app = app;

    public string Url => _app.Urls.Single();

    public static async Task<OtlpCollector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var collector = new OtlpCollector(builder.Build());
        collector._app.MapPost("/v1/{signal}", collector.TakeAsync);
        await collector._app.StartAsync();
        return collector;
    }

    /// <summary>Completes when a message to a path holds a text; protobuf has texts as they are.</summary>
    public async Task UntilAsync(string path, string text)
    {
        while (!_taken.Any(taken => taken.Path == path && taken.Body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0))
        {
            await _arrived.WaitAsync(TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _arrived.Dispose();
    }

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        _taken.Enqueue((context.Request.Path.Value!, body.ToArray()));
        _arrived.Release();
    }
}
