using LocalCloud.Templates.Language;
using LocalCloud.Templates.Resources;

namespace LocalCloud.Templates.Paper;

/// <summary>
/// A type that exists on paper: its properties are checked, others may refer to it by identifiers of the shape that AWS
/// documents, and nothing is behind them. No request reaches such a resource, and the listing of stacks says so.
/// </summary>
internal sealed class PaperType(string name, PropertyShape shape, Func<ResolvedResource, ResourceIdentity> identify) : ResourceType
{
    public override string Name => name;

    public override PropertyShape Shape => shape;

    public override ResourceIdentity Identify(ResolvedResource resource) => identify(resource);
}
