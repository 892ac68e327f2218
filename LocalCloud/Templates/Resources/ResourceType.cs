using System.Text.Json.Nodes;
using LocalCloud.Templates.Language;

namespace LocalCloud.Templates.Resources;

/// <summary>A resource whose properties are evaluated, and read by the shape of its type.</summary>
internal sealed record ResolvedResource(string LogicalId, JsonObject Properties, StackIdentity Stack)
{
    /// <summary>The text of a property; null when it is not there.</summary>
    public string? Text(string name) => Properties[name]?.GetValue<string>();

    /// <summary>The name that a property gives, or else the one that CloudFormation would make up.</summary>
    public string NameBy(string property, int longest = 64) => Text(property) ?? Stack.NameFor(LogicalId, longest);
}

/// <summary>
/// A type of resource. One that derives from this alone exists on paper: it has a name and attributes, so that others
/// can refer to it, and nothing behind them.
/// </summary>
internal abstract class ResourceType
{
    /// <summary>E.g. <c>AWS::S3::Bucket</c>.</summary>
    public abstract string Name { get; }

    public abstract PropertyShape Shape { get; }

    /// <summary>
    /// What the resource is called. It follows from the properties and the stack alone, so that a resource that
    /// somebody else creates from the same template is known here by the same name.
    /// </summary>
    public abstract ResourceIdentity Identify(ResolvedResource resource);
}

/// <summary>A type with something behind it in one of LocalCloud's services.</summary>
internal abstract class ProvisionedType : ResourceType
{
    public abstract ValueTask<bool> ExistsAsync(ResolvedResource resource, string physicalId, CancellationToken cancellation);

    public abstract ValueTask CreateAsync(ResolvedResource resource, string physicalId, CancellationToken cancellation);

    /// <summary>Brings an existing resource to what the template says. What it holds stays.</summary>
    public abstract ValueTask UpdateAsync(ResolvedResource resource, string physicalId, CancellationToken cancellation);

    /// <summary>Deletes an existing resource, where its service lets it: a bucket must be empty.</summary>
    public abstract ValueTask DeleteAsync(ResolvedResource resource, string physicalId, CancellationToken cancellation);
}
