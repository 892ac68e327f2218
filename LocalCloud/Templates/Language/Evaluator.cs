using System.Text;
using System.Text.Json.Nodes;

namespace LocalCloud.Templates.Language;

/// <summary>
/// Evaluates the values of a template: references, and the functions that CloudFormation calls intrinsic. What a
/// resource is called is known once it exists, so the evaluator is told of each as it is created.
/// </summary>
/// <remarks>
/// Every place has a path such as <c>EventStream.BufferingHints.IntervalInSeconds</c>, which is what a person who reads
/// an error looks for. A value of null is AWS::NoValue: the property, or the element of the list, is not there.
/// </remarks>
internal sealed class Evaluator
{
    private readonly StackTemplate _template;
    private readonly StackIdentity _stack;
    private readonly IReadOnlyDictionary<string, JsonNode> _parameters;
    private readonly Dictionary<string, bool?> _conditions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ResourceIdentity> _resources = new(StringComparer.Ordinal);

    public Evaluator(StackTemplate template, StackIdentity stack, IReadOnlyDictionary<string, JsonNode> parameters)
    {
        _template = template;
        _stack = stack;
        _parameters = parameters;

        // All of them, so that a wrong one is found whether something asks for it or not.
        foreach (var name in template.Conditions.Keys)
        {
            Condition(name, "Conditions");
        }
    }

    /// <summary>Says what a resource is called, so that others may refer to it.</summary>
    public void Add(string logicalId, ResourceIdentity identity) => _resources[logicalId] = identity;

    /// <summary>Whether the template's condition of that name holds.</summary>
    /// <exception cref="TemplateException">There is none, it depends on itself, or it cannot be evaluated.</exception>
    public bool Condition(string name, string path)
    {
        if (_conditions.TryGetValue(name, out var known))
        {
            return known ?? throw new TemplateException($"Conditions.{name} depends on itself.");
        }

        if (!_template.Conditions.TryGetValue(name, out var expression))
        {
            throw new TemplateException($"{path} names the condition '{name}', which the template does not have.");
        }

        _conditions[name] = null;
        var holds = Test(expression, $"Conditions.{name}");
        _conditions[name] = holds;
        return holds;
    }

    /// <summary>Evaluates a value; null when it comes to AWS::NoValue.</summary>
    /// <exception cref="TemplateException">It refers to what is not there, or misuses a function.</exception>
    public JsonNode? Evaluate(JsonNode? node, string path)
    {
        switch (node)
        {
            case JsonArray list:
                var items = new JsonArray();
                for (var i = 0; i < list.Count; i++)
                {
                    if (Evaluate(list[i], $"{path}[{i}]") is { } item)
                    {
                        items.Add(item);
                    }
                }

                return items;

            case JsonObject { Count: 1 } call when call.First() is { Key: "Ref" or ['F', 'n', ':', ':', ..] } function:
                return Call(function.Key, function.Value, path);

            case JsonObject members:
                var result = new JsonObject();
                foreach (var (name, member) in members)
                {
                    if (Evaluate(member, $"{path}.{name}") is { } value)
                    {
                        result[name] = value;
                    }
                }

                return result;

            default:
                return node?.DeepClone();
        }
    }

    private JsonNode? Call(string function, JsonNode? argument, string path) => function switch
    {
        "Ref" => Ref(argument.AsText() ?? throw Misused("Ref", "a name", path), path),
        "Fn::GetAtt" => GetAtt(argument, path),
        "Fn::Sub" => Sub(argument, path),
        "Fn::Join" => Join(argument, path),
        "Fn::If" => If(argument, path),
        "Fn::Select" => Select(argument, path),
        "Fn::Split" => Split(argument, path),
        "Fn::FindInMap" => FindInMap(argument, path),
        "Fn::GetAZs" => AvailabilityZones(Text(argument, path, "Fn::GetAZs")),
        "Fn::Base64" => Convert.ToBase64String(Encoding.UTF8.GetBytes(Text(argument, path, "Fn::Base64"))),
        "Fn::Equals" or "Fn::And" or "Fn::Or" or "Fn::Not" =>
            throw new TemplateException($"{path} uses {function}, which belongs in Conditions."),
        _ => throw new TemplateException($"{path} uses {function}, which is not supported."),
    };

    private JsonNode? Ref(string name, string path) => name switch
    {
        "AWS::NoValue" => null,
        "AWS::Region" => _stack.Region,
        "AWS::AccountId" => _stack.AccountId,
        "AWS::Partition" => _stack.Partition,
        "AWS::StackName" => _stack.StackName,
        "AWS::StackId" => _stack.StackId,
        "AWS::URLSuffix" => _stack.UrlSuffix,
        "AWS::NotificationARNs" => new JsonArray(),
        _ => _parameters.TryGetValue(name, out var value) ? value.DeepClone() : Resource(name, path).PhysicalId,
    };

    private JsonNode GetAtt(JsonNode? argument, string path)
    {
        var (name, attribute) = argument switch
        {
            JsonArray { Count: 2 } pair when pair[0].AsText() is { } id => (id, Text(pair[1], path, "Fn::GetAtt")),
            JsonValue when argument.AsText()?.Split('.', 2) is [var id, var dotted] => (id, dotted),
            _ => throw Misused("Fn::GetAtt", "a logical id and an attribute", path),
        };
        return Attribute(name, attribute, path);
    }

    private string Attribute(string logicalId, string attribute, string path)
    {
        var resource = Resource(logicalId, path);
        return resource.Attributes.TryGetValue(attribute, out var value)
            ? value
            : throw new TemplateException(
                $"{path} asks {logicalId} for '{attribute}', but {_template.Resources[logicalId].Type} has "
                + (resource.Attributes.Count == 0 ? "no attributes here." : $"only {string.Join(", ", resource.Attributes.Keys)}."));
    }

