using System.CommandLine;

namespace Cli.Bench;

internal static class BenchAction
{
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(500);

    /// <summary>What the command does; exit code 0 when it has measured, whatever it found.</summary>
    public static void Measure(this Command command, Func<ParseResult, CancellationToken, Task> measure) => command.SetAction(async (parsed, cancel) =>
    {
        try
        {
            await measure(parsed, cancel);
            return 0;
        }
        catch (CommandFailure)
        {
            // Ctrl-C ends the servers and wrk too, and that may be seen here before the signal itself.
            await Task.Delay(Grace, TimeProvider.System, cancel);
            throw;
        }
    });
}
