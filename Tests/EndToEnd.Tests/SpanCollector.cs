using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace EndToEnd.Tests;

/// <summary>A span as it was exported.</summary>
internal sealed record ExportedSpan(string Trace, string Id, string Parent, string Name);

/// <summary>
/// A real HTTP server that takes spans as OpenTelemetry's exporter sends them (OTLP over HTTP, protobuf), and reads of them what
/// a trace is made of (https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/trace/v1/trace.proto).
/// </summary>
internal sealed class SpanCollector : IAsyncDisposable
{
    private const int Varint = 0, Fixed64 = 1, Bytes = 2, Fixed32 = 5;

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<ExportedSpan> _spans = new();
    private readonly SemaphoreSlim _news = new(0);

    private SpanCollector(WebApplication app) => _app = app;

    public string Url => _app.Urls.Single();

    public IReadOnlyCollection<ExportedSpan> Spans => _spans;

    public static async Task<SpanCollector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var collector = new SpanCollector(builder.Build());
        collector._app.MapPost("/v1/traces", collector.TakeAsync);
        collector._app.MapPost("/v1/{signal}", () => Results.Ok());
        await collector._app.StartAsync();
        return collector;
    }

    /// <summary>Completes when a trace has a span of a name.</summary>
    public async Task UntilAsync(string trace, string name)
    {
        while (_spans.All(span => (span.Trace, span.Name) != (trace, name)))
        {
            await _news.WaitAsync(TestContext.Current.CancellationToken);
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        foreach (var resource in Fields(body.ToArray(), 1))
        {
            foreach (var span in Fields(resource, 2).SelectMany(scope => Fields(scope, 2)))
            {
                _spans.Enqueue(new(Hex(span, 1), Hex(span, 2), Hex(span, 4), Encoding.UTF8.GetString(Fields(span, 5).Single())));
            }
        }

        _news.Release();
    }

    private static string Hex(byte[] message, int field) => Convert.ToHexStringLower(Fields(message, field).FirstOrDefault() ?? []);

    /// <summary>A message's fields of one number that have a length.</summary>
    private static List<byte[]> Fields(byte[] message, int number)
    {
        var found = new List<byte[]>();
        for (var at = 0; at < message.Length;)
        {
            var key = ReadVarint(message, ref at);
            switch ((int)(key & 7))
            {
                case Varint:
                    ReadVarint(message, ref at);
                    break;
                case Fixed64:
                    at += sizeof(long);
                    break;
                case Fixed32:
                    at += sizeof(int);
                    break;
                case Bytes:
                    var length = (int)ReadVarint(message, ref at);
                    if (key >> 3 == (ulong)number)
                    {
                        found.Add(message[at..(at + length)]);
                    }

                    at += length;
                    break;
                default:
                    throw new InvalidDataException($"No protobuf: a field of the wire type {key & 7}.");
            }
        }

        return found;
    }

    private static ulong ReadVarint(byte[] message, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var part = message[at++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }
    }
}
