using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace LocalCloud.Templates;

/// <summary>A stack as it stands: what <c>GET /_localcloud/stacks</c> answers and what is remembered of it.</summary>
/// <param name="Name">E.g. <c>PixelLake</c>.</param>
/// <param name="Id">Its ARN.</param>
/// <param name="Template">The file it was made from.</param>
/// <param name="Parameters">Every parameter's value; one with NoEcho is shown as asterisks.</param>
/// <param name="Resources">By logical id.</param>
/// <param name="Outputs">By name.</param>
internal sealed record DeployedStack(
    string Name,
    string Id,
    string Template,
    IReadOnlyDictionary<string, string> Parameters,
    IReadOnlyDictionary<string, DeployedResource> Resources,
    IReadOnlyDictionary<string, string> Outputs);

/// <summary>A resource of a stack.</summary>
/// <param name="Type">E.g. <c>AWS::S3::Bucket</c>.</param>
/// <param name="PhysicalId">Its name, which Ref answers.</param>
/// <param name="Place">Where it is.</param>
/// <param name="Properties">As they were when it was last created or updated.</param>
internal sealed record DeployedResource(string Type, string PhysicalId, ResourcePlace Place, JsonObject Properties);

/// <summary>Where a resource of a stack is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ResourcePlace>))]
internal enum ResourcePlace
{
    /// <summary>In a service of LocalCloud.</summary>
    Here,

    /// <summary>Nowhere: it has a name, and nothing would come of it on one machine.</summary>
    OnPaper,

    /// <summary>Somebody else creates it: its type is not among <c>LocalCloud:ResourceTypes</c>, or is ignored.</summary>
    Elsewhere,
}
