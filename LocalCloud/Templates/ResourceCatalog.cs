using LocalCloud.Templates.Language;
using LocalCloud.Templates.Resources;
using Microsoft.Extensions.Options;

namespace LocalCloud.Templates;

/// <summary>The resource types that are known, and which of them are created here.</summary>
internal sealed class ResourceCatalog(IEnumerable<ResourceType> types, IOptions<LocalCloudOptions> options)
{
    private readonly Dictionary<string, ResourceType> _types = types.ToDictionary(type => type.Name, StringComparer.Ordinal);

    /// <summary>The type of a resource.</summary>
    /// <exception cref="TemplateException">It is not known and not to be ignored.</exception>
    public ResourceType Find(string logicalId, string name) =>
        _types.TryGetValue(name, out var type) ? type
        : options.Value.IgnoredResourceTypes.Contains(name, StringComparer.Ordinal) ? new IgnoredType(name)
        : throw new TemplateException(
            $"{logicalId}.Type is {name}, which LocalCloud does not have; list it in LocalCloud:IgnoredResourceTypes to go on without it.");

    /// <summary>Where resources of a type are.</summary>
    public ResourcePlace PlaceOf(ResourceType type) =>
        type is IgnoredType || (options.Value.ResourceTypes.Length > 0 && !options.Value.ResourceTypes.Contains(type.Name, StringComparer.Ordinal))
            ? ResourcePlace.Elsewhere
            : type is ProvisionedType ? ResourcePlace.Here : ResourcePlace.OnPaper;

    /// <summary>Checks what the settings say of types.</summary>
    /// <exception cref="TemplateException">A type is not known.</exception>
    public void CheckSettings()
    {
        if (options.Value.ResourceTypes.FirstOrDefault(name => !_types.ContainsKey(name)) is { } unknown)
        {
            throw new TemplateException(
                $"LocalCloud:ResourceTypes names {unknown}, which LocalCloud does not have; it has {string.Join(", ", _types.Keys)}.");
        }
    }

    /// <summary>A type that is to be ignored: it has a name, since others may refer to it, and no attributes.</summary>
    private sealed class IgnoredType(string name) : ResourceType
    {
        public override string Name => name;

        public override PropertyShape Shape => PropertyShape.Any;

        public override ResourceIdentity Identify(ResolvedResource resource) => new(resource.Stack.NameFor(resource.LogicalId));
    }
}
