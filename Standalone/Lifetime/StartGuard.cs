using Pixel.Events;
using ServiceDefaults;

namespace Standalone.Lifetime;

/// <summary>Turns a start that fails for a reason the user can mend into one sentence and exit code 1.</summary>
internal static class StartGuard
{
    /// <summary>Runs the program and answers its exit code.</summary>
    public static async Task<int> RunAsync(Func<Task<int>> program)
    {
        try
        {
            return await program();
        }
        catch (OperationCanceledException)
        {
            // Asked to end while it was still starting.
            return 0;
        }
        catch (Exception error) when (StartFailure.Explain(error, OfFieldFile) is { } sentence)
        {
            await Console.Error.WriteLineAsync(sentence);
            return 1;
        }
    }

    private static string? OfFieldFile(Exception error) => (error as FieldFileException)?.Message;
}
