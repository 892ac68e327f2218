using System.Diagnostics;
using System.Net.Sockets;

namespace Cli.Bench.Processes;

/// <summary>
/// A program that was started to be measured. It never outlives this object, and what it prints is in a file of the
/// workspace, for the sentence that says why it ended.
/// </summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(10);
    private const int LinesShown = 10;

    // Settings of the user's own shell that would change what is measured, or send it somewhere.
    private static readonly string[] Foreign = ["AWS_", "ASPNETCORE_", "OTEL_", "DOTNET_ENVIRONMENT", "DOTNET_URLS", "URLS", "Journal__", "Delivery__", "Beacon__", "Telemetry__", "Fields__", "Logging__"];

    private readonly Process _process;
    private readonly FileStream _log;
    private readonly Task _copying;

    private ServerProcess(string name, Process process, FileStream log)
    {
        Name = name;
        _process = process;
        _log = log;
        _copying = Task.WhenAll(process.StandardOutput.BaseStream.CopyToAsync(log), process.StandardError.BaseStream.CopyToAsync(log));
    }

    public string Name { get; }

    public int Id => _process.Id;

    public ProcessUsage Usage => ProcessUsage.OfTree(Id);

    /// <summary>Starts a program with its working folder and its log in <paramref name="folder"/>.</summary>
    /// <exception cref="CommandFailure">It could not be started.</exception>
    public static ServerProcess Start(string name, string folder, string program, params IEnumerable<string> arguments)
    {
        // A library runs in the `dotnet` that runs this.
        string[] library = program.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) ? [program] : [];
        var start = new ProcessStartInfo(library is [] ? program : Environment.ProcessPath is { } self && Path.GetFileNameWithoutExtension(self) == "dotnet" ? self : "dotnet", [.. library, .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var variable in start.Environment.Keys.Where(key => Foreign.Any(foreign => key.StartsWith(foreign, StringComparison.OrdinalIgnoreCase))).ToList())
        {
            start.Environment.Remove(variable);
        }

        var log = new FileStream(Path.Combine(folder, $"{name.Replace(' ', '-')}.log"), FileMode.Create, FileAccess.Write, FileShare.Read);
        try
        {
            var process = Process.Start(start) ?? throw new CommandFailure($"{program} could not be started.");
            process.StandardInput.Close();
            return new(name, process, log);
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            log.Dispose();
            throw new CommandFailure($"{program} could not be started: {error.Message}.", error);
        }
    }

    /// <summary>Completes when something listens on the port.</summary>
    /// <exception cref="CommandFailure">The program ended first, or took longer than a minute.</exception>
    public async Task WhenListeningAsync(int port, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(StartPatience);
        try
        {
            while (!await ListensAsync(port, patience.Token))
            {
                MustRun();
                await Task.Delay(AskAgain, TimeProvider.System, patience.Token);
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new CommandFailure($"{Name} did not listen within {StartPatience.TotalSeconds:0} s.");
        }
    }

    /// <exception cref="CommandFailure">The program has ended.</exception>
    public void MustRun()
    {
        if (_process.HasExited)
        {
            throw new CommandFailure($"{Name} ended by itself with exit code {_process.ExitCode}:{Environment.NewLine}{LastLines()}");
        }
    }

    /// <summary>Asks it to stop and waits until it has.</summary>
    /// <exception cref="CommandFailure">It took longer than <paramref name="patience"/>, or ended with an error.</exception>
    public async Task StopAsync(Signal signal, TimeSpan patience, CancellationToken cancel)
    {
        MustRun();
        Signals.Send(Id, signal);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(patience);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new CommandFailure($"{Name} did not stop within {patience.TotalSeconds:0} s.");
        }

        if (_process.ExitCode != 0)
        {
            throw new CommandFailure($"{Name} stopped with exit code {_process.ExitCode}:{Environment.NewLine}{LastLines()}");
        }
    }

    /// <summary>Kills it, with what it started, if it still runs.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        await _copying;
        _process.Dispose();
        await _log.DisposeAsync();
    }

    private static async Task<bool> ListensAsync(int port, CancellationToken cancel)
    {
        using var socket = new TcpClient();
        try
        {
            await socket.ConnectAsync("127.0.0.1", port, cancel);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private string LastLines()
    {
        _log.Flush();
        using var reader = new StreamReader(new FileStream(_log.Name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return string.Join(Environment.NewLine, reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(LinesShown));
    }
}
