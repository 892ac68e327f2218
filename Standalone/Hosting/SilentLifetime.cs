namespace Standalone.Hosting;

/// <summary>
/// Leaves signals to the process. Each host's own lifetime would react to SIGTERM at once, and the cloud would
/// be gone before the beacon has drained into it.
/// </summary>
internal sealed class SilentLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
