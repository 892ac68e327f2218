using System.Text.Json;
using System.Text.Json.Nodes;
using Infrastructure.Edge;
using Infrastructure.Functions;
using Infrastructure.Lake;
using Infrastructure.Tests.Edge;
using Infrastructure.Worker;
using Pixel.Events.Lake;

namespace Infrastructure.Tests.Snapshots;

/// <summary>
/// The templates of all ways as files in this folder, so that a commit shows what it changes in them. They are the whole
/// templates, indented; texts that are JSON themselves, such as a dashboard, are written as JSON (<see cref="Opened"/>). The lake's
/// is <c>Infrastructure/Templates/pixel-lake.template.json</c>.
/// </summary>
internal static class Snapshot
{
    /// <summary>The variable that has the snapshots written anew; what that changes is to be read in the commit.</summary>
    public const string Update = "UPDATE_SNAPSHOTS";

    private const string IsJson = "(JSON)";

    private static readonly Lock OneAtATime = new();

    private static string Folder { get; } =
        Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(Path.GetDirectoryName(LakeTemplate.CommittedPath())))!, "Tests", "Infrastructure.Tests", "Snapshots");

    /// <summary>What the snapshot of a stack's template is called: <c>PixelEdge.cloudfront</c>.</summary>
    public static string NameOf(string stack, EdgeOptions options) => (stack, options.Way) switch
    {
        (PixelEdgeStack.DefaultName, ReceivingWay.Fargate) => $"{stack}.fargate-{options.LoadBalancer.ToString().ToLowerInvariant()}",
        (PixelEdgeStack.DefaultName, _) => $"{stack}.{options.Way.ToString().ToLowerInvariant()}",
        _ => stack,
    };

    /// <summary>All that there are.</summary>
    public static IEnumerable<string> Names => Directory.GetFiles(Folder, "*.json").Select(path => Path.GetFileNameWithoutExtension(path)!).Order(StringComparer.Ordinal);

    /// <summary>Compares a template with its snapshot.</summary>
    public static void AssertIs(string stack, EdgeOptions options, Template template)
    {
        var name = NameOf(stack, options);
        // The worker is the same for all ways, but for the processors that its functions run on.
        var text = stack == PixelWorkerStack.DefaultName && options.Architecture == ProcessorArchitecture.X86
            ? template.Text.Replace("x86_64", "arm64", StringComparison.Ordinal).Replace("LambdaAdapterLayerX86", "LambdaAdapterLayerArm64", StringComparison.Ordinal)
            : template.Text;
        var now = LakeTemplateText.Format(Opened(JsonNode.Parse(text))!.ToJsonString());
        var path = Path.Combine(Folder, $"{name}.json");
        lock (OneAtATime)
        {
            if (Environment.GetEnvironmentVariable(Update) == "1")
            {
                File.WriteAllText(path, now);
            }

            var before = File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : "";
            Assert.True(before == now, $"""
                {stack} is not what Tests/Infrastructure.Tests/Snapshots/{name}.json says (-):
                {LineDiff.Of(before, now)}
                If this is meant, accept it with `{Update}=1 dotnet test Tests/Infrastructure.Tests`, and read the change in the commit.
                """);
            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Template(name)), JsonNode.Parse(text)), $"The snapshot {name} shows another template than it was made of.");
        }
    }

    /// <summary>The template that a snapshot shows.</summary>
    public static string Template(string name) => Closed(JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, $"{name}.json"))))!.ToJsonString();

    // {"DashboardBody": "{\"widgets\": …}"} is hard to read: {"DashboardBody": {"(JSON)": {"widgets": …}}} is the same.
    private static JsonNode? Opened(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, Opened(member.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Opened)]),
        JsonValue value when value.TryGetValue<string>(out var text) && Parsed(text) is { } inner => new JsonObject { [IsJson] = inner },
        _ => node?.DeepClone(),
    };

    // Only where nothing is lost: where the same text can be made of it again.
    private static JsonObject? Parsed(string text)
    {
        try
        {
            return text.StartsWith('{') && JsonNode.Parse(text) is JsonObject inner && inner.ToJsonString() == text ? inner : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static JsonNode? Closed(JsonNode? node) => node switch
    {
        JsonObject { Count: 1 } text when text.First() is (IsJson, { } inner) => JsonValue.Create(inner.ToJsonString()),
        JsonObject members => new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, Closed(member.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Closed)]),
        _ => node?.DeepClone(),
    };
}
