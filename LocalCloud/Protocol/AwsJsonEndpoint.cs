using System.Buffers;
using System.Text.Json;
using LocalCloud.Signing;

namespace LocalCloud.Protocol;

/// <summary>AWS JSON: <c>POST /</c> with <c>X-Amz-Target: {prefix}.{operation}</c> and a JSON object.</summary>
internal sealed class AwsJsonEndpoint : IAwsEndpoint
{
    public const string TargetHeader = "X-Amz-Target";

    /// <summary>A Firehose batch of 4 MiB is 5.4 MiB in base64; Glue's largest calls are smaller.</summary>
    private const int MaxBody = 16 * 1024 * 1024;

    private readonly Dictionary<string, AwsJsonService> _services;
    private readonly SignatureVerifier _verifier;

    public AwsJsonEndpoint(IEnumerable<AwsJsonService> services, SignatureVerifier verifier)
    {
        _services = services.ToDictionary(s => s.TargetPrefix, StringComparer.Ordinal);
        _verifier = verifier;
    }

    public string Name => "AWS JSON";

    public AwsException InternalError => new("InternalFailure", "The request processing has failed because of an unknown error, exception or failure.", 500);

    public async Task AnswerAsync(HttpContext context, AwsCall call, RequestSignature? signature)
    {
        var (service, operation) = Find(context.Request);
        using var body = await RequestBody.ReadAsync(
            context.Request, MaxBody, () => new AwsException("RequestEntityTooLargeException", "The request is too large.", 413), context.RequestAborted);
        _verifier.Verify(context.Request, signature, body.Content.Span, service is { IsQueryCompatible: true } ? SignatureErrors.Query : SignatureErrors.Json);

        using var request = Parse(body.Content);
        if (service is null)
        {
            throw AwsJsonService.UnknownOperation();
        }

        var answer = await service.InvokeAsync(operation, request.RootElement, call, context.RequestAborted);
        await WriteAsync(context, call, service, 200, writer =>
        {
            if (answer is null)
            {
                writer.WriteStartObject();
                writer.WriteEndObject();
            }
            else
            {
                JsonSerializer.Serialize(writer, answer, answer.GetType(), AwsJson.Options);
            }
        });
    }

    public Task RefuseAsync(HttpContext context, AwsCall call, AwsException error)
    {
        var service = Find(context.Request).Service;
        var message = service?.ErrorMessageMember ?? "message";
        if (service is { IsQueryCompatible: true })
        {
            context.Response.Headers["x-amzn-query-error"] = $"{error.QueryCode};{(error.Status < 500 ? "Sender" : "Receiver")}";
        }
        else
        {
            context.Response.Headers["x-amzn-ErrorType"] = error.Code;
        }

        return WriteAsync(context, call, service, error.Status, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("__type", error.Code);
            foreach (var (name, value) in error.Details)
            {
                writer.WriteString(name, value);
            }

            if (error.Message.Length > 0)
            {
                writer.WriteString(message, error.Message);
            }

            writer.WriteEndObject();
        });
    }

    private (AwsJsonService? Service, string Operation) Find(HttpRequest request)
    {
        var target = request.Headers[TargetHeader].ToString();
        var dot = target.LastIndexOf('.');
        return dot > 0 && _services.TryGetValue(target[..dot], out var service) ? (service, target[(dot + 1)..]) : (null, "");
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 128 });
        }
        catch (JsonException)
        {
            throw AwsJsonService.Unreadable("");
        }
    }

    // The answer is complete before its first byte goes out, so that one that cannot be written is still an error.
    private static async Task WriteAsync(HttpContext context, AwsCall call, AwsJsonService? service, int status, Action<Utf8JsonWriter> write)
    {
        var content = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(content, new JsonWriterOptions { Encoder = AwsJson.Options.Encoder, MaxDepth = 128 }))
        {
            write(writer);
        }

        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = $"application/x-amz-json-{service?.JsonVersion ?? "1.1"}";
        response.ContentLength = content.WrittenCount;
        response.Headers["x-amzn-RequestId"] = call.RequestId;
        await response.Body.WriteAsync(content.WrittenMemory, context.RequestAborted);
    }
}
