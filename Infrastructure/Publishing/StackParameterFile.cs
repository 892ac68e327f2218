using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Infrastructure.Publishing;

/// <summary>
/// The parameters of a stack: all of them but secrets, in the form that <c>aws cloudformation</c> takes from a file. What only an
/// account can say is a place to be filled: <c>${Stack.Output}</c> is an output of a stack that was deployed before, and
/// <see cref="PackageBucket"/> the bucket that the packages were put into.
/// </summary>
internal sealed class StackParameterFile
{
    /// <summary>The place of the bucket's name.</summary>
    public const string PackageBucket = "${PackageBucket}";

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private StackParameterFile(StackTemplate template, IReadOnlyDictionary<string, string> values)
    {
        Template = template;
        Values = values;
    }

    /// <summary>Whose parameters.</summary>
    public StackTemplate Template { get; }

    /// <summary>The value of each.</summary>
    public IReadOnlyDictionary<string, string> Values { get; }

    /// <summary>Finds the parameters of all stacks.</summary>
    /// <param name="templates">In the order in which they are deployed.</param>
    /// <param name="known">What the publication itself decides, as <c>Name</c> or <c>Stack.Name</c>.</param>
    /// <param name="given">What the user says, the same way.</param>
    /// <exception cref="PublishException">Something is given that no template has or allows, or something is missing.</exception>
    public static IReadOnlyList<StackParameterFile> Of(
        IReadOnlyList<StackTemplate> templates, IReadOnlyDictionary<string, string> known, IReadOnlyList<string> given)
    {
        var wanted = Parse(given);
        if (wanted.Keys.FirstOrDefault(name => !templates.Any(template => template.Parameters.Any(parameter => IsFor(name, template, parameter)))) is { } unknown)
        {
            throw new PublishException($"No stack of this choice has a parameter {unknown}; there are {string.Join(", ", templates.SelectMany(template => template.Parameters.Select(parameter => parameter.Name)).Distinct().Order(StringComparer.Ordinal))}.");
        }

        if (templates.SelectMany(template => template.Parameters.Where(parameter => parameter.IsSecret && Find(wanted, template, parameter) is not null)).FirstOrDefault() is { } secret)
        {
            throw new PublishException($"{secret.Name} is a secret and is not written into a file: set it when you deploy, as in {secret.Name}=VALUE ./deploy.sh.");
        }

        var files = new List<StackParameterFile>();
        foreach (var template in templates)
        {
            var before = templates.TakeWhile(other => other != template).ToList();
            files.Add(new(template, new OrderedDictionary<string, string>(template.Parameters.Where(parameter => !parameter.IsSecret).Select(parameter => KeyValuePair.Create(parameter.Name, ValueOf(template, parameter, before))))));
        }

        return files;

        string ValueOf(StackTemplate template, TemplateParameter parameter, List<StackTemplate> before)
        {
            if (Find(wanted, template, parameter) is { } value)
            {
                return parameter.Refuse(value) is { } constraint
                    ? throw new PublishException($"{template.Stack} does not take {parameter.Name}={value}, but {constraint}.")
                    : value;
            }

            return Find(known, template, parameter)
                // The templates call a parameter that is another stack's output by the same name.
                ?? (before.LastOrDefault(other => other.Outputs.TryGetValue(parameter.Name, out var needed) && IsGiven(other, needed)) is { } source ? $"${{{source.Stack}.{parameter.Name}}}" : null)
                ?? parameter.Default
                ?? throw new PublishException($"{template.Stack} needs {parameter.Name}: add --parameter {parameter.Name}=VALUE. {parameter.Description}");
        }

        // As the role for beacons of other accounts, which is there only where accounts are named.
        bool IsGiven(StackTemplate template, string? needed) =>
            needed is null || (template.Parameters.First(parameter => parameter.Name == needed) is var one && !string.IsNullOrEmpty(Find(wanted, template, one) ?? one.Default));
    }

    /// <summary>Writes it.</summary>
    public void Write(string path) => File.WriteAllText(path, new JsonArray([.. Values.Select(value => new JsonObject
    {
        ["ParameterKey"] = value.Key,
        ["ParameterValue"] = value.Value,
    })]).ToJsonString(Json) + "\n");

    private static Dictionary<string, string> Parse(IReadOnlyList<string> given)
    {
        var wanted = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var one in given)
        {
            var equals = one.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || !wanted.TryAdd(one[..equals], one[(equals + 1)..]))
            {
                throw new PublishException(equals <= 0
                    ? $"--parameter takes Name=Value or Stack.Name=Value, not {one}."
                    : $"{one[..equals]} is given twice.");
            }
        }

        return wanted;
    }

    private static string? Find(IReadOnlyDictionary<string, string> values, StackTemplate template, TemplateParameter parameter) =>
        values.TryGetValue($"{template.Stack}.{parameter.Name}", out var own) ? own : values.GetValueOrDefault(parameter.Name);

    private static bool IsFor(string name, StackTemplate template, TemplateParameter parameter) =>
        name == parameter.Name || name == $"{template.Stack}.{parameter.Name}";
}
