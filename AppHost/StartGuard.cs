using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Pixel.Events;

namespace AppHost;

/// <summary>
/// Runs the application. A model that cannot be made for a reason that its user can mend, such as a cloud that this
/// machine does not have, ends with that reason as one sentence; so does a step of the pipeline that fails.
/// </summary>
internal static class StartGuard
{
    /// <summary>Answers the exit code.</summary>
    public static int Run(Func<DistributedApplication> build)
    {
        DistributedApplication app;
        try
        {
            app = build();
        }
        catch (Exception error) when (error is DistributedApplicationException or FieldFileException)
        {
            Console.Error.WriteLine(error.Message);
            return 1;
        }

        Exception? failure = null;
        // By then everything has been started, and nothing has been disposed yet.
        app.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(() => failure = FailureOf(app));
        app.Run();
        if (failure is null)
        {
            return 0;
        }

        // Aspire has logged it, on many lines.
        Console.Error.WriteLine(failure.Message);
        return 1;
    }

    /// <summary>
    /// A step of the pipeline that fails, such as publishing, ends its background service with an error, which stops the
    /// application as if all were well. Under Aspire's own command line it does not, since that one says it.
    /// </summary>
    private static Exception? FailureOf(DistributedApplication app) =>
        app.Services.GetServices<IHostedService>().OfType<BackgroundService>()
            .Select(service => service.ExecuteTask?.Exception?.InnerException).FirstOrDefault(error => error is not null);
}
