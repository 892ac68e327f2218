using System.Text.Json;
using System.Text.Json.Nodes;
using LocalCloud.Protocol;

namespace LocalCloud.Templates.Resources;

/// <summary>
/// Calls the services of this process through the handlers that requests from outside reach, so that a resource of the
/// template is exactly what the same call over the wire would have made.
/// </summary>
internal sealed class InProcessAws(IEnumerable<AwsJsonService> services)
{
    /// <exception cref="AwsException">What the service answers as an error.</exception>
    public async ValueTask<JsonObject> CallAsync(
        string service, string operation, JsonObject request, StackIdentity stack, CancellationToken cancellation)
    {
        var target = services.FirstOrDefault(candidate => candidate.Name == service)
            ?? throw new InvalidOperationException($"LocalCloud has no service '{service}'.");
        var call = new AwsCall(Guid.NewGuid().ToString(), stack.Region, stack.AccountId, AccessKey: null);
        using var document = JsonSerializer.SerializeToDocument(request, AwsJson.Options);
        var answer = await target.InvokeAsync(operation, document.RootElement, call, cancellation);
        return answer is null ? [] : JsonSerializer.SerializeToNode(answer, answer.GetType(), AwsJson.Options)!.AsObject();
    }

    /// <summary>
    /// Whether an operation that describes something finds it; <paramref name="notFound"/> is the code of the service's
    /// answer when it does not.
    /// </summary>
    public async ValueTask<bool> FindsAsync(
        string service, string operation, JsonObject request, string notFound, StackIdentity stack, CancellationToken cancellation)
    {
        try
        {
            await CallAsync(service, operation, request, stack, cancellation);
            return true;
        }
        catch (AwsException error) when (error.Code == notFound)
        {
            return false;
        }
    }
}
