using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LocalCloud.Templates;

/// <summary>
/// <c>GET /_localcloud/stacks</c>: every stack with its parameters, resources and outputs.
/// <c>GET /_localcloud/stacks/{name}</c>: the outputs of one, as an object of names and texts.
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
}
