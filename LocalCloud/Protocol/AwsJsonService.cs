using System.Text.Json;

namespace LocalCloud.Protocol;

/// <summary>
/// A service that speaks AWS JSON: it names itself and lists its operations in its constructor; the front door
/// sends it every request whose <c>X-Amz-Target</c> is <c>{TargetPrefix}.{Operation}</c>.
/// </summary>
/// <example>
/// <code>
/// internal sealed class GlueApi : AwsJsonService
/// {
///     public GlueApi(GlueCatalog catalog) : base("glue", "AWSGlue")
///     {
///         Handle&lt;GetDatabaseRequest, GetDatabaseResponse&gt;("GetDatabase", (request, call) => …);
///     }
/// }
/// services.AddAwsJsonService&lt;GlueApi&gt;();
/// </code>
/// </example>
public abstract class AwsJsonService(string name, string targetPrefix)
{
    private readonly Dictionary<string, Func<JsonElement, AwsCall, CancellationToken, ValueTask<object?>>> _operations = new(StringComparer.Ordinal);

    /// <summary>The service's name in signatures and on the command line: <c>glue</c>, <c>firehose</c>, <c>athena</c>.</summary>
    public string Name { get; } = name;

    /// <summary>What stands before the dot in <c>X-Amz-Target</c>: <c>AWSGlue</c>, <c>Firehose_20150804</c>, <c>AmazonAthena</c>.</summary>
    public string TargetPrefix { get; } = targetPrefix;

    /// <summary>How errors spell the member that holds the sentence: <c>message</c>, or <c>Message</c> in Glue and Athena.</summary>
    public virtual string ErrorMessageMember => "message";

    /// <summary>The version of the protocol, which the media type of the answers names: <c>1.1</c>, or <c>1.0</c> in SQS.</summary>
    public virtual string JsonVersion => "1.1";

    /// <summary>
    /// Whether clients of the query protocol have moved here and still look for its error codes: errors then carry them in
    /// <c>x-amzn-query-error</c> (https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#aws-protocols-awsquerycompatible-trait).
    /// </summary>
    public virtual bool IsQueryCompatible => false;

    /// <summary>
    /// Runs an operation; also the way in for callers in the same process. The answer is what <see cref="AwsJson.Options"/> can
    /// write, null for an empty object.
    /// </summary>
    /// <exception cref="AwsException">What AWS would answer as an error, <c>UnknownOperationException</c> and <c>SerializationException</c> among it.</exception>
    public async ValueTask<object?> InvokeAsync(string operation, JsonElement request, AwsCall call, CancellationToken cancellation)
    {
        if (!_operations.TryGetValue(operation, out var run))
        {
            throw UnknownOperation();
        }

        if (request.ValueKind != JsonValueKind.Object)
        {
            throw Unreadable("Start of structure or map found where not expected.");
        }

        return await run(request, call, cancellation);
    }

    /// <summary>Registers an operation whose request and answer are types.</summary>
    protected void Handle<TRequest, TResponse>(string operation, Func<TRequest, AwsCall, CancellationToken, ValueTask<TResponse>> handler)
        where TResponse : class? =>
        _operations.Add(operation, async (json, call, cancellation) => await handler(Read<TRequest>(json), call, cancellation));

    /// <summary>Registers an operation that has nothing to wait for.</summary>
    protected void Handle<TRequest, TResponse>(string operation, Func<TRequest, AwsCall, TResponse> handler)
        where TResponse : class? =>
        _operations.Add(operation, (json, call, _) => ValueTask.FromResult<object?>(handler(Read<TRequest>(json), call)));

    /// <summary>Registers an operation that reads the request itself; the element is valid only until the handler is done.</summary>
    protected void HandleJson(string operation, Func<JsonElement, AwsCall, CancellationToken, ValueTask<object?>> handler) =>
        _operations.Add(operation, handler);

    internal static AwsException UnknownOperation() => new("UnknownOperationException", "") { QueryCode = "InvalidAction" };

    internal static AwsException Unreadable(string message) => new("SerializationException", message) { QueryCode = "MalformedInput" };

    private static TRequest Read<TRequest>(JsonElement json)
    {
        try
        {
            return json.Deserialize<TRequest>(AwsJson.Options)!;
        }
        catch (JsonException error)
        {
            // AWS words these by its own parser's states; the path is what helps.
            throw Unreadable($"The request cannot be read at {error.Path}.");
        }
    }
}
