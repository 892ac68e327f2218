using LocalCloud.S3;
using LocalCloud.Signing;
using LocalCloud.Sqs;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace LocalCloud.Protocol;

/// <summary>
/// Tells the protocols on the one port apart, as other emulators do: <c>X-Amz-Target</c> is AWS JSON, a form or
/// query with <c>Action</c> at <c>/</c> or at a queue's URL is the query protocol, everything else is S3. It looks at the request target as it
/// was sent: ASP.NET Core's path is normalized, and S3 keys may hold <c>..</c> and <c>//</c>.
/// </summary>
internal sealed partial class AwsFrontDoor(
    RequestDelegate next,
    AwsJsonEndpoint json,
    AwsQueryEndpoint query,
    S3Endpoint s3,
    IOptions<LocalCloudOptions> options,
    ILogger<AwsFrontDoor> logger)
{
    private const string OwnPaths = "/_localcloud/";

    public async Task InvokeAsync(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (target.StartsWith(OwnPaths, StringComparison.Ordinal))
        {
            await next(context);
            return;
        }

        var signature = RequestSignature.Read(context.Request);
        var call = new AwsCall(
            Guid.NewGuid().ToString(),
            signature?.Region ?? options.Value.Region,
            options.Value.AccountId,
            signature?.AccessKey,
            signature?.SessionToken,
            $"{context.Request.Scheme}://{context.Request.Host}");
        var endpoint = Choose(context.Request, target);
        try
        {
            await endpoint.AnswerAsync(context, call, signature);
        }
        catch (AwsException error)
        {
            await endpoint.RefuseAsync(context, call, error);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has gone; there is nobody to answer.
        }
        catch (BadHttpRequestException)
        {
            throw; // Kestrel answers what is not HTTP
        }
        catch (Exception error) when (!context.Response.HasStarted)
        {
            LogFailure(logger, error, context.Request.Method, endpoint.Name, call.RequestId);
            await endpoint.RefuseAsync(context, call, endpoint.InternalError);
        }
    }

    private IAwsEndpoint Choose(HttpRequest request, string target)
    {
        if (request.Headers.ContainsKey(AwsJsonEndpoint.TargetHeader))
        {
            return json;
        }

        var atRoot = target == "/" || target.StartsWith("/?", StringComparison.Ordinal);
        var hasAction = request.Query.ContainsKey("Action");
        return atRoot && (request.HasFormContentType || hasAction) ? query
            : QueueUrls.IsPath(request.Path) && (hasAction || IsBareForm(request)) ? query
            : s3;
    }

    // S3 takes forms as well: a browser's upload, which is multipart, and posts that say what they are in their query.
    private static bool IsBareForm(HttpRequest request) =>
        HttpMethods.IsPost(request.Method)
        && !request.QueryString.HasValue
        && request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) == true;

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} on {Protocol} failed, request id {RequestId}")]
    private static partial void LogFailure(ILogger logger, Exception error, string method, string protocol, string requestId);
}

/// <summary>One wire protocol: how requests are read, answers and errors written.</summary>
internal interface IAwsEndpoint
{
    /// <summary>For the log.</summary>
    string Name { get; }

    /// <summary>What the protocol answers when something broke that should not.</summary>
    AwsException InternalError { get; }

    Task AnswerAsync(HttpContext context, AwsCall call, RequestSignature? signature);

    Task RefuseAsync(HttpContext context, AwsCall call, AwsException error);
}
