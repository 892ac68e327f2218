using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using LocalCloud.Templates.Language;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace LocalCloud.Templates;

/// <summary>
/// <c>GET /_localcloud/stacks</c>: every stack with its parameters, resources and outputs.
/// <c>GET /_localcloud/stacks/{name}</c>: the outputs of one, as an object of names and texts.
/// <c>PUT /_localcloud/stacks/{name}</c>: makes or updates one, and answers it; what its new template no longer names is deleted.
/// <c>DELETE /_localcloud/stacks/{name}</c>: deletes one.
/// An error is <c>{"error": "one sentence"}</c> with 400, or 409 when something cannot be deleted.
/// </summary>
internal static class StackEndpoints
{
    private static readonly JsonSerializerOptions Readable = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static JsonHttpResult<IReadOnlyList<DeployedStack>> All(StackStore store) => TypedResults.Json(store.All(), Readable);

    public static Results<JsonHttpResult<IReadOnlyDictionary<string, string>>, NotFound> Outputs(string name, StackStore store) =>
        store.Find(name) is { } stack ? TypedResults.Json(stack.Outputs, Readable) : TypedResults.NotFound();

    public static async Task<Results<JsonHttpResult<DeployedStack>, BadRequest<StackError>>> PutAsync(
        string name, PutStack put, StackBuilder builder, IOptions<LocalCloudOptions> options, CancellationToken cancellation)
    {
        var region = put.Region ?? options.Value.Region;
        if (!StackIdentity.IsName(name) || !LocalCloudOptionsValidator.IsRegion(region))
        {
            return TypedResults.BadRequest(new StackError(StackIdentity.IsName(name)
                ? $"{region} is no region."
                : "A stack's name must be letters, digits and hyphens, starting with a letter, at most 128."));
        }

        try
        {
            var stack = await builder.BuildAsync(
                new StackRequest(
                    "put",
                    StackTemplate.Parse(put.Template is JsonValue text ? text.ToString() : put.Template?.ToJsonString() ?? "null"),
                    new StackIdentity(name, region, options.Value.AccountId),
                    put.Parameters ?? [],
                    "Parameters.",
                    DeletesLeftovers: true),
                cancellation);
            return TypedResults.Json(stack, Readable);
        }
        catch (TemplateException wrong)
        {
            return TypedResults.BadRequest(new StackError(wrong.Message));
        }
    }

    public static async Task<Results<NoContent, NotFound, Conflict<StackError>>> DeleteAsync(
        string name, StackBuilder builder, CancellationToken cancellation)
    {
        try
        {
            return await builder.DeleteAsync(name, cancellation) ? TypedResults.NoContent() : TypedResults.NotFound();
        }
        catch (TemplateException refused)
        {
            return TypedResults.Conflict(new StackError(refused.Message));
        }
    }
}

/// <summary>What <c>PUT /_localcloud/stacks/{name}</c> takes.</summary>
/// <param name="Template">The template: JSON, or the same as a text.</param>
/// <param name="Parameters">Values of its parameters; those that are not named have their defaults.</param>
/// <param name="Region">The stack's region; LocalCloud's own when null.</param>
internal sealed record PutStack(JsonNode? Template, Dictionary<string, string>? Parameters, string? Region);

/// <summary>What is wrong.</summary>
/// <param name="Error">One sentence.</param>
internal sealed record StackError(string Error);
