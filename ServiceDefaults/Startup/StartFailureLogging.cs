using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ServiceDefaults;

/// <summary>
/// Until the host has started, the framework's own errors about not starting stay out of the log: it prints them with a
/// stack trace, and <see cref="ServiceHost"/> says the same in one sentence or lets the exception through.
/// </summary>
internal static class StartFailureLogging
{
    public static void Quieten(IHostApplicationBuilder builder)
    {
        var state = new State();
        builder.Services.AddSingleton(state);
        builder.Services.AddHostedService<MarkStarted>();
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => IsAllowed(level, LogLevel.Information));
        builder.Logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", level => IsAllowed(level, LogLevel.Warning));

        bool IsAllowed(LogLevel level, LogLevel least) => level >= least && (state.Started || level < LogLevel.Error);
    }

    internal sealed class State
    {
        public volatile bool Started;
    }

    private sealed class MarkStarted(State state) : IHostedLifecycleService
    {
        // After the web server, which is a hosted service too.
        public Task StartedAsync(CancellationToken cancellationToken)
        {
            state.Started = true;
            return Task.CompletedTask;
        }

        public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
