using System.Text.Json;
using System.Text.Json.Nodes;
using Infrastructure.Edge;
using Infrastructure.Tests.Lake;

namespace Infrastructure.Tests.Edge;

/// <summary>A synthesized template, and what tests ask of it.</summary>
public sealed class Template(string text)
{
    /// <summary>The template as CloudFormation reads it.</summary>
    public string Text { get; } = text;

    /// <summary>The same as a tree.</summary>
    public JsonNode Root { get; } = JsonNode.Parse(text)!;

    /// <summary>All resources.</summary>
    public JsonObject Resources => Root["Resources"]!.AsObject();

    /// <summary>The parameters.</summary>
    public JsonObject Parameters => Root["Parameters"]!.AsObject();

    /// <summary>The outputs.</summary>
    public JsonObject Outputs => Root["Outputs"]!.AsObject();

    /// <summary>The properties of one resource.</summary>
    public JsonNode Properties(string id) => Resources[id]?["Properties"] ?? throw new KeyNotFoundException($"{id}; there are {string.Join(", ", Resources.Select(r => r.Key))}");

    /// <summary>The resources of a type, by their logical ids.</summary>
    public Dictionary<string, JsonNode> OfType(string type) => Resources
        .Where(resource => (string)resource.Value!["Type"]! == type)
        .ToDictionary(resource => resource.Key, resource => resource.Value!["Properties"]!);

    /// <summary>The statements that allow something, in roles and elsewhere.</summary>
    public IEnumerable<JsonObject> Allowed() => CommittedTemplate.Objects(Root).Where(one => (string?)one["Effect"] == "Allow");

    /// <summary>The statements of a role's policies.</summary>
    /// <param name="role">Its logical id.</param>
    /// <param name="holding">The conditions that hold; none of the others does.</param>
    public IEnumerable<JsonNode> StatementsOf(string role, params string[] holding) => Properties(role)["Policies"]!.AsArray()
        .Select(policy => Chosen(policy!, holding)).OfType<JsonNode>()
        .SelectMany(policy => policy["PolicyDocument"]!["Statement"]!.AsArray()).Select(statement => statement!);

    /// <summary>What a role may do.</summary>
    /// <inheritdoc cref="StatementsOf"/>
    public IEnumerable<string> ActionsOf(string role, params string[] holding) => StatementsOf(role, holding).SelectMany(statement => Listed(statement["Action"])).Select(action => (string)action!);

    /// <summary>The environment of a function.</summary>
    public Dictionary<string, string> EnvironmentOf(string function) => Properties(function)["Environment"]!["Variables"]!.AsObject()
        .ToDictionary(variable => variable.Key, variable => variable.Value is JsonValue text ? (string)text! : variable.Value!.ToJsonString());

    /// <summary>What a value comes to when some conditions hold; null: that it is not there.</summary>
    public static JsonNode? Chosen(JsonNode value, params string[] holding) => value switch
    {
        JsonObject one when one["Fn::If"] is JsonArray choice => Chosen(choice[holding.Contains((string)choice[0]!) ? 1 : 2]!, holding),
        JsonObject one when one["Ref"] is JsonValue name && (string)name! == "AWS::NoValue" => null,
        _ => value,
    };

    /// <summary>One or many, as policies have it.</summary>
    public static IEnumerable<JsonNode?> Listed(JsonNode? node) => node switch
    {
        null => [],
        JsonArray list => list,
        _ => new[] { node },
    };
}

/// <summary>The templates of one choice of options, synthesized once for all tests of a class.</summary>
public abstract class SynthesizedEdge
{
    /// <summary>Why a test is skipped.</summary>
    public const string NoNode = "Synthesizing needs Node.js, which is not on the path.";

    private readonly Dictionary<string, Template> _templates = [];

    /// <param name="options">The choice.</param>
    protected SynthesizedEdge(EdgeOptions options)
    {
        Options = options;
        if (!NodeRuntime.IsThere())
        {
            return;
        }

        using var folder = new TemporaryFolder();
        foreach (var (stack, path) in Synthesis.Edge(CommittedTemplate.Schema, options, folder.Path))
        {
            _templates[stack] = new Template(File.ReadAllText(path));
        }

        using var manifest = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder.Path, "manifest.json")));
        Manifest = JsonNode.Parse(manifest.RootElement.GetRawText())!;
    }

    /// <summary>The choice.</summary>
    public EdgeOptions Options { get; }

    /// <summary>The names of the stacks.</summary>
    public IEnumerable<string> Stacks => _templates.Keys;

    /// <summary>What the <c>cdk</c> command would read.</summary>
    public JsonNode? Manifest { get; }

    /// <summary>The template of a stack; the test is skipped where CDK cannot run.</summary>
    public Template Of(string stack)
    {
        Assert.SkipUnless(NodeRuntime.IsThere(), NoNode);
        return _templates[stack];
    }

    /// <summary>The template of the edge.</summary>
    public Template Edge => Of(PixelEdgeStack.DefaultName);
}
