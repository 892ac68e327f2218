using System.Net;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using LocalCloud.Signing;

namespace LocalCloud.Protocol;

/// <summary>The query protocol: parameters in a form or in the query string, answers in XML.</summary>
internal sealed class AwsQueryEndpoint(IEnumerable<AwsQueryService> services, SignatureVerifier verifier) : IAwsEndpoint
{
    /// <summary>The largest SQS message is 1 MiB, and three times that when every byte is escaped.</summary>
    private const int MaxBody = 4 * 1024 * 1024;

    private static readonly XmlWriterSettings Xml = new()
    {
        Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        NewLineHandling = NewLineHandling.Entitize, // a message keeps its line ends, or its checksum would not be that of what arrives
        CheckCharacters = false,                    // an error may quote what it refuses
    };

    private readonly AwsQueryService[] _services = [.. services];

    public string Name => "AWS query";

    public AwsException InternalError => new("InternalFailure", "The request processing has failed because of an unknown error, exception or failure.", 500);

    public async Task AnswerAsync(HttpContext context, AwsCall call, RequestSignature? signature)
    {
        using var body = await RequestBody.ReadAsync(
            context.Request, MaxBody, () => new AwsException("RequestEntityTooLarge", "The request is too large.", 413), context.RequestAborted);
        var parameters = Parameters(context.Request, Encoding.UTF8.GetString(body.Content.Span));
        if (!parameters.TryGetValue("Action", out var asked) || !_services.Any(s => s.IsUnsigned(asked)))
        {
            verifier.Verify(context.Request, signature, body.Content.Span, SignatureErrors.Query);
        }

        if (context.Request.Path != "/")
        {
            parameters.TryAdd("QueueUrl", context.Request.Path); // the only resource with a path of its own
        }

        if (!parameters.TryGetValue("Action", out var action))
        {
            throw new AwsException("MissingAction", "The request is missing an action or a required parameter.");
        }

        parameters.TryGetValue("Version", out var version);
        var service = _services.FirstOrDefault(s => s.Knows(action) && (version is null || version == s.Version))
            ?? throw new AwsException("InvalidAction", $"Could not find operation {action} for version {version ?? "NO_VERSION_SPECIFIED"}");

        context.Features.Set(service);
        var result = await service.InvokeAsync(action, parameters, call, context.RequestAborted);
        var ns = service.Namespace;
        await WriteAsync(context, call, 200, new XElement(
            ns + (action + "Response"),
            new XElement(ns + (action + "Result"), result),
            new XElement(ns + "ResponseMetadata", new XElement(ns + "RequestId", call.RequestId))));
    }

    public Task RefuseAsync(HttpContext context, AwsCall call, AwsException error)
    {
        XNamespace ns = (context.Features.Get<AwsQueryService>() ?? _services.FirstOrDefault())?.Namespace ?? "";
        return WriteAsync(context, call, error.Status, new XElement(
            ns + "ErrorResponse",
            new XElement(
                ns + "Error",
                new XElement(ns + "Type", error.Status < 500 ? "Sender" : "Receiver"),
                new XElement(ns + "Code", error.QueryCode),
                new XElement(ns + "Message", error.Message)),
            new XElement(ns + "RequestId", call.RequestId)));
    }

    private static Dictionary<string, string> Parameters(HttpRequest request, string form)
    {
        var parameters = request.Query.ToDictionary(p => p.Key, p => p.Value.ToString(), StringComparer.Ordinal);
        foreach (var pair in form.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var name = WebUtility.UrlDecode(equals < 0 ? pair : pair[..equals]);
            parameters[name] = equals < 0 ? "" : WebUtility.UrlDecode(pair[(equals + 1)..]);
        }

        return parameters;
    }

    private static async Task WriteAsync(HttpContext context, AwsCall call, int status, XElement content)
    {
        var bytes = new MemoryStream();
        using (var writer = XmlWriter.Create(bytes, Xml))
        {
            content.Save(writer);
        }

        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = "text/xml";
        response.ContentLength = bytes.Length;
        response.Headers["x-amzn-RequestId"] = call.RequestId;
        await response.Body.WriteAsync(bytes.GetBuffer().AsMemory(0, (int)bytes.Length), context.RequestAborted);
    }
}
