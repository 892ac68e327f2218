using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using LocalCloud.Protocol;

namespace LocalCloud.Sqs;

/// <summary>
/// SQS in the query protocol, which its clients spoke until 2023 and the <c>aws</c> command of some distributions still does. Every
/// action is the operation of the same name of <see cref="SqsApi"/>; only the forms differ: a list is numbered parameters there and
/// repeated elements here, without an element around them, and a map is a list of names and values.
/// </summary>
internal sealed class SqsQueryApi : AwsQueryService
{
    private static readonly HashSet<string> Numbers = ["DelaySeconds", "MaxNumberOfMessages", "MaxResults", "VisibilityTimeout", "WaitTimeSeconds"];

    private readonly SqsApi _api;

    public SqsQueryApi(SqsApi api)
        : base("sqs", "2012-11-05")
    {
        _api = api;
        foreach (var operation in SqsApi.Operations)
        {
            Handle(operation, (parameters, call, cancellation) => RunAsync(operation, parameters, call, cancellation));
        }
    }

    public override XNamespace Namespace => "http://queue.amazonaws.com/doc/2012-11-05/";

    private async ValueTask<IEnumerable<XElement>> RunAsync(
        string operation, IReadOnlyDictionary<string, string> parameters, AwsCall call, CancellationToken cancellation)
    {
        using var request = JsonSerializer.SerializeToDocument(Structure(operation, Tree(parameters)), AwsJson.Options);
        var answer = await _api.InvokeAsync(operation, request.RootElement, call, cancellation);
        return answer is null ? [] : Elements(operation, JsonSerializer.SerializeToNode(answer, answer.GetType(), AwsJson.Options)!.AsObject()).ToList();
    }

    // "MessageAttribute.1.Value.DataType" is a path.
    private static JsonObject Tree(IReadOnlyDictionary<string, string> parameters)
    {
        var tree = new JsonObject();
        foreach (var (name, value) in parameters)
        {
            var steps = name.Split('.');
            var place = tree;
            foreach (var step in steps[..^1])
            {
                place[step] ??= new JsonObject();
                place = place[step] as JsonObject ?? throw Malformed(name);
            }

            place[steps[^1]] = place.ContainsKey(steps[^1]) ? throw Malformed(name) : value;
        }

        return tree;
    }

    private static JsonObject Structure(string operation, JsonObject tree)
    {
        var structure = new JsonObject();
        foreach (var (name, node) in tree)
        {
            var (member, value) = name switch
            {
                "Attribute" or "MessageAttribute" or "MessageSystemAttribute" => (name + "s", Map(node)),
                "Tag" => (operation == "CreateQueue" ? "tags" : "Tags", Map(node)),
                "AttributeName" or "MessageAttributeName" or "MessageSystemAttributeName" or "TagKey" => (name + "s", List(node, item => item)),
                _ when name == $"{operation}RequestEntry" => ("Entries", List(node, item => item is JsonObject entry ? Structure(operation, entry) : throw Malformed(name))),
                _ when Numbers.Contains(name) => (name, Number(name, node)),
                _ => (name, node?.DeepClone()),
            };
            structure[member] = value;
        }

        return structure;
    }

    private static JsonNode Map(JsonNode? node)
    {
        var map = new JsonObject();
        foreach (var entry in Items(node))
        {
            var key = (entry as JsonObject)?["Name"] ?? (entry as JsonObject)?["Key"] ?? throw Malformed("Name");
            map[key.GetValue<string>()] = entry!["Value"]?.DeepClone();
        }

        return map;
    }

    private static JsonNode List(JsonNode? node, Func<JsonNode?, JsonNode?> item) => new JsonArray([.. Items(node).Select(one => item(one)?.DeepClone())]);

    // A list of one may come without its number; an empty one comes as an empty text.
    private static IEnumerable<JsonNode?> Items(JsonNode? node) => node switch
    {
        JsonObject numbered => numbered.OrderBy(item => int.TryParse(item.Key, CultureInfo.InvariantCulture, out var number) ? number : throw Malformed(item.Key)).Select(item => item.Value),
        JsonValue text when text.GetValue<string>().Length > 0 => [node],
        _ => [],
    };

    private static JsonNode Number(string name, JsonNode? node) =>
        node is JsonValue text && int.TryParse(text.GetValue<string>(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw SqsErrors.InvalidParameter(node?.ToString() ?? "", name, "Must be an integer.");

    private static AwsException Malformed(string parameter) =>
        new("MalformedInput", $"The parameter {parameter} does not fit the others.");

    private IEnumerable<XElement> Elements(string operation, JsonObject answer) => answer.SelectMany(member => (member.Key, member.Value) switch
    {
        (_, null) => [],
        ("Messages", JsonArray list) => Repeated(operation, "Message", list),
        ("QueueUrls" or "queueUrls", JsonArray list) => Repeated(operation, "QueueUrl", list),
        ("Successful", JsonArray list) => Repeated(operation, $"{operation}ResultEntry", list),
        ("Failed", JsonArray list) => Repeated(operation, "BatchResultErrorEntry", list),
        ("Attributes" or "MessageAttributes", JsonObject map) => Pairs(operation, member.Key[..^1], "Name", map),
        ("Tags", JsonObject map) => Pairs(operation, "Tag", "Key", map),
        var (name, value) => [Element(operation, name, value)],
    });

    private IEnumerable<XElement> Repeated(string operation, string name, JsonArray list) => list.Select(item => Element(operation, name, item!));

    private IEnumerable<XElement> Pairs(string operation, string name, string key, JsonObject map) =>
        map.Select(pair => new XElement(Namespace + name, new XElement(Namespace + key, pair.Key), Element(operation, "Value", pair.Value!)));

    private XElement Element(string operation, string name, JsonNode value) =>
        new(Namespace + name, value is JsonObject structure ? Elements(operation, structure) : value.ToString());
}
