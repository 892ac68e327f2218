using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LocalCloud.Templates;

/// <summary><c>GET /_localcloud/stacks</c> and <c>GET /_localcloud/stacks/{name}</c>: what stands, under which names.</summary>
internal static class StackEndpoints
{
    private static readonly JsonSerializerOptions Readable = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static JsonHttpResult<IReadOnlyList<DeployedStack>> All(StackStore store) => TypedResults.Json(store.All(), Readable);

    public static Results<JsonHttpResult<DeployedStack>, NotFound> One(string name, StackStore store) =>
        store.Find(name) is { } stack ? TypedResults.Json(stack, Readable) : TypedResults.NotFound();
}
