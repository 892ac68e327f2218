using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;

namespace AppHost.Commands;

/// <summary>
/// <c>kill -9</c> and a new start, from the dashboard: whoever does not believe that what was answered 200 is kept can try.
/// Stopping, which the dashboard has by itself, lets the beacon drain first.
/// </summary>
internal static class KillCommand
{
    // How Aspire names the property in a snapshot; there is no public constant for it.
    private const string ProcessId = "executable.pid";

    /// <summary>Adds the command.</summary>
    public static IResourceBuilder<ProjectResource> WithKillCommand(this IResourceBuilder<ProjectResource> project) =>
        project.WithCommand("kill", "Kill and restart", context => RunAsync(project.Resource, context), new CommandOptions
        {
            Description = "Ends the process without a warning and starts it again: nothing that was answered 200 is lost.",
            IconName = "Flash",
            UpdateState = state => state.ResourceSnapshot.State?.Text == KnownResourceStates.Running
                ? ResourceCommandState.Enabled
                : ResourceCommandState.Disabled,
        });

    private static async Task<ExecuteCommandResult> RunAsync(ProjectResource project, ExecuteCommandContext context)
    {
        var notifications = context.Services.GetRequiredService<ResourceNotificationService>();
        if (!notifications.TryGetCurrentState(context.ResourceName, out var running) || IdOf(running.Snapshot) is not { } id)
        {
            return CommandResults.Failure($"{project.Name} has no process to kill.");
        }

        try
        {
            // `dotnet run` is the process that Aspire started; the beacon is its child, and would outlive it.
            using var process = Process.GetProcessById(id);
            process.Kill(entireProcessTree: true);
        }
        catch (ArgumentException)
        {
            // It has just ended by itself.
        }

        await context.EndOfAsync(project.Name);
        return await context.Services.GetRequiredService<ResourceCommandService>()
            .ExecuteCommandAsync(project, KnownResourceCommands.StartCommand, context.CancellationToken) is { Success: false } failed
            ? failed
            : CommandResults.Success($"Process {id.ToString(CultureInfo.InvariantCulture)} was killed, and {project.Name} started again.");
    }

    private static int? IdOf(CustomResourceSnapshot snapshot) =>
        int.TryParse(
            Convert.ToString(snapshot.Properties.FirstOrDefault(property => property.Name == ProcessId)?.Value, CultureInfo.InvariantCulture),
            NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? id
            : null;
}
