using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;

namespace Cli.Deployment;

/// <summary>
/// <c>destroy</c>: runs the script that <c>publish</c> wrote, which knows the stacks, the region and the bucket, and needs
/// only the <c>aws</c> command. So whoever has the folder and no checkout can do the same.
/// </summary>
internal static class DestroyCommand
{
    private const string Script = "destroy.sh";

    public static Command Create(Terminal terminal)
    {
        var output = new Option<string>("--output", "-o") { Description = "The folder that publish wrote", Required = true };
        var deleteData = new Option<bool>("--delete-data") { Description = "The lake too, with every event in it" };
        var yes = new Option<bool>("--yes") { Description = "Do not ask" };
        var command = new Command("destroy", "Delete from AWS what was deployed, except the lake, and list what is left.") { output, deleteData, yes };
        command.SetAction((parsed, cancel) =>
        {
            string[] options = [.. parsed.GetValue(deleteData) ? ["--delete-data"] : Array.Empty<string>(), .. parsed.GetValue(yes) ? ["--yes"] : Array.Empty<string>()];
            return RunAsync(parsed.GetRequiredValue(output), options, terminal, cancel);
        });
        return command;
    }

    private static async Task<int> RunAsync(string folder, string[] options, Terminal terminal, CancellationToken cancel)
    {
        var script = Path.GetFullPath(Path.Combine(folder, Script));
        if (!File.Exists(script))
        {
            throw new CommandFailure($"There is no {Script} in {folder}: --output takes the folder that `dotnet pixel.cs publish` wrote.");
        }

        if (!(Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(path => File.Exists(Path.Combine(path, OperatingSystem.IsWindows() ? "aws.exe" : "aws"))))
        {
            throw new CommandFailure("The aws command is needed, and is not on the path: https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html.");
        }

        // It asks, and is answered, on our own terminal.
        var start = new ProcessStartInfo("sh", [script, .. options]) { RedirectStandardOutput = !terminal.OutIsScreen, RedirectStandardError = !terminal.ErrorIsScreen };
        try
        {
            using var process = Process.Start(start)!;
            try
            {
                await Task.WhenAll(
                    CopyAsync(terminal.OutIsScreen ? null : process.StandardOutput, terminal.Out, cancel),
                    CopyAsync(terminal.ErrorIsScreen ? null : process.StandardError, terminal.Error, cancel),
                    process.WaitForExitAsync(cancel));
                return process.ExitCode == 0 ? 0 : 1;
            }
            finally
            {
                if (!process.HasExited)
                {
                    process.Kill(entireProcessTree: true);
                }
            }
        }
        catch (Win32Exception error)
        {
            throw new CommandFailure($"{Script} needs sh: run it in WSL, in Git Bash or in AWS CloudShell.", error);
        }
    }

    private static async Task CopyAsync(StreamReader? from, TextWriter to, CancellationToken cancel)
    {
        while (from is not null && await from.ReadLineAsync(cancel) is { } line)
        {
            await to.WriteLineAsync(line.AsMemory(), cancel);
        }
    }
}
