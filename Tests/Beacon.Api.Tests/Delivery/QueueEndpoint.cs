using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Beacon.Api.Tests.Delivery;

/// <summary>What the queue does with a message.</summary>
internal enum QueueAnswer
{
    Take,
    Refuse,
    HangUp,
    TakeAndHangUp,
}

/// <summary>A real HTTP server that speaks SQS's <c>SendMessage</c>, and fails as told.</summary>
internal sealed class QueueEndpoint : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<string> _messages = new();
    private int _received;

    private QueueEndpoint(WebApplication app) => _app = app;

    /// <summary>Decides each message, counted from 1.</summary>
    public Func<int, QueueAnswer> Script { get; set; } = _ => QueueAnswer.Take;

    public string Url => _app.Urls.Single();

    /// <summary>The bodies taken, in the order they were.</summary>
    public IReadOnlyList<string> Messages => [.. _messages];

    /// <summary>The settings with which a beacon uses it.</summary>
    public (string Key, string Value)[] Settings => [("Delivery:OverflowQueueUrl", Url + "/000000000000/overflow"), ("AWS:Endpoints:sqs", Url)];

    public static async Task<QueueEndpoint> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var endpoint = new QueueEndpoint(builder.Build());
        endpoint._app.MapPost("/{**path}", endpoint.AnswerAsync);
        await endpoint._app.StartAsync();
        return endpoint;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        Assert.Equal("AmazonSQS.SendMessage", context.Request.Headers["X-Amz-Target"]);
        var request = (await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted))!;
        Assert.EndsWith("/000000000000/overflow", request["QueueUrl"]!.GetValue<string>(), StringComparison.Ordinal);
        var body = request["MessageBody"]!.GetValue<string>();
        var answer = Script(Interlocked.Increment(ref _received));
        if (answer is QueueAnswer.Take or QueueAnswer.TakeAndHangUp)
        {
            _messages.Enqueue(body);
        }

        if (answer is QueueAnswer.HangUp or QueueAnswer.TakeAndHangUp)
        {
            context.Abort();
            return;
        }

        context.Response.ContentType = "application/x-amz-json-1.0";
        context.Response.StatusCode = answer == QueueAnswer.Take ? 200 : 400;
        await context.Response.WriteAsync((answer == QueueAnswer.Take
            ? new JsonObject
            {
                ["MessageId"] = Guid.NewGuid().ToString(),
                ["MD5OfMessageBody"] = Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(body))),
            }
            : new JsonObject { ["__type"] = "com.amazonaws.sqs#QueueDoesNotExist", ["message"] = "No queue, as told." }).ToJsonString());
    }
}
