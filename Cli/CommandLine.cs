using System.CommandLine;
using System.CommandLine.Parsing;
using Cli.Bench;
using Cli.Cost;
using Cli.Demo;
using Cli.Deployment;
using Cli.Erase;
using Cli.Export;
using Cli.Flush;
using Cli.Query;

namespace Cli;

/// <summary>The commands, and the one place where what they cannot do becomes a sentence and an exit code.</summary>
public static class CommandLine
{
    /// <summary>Runs one command to its end. Exit code 0: it did what was asked; 1: it says why not; 130: interrupted.</summary>
    public static async Task<int> RunAsync(string[] args, Terminal terminal, CancellationToken cancel = default)
    {
        var root = new RootCommand("PixelAspire's commands.")
        {
            QueryCommand.Create(terminal),
            DemoCommand.Create(terminal),
            FlushCommand.Create(terminal),
            EraseCommand.Create(terminal),
            ExportCommand.Create(terminal),
            BenchCommand.Create(terminal),
            CostCommand.Create(terminal),
            PublishCommand.Create(terminal),
            DestroyCommand.Create(terminal),
        };
        root.HelpName = "dotnet pixel.cs";

        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            terminal.Complain(args is [var command, ..] && !command.StartsWith('-') && root.Subcommands.All(known => known.Name != command)
                ? $"There is no command \"{command}\": `dotnet pixel.cs help` lists them."
                : $"{string.Join(' ', parsed.Errors.Select(error => error.Message))} `dotnet pixel.cs help {FullName(parsed.CommandResult)}` says what it takes.");
            return 1;
        }

        var output = new InvocationConfiguration
        {
            Output = terminal.Out,
            Error = terminal.Error,
            EnableDefaultExceptionHandler = false,
            // A benchmark that is interrupted ends what it started and removes what it wrote, which may be gigabytes.
            ProcessTerminationTimeout = TimeSpan.FromSeconds(30),
        };
        try
        {
            return await parsed.InvokeAsync(output, cancel);
        }
        catch (CommandFailure failure)
        {
            terminal.Complain(failure.Message);
            return 1;
        }
        catch (OperationCanceledException)
        {
            return 130;
        }
    }

    /// <summary>A command's name as it is typed, such as <c>bench beacon</c>.</summary>
    private static string FullName(CommandResult command) =>
        command.Parent is CommandResult { Parent: not null } parent ? $"{FullName(parent)} {command.Command.Name}" : command.Command.Name;
}
