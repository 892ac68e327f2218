using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Infrastructure.Publishing;

/// <summary>A synthesized template, as far as those who deploy it have to know it.</summary>
internal sealed class StackTemplate
{
    private StackTemplate(string stack, string path, JsonNode root)
    {
        Stack = stack;
        Path = path;
        Parameters = [.. Members(root, "Parameters").Select(member => new TemplateParameter(member.Key, member.Value!.AsObject()))];
        Outputs = Members(root, "Outputs").ToDictionary(member => member.Key, member => Needed(root, (string?)member.Value!["Condition"]));
        Region = stack is Edge.PixelEdgeGlobalStack.DefaultName or Edge.PixelEdgeWatchStack.DefaultName ? Edge.PixelEdgeGlobalStack.OnlyRegion : null;
    }

    /// <summary>The stack's name.</summary>
    public string Stack { get; }

    /// <summary>Where the template lies.</summary>
    public string Path { get; }

    /// <summary>The only region for it; null: that of whoever deploys.</summary>
    public string? Region { get; }

    /// <summary>Its parameters, in its order.</summary>
    public IReadOnlyList<TemplateParameter> Parameters { get; }

    /// <summary>Its outputs by name, each with the parameter that must not be empty for it to be there; null: it always is.</summary>
    public IReadOnlyDictionary<string, string?> Outputs { get; }

    public static StackTemplate Read(string stack, string path) => new(stack, path, JsonNode.Parse(File.ReadAllText(path))!);

    // The stacks put conditions on outputs in this form only.
    private static string? Needed(JsonNode root, string? condition) =>
        condition is null ? null : (string?)root["Conditions"]![condition]!["Fn::Not"]![0]!["Fn::Equals"]![0]!["Ref"];

    private static JsonObject Members(JsonNode root, string name) => root[name] as JsonObject ?? [];
}

/// <summary>A parameter of a template.</summary>
internal sealed class TemplateParameter(string name, JsonObject declaration)
{
    /// <summary>Its name.</summary>
    public string Name { get; } = name;

    /// <summary>What it is when nobody says; null: somebody must.</summary>
    public string? Default { get; } = Text(declaration["Default"]);

    /// <summary>Whether its value is shown to nobody, and so must not stand in a file that is handed on.</summary>
    public bool IsSecret { get; } = Text(declaration["NoEcho"]) == "true";

    /// <summary>What it is for.</summary>
    public string Description { get; } = Text(declaration["Description"]) ?? "";

    /// <summary>Says why CloudFormation would refuse a value, before it is asked; null: it would not.</summary>
    public string? Refuse(string value)
    {
        if (declaration["AllowedValues"] is JsonArray allowed && !allowed.Any(one => Text(one) == value))
        {
            return $"one of {string.Join(", ", allowed.Select(Text))}";
        }

        if (Text(declaration["Type"]) == "Number")
        {
            var (least, most) = (Bound("MinValue", double.MinValue), Bound("MaxValue", double.MaxValue));
            if (!double.TryParse(value, CultureInfo.InvariantCulture, out var number) || number < least || number > most)
            {
                return least > double.MinValue ? string.Create(CultureInfo.InvariantCulture, $"a number from {least:0} to {most:0}") : "a number";
            }
        }

        return Text(declaration["AllowedPattern"]) is { } pattern && !Regex.IsMatch(value, $"^(?:{pattern})$", RegexOptions.CultureInvariant)
            ? Text(declaration["ConstraintDescription"])?.TrimEnd('.') ?? pattern
            : null;
    }

    private double Bound(string key, double otherwise) => Text(declaration[key]) is { } text ? double.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    private static string? Text(JsonNode? value) => value is null ? null : value.GetValueKind() == JsonValueKind.String ? (string)value! : value.ToJsonString();
}
