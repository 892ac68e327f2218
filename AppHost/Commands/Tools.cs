using AppHost.Clouds;
using Microsoft.Extensions.DependencyInjection;

namespace AppHost.Commands;

/// <summary>
/// Commands of <c>dotnet pixel.cs</c> as resources that start when somebody asks for them, by their own start button or
/// from the resource that they are about. What they print is in their log.
/// </summary>
internal static class Tools
{
    /// <summary><c>demo</c>: realistic traffic to the beacon.</summary>
    public static void AddDemo(this IDistributedApplicationBuilder builder, IResourceBuilder<ProjectResource> beacon)
    {
        if (builder.ExecutionContext.IsRunMode)
        {
            var pixel = ReferenceExpression.Create($"{beacon.GetEndpoint("http")}/trackingpixel");
            var demo = builder.AddTool("demo").WithArgs("demo", "--url", pixel);
            beacon.WithToolCommand("demo", "Send demo traffic", "ArrowRouting", demo);
        }
    }

    /// <summary>
    /// <c>flush</c>: what the beacon has handed over and Firehose has buffered can be queried. Not on AWS, whose Firehose
    /// keeps to its buffer time.
    /// </summary>
    public static void AddFlush(
        this IDistributedApplicationBuilder builder, IResourceBuilder<CloudResource> cloud, IResourceBuilder<ProjectResource> beacon, IResourceBuilder<ProjectResource> catalog)
    {
        if (cloud.Resource.Catalog is not { } localCloud)
        {
            return;
        }

        var flush = builder.AddTool("flush").WithArgs(
            "flush",
            "--cloud-port", localCloud.Property(EndpointProperty.Port),
            "--worker-port", catalog.GetEndpoint("http").Property(EndpointProperty.Port));
        cloud.WithToolCommand("flush", "Flush into the lake", "ArrowDownload", flush);
        beacon.WithToolCommand("flush", "Flush into the lake", "ArrowDownload", flush);
    }

    private static IResourceBuilder<ProjectResource> AddTool(this IDistributedApplicationBuilder builder, string name) =>
        builder.AddProject<Projects.Cli>(name, launchProfileName: null).WithExplicitStart().ExcludeFromManifest();

    private static void WithToolCommand<T>(
        this IResourceBuilder<T> resource, string name, string displayName, string icon, IResourceBuilder<ProjectResource> tool)
        where T : IResource =>
        resource.WithCommand(name, displayName, context => RunAsync(tool.Resource, context), new CommandOptions
        {
            IconName = icon,
            UpdateState = state => state.ResourceSnapshot.State?.Text == KnownResourceStates.Running
                ? ResourceCommandState.Enabled
                : ResourceCommandState.Disabled,
        });

    private static async Task<ExecuteCommandResult> RunAsync(ProjectResource tool, ExecuteCommandContext context)
    {
        // A tool that has run before has ended in the same way; only the time of its start tells the runs apart.
        var before = context.StartOf(tool.Name);
        var started = await context.Services.GetRequiredService<ResourceCommandService>()
            .ExecuteCommandAsync(tool, KnownResourceCommands.StartCommand, context.CancellationToken);
        if (!started.Success)
        {
            return started;
        }

        var ended = await context.EndOfAsync(tool.Name, before);
        return ended.Snapshot.ExitCode == 0
            ? CommandResults.Success($"{tool.Name} is done; its log says what it did.")
            : CommandResults.Failure($"{tool.Name} failed; its log says why.");
    }
}
