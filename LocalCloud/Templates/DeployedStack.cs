using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace LocalCloud.Templates;

/// <summary>A stack as it stands: what <c>GET /_localcloud/stacks</c> answers and what is remembered of it.</summary>
/// <param name="Name">E.g. <c>PixelLake</c>.</param>
/// <param name="Id">Its ARN.</param>
/// <param name="Template">The file it was made from, or <c>put</c> when a request brought it.</param>
/// <param name="Parameters">Every parameter's value; one with NoEcho is shown as asterisks.</param>
/// <param name="Resources">By logical id, in the order in which they came into being.</param>
/// <param name="Outputs">By name.</param>
/// <param name="OutputsOnPaper">The outputs that name something on paper: an address among them leads nowhere.</param>
internal sealed record DeployedStack(
    string Name,
    string Id,
    string Template,
    IReadOnlyDictionary<string, string> Parameters,
    IReadOnlyDictionary<string, DeployedResource> Resources,
    IReadOnlyDictionary<string, string> Outputs,
    IReadOnlyList<string>? OutputsOnPaper = null)
{
    /// <summary>The types of which there are resources on paper only: nothing is behind them.</summary>
    public IReadOnlyList<string> TypesOnPaper =>
        [.. Resources.Values.Where(resource => resource.Place == ResourcePlace.OnPaper).Select(resource => resource.Type).Distinct().Order(StringComparer.Ordinal)];
}

/// <summary>A resource of a stack.</summary>
/// <param name="Type">E.g. <c>AWS::S3::Bucket</c>.</param>
/// <param name="PhysicalId">Its name, which Ref answers.</param>
/// <param name="Place">Where it is.</param>
/// <param name="Properties">As they were when it was last created or updated.</param>
/// <param name="OutlivesStack">Whether it stays when its stack is deleted: its DeletionPolicy.</param>
/// <param name="OutlivesReplacement">Whether it stays when another takes its place: its UpdateReplacePolicy.</param>
internal sealed record DeployedResource(
    string Type, string PhysicalId, ResourcePlace Place, JsonObject Properties, bool OutlivesStack = false, bool OutlivesReplacement = false);

/// <summary>Where a resource of a stack is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ResourcePlace>))]
internal enum ResourcePlace
{
    /// <summary>In a service of LocalCloud.</summary>
    Here,

    /// <summary>Nowhere: it has a name of the shape that AWS gives, and nothing is behind it.</summary>
    OnPaper,

    /// <summary>Somebody else creates it: its type is not among <c>LocalCloud:ResourceTypes</c>, or is ignored.</summary>
    Elsewhere,
}