    private ResourceIdentity Resource(string logicalId, string path)
    {
        if (_resources.TryGetValue(logicalId, out var identity))
        {
            return identity;
        }

        throw _template.Resources.TryGetValue(logicalId, out var resource)
            ? new TemplateException(resource.Condition is { } condition && !Condition(condition, $"{logicalId}.Condition")
                ? $"{path} refers to {logicalId}, which does not exist because the condition {condition} does not hold."
                : $"{path} cannot refer to the resource {logicalId}: none exists yet.")
            : new TemplateException($"{path} refers to '{logicalId}', which is neither a parameter nor a resource of the template.");
    }

    private string Sub(JsonNode? argument, string path)
    {
        var (text, own) = argument switch
        {
            JsonArray { Count: 2 } pair when pair[0].AsText() is { } template && pair[1] is JsonObject map => (template, map),
            _ => (argument.AsText() ?? throw Misused("Fn::Sub", "a text, or a text and a map", path), null),
        };
        return Substitution.Apply(text, name =>
        {
            var value = own is not null && own.ContainsKey(name) ? Evaluate(own[name], path)
                : name.IndexOf('.') is > 0 and var dot ? Attribute(name[..dot], name[(dot + 1)..], path)
                : Ref(name, path);
            return value.AsScalar() ?? throw new TemplateException($"{path} puts ${{{name}}} into a text, but it is not a text.");
        });
    }

    private string Join(JsonNode? argument, string path)
    {
        if (argument is JsonArray { Count: 2 } pair && pair[0].AsText() is { } delimiter && Evaluate(pair[1], path) is JsonArray items)
        {
            return string.Join(delimiter, items.Select(item =>
                item.AsScalar() ?? throw new TemplateException($"{path} joins something that is not a text.")));
        }

        throw Misused("Fn::Join", "a delimiter and a list", path);
    }

    private JsonNode? If(JsonNode? argument, string path) =>
        argument is JsonArray { Count: 3 } parts && parts[0].AsText() is { } condition
            ? Evaluate(Condition(condition, path) ? parts[1] : parts[2], path)
            : throw Misused("Fn::If", "a condition and two values", path);

    private JsonNode Select(JsonNode? argument, string path)
    {
        if (argument is not JsonArray { Count: 2 } pair
            || !int.TryParse(Evaluate(pair[0], path).AsScalar(), out var index)
            || Evaluate(pair[1], path) is not JsonArray items)
        {
            throw Misused("Fn::Select", "an index and a list", path);
        }

        return index >= 0 && index < items.Count
            ? items[index]!.DeepClone()
            : throw new TemplateException($"{path} selects number {index} of a list of {items.Count}.");
    }

    private JsonArray Split(JsonNode? argument, string path) =>
        argument is JsonArray { Count: 2 } pair && pair[0].AsText() is { Length: > 0 } delimiter
            ? new JsonArray([.. Text(pair[1], path, "Fn::Split").Split(delimiter).Select(part => JsonValue.Create(part))])
            : throw Misused("Fn::Split", "a delimiter and a text", path);

    // Which zones an account sees differs by region and account; three is what most have.
    private JsonArray AvailabilityZones(string region) =>
        new([.. "abc".Select(zone => JsonValue.Create($"{(region.Length == 0 ? _stack.Region : region)}{zone}"))]);

    private JsonNode FindInMap(JsonNode? argument, string path)
    {
        if (argument is not JsonArray { Count: 3 } keys)
        {
            throw Misused("Fn::FindInMap", "a mapping and two keys", path);
        }

        var names = keys.Select(key => Text(key, path, "Fn::FindInMap")).ToArray();
        return _template.Mappings[names[0]] is JsonObject mapping && mapping[names[1]] is JsonObject row && row[names[2]] is { } value
            ? value.DeepClone()
            : throw new TemplateException($"{path} looks up {string.Join(" / ", names)}, which the template's Mappings do not have.");
    }

    private bool Test(JsonNode? node, string path)
    {
        if (node is not JsonObject { Count: 1 } call)
        {
            throw new TemplateException($"{path} is not a condition.");
        }

        var (function, argument) = call.First();
        return (function, argument) switch
        {
            ("Condition", _) when argument.AsText() is { } name => Condition(name, path),
            ("Fn::Equals", JsonArray { Count: 2 } pair) => Same(Evaluate(pair[0], path), Evaluate(pair[1], path)),
            ("Fn::Not", JsonArray { Count: 1 } one) => !Test(one[0], path),
            // All of them are tested: a wrong one is an error whatever the others say.
            ("Fn::And", JsonArray { Count: >= 2 and <= 10 } all) => all.Select(one => Test(one, path)).ToArray().All(holds => holds),
            ("Fn::Or", JsonArray { Count: >= 2 and <= 10 } any) => any.Select(one => Test(one, path)).ToArray().Any(holds => holds),
            _ => throw new TemplateException($"{path} uses {function} as no condition can."),
        };
    }

    private static bool Same(JsonNode? left, JsonNode? right) =>
        left.AsScalar() is { } a && right.AsScalar() is { } b ? a == b : JsonNode.DeepEquals(left, right);

    private string Text(JsonNode? node, string path, string function) =>
        Evaluate(node, path).AsScalar() ?? throw Misused(function, "a text", path);

    private static TemplateException Misused(string function, string wants, string path) =>
        new($"{path} uses {function}, which takes {wants}.");
}
