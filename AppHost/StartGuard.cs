using Pixel.Events;

namespace AppHost;

/// <summary>
/// Runs the application. A model that cannot be made for a reason that its user can mend, such as a cloud that this
/// machine does not have, ends with that reason as one sentence.
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

        app.Run();
        return 0;
    }
}
