using Microsoft.Extensions.DependencyInjection;

namespace AppHost.Commands;

/// <summary>What a command needs to know about a resource.</summary>
internal static class CommandContextExtensions
{
    /// <summary>When a resource was started last; null when it was not.</summary>
    public static DateTime? StartOf(this ExecuteCommandContext context, string resource) =>
        context.Services.GetRequiredService<ResourceNotificationService>().TryGetCurrentState(resource, out var now)
            ? now.Snapshot.StartTimeStamp
            : null;

    /// <summary>Waits until a resource has ended that was started at another time than the given one.</summary>
    public static Task<ResourceEvent> EndOfAsync(this ExecuteCommandContext context, string resource, DateTime? startedOtherThan = null) =>
        context.Services.GetRequiredService<ResourceNotificationService>().WaitForResourceAsync(
            resource,
            now => KnownResourceStates.TerminalStates.Contains(now.Snapshot.State?.Text)
                && (startedOtherThan is null || now.Snapshot.StartTimeStamp != startedOtherThan),
            context.CancellationToken);
}
