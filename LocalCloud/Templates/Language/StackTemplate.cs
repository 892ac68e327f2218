using System.Text.Json;
using System.Text.Json.Nodes;

namespace LocalCloud.Templates.Language;

/// <summary>
/// A CloudFormation template as it is written, in JSON, taken apart into its sections. Nothing is evaluated yet; what
/// is checked is that every part has its shape.
/// </summary>
internal sealed class StackTemplate
{
    private static readonly string[] Ignored = ["AWSTemplateFormatVersion", "Description", "Metadata"];

    private StackTemplate(
        IReadOnlyDictionary<string, ParameterDeclaration> parameters,
        IReadOnlyDictionary<string, JsonNode?> conditions,
        JsonObject mappings,
        IReadOnlyDictionary<string, ResourceDeclaration> resources,
        IReadOnlyDictionary<string, OutputDeclaration> outputs)
    {
        Parameters = parameters;
        Conditions = conditions;
        Mappings = mappings;
        Resources = resources;
        Outputs = outputs;
    }

    public IReadOnlyDictionary<string, ParameterDeclaration> Parameters { get; }

    public IReadOnlyDictionary<string, JsonNode?> Conditions { get; }

    public JsonObject Mappings { get; }

    /// <summary>By logical id, in the template's order.</summary>
    public IReadOnlyDictionary<string, ResourceDeclaration> Resources { get; }

    public IReadOnlyDictionary<string, OutputDeclaration> Outputs { get; }

    /// <exception cref="TemplateException">It is not a template, or one that says something unknown here.</exception>
    public static StackTemplate Parse(string text)
    {
        JsonNode? root;
        try
        {
            root = JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false });
        }
        catch (JsonException error)
        {
            // The parser's own message repeats the place in its words; a property that is there twice has none.
            var place = error.LineNumber is { } line ? $" at line {line + 1}" : "";
            throw new TemplateException($"The template is not JSON{place}: {error.Message.Split(" LineNumber:")[0]}", error);
        }

        if (root is not JsonObject template)
        {
            throw new TemplateException("The template is not a JSON object.");
        }

        foreach (var (section, _) in template)
        {
            if (section is not ("Parameters" or "Conditions" or "Mappings" or "Resources" or "Outputs") && !Ignored.Contains(section))
            {
                throw new TemplateException($"The template's section {section} is not supported.");
            }
        }

        var resources = Section(template, "Resources");
        if (resources.Count == 0)
        {
            throw new TemplateException("The template declares no Resources.");
        }

        return new StackTemplate(
            Section(template, "Parameters").ToDictionary(p => p.Key, p => ParameterDeclaration.Parse(p.Key, p.Value)),
            Section(template, "Conditions").ToDictionary(c => c.Key, c => c.Value),
            Section(template, "Mappings"),
            resources.ToDictionary(r => r.Key, r => ResourceDeclaration.Parse(r.Key, r.Value)),
            Section(template, "Outputs").ToDictionary(o => o.Key, o => OutputDeclaration.Parse(o.Key, o.Value)));
    }

    private static JsonObject Section(JsonObject template, string name) => template[name] switch
    {
        null => [],
        JsonObject section => section,
        _ => throw new TemplateException($"The template's section {name} is not an object."),
    };
}

/// <summary>A resource as the template declares it.</summary>
/// <param name="LogicalId">Its name within the template.</param>
/// <param name="Type">E.g. <c>AWS::S3::Bucket</c>.</param>
/// <param name="Properties">Not evaluated.</param>
/// <param name="DependsOn">Logical ids that come first though nothing refers to them.</param>
/// <param name="Condition">The condition that must hold for it to exist, if any.</param>
/// <param name="OutlivesStack">Whether it stays when the template no longer names it or its stack is deleted: its DeletionPolicy.</param>
/// <param name="OutlivesReplacement">Whether it stays when another takes its place: its UpdateReplacePolicy.</param>
internal sealed record ResourceDeclaration(
    string LogicalId,
    string Type,
    JsonObject Properties,
    IReadOnlyList<string> DependsOn,
    string? Condition,
    bool OutlivesStack,
    bool OutlivesReplacement)
{
    // What tells CloudFormation how to wait: nothing takes long here.
    private static readonly string[] Ignored = ["CreationPolicy", "Metadata", "UpdatePolicy"];

    public static ResourceDeclaration Parse(string logicalId, JsonNode? node)
    {
        if (node is not JsonObject resource)
        {
            throw new TemplateException($"{logicalId} is not an object.");
        }

        foreach (var (member, _) in resource)
        {
            if (member is not ("Type" or "Properties" or "DependsOn" or "Condition" or "DeletionPolicy" or "UpdateReplacePolicy")
                && !Ignored.Contains(member))
            {
                throw new TemplateException($"{logicalId}.{member} is not an attribute of a resource.");
            }
        }

        return new ResourceDeclaration(
            logicalId,
            resource["Type"].AsText() ?? throw new TemplateException($"{logicalId} has no Type."),
            resource["Properties"] switch
            {
                null => [],
                JsonObject properties => properties,
                _ => throw new TemplateException($"{logicalId}.Properties is not an object."),
            },
            resource["DependsOn"] switch
            {
                null => [],
                JsonArray several => [.. several.Select(one => one.AsText() ?? throw NotAName(logicalId))],
                var one => [one.AsText() ?? throw NotAName(logicalId)],
            },
            resource["Condition"] is null
                ? null
                : resource["Condition"].AsText() ?? throw new TemplateException($"{logicalId}.Condition is not the name of a condition."),
            Stays("DeletionPolicy"),
            Stays("UpdateReplacePolicy"));

        // A stack that only half came into being is not undone here, so RetainExceptOnCreate is Retain.
        bool Stays(string policy) => resource[policy].AsText() switch
        {
            "Retain" or "RetainExceptOnCreate" or "Snapshot" => true,
            "Delete" => false,
            null when resource[policy] is null => false,
            _ => throw new TemplateException($"{logicalId}.{policy} must be Delete, Retain, RetainExceptOnCreate or Snapshot."),
        };
    }

    private static TemplateException NotAName(string logicalId) =>
        new($"{logicalId}.DependsOn is neither a logical id nor a list of them.");
}

/// <summary>An output as the template declares it; <paramref name="Value"/> is not evaluated.</summary>
internal sealed record OutputDeclaration(string Name, JsonNode Value, string? Condition)
{
    public static OutputDeclaration Parse(string name, JsonNode? node) =>
        node is JsonObject output && output["Value"] is { } value
            ? new OutputDeclaration(name, value, output["Condition"].AsText())
            : throw new TemplateException($"Outputs.{name} has no Value.");
}
