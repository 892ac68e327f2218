using System.Text.Json.Nodes;

namespace LocalCloud.Templates.Language;

/// <summary>
/// The order in which resources come into being: each after all it refers to or depends on, otherwise as the template
/// has them. References count in both branches of an Fn::If, as they do for CloudFormation.
/// </summary>
internal static class ResourceOrder
{
    /// <exception cref="TemplateException">A reference leads nowhere, or resources wait for each other.</exception>
    public static IReadOnlyList<ResourceDeclaration> Of(StackTemplate template)
    {
        var order = new List<ResourceDeclaration>();
        var done = new HashSet<string>(StringComparer.Ordinal);
        var open = new List<string>();

        foreach (var logicalId in template.Resources.Keys)
        {
            Visit(logicalId);
        }

        return order;

        void Visit(string logicalId)
        {
            if (done.Contains(logicalId))
            {
                return;
            }

            if (open.IndexOf(logicalId) is >= 0 and var start)
            {
                throw new TemplateException($"Resources wait for each other: {string.Join(" → ", open[start..].Append(logicalId))}.");
            }

            open.Add(logicalId);
            foreach (var first in Dependencies(template, template.Resources[logicalId]))
            {
                Visit(first);
            }

            open.RemoveAt(open.Count - 1);
            done.Add(logicalId);
            order.Add(template.Resources[logicalId]);
        }
    }

    /// <summary>The names that a value refers to: parameters, resources and pseudo parameters.</summary>
    public static IEnumerable<string> NamesIn(JsonNode? value) => References(value, "").Select(reference => reference.Name);

    private static IEnumerable<string> Dependencies(StackTemplate template, ResourceDeclaration resource)
    {
        foreach (var name in resource.DependsOn)
        {
            yield return template.Resources.ContainsKey(name)
                ? name
                : throw new TemplateException($"{resource.LogicalId}.DependsOn names '{name}', which is not a resource of the template.");
        }

        foreach (var (name, path) in References(resource.Properties, resource.LogicalId))
        {
            if (template.Resources.ContainsKey(name))
            {
                yield return name;
            }
            else if (!template.Parameters.ContainsKey(name) && !name.StartsWith("AWS::", StringComparison.Ordinal))
            {
                throw new TemplateException($"{path} refers to '{name}', which is neither a parameter nor a resource of the template.");
            }
        }
    }

    private static IEnumerable<(string Name, string Path)> References(JsonNode? node, string path) => node switch
    {
        JsonArray list => list.SelectMany((item, i) => References(item, path)),
        JsonObject { Count: 1 } call when call.First() is var (function, argument) && OfCall(function, argument) is { } names =>
            names.Select(name => (name, path)).Concat(References(argument, path)),
        JsonObject members => members.SelectMany(member =>
            References(member.Value, member.Key.StartsWith("Fn::", StringComparison.Ordinal) ? path : $"{path}.{member.Key}")),
        _ => [],
    };

    private static IEnumerable<string>? OfCall(string function, JsonNode? argument) => (function, argument) switch
    {
        ("Ref", _) when argument.AsText() is { } name => [name],
        ("Fn::GetAtt", JsonArray { Count: 2 } pair) when pair[0].AsText() is { } name => [name],
        ("Fn::GetAtt", _) when argument.AsText() is { } dotted => [dotted.Split('.')[0]],
        ("Fn::Sub", JsonArray { Count: 2 } pair) when pair[0].AsText() is { } text =>
            Names(text).Where(name => pair[1] is not JsonObject own || !own.ContainsKey(name)),
        ("Fn::Sub", _) when argument.AsText() is { } text => Names(text),
        _ => null,
    };

    private static IEnumerable<string> Names(string text) => Substitution.Names(text).Select(name => name.Split('.')[0]);
}
