using AppHost.LocalStack;
using Aspire.Hosting.AWS.CloudFormation;

namespace AppHost.Clouds;

/// <summary>Adds the cloud of this run to the model, and connects projects to it.</summary>
internal static class CloudExtensions
{
    private const string Name = "cloud";
    private const string Stack = "PixelLake";

    // The emulators' usual port is the one that people's tools try; beside LocalStack, LocalCloud takes the next.
    private const int UsualPort = 4566;
    private const int NextPort = 4567;

    /// <summary>
    /// Chooses the cloud (see <see cref="CloudChoice"/>) and adds what it consists of. Nothing is added when publishing:
    /// there the lake is a stack of its own, whose outputs the published programs read.
    /// </summary>
    public static IResourceBuilder<CloudResource> AddCloud(this IDistributedApplicationBuilder builder)
    {
        if (builder.ExecutionContext.IsPublishMode)
        {
            return builder.CreateResourceBuilder(new CloudResource(Name, CloudChoice.Published));
        }

        var choice = CloudChoice.From(builder.Configuration, ContainerRuntime.Find);
        var template = LakeTemplate.Write(builder);
        var bufferTime = builder.AddBufferTime();
        var cloud = choice.Kind switch
        {
            CloudKind.Aws => builder.OnAws(choice, template),
            CloudKind.LocalStack => builder.OnLocalStack(choice, template, bufferTime),
            _ => builder.OnLocalCloud(choice, template, bufferTime),
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
                    new("Field file", cloud.FieldFile),
                ],
            });
    }

    /// <summary>
    /// Gives a project the cloud's endpoints, credentials and resource names, and lets it wait until they are
    /// there. On AWS the endpoints and the credentials are the SDK's own. Changes nothing when publishing.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithCloud(
        this IResourceBuilder<ProjectResource> project, IResourceBuilder<CloudResource> cloud)
    {
        if (project.ApplicationBuilder.ExecutionContext.IsPublishMode)
        {
            return project;
        }

        var resource = cloud.Resource;
        project.WithEnvironment("ASPNETCORE_ENVIRONMENT", project.ApplicationBuilder.Environment.EnvironmentName);
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
                .WithEnvironment("AWS__Resources__EventStreamName", LakeNames.Stream)
                .WithEnvironment("AWS__Resources__EventFields", resource.EventFields);
        }

        project.WithEnvironment("AWS__Region", resource.Region);
        return resource is { Storage: { } storage, Catalog: { } catalog }
            ? project
                .WithEnvironment("AWS__AccessKey", LocalStackBuilderExtensions.AccessKey)
                .WithEnvironment("AWS__SecretKey", LocalStackBuilderExtensions.SecretKey)
                .WithEnvironment("AWS__Endpoints__S3", storage)
                .WithEnvironment("AWS__Endpoints__Firehose", storage)
                .WithEnvironment("AWS__Endpoints__SQS", storage)
                .WithEnvironment("AWS__Endpoints__Glue", catalog)
                .WithEnvironment("AWS__Endpoints__Athena", catalog)
            : project;
    }

    /// <summary>
    /// Tells the worker that nobody else works on this lake, so that it takes back at once what it had locked when it was
    /// killed. LocalCloud's data folder admits one run at a time; on AWS nobody vouches for it.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithSoleWorker(
        this IResourceBuilder<ProjectResource> worker, IResourceBuilder<CloudResource> cloud) =>
        cloud.Resource.Choice.Kind == CloudKind.Aws ? worker : worker.WithRunSetting("JobLock__Worker", "aspire");

    /// <summary>How long Firehose collects events before it writes an object; a change takes a restart.</summary>
    private static IResourceBuilder<ParameterResource> AddBufferTime(this IDistributedApplicationBuilder builder) =>
        builder.AddParameter(LakeNames.BufferTimeParameter, LakeNames.BufferTime(builder.Configuration))
            .WithDescription("Seconds that Firehose collects events before it writes an object, 1 to 900. LocalStack does not collect.");

    private static CloudResource OnLocalCloud(
        this IDistributedApplicationBuilder builder, CloudChoice choice, LakeTemplate template, IResourceBuilder<ParameterResource> bufferTime)
    {
        var localCloud = builder.AddLocalCloud(choice.Kind, template, bufferTime, UsualPort)
            .WithLink("/_localcloud/firehose/meter", "What Firehose would bill");
        var endpoint = localCloud.GetEndpoint("http");
        return new(Name, choice)
        {
            FieldFile = template.FieldFile,
            EventFields = template.EventFields,
            Storage = endpoint,
            Catalog = endpoint,
            Parts = [localCloud],
        };
    }

    private static CloudResource OnLocalStack(
        this IDistributedApplicationBuilder builder, CloudChoice choice, LakeTemplate template, IResourceBuilder<ParameterResource> bufferTime)
    {
        var localStack = builder.AddLocalStack("localstack", UsualPort);
        if (builder.Configuration.IsOn("LocalStack:DataVolume"))
        {
            localStack.WithDataVolume();
        }

        var lake = builder.AddLake(choice.Kind, template).WithReference(localStack, LakeNames.Region);

        // The free LocalStack reports Glue and Athena resources as created with nothing behind them, so
        // LocalCloud takes those two from the same template and reads LocalStack's objects.
        var storage = localStack.Resource.PrimaryEndpoint;
        var localCloud = builder.AddLocalCloud(choice.Kind, template, bufferTime, NextPort)
            .WithEnvironment("LocalCloud__ResourceTypes", "AWS::Glue::*,AWS::Athena::*")
            .WithEnvironment("LocalCloud__Upstream__Url", storage)
            .WaitFor(localStack);

        return new(Name, choice)
        {
            FieldFile = template.FieldFile,
            EventFields = template.EventFields,
            Storage = storage,
            Catalog = localCloud.GetEndpoint("http"),
            Lake = lake,
            Parts = [localStack, localCloud],
        };
    }

    private static CloudResource OnAws(this IDistributedApplicationBuilder builder, CloudChoice choice, LakeTemplate template)
    {
        var region = builder.Configuration["AWS:Region"] is { Length: > 0 } configured ? configured : LakeNames.Region;
        var sdk = builder.AddAWSSDKConfig().WithRegion(region);
        if (builder.Configuration["AWS:Profile"] is { Length: > 0 } profile)
        {
            sdk.WithProfile(profile);
        }

        // The stack takes texts only, so the parameter's value is read here and not when it starts.
        var lake = builder.AddLake(choice.Kind, template)
            .WithParameter("BufferSeconds", LakeNames.BufferTime(builder.Configuration))
            .WithReference(sdk);
        return new(Name, choice) { Region = region, FieldFile = template.FieldFile, EventFields = template.EventFields, Lake = lake };
    }

    private static IResourceBuilder<ICloudFormationTemplateResource> AddLake(
        this IDistributedApplicationBuilder builder, CloudKind cloud, LakeTemplate template)
    {
        var lake = builder.AddAWSCloudFormationTemplate("lake", template.Path, Stack);
        foreach (var (name, value) in LakeNames.Parameters(cloud))
        {
            lake.WithParameter(name, value);
        }

        return lake;
    }

    private static IResourceBuilder<ProjectResource> AddLocalCloud(
        this IDistributedApplicationBuilder builder, CloudKind cloud, LakeTemplate template, IResourceBuilder<ParameterResource> bufferTime, int port)
    {
        var localCloud = builder.AddProject<Projects.LocalCloud>("localcloud", launchProfileName: null)
            .WithHttpEndpoint(port, name: "http")
            .WithHttpHealthCheck("/_localcloud/health")
            .WithEnvironment("LocalCloud__DataFolder", builder.DataFolder($"cloud-{cloud}"))
            .WithEnvironment("LocalCloud__Template", template.Path)
            .WithEnvironment("LocalCloud__Parameters__BufferSeconds", bufferTime)
            .WithLink("/_localcloud/stacks", "Stacks and resources")
            .ExcludeFromManifest();
        foreach (var (name, value) in LakeNames.Parameters(cloud))
        {
            localCloud.WithEnvironment($"LocalCloud__Parameters__{name}", value);
        }

        return localCloud;
    }
}
