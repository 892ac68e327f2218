using System.Globalization;
using System.Text.Json.Nodes;
using LocalCloud.Templates.Language;

namespace LocalCloud.Templates.Resources;

/// <summary>
/// What a resource type takes as properties. Reading by a shape turns the texts that parameters and Fn::Join leave
/// into the numbers and truth values that the APIs want, and finds what is missing, unknown or of the wrong kind.
/// </summary>
internal abstract class PropertyShape
{
    public static PropertyShape Text { get; } = new TextShape();

    public static PropertyShape Whole { get; } = new WholeShape();

    public static PropertyShape Number { get; } = new NumberShape();

    public static PropertyShape Flag { get; } = new FlagShape();

    /// <summary>Anything: kept as it is.</summary>
    public static PropertyShape Any { get; } = new AnyShape();

    /// <summary>Names and texts, such as the parameters of a Glue table.</summary>
    public static PropertyShape TextMap { get; } = new MapShape();

    /// <summary>The tags of a resource.</summary>
    public static PropertyShape Tags { get; } = List(Members(("Key!", Text), ("Value!", Text)));

    public static PropertyShape List(PropertyShape item) => new ListShape(item);

    /// <summary>An object. A name with an exclamation mark at its end must be there.</summary>
    public static PropertyShape Members(params (string Name, PropertyShape Shape)[] members) => new MembersShape(members);

    /// <summary>Reads an evaluated value.</summary>
    /// <param name="node">The value.</param>
    /// <param name="path">Where it stands, e.g. <c>EventStream.BufferingHints</c>.</param>
    /// <exception cref="TemplateException">It does not have this shape.</exception>
    public abstract JsonNode Read(JsonNode node, string path);

    private static TemplateException Wrong(string path, string kind, JsonNode node) =>
        new($"{path} must be {kind}, not {node.ToJsonString()}.");

    private sealed class TextShape : PropertyShape
    {
        public override JsonNode Read(JsonNode node, string path) => node.AsScalar() ?? throw Wrong(path, "a text", node);
    }

    private sealed class WholeShape : PropertyShape
    {
        public override JsonNode Read(JsonNode node, string path) =>
            decimal.TryParse(node.AsScalar(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && decimal.IsInteger(number) && number is >= long.MinValue and <= long.MaxValue
                ? (long)number
                : throw Wrong(path, "a whole number", node);
    }

    private sealed class NumberShape : PropertyShape
    {
        public override JsonNode Read(JsonNode node, string path) =>
            decimal.TryParse(node.AsScalar(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw Wrong(path, "a number", node);
    }

    private sealed class FlagShape : PropertyShape
    {
        public override JsonNode Read(JsonNode node, string path) =>
            bool.TryParse(node.AsScalar(), out var flag) ? flag : throw Wrong(path, "true or false", node);
    }

    private sealed class AnyShape : PropertyShape
    {
        public override JsonNode Read(JsonNode node, string path) => node.DeepClone();
    }

    private sealed class MapShape : PropertyShape
    {
        public override JsonNode Read(JsonNode node, string path) => node is JsonObject map
            ? new JsonObject(map.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)Text.Read(entry.Value!, $"{path}.{entry.Key}"))))
            : throw Wrong(path, "an object", node);
    }

    private sealed class ListShape(PropertyShape item) : PropertyShape
    {
        public override JsonNode Read(JsonNode node, string path) => node is JsonArray list
            ? new JsonArray([.. list.Select((one, i) => item.Read(one!, $"{path}[{i}]"))])
            : throw Wrong(path, "a list", node);
    }

    private sealed class MembersShape((string Name, PropertyShape Shape)[] members) : PropertyShape
    {
        private readonly Dictionary<string, PropertyShape> _members =
            members.ToDictionary(member => member.Name.TrimEnd('!'), member => member.Shape, StringComparer.Ordinal);

        private readonly string[] _required =
            [.. members.Where(member => member.Name.EndsWith('!')).Select(member => member.Name.TrimEnd('!'))];

        public override JsonNode Read(JsonNode node, string path)
        {
            if (node is not JsonObject given)
            {
                throw Wrong(path, "an object", node);
            }

            var read = new JsonObject();
            foreach (var (name, value) in given)
            {
                if (!_members.TryGetValue(name, out var shape))
                {
                    throw new TemplateException($"{path}.{name} is not supported; {path} takes {string.Join(", ", _members.Keys)}.");
                }

                read[name] = shape.Read(value!, $"{path}.{name}");
            }

            return _required.FirstOrDefault(name => !read.ContainsKey(name)) is { } missing
                ? throw new TemplateException($"{path}.{missing} is missing.")
                : read;
        }
    }
}
