using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Beacon.Api.Tests.Crash;

/// <summary>The real program in a process of its own, on a free port.</summary>
internal sealed class BeaconProcess : IAsyncDisposable
{
    private const int SigTerm = 15;
    private const string Listening = "Now listening on: ";

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();
    private readonly Task _reading;
    private readonly TaskCompletionSource<Uri?> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private BeaconProcess(Process process)
    {
        _process = process;
        _reading = Task.WhenAll(ReadAsync(process.StandardOutput, _output), ReadAsync(process.StandardError, _errors))
            .ContinueWith(_ => _listening.TrySetResult(null), TaskScheduler.Default);
    }

    public Uri Url => _listening.Task is { IsCompletedSuccessfully: true, Result: { } url } ? url : throw new InvalidOperationException("The beacon does not listen.");

    public bool HasExited => _process.HasExited;

    public int Id => _process.Id;

    /// <summary>What it wrote on standard error so far; all of it after <see cref="EndAsync"/>.</summary>
    public string Errors => Read(_errors).Trim();

    public static string[] Arguments(string folder, string firehose, params string[] more) =>
    [
        "--urls", "http://127.0.0.1:0",
        "--Journal:Folder", folder,
        "--AWS:ServiceURL", firehose,
        "--AWS:AccessKey", "test",
        "--AWS:SecretKey", "test",
        "--Delivery:DeliverEvery", "00:00:00.020",
        "--Delivery:RetryCap", "00:00:00.500",
        "--Telemetry:Enabled", "false",
        .. more,
    ];

    /// <summary>Starts it and completes when it listens.</summary>
    /// <param name="arguments">The program's.</param>
    /// <param name="shell">What a shell does before it becomes the program, such as setting a limit.</param>
    /// <param name="under">A program that runs it, such as a tracer, with its arguments; none when empty.</param>
    /// <param name="native">The native program; none: the one that dotnet runs.</param>
    public static async Task<BeaconProcess> StartAsync(string[] arguments, string? shell = null, string[]? under = null, string? native = null)
    {
        var process = Launch(arguments, shell, under, native);
        return await process.ListensAsync()
            ? process
            : throw new InvalidOperationException($"The beacon did not start: {await process.EndAsync()}");
    }

    /// <summary>Starts it and does not wait.</summary>
    public static BeaconProcess Launch(string[] arguments, string? shell = null, string[]? under = null, string? native = null)
    {
        string[] program = native is null ? ["dotnet", Path.Combine(AppContext.BaseDirectory, "Beacon.Api.dll")] : [native];
        string[] command = [.. under ?? [], .. program, .. arguments];
        var start = shell is null
            ? new ProcessStartInfo(command[0], command[1..])
            : new ProcessStartInfo("bash", ["-c", $"{shell}; exec \"$@\"", "bash", .. command]);
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.WorkingDirectory = Path.GetTempPath(); // no settings file is picked up
        start.Environment["DOTNET_ENVIRONMENT"] = "Production";
        start.Environment["Ledger__Enabled"] = "false"; // what is counted is what visitors were answered
        start.Environment["Logging__LogLevel__Microsoft.Hosting.Lifetime"] = "Information";
        return new BeaconProcess(Process.Start(start)!);
    }

    /// <summary>Runs it to its end.</summary>
    public static async Task<(int ExitCode, string Errors)> RunAsync(params string[] arguments)
    {
        await using var process = Launch(arguments);
        await process.EndAsync();
        return (process._process.ExitCode, Read(process._errors).Trim());
    }

    /// <summary>Completes when it listens, with false when it ended before.</summary>
    public async Task<bool> ListensAsync() => await _listening.Task.WaitAsync(TestContext.Current.CancellationToken) is not null;

    /// <summary><c>kill -9</c>.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, without waiting for what comes of it.</summary>
    public void SignalTermination() => Assert.Equal(0, Signal(_process.Id, SigTerm));

    /// <summary>SIGTERM, and its exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        SignalTermination();
        return await ExitAsync();
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>Its exit code: 128 and the signal's number when a signal ended it.</returns>
    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>All it wrote.</returns>
    public async Task<string> EndAsync()
    {
        await ExitAsync();
        await _reading;
        return Read(_output) + Read(_errors);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        await _reading;
        _process.Dispose();
    }

    private static string Read(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }

    private async Task ReadAsync(StreamReader lines, StringBuilder text)
    {
        while (await lines.ReadLineAsync() is { } line)
        {
            lock (text)
            {
                text.AppendLine(line);
            }

            if (line.IndexOf(Listening, StringComparison.Ordinal) is >= 0 and var at)
            {
                _listening.TrySetResult(new Uri(line[(at + Listening.Length)..].Trim()));
            }
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Signal(int process, int signal);
}
