using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pixel.Events.Lake;

/// <summary>The text of the lake's CloudFormation template, as far as it follows from the event schema.</summary>
public static class LakeTemplateText
{
    // By one, as CDK does: by two it would be larger than the 51,200 bytes that CloudFormation takes without a bucket.
    private static readonly JsonWriterOptions Indented = new()
    {
        Indented = true,
        IndentSize = 1,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>A template as it is committed: indented by one, one line break at the end.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public static string Format(string json) => Format(JsonNode.Parse(json)!);

    /// <summary>The template with the columns of a schema, as synthesizing would write them.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public static string WithColumns(string json, EventSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        var template = JsonNode.Parse(json)!;
        template["Resources"]!["EventTable"]!["Properties"]!["TableInput"]!["StorageDescriptor"]!["Columns"] = new JsonArray(
        [
            // In the order of the alphabet, as CDK writes members.
            .. schema.Columns.Select(column => new JsonObject
            {
                ["Comment"] = column.Comment,
                ["Name"] = column.Name,
                ["Type"] = column.GlueType,
            }),
        ]);
        template["Outputs"]![FieldsOutput]!["Value"] = FieldsOf(schema);
        return Format(template);
    }

    /// <summary>The output that says which fields the table has columns for: <see cref="LakeOptions.EventFields"/>.</summary>
    public const string FieldsOutput = nameof(LakeOptions.EventFields);

    /// <summary>The value of that output.</summary>
    public static string FieldsOf(EventSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        return string.Join(',', schema.Fields.Select(field => field.Name));
    }

    private static string Format(JsonNode template)
    {
        using var text = new MemoryStream();
        using (var writer = new Utf8JsonWriter(text, Indented))
        {
            template.WriteTo(writer);
        }

        return System.Text.Encoding.UTF8.GetString(text.ToArray()) + "\n";
    }
}
