using System.Text.Json.Nodes;
using Infrastructure.Lake;
using Pixel.Events;

namespace Infrastructure.Tests.Lake;

/// <summary>The template as it lies in the repository, read by the tests that need no Node.js.</summary>
internal static class CommittedTemplate
{
    public static string Text { get; } = File.ReadAllText(LakeTemplate.CommittedPath());

    public static JsonNode Root { get; } = JsonNode.Parse(Text)!;

    public static JsonObject Parameters => Root["Parameters"]!.AsObject();

    public static JsonNode Properties(string logicalId) => Root["Resources"]![logicalId]!["Properties"]!;

    /// <summary>The field file of the repository.</summary>
    public static EventSchema Schema { get; } = EventSchema.Load();

    public static IEnumerable<JsonObject> Objects(JsonNode? node) => node switch
    {
        JsonObject one => one.SelectMany(member => Objects(member.Value)).Prepend(one),
        JsonArray list => list.SelectMany(Objects),
        _ => [],
    };
}
