using Aspire.Hosting.AWS.CloudFormation;

namespace AppHost.Clouds;

/// <summary>
/// Shows in the dashboard which cloud this run uses and why, and carries what a project needs to reach it.
/// </summary>
/// <param name="name">The name of the resource.</param>
/// <param name="choice">Which cloud, and why.</param>
public sealed class CloudResource(string name, CloudChoice choice) : Resource(name)
{
    /// <summary>Which cloud, and why.</summary>
    public CloudChoice Choice { get; } = choice;

    /// <summary>The region that requests are signed for.</summary>
    public string Region { get; init; } = LakeNames.Region;

    /// <summary>The field file of this run; empty when publishing, where each program has its own copy.</summary>
    public string FieldFile { get; init; } = "";

    /// <summary>The fields that the events table has columns for, separated by commas.</summary>
    public string EventFields { get; init; } = "";

    /// <summary>S3, Firehose and SQS; null on AWS.</summary>
    public EndpointReference? Storage { get; init; }

    /// <summary>Glue and Athena; null on AWS.</summary>
    public EndpointReference? Catalog { get; init; }

    /// <summary>The deployed lake; null when LocalCloud creates it by itself.</summary>
    public IResourceBuilder<ICloudFormationTemplateResource>? Lake { get; init; }

    /// <summary>What must be healthy before a project can use the cloud.</summary>
    public IReadOnlyList<IResourceBuilder<IResource>> Parts { get; init; } = [];
}
