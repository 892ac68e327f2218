using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Beacon.Api.Tests.Delivery;

/// <summary>One <c>PutRecordBatch</c> as it arrived.</summary>
/// <param name="Number">Counted from 1.</param>
internal sealed record Put(int Number, string Stream, IReadOnlyList<byte[]> Records)
{
    /// <summary>The events of one record, by id.</summary>
    public static List<string> Ids(byte[] record) =>
        [.. Encoding.UTF8.GetString(record).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonNode.Parse(line)!["event_id"]!.GetValue<string>())];
}

/// <summary>What the endpoint does with a put.</summary>
internal abstract record PutAnswer
{
    public static readonly PutAnswer Take = new TakeAllBut([], "");

    /// <summary>200, with some entries refused.</summary>
    public sealed record TakeAllBut(int[] Refused, string Code) : PutAnswer;

    /// <summary>An error instead of an answer; nothing is taken.</summary>
    public sealed record Refuse(int Status, string Type) : PutAnswer;

    /// <summary>The connection is closed; nothing is taken.</summary>
    public sealed record HangUp : PutAnswer;

    /// <summary>The records are taken, and the connection is closed before the answer.</summary>
    public sealed record TakeAndHangUp : PutAnswer;

    /// <summary>No answer until the client gives up or the task ends; then all are taken if the task succeeded.</summary>
    public sealed record TakeAfter(Task Release) : PutAnswer;

    /// <summary>200 with a body of one's own; nothing is taken.</summary>
    public sealed record Say(string Json) : PutAnswer;

    /// <summary>The records are taken, and the connection is closed in the middle of the answer.</summary>
    public sealed record TakeAndBreakOff : PutAnswer;

    /// <summary>The records are taken, and the answer trickles, a byte at a time, for as long as the client listens.</summary>
    public sealed record TakeAndTrickle : PutAnswer;
}

/// <summary>A real HTTP server that speaks as much of Firehose as delivery uses, and fails as told.</summary>
internal sealed class FirehoseEndpoint : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Lock _gate = new();
    private readonly List<Put> _puts = [];
    private readonly List<byte[]> _taken = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private FirehoseEndpoint(WebApplication app) => _app = app;

    /// <summary>Where taken records go on to before the put is answered, if anywhere.</summary>
    public Func<Put, IReadOnlyList<byte[]>, Task>? Beyond { get; set; }

    /// <summary>Decides each put.</summary>
    public Func<Put, PutAnswer> Script { get; set; } = _ => PutAnswer.Take;

    public string Url => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    public IReadOnlyList<Put> Puts
    {
        get
        {
            lock (_gate)
            {
                return [.. _puts];
            }
        }
    }

    /// <summary>The records taken, in the order they were.</summary>
    public IReadOnlyList<byte[]> Taken
    {
        get
        {
            lock (_gate)
            {
                return [.. _taken];
            }
        }
    }

    /// <summary>The ids of the events taken, duplicates included.</summary>
    public List<string> Ids => [.. Taken.SelectMany(Put.Ids)];

    public static async Task<FirehoseEndpoint> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = 16 << 20);
        var endpoint = new FirehoseEndpoint(builder.Build());
        endpoint._app.MapPost("/", endpoint.AnswerAsync);
        await endpoint._app.StartAsync();
        return endpoint;
    }

    /// <summary>Completes when something is true, looked at after every put.</summary>
    public async Task UntilAsync(Func<FirehoseEndpoint, bool> condition)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                changed = _changed.Task;
            }

            if (condition(this))
            {
                return;
            }

            await changed.WaitAsync(TestContext.Current.CancellationToken);
        }
    }

    public Task UntilTakenAsync(int events) => UntilAsync(endpoint => endpoint.Ids.Distinct().Count() >= events);

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        Assert.Equal("Firehose_20150804.PutRecordBatch", context.Request.Headers["X-Amz-Target"]);
        var request = (await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted))!;
        Put put;
        lock (_gate)
        {
            put = new Put(
                _puts.Count + 1,
                request["DeliveryStreamName"]!.GetValue<string>(),
                [.. request["Records"]!.AsArray().Select(record => record!["Data"]!.GetValueKind() == JsonValueKind.String
                    ? Convert.FromBase64String(record["Data"]!.GetValue<string>())
                    : throw new InvalidOperationException("Data is not a string."))]);
            _puts.Add(put);
        }

        Changed();
        await AnswerAsync(context, put, Script(put));
        Changed();
    }

    private async Task AnswerAsync(HttpContext context, Put put, PutAnswer answer)
    {
        switch (answer)
        {
            case PutAnswer.TakeAllBut some:
                await TakeAsync(put, put.Records.Where((_, i) => !some.Refused.Contains(i)));
                await WriteAsync(context, 200, new JsonObject
                {
                    ["FailedPutCount"] = some.Refused.Length,
                    ["Encrypted"] = false,
                    ["RequestResponses"] = new JsonArray([.. put.Records.Select((_, i) => some.Refused.Contains(i)
                        ? new JsonObject { ["ErrorCode"] = some.Code, ["ErrorMessage"] = "Slow down." }
                        : new JsonObject { ["RecordId"] = $"{put.Number}-{i}" })]),
                });
                break;

            case PutAnswer.Refuse error:
                await WriteAsync(context, error.Status, new JsonObject { ["__type"] = error.Type, ["message"] = $"{error.Type} as told." });
                break;

            case PutAnswer.HangUp:
                context.Abort();
                break;

            case PutAnswer.TakeAndHangUp:
                await TakeAsync(put, put.Records);
                context.Abort();
                break;

            case PutAnswer.TakeAfter later:
                try
                {
                    await later.Release.WaitAsync(context.RequestAborted);
                }
                catch (OperationCanceledException)
                {
                    return;
                }

                await AnswerAsync(context, put, PutAnswer.Take);
                break;

            case PutAnswer.Say say:
                context.Response.ContentType = "application/x-amz-json-1.1";
                await context.Response.WriteAsync(say.Json);
                break;

            case PutAnswer.TakeAndBreakOff:
                await TakeAsync(put, put.Records);
                context.Response.ContentType = "application/x-amz-json-1.1";
                await context.Response.WriteAsync("""{"FailedPutCount":0,"RequestResp""");
                await context.Response.Body.FlushAsync();
                context.Abort();
                break;

            case PutAnswer.TakeAndTrickle:
                await TakeAsync(put, put.Records);
                await TrickleAsync(context);
                break;
        }
    }

    private async Task TakeAsync(Put put, IEnumerable<byte[]> some)
    {
        byte[][] records = [.. some];
        if (Beyond is { } beyond)
        {
            await beyond(put, records);
        }

        lock (_gate)
        {
            _taken.AddRange(records);
        }
    }

    /// <summary>Blanks are the beginning of any JSON, so the answer is never wrong, only never there.</summary>
    private static async Task TrickleAsync(HttpContext context)
    {
        context.Response.ContentType = "application/x-amz-json-1.1";
        using var drip = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        try
        {
            while (await drip.WaitForNextTickAsync(context.RequestAborted))
            {
                await context.Response.WriteAsync(" ", context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private void Changed()
    {
        lock (_gate)
        {
            _changed.SetResult();
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private static async Task WriteAsync(HttpContext context, int status, JsonObject body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/x-amz-json-1.1";
        context.Response.Headers["x-amzn-RequestId"] = Guid.NewGuid().ToString();
        await context.Response.WriteAsync(body.ToJsonString());
    }
}
