using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pixel.Events;

namespace Infrastructure.Lake;

/// <summary>
/// The lake's template as it is committed, so that every way of running deploys it without synthesizing: beside this
/// project's program, and in the source tree.
/// </summary>
public static class LakeTemplate
{
    /// <summary>The command that refreshes it; also what a failing test says.</summary>
    public const string RefreshCommand = "dotnet run --project Infrastructure -- template";

    private const string Name = "pixel-lake.template.json";

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The copy beside the running program.</summary>
    public static string DefaultPath => Path.Combine(AppContext.BaseDirectory, "Templates", Name);

    /// <summary>A template's text as it is committed: indented by two, one line break at the end.</summary>
    public static string Format(string json) => Format(JsonNode.Parse(json)!);

    /// <summary>The template with the columns of another schema, as synthesizing would write them.</summary>
    public static string WithColumns(string json, EventSchema schema)
    {
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
        return Format(template);
    }

    /// <summary>The file in the source tree, from wherever in the tree the program runs.</summary>
    /// <exception cref="FileNotFoundException">It does not run in the tree.</exception>
    internal static string CommittedPath()
    {
        foreach (var start in new[] { Directory.GetCurrentDirectory(), AppContext.BaseDirectory })
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                var project = Path.Combine(folder.FullName, "Infrastructure");
                if (File.Exists(Path.Combine(project, "Infrastructure.csproj")))
                {
                    return Path.Combine(Directory.CreateDirectory(Path.Combine(project, "Templates")).FullName, Name);
                }
            }
        }

        throw new FileNotFoundException($"Run {RefreshCommand} in the source tree: Infrastructure/Infrastructure.csproj is not above here.");
    }

    private static string Format(JsonNode template) => template.ToJsonString(Indented) + "\n";
}
