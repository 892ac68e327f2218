namespace Cli.Tests;

/// <summary>A command run as the program runs it, less the process: what it printed and its exit code.</summary>
internal sealed record CommandRun(int ExitCode, string Out, string Error)
{
    public static async Task<CommandRun> OfAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = await CommandLine.RunAsync(args, new Terminal(output, TextWriter.Synchronized(error), OutIsScreen: false, ErrorIsScreen: false), TestContext.Current.CancellationToken);
        return new(exitCode, output.ToString().ReplaceLineEndings("\n"), error.ToString().ReplaceLineEndings("\n"));
    }

    /// <summary>The lines of standard output, without the empty one at the end.</summary>
    public string[] Lines => Out.TrimEnd('\n').Split('\n');
}
