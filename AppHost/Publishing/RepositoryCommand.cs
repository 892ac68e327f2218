using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging;

namespace AppHost.Publishing;

/// <summary>
/// A command of this repository as a step of Aspire's pipeline: a child process, whose lines are the step's log and whose
/// failure is the step's.
/// </summary>
/// <param name="program">What is started.</param>
/// <param name="arguments">Its arguments.</param>
/// <param name="folder">Where it runs.</param>
internal sealed partial class RepositoryCommand(string program, IReadOnlyList<string> arguments, string folder)
{
    // A shell answers 128 and the signal's number for what was killed; .NET does the same.
    private const int Killed = 128;

    // `dotnet` tells its children where it is; whoever starts the app host by itself has it on the path.
    private static readonly string Dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } path ? path : "dotnet";

    /// <summary>One of <c>dotnet pixel.cs</c>.</summary>
    /// <param name="checkout">The folder of <c>pixel.cs</c>.</param>
    /// <param name="command">The command and its options.</param>
    public static RepositoryCommand Pixel(string checkout, params IEnumerable<string> command) => new(Dotnet, ["pixel.cs", .. command], checkout);

    /// <summary>One of the scripts that a publication wrote.</summary>
    public static RepositoryCommand Script(string folder, string script) => new("sh", [script], folder);

    /// <summary>Runs it to its end, or kills it.</summary>
    /// <param name="logger">Is told what is run, and every line of it.</param>
    /// <param name="cancel">Ends it, with all that it started.</param>
    /// <exception cref="DistributedApplicationException">It failed; the message is the last line that it complained with.</exception>
    public async Task RunAsync(ILogger logger, CancellationToken cancel)
    {
        Running(logger, ToString());
        using var process = Start();
        try
        {
            // Nobody can answer it.
            process.StandardInput.Close();
            string? complaint = null;
            await Task.WhenAll(
                ReadAsync(process.StandardOutput, line => Line(logger, line), cancel),
                ReadAsync(process.StandardError, line => Line(logger, complaint = line), cancel),
                process.WaitForExitAsync(cancel));
            if (process.ExitCode != 0)
            {
                // The last line of what was killed is what it was doing, and explains nothing.
                throw new DistributedApplicationException(complaint is not null && process.ExitCode < Killed
                    ? complaint
                    : string.Create(CultureInfo.InvariantCulture, $"`{this}` ended with exit code {process.ExitCode}."));
            }
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    /// <summary>As it is typed.</summary>
    public override string ToString() => string.Join(' ', [Path.GetFileNameWithoutExtension(program), .. arguments]);

    private Process Start()
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_NOLOGO"] = "true";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1"; // a node that stays would hold our end of its pipes open
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            throw new DistributedApplicationException(
                program == "sh"
                    ? $"`{this}` needs sh: run it in WSL, in Git Bash or in AWS CloudShell."
                    : $"`{this}` could not be started in {folder}: {error.Message}.",
                error);
        }
    }

    private static async Task ReadAsync(StreamReader from, Action<string> take, CancellationToken cancel)
    {
        while (await from.ReadLineAsync(cancel) is { } line)
        {
            if (!string.IsNullOrWhiteSpace(line))
            {
                take(line.TrimEnd());
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Command}")]
    private static partial void Running(ILogger logger, string command);

    // Remarks and complaints come on the same stream, so that none is a warning by itself.
    [LoggerMessage(Level = LogLevel.Information, Message = "{Line}")]
    private static partial void Line(ILogger logger, string line);
}
