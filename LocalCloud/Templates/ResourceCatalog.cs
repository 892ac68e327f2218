using LocalCloud.Templates.Language;
using LocalCloud.Templates.Resources;
using Microsoft.Extensions.Options;

namespace LocalCloud.Templates;

/// <summary>The resource types that are known, and which of them are created here.</summary>
internal sealed class ResourceCatalog(IEnumerable<ResourceType> types, IOptions<LocalCloudOptions> options)
{
    private readonly Dictionary<string, ResourceType> _types = types.ToDictionary(type => type.Name, StringComparer.Ordinal);
    private readonly string[] _created = Patterns(options.Value.ResourceTypes);
    private readonly string[] _ignored = Patterns(options.Value.IgnoredResourceTypes);

    /// <summary>The type of a resource.</summary>
    /// <exception cref="TemplateException">It is not known and not to be ignored.</exception>
    public ResourceType Find(string logicalId, string name) =>
        _types.TryGetValue(name, out var type) ? type
        : _ignored.Any(pattern => Covers(pattern, name)) ? new IgnoredType(name)
        : throw new TemplateException(
            $"{logicalId}.Type is {name}, which LocalCloud does not have; list it in LocalCloud:IgnoredResourceTypes to go on without it.");

    /// <summary>Where resources of a type are.</summary>
    public ResourcePlace PlaceOf(ResourceType type) =>
        type is IgnoredType || (_created.Length > 0 && !_created.Any(pattern => Covers(pattern, type.Name))) ? ResourcePlace.Elsewhere
        : type is ProvisionedType ? ResourcePlace.Here
        : ResourcePlace.OnPaper;

    /// <summary>Checks what the settings say of types.</summary>
    /// <exception cref="TemplateException">A type is not known.</exception>
    public void CheckSettings()
    {
        if (_created.FirstOrDefault(pattern => !_types.Keys.Any(name => Covers(pattern, name))) is { } unknown)
        {
            throw new TemplateException(
                $"LocalCloud:ResourceTypes names {unknown}, which LocalCloud does not have; it has {string.Join(", ", _types.Keys)}.");
        }
    }

    private static string[] Patterns(string list) =>
        list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static bool Covers(string pattern, string name) =>
        pattern.EndsWith('*') ? name.StartsWith(pattern[..^1], StringComparison.Ordinal) : name == pattern;

    /// <summary>A type that is to be ignored: it has a name, since others may refer to it, and no attributes.</summary>
    private sealed class IgnoredType(string name) : ResourceType
    {
        public override string Name => name;

        public override PropertyShape Shape => PropertyShape.Any;

        public override ResourceIdentity Identify(ResolvedResource resource) => new(resource.Stack.NameFor(resource.LogicalId));
    }
}
