using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ServiceDefaults;

/// <summary>Runs a service as a program.</summary>
public static class ServiceHost
{
    /// <summary>
    /// Builds and runs the service until it is told to stop. A start that fails for a reason its user can mend ends with
    /// one sentence on standard error; anything else is a defect and keeps its stack trace.
    /// </summary>
    /// <param name="args">The command line.</param>
    /// <param name="build">Makes the application from the command line.</param>
    /// <param name="known">Explains exceptions of the service's own; see <see cref="StartFailure.Explain"/>.</param>
    /// <returns>The exit code: 0 after a clean stop, 1 when it could not start or a background service failed.</returns>
    public static async Task<int> RunAsync(string[] args, Func<string[], WebApplication> build, Func<Exception, string?>? known = null)
    {
        var started = false;
        try
        {
            await using var app = build(args);
            app.Lifetime.ApplicationStarted.Register(() => started = true);

            // As the host does at its start, but before any service is made: else the first one to read its settings
            // would tell of its own alone.
            app.Services.GetService<IStartupValidator>()?.Validate();
            var background = app.Services.GetServices<IHostedService>().OfType<BackgroundService>().ToList();
            await app.RunAsync();

            // The host stops when a background service fails, but calls that a clean stop.
            var failed = background.Select(s => s.ExecuteTask?.Exception?.GetBaseException()).FirstOrDefault(e => e is not null);
            if (failed is null)
            {
                return 0;
            }

            await Console.Error.WriteLineAsync(started ? failed.ToString() : StartFailure.Explain(failed, known) ?? failed.ToString());
            return 1;
        }
        catch (Exception e) when (!started && StartFailure.Explain(e, known) is not null)
        {
            await Console.Error.WriteLineAsync(StartFailure.Explain(e, known));
            return 1;
        }
    }
}
