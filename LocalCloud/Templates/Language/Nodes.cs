using System.Text.Json;
using System.Text.Json.Nodes;

namespace LocalCloud.Templates.Language;

/// <summary>How the values of a template read. CloudFormation tells 15 from "15" nowhere.</summary>
internal static class Nodes
{
    /// <summary>The text of a string; null when it is something else.</summary>
    public static string? AsText(this JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    /// <summary>The text of a string, a number or a truth value, as Fn::Join puts it; null when it is something else.</summary>
    public static string? AsScalar(this JsonNode? node) => node is not JsonValue value ? null : value.GetValueKind() switch
    {
        JsonValueKind.String => value.GetValue<string>(),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.ToJsonString(),
        _ => null,
    };
}
