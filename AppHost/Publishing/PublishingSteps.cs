// Aspire's pipeline API is public and still marked as experimental: 001 is the steps, 004 the output folder.
#pragma warning disable ASPIREPIPELINES001, ASPIREPIPELINES004

using Aspire.Hosting.Pipelines;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AppHost.Publishing;

/// <summary>
/// <c>aspire publish</c>, <c>aspire deploy</c> and <c>aspire destroy</c> do what <c>dotnet pixel.cs publish</c>, the script
/// that it writes, and <c>dotnet pixel.cs destroy</c> do. So there is one way to AWS, with or without Aspire.
/// </summary>
internal static class PublishingSteps
{
    /// <summary>The step that writes the output folder.</summary>
    public const string PublishStep = "publish-aws";

    /// <summary>The step that deploys what has just been written.</summary>
    public const string DeployStep = "deploy-aws";

    /// <summary>The step that deletes what was deployed from the output folder.</summary>
    public const string DestroyStep = "destroy-aws";

    // Set by the command line of Aspire for those that it starts; there is no public constant for it.
    private const string CommandLineOfAspire = "ASPIRE_BACKCHANNEL_PATH";

    /// <summary>Adds the steps. Changes nothing in a run.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="services">
    /// What the commands package by themselves: Aspire makes neither an image nor an entry of its manifest of these.
    /// </param>
    public static void AddPublishing(this IDistributedApplicationBuilder builder, params IEnumerable<IResourceBuilder<ProjectResource>> services)
    {
        if (!builder.ExecutionContext.IsPublishMode)
        {
            return;
        }

        foreach (var service in services)
        {
            service.ExcludeFromManifest();
        }

        var checkout = Path.GetFullPath(Path.Combine(builder.AppHostDirectory, ".."));
        builder.Pipeline.AddStep(new()
        {
            Name = PublishStep,
            Description = "Writes templates, packages, parameters and scripts for AWS into the output folder.",
            Action = context => PublishAsync(context, checkout, builder.Configuration),
            DependsOnSteps = [WellKnownPipelineSteps.PublishPrereq],
            RequiredBySteps = [WellKnownPipelineSteps.Publish],
        });
        builder.Pipeline.AddStep(new()
        {
            Name = DeployStep,
            Description = "Deploys the output folder to AWS with the script in it.",
            Action = DeployAsync,
            DependsOnSteps = [WellKnownPipelineSteps.DeployPrereq, PublishStep],
            RequiredBySteps = [WellKnownPipelineSteps.Deploy],
        });
        builder.Pipeline.AddStep(new()
        {
            Name = DestroyStep,
            Description = "Deletes from AWS what was deployed from the output folder, except the lake.",
            Action = context => DestroyAsync(context, checkout, builder.Configuration),
            DependsOnSteps = [WellKnownPipelineSteps.DestroyPrereq],
            RequiredBySteps = [WellKnownPipelineSteps.Destroy],
        });
    }

    private static async Task PublishAsync(PipelineStepContext context, string checkout, IConfiguration configuration)
    {
        MustBeAskedFor(context);
        var output = OutputOf(context);
        await RepositoryCommand.Pixel(checkout, ["publish", "-o", output, .. PublishSettings.Options(configuration)]).RunAsync(context.Logger, context.CancellationToken);
        context.Summary.Add("Written to", output);
    }

    private static Task DeployAsync(PipelineStepContext context)
    {
        MustBeAskedFor(context);
        return RepositoryCommand.Script(OutputOf(context), "deploy.sh").RunAsync(context.Logger, context.CancellationToken);
    }

    private static async Task DestroyAsync(PipelineStepContext context, string checkout, IConfiguration configuration)
    {
        MustBeAskedFor(context);
        var output = OutputOf(context);
        await MustBeConfirmedAsync(context, output, configuration);
        await RepositoryCommand.Pixel(checkout, "destroy", "-o", output, "--yes").RunAsync(context.Logger, context.CancellationToken);
    }

    private static string OutputOf(PipelineStepContext context) =>
        context.Services.GetRequiredService<IPipelineOutputService>().GetOutputDirectory();

    // A pipeline that is told no step runs all that it has, and would deploy and destroy at once.
    private static void MustBeAskedFor(PipelineStepContext context)
    {
        if (string.IsNullOrWhiteSpace(Pipeline(context).Step))
        {
            throw new DistributedApplicationException("Say what to do with --step publish, --step deploy or --step destroy.");
        }
    }

    private static async Task MustBeConfirmedAsync(PipelineStepContext context, string output, IConfiguration configuration)
    {
        if (Pipeline(context).SkipConfirmation)
        {
            return;
        }

        var person = context.Services.GetRequiredService<IInteractionService>();
        // Without Aspire's command line the service is there all the same, and waits for an answer for ever.
        if (!person.IsAvailable || string.IsNullOrEmpty(configuration[CommandLineOfAspire]))
        {
            throw new DistributedApplicationException("Nothing was deleted, since nobody can be asked: --yes true says that it is meant.");
        }

        // A notification is what Aspire's command line can show; it knows no message boxes.
        var answer = await person.PromptNotificationAsync(
            "Destroy",
            $"Delete from AWS what was deployed from {output}? The lake and its events stay.",
            new NotificationInteractionOptions
            {
                Intent = MessageIntent.Confirmation,
                ShowSecondaryButton = true,
                ShowDismiss = false,
                PrimaryButtonText = "Delete",
                SecondaryButtonText = "Cancel",
            },
            context.CancellationToken);
        if (answer.Canceled || !answer.Data)
        {
            throw new DistributedApplicationException("Nothing was deleted.");
        }
    }

    private static PipelineOptions Pipeline(PipelineStepContext context) =>
        context.Services.GetRequiredService<IOptions<PipelineOptions>>().Value;
}
