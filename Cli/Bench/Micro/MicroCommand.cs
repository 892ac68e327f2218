using System.CommandLine;
using System.Diagnostics;

namespace Cli.Bench.Micro;

/// <summary><c>bench micro</c>: the BenchmarkDotNet benchmarks, with its own options.</summary>
internal static class MicroCommand
{
    public static Command Create(Terminal terminal)
    {
        var arguments = new Argument<string[]>("options") { Description = "BenchmarkDotNet's own, such as --filter '*Append*'", DefaultValueFactory = _ => ["--filter", "*"] };
        var command = new Command("micro", "Run the benchmarks of single steps: their time and what they allocate.") { arguments };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(async (parsed, cancel) =>
        {
            string[] options = parsed.UnmatchedTokens is { Count: > 0 } unmatched ? [.. unmatched, .. parsed.GetResult(arguments) is { Implicit: false } ? parsed.GetValue(arguments)! : []] : parsed.GetValue(arguments)!;
            using var process = Process.Start(new ProcessStartInfo(Programs.Micro, options) { WorkingDirectory = Programs.Checkout })
                ?? throw new CommandFailure($"{Programs.Micro} could not be started.");
            try
            {
                await process.WaitForExitAsync(cancel);
                return process.ExitCode;
            }
            finally
            {
                if (!process.HasExited)
                {
                    process.Kill(entireProcessTree: true);
                }
            }
        });
        return command;
    }
}
