using System.CommandLine;
using System.Diagnostics;

namespace Cli.Bench.Micro;

/// <summary><c>bench micro</c>: the BenchmarkDotNet benchmarks, with BenchmarkDotNet's own options.</summary>
internal static class MicroCommand
{
    private static readonly string[] All = ["--filter", "*"];

    public static Command Create()
    {
        var command = new Command("micro", "Run the benchmarks of single steps, with the options of BenchmarkDotNet; without any, all of them.") { TreatUnmatchedTokensAsErrors = false };
        command.SetAction(async (parsed, cancel) =>
        {
            var options = parsed.UnmatchedTokens is { Count: > 0 } given ? given : All;
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
