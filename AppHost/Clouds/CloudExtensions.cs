using AppHost.LocalStack;
using Aspire.Hosting.AWS;
using Aspire.Hosting.AWS.CloudFormation;

namespace AppHost.Clouds;

/// <summary>Adds the cloud of this run to the model, and connects projects to it.</summary>
internal static class CloudExtensions
{
    private const string Template = "../Infrastructure/Templates/pixel-lake.template.json";
    private const string Stack = "PixelLake";
    private const int LocalCloudPort = 4566;

    /// <summary>Chooses the cloud (see <see cref="CloudChoice"/>) and adds what it consists of.</summary>
    public static IResourceBuilder<CloudResource> AddCloud(this IDistributedApplicationBuilder builder)
    {
        var choice = CloudChoice.From(builder.Configuration, ContainerRuntime.Find);
        var cloud = choice.Kind switch
        {
            CloudKind.Aws => builder.OnAws(choice),
            CloudKind.LocalStack => builder.OnLocalStack(choice),
            _ => builder.OnLocalCloud(choice),
        };

        return builder.AddResource(cloud)
            .ExcludeFromManifest()
            .WithInitialState(new CustomResourceSnapshot
            {
                ResourceType = "Cloud",
                State = KnownResourceStates.Running,
                Properties =
                [
                    new("Cloud", choice.Kind.ToString()),
                    new("Reason", choice.Reason),
                    new("Region", cloud.Region),
                ],
            });
    }

    /// <summary>
    /// Gives a project the cloud's endpoints, credentials and resource names, and lets it wait until they are
    /// there. On AWS the endpoints and the credentials are the SDK's own.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithCloud(
        this IResourceBuilder<ProjectResource> project, IResourceBuilder<CloudResource> cloud)
    {
        var resource = cloud.Resource;
        foreach (var part in resource.Parts)
        {
            project.WaitFor(part);
        }

        if (resource.Lake is { } lake)
        {
            project.WithReference(lake);
        }
        else
        {
            project
                .WithEnvironment("AWS__Resources__LakeBucketName", LakeNames.Bucket)
                .WithEnvironment("AWS__Resources__EventStreamName", LakeNames.Stream);
        }

        project.WithEnvironment("AWS__Region", resource.Region);
        return resource is { Storage: { } storage, Catalog: { } catalog }
            ? project
                .WithEnvironment("AWS__AccessKey", LocalStackBuilderExtensions.AccessKey)
                .WithEnvironment("AWS__SecretKey", LocalStackBuilderExtensions.SecretKey)
                .WithEnvironment("AWS__Endpoints__S3", storage)
                .WithEnvironment("AWS__Endpoints__Firehose", storage)
                .WithEnvironment("AWS__Endpoints__Glue", catalog)
                .WithEnvironment("AWS__Endpoints__Athena", catalog)
            : project;
    }

    /// <summary>A folder for what a resource keeps between runs, below the repository's <c>.pixel</c>.</summary>
    public static string DataFolder(this IDistributedApplicationBuilder builder, string name) =>
        Path.GetFullPath(Path.Combine(builder.AppHostDirectory, "..", ".pixel", "aspire", name));

    private static CloudResource OnLocalCloud(this IDistributedApplicationBuilder builder, CloudChoice choice)
    {
        var localCloud = builder.AddLocalCloud(choice.Kind);
        var endpoint = localCloud.GetEndpoint("http");
        return new("cloud", choice) { Storage = endpoint, Catalog = endpoint, Parts = [localCloud] };
    }

    private static CloudResource OnLocalStack(this IDistributedApplicationBuilder builder, CloudChoice choice)
    {
        var localStack = builder.AddLocalStack("localstack");
        var lake = builder.AddLake(choice.Kind).WithReference(localStack, LakeNames.Region);

        // The free LocalStack reports Glue and Athena resources as created with nothing behind them, so
        // LocalCloud takes those two from the same template and reads LocalStack's objects.
        var localCloud = builder.AddLocalCloud(choice.Kind)
            .WithEnvironment("LocalCloud__ResourceTypes", "AWS::Glue::*,AWS::Athena::*")
            .WithEnvironment("LocalCloud__Upstream__Url", localStack.GetEndpoint(LocalStackResource.PrimaryEndpointName))
            .WaitFor(localStack);

        return new("cloud", choice)
        {
            Storage = localStack.GetEndpoint(LocalStackResource.PrimaryEndpointName),
            Catalog = localCloud.GetEndpoint("http"),
            Lake = lake,
            Parts = [localStack, localCloud],
        };
    }

    private static CloudResource OnAws(this IDistributedApplicationBuilder builder, CloudChoice choice)
    {
        var region = builder.Configuration["AWS:Region"] is { Length: > 0 } configured ? configured : LakeNames.Region;
        var sdk = builder.AddAWSSDKConfig().WithRegion(region);
        if (builder.Configuration["AWS:Profile"] is { Length: > 0 } profile)
        {
            sdk.WithProfile(profile);
        }

        return new("cloud", choice) { Region = region, Lake = builder.AddLake(choice.Kind).WithReference(sdk) };
    }

    private static IResourceBuilder<ICloudFormationTemplateResource> AddLake(
        this IDistributedApplicationBuilder builder, CloudKind cloud)
    {
        var lake = builder.AddAWSCloudFormationTemplate("lake", Path.Combine(builder.AppHostDirectory, Template), Stack);
        foreach (var (name, value) in LakeNames.Parameters(cloud))
        {
            lake.WithParameter(name, value);
        }

        return lake;
    }

    private static IResourceBuilder<ProjectResource> AddLocalCloud(
        this IDistributedApplicationBuilder builder, CloudKind cloud)
    {
        var localCloud = builder.AddProject<Projects.LocalCloud>("localcloud")
            // LocalStack takes 4566 by custom, so LocalCloud keeps it only where it is alone.
            .WithHttpEndpoint(port: cloud == CloudKind.Embedded ? LocalCloudPort : null, name: "http")
            .WithHttpHealthCheck("/_localcloud/health")
            .WithHttpCommand("/_localcloud/flush", "Deliver what Firehose buffers")
            .WithEnvironment("LocalCloud__DataFolder", builder.DataFolder($"cloud-{cloud}"))
            .WithEnvironment("LocalCloud__Template", Path.GetFullPath(Path.Combine(builder.AppHostDirectory, Template)))
            .ExcludeFromManifest();
        foreach (var (name, value) in LakeNames.Parameters(cloud))
        {
            localCloud.WithEnvironment($"LocalCloud__Parameters__{name}", value);
        }

        return localCloud;
    }
}
