using Amazon.CloudFormation;
using Amazon.Runtime;
using Aspire.Hosting.AWS.CloudFormation;

namespace AppHost.LocalStack;

/// <summary>Adds LocalStack to the model and aims CloudFormation stacks at it.</summary>
internal static class LocalStackBuilderExtensions
{
    /// <summary>LocalStack accepts any credentials; these are the ones its documentation uses.</summary>
    public const string AccessKey = "test";

    /// <inheritdoc cref="AccessKey"/>
    public const string SecretKey = "test";

    /// <summary>
    /// Adds a LocalStack container with its health check. <c>LOCALSTACK_AUTH_TOKEN</c> is passed through when
    /// the environment has it.
    /// </summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The name of the resource.</param>
    /// <param name="port">The port on the host; null leaves the choice to Aspire.</param>
    public static IResourceBuilder<LocalStackResource> AddLocalStack(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, int? port = null)
    {
        var localStack = builder.AddResource(new LocalStackResource(name))
            .WithImage(LocalStackContainerImageTags.Image, LocalStackContainerImageTags.Tag)
            .WithImageRegistry(LocalStackContainerImageTags.Registry)
            .WithHttpEndpoint(port, LocalStackResource.EdgePort, LocalStackResource.PrimaryEndpointName)
            .WithHttpHealthCheck("/_localstack/health")
            // What the lake template creates there, and the queue that `redrive` may be given. Not Glue and Athena: the free
            // edition has neither.
            .WithEnvironment("SERVICES", "cloudformation,firehose,iam,logs,s3,sqs,sts")
            .WithLink("/_localstack/health", "Health")
            .ExcludeFromManifest();

        return builder.Configuration["LOCALSTACK_AUTH_TOKEN"] is { Length: > 0 } token
            ? localStack.WithEnvironment("LOCALSTACK_AUTH_TOKEN", builder.AddParameter($"{name}-auth-token", token, secret: true))
            : localStack;
    }

    /// <summary>
    /// Keeps LocalStack's own folder in a named volume from run to run. Its free edition keeps only what it has downloaded
    /// there; with <c>LOCALSTACK_AUTH_TOKEN</c> it keeps its state, the lake included.
    /// </summary>
    /// <param name="localStack">The container.</param>
    /// <param name="name">The volume; null for one that is named after the application and the resource.</param>
    public static IResourceBuilder<LocalStackResource> WithDataVolume(this IResourceBuilder<LocalStackResource> localStack, string? name = null) =>
        localStack
            .WithVolume(name ?? VolumeNameGenerator.Generate(localStack, "data"), "/var/lib/localstack")
            .WithEnvironment("PERSISTENCE", "1");

    /// <summary>
    /// Deploys the stack into LocalStack. Aspire.Hosting.AWS redirects only the client that creates the stack:
    /// the programs that use the stack need endpoints of their own.
    /// </summary>
    public static IResourceBuilder<ICloudFormationTemplateResource> WithReference(
        this IResourceBuilder<ICloudFormationTemplateResource> stack,
        IResourceBuilder<LocalStackResource> localStack,
        string region)
    {
        // The port is known only now, and the stack is not created before the container is healthy.
        localStack.OnResourceEndpointsAllocated((resource, _, _) =>
        {
            stack.Resource.CloudFormationClient = new AmazonCloudFormationClient(
                new BasicAWSCredentials(AccessKey, SecretKey),
                new AmazonCloudFormationConfig
                {
                    ServiceURL = resource.PrimaryEndpoint.Url,
                    AuthenticationRegion = region,
                });
            return Task.CompletedTask;
        });

        return stack.WaitFor(localStack);
    }
}
