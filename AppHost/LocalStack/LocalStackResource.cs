namespace AppHost.LocalStack;

/// <summary>A LocalStack container: S3 and Firehose behind one port.</summary>
/// <param name="name">The name of the resource.</param>
public sealed class LocalStackResource(string name) : ContainerResource(name), IResourceWithConnectionString
{
    internal const string PrimaryEndpointName = "http";

    /// <summary>The port on which every service answers, inside the container and by default outside it.</summary>
    internal const int EdgePort = 4566;

    /// <summary>The endpoint of every AWS service in the container.</summary>
    public EndpointReference PrimaryEndpoint => field ??= new(this, PrimaryEndpointName);

    /// <summary>The URL that an AWS client takes as its service URL.</summary>
    public ReferenceExpression ConnectionStringExpression =>
        ReferenceExpression.Create($"{PrimaryEndpoint.Property(EndpointProperty.Url)}");
}
