using System.Collections.Concurrent;
using System.Diagnostics;

namespace LocalCloud.Tests;

/// <summary>The real program in a process of its own, for what only a process shows: exit codes, signals, sudden death.</summary>
public sealed class LocalCloudProcess : IDisposable
{
    private const string Listening = "Now listening on: ";

    private readonly Process _process;
    private readonly TaskCompletionSource<string> _url = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<string> _errors = new();

    private LocalCloudProcess(string url, Dictionary<string, string> settings)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "LocalCloud.dll"), "--urls", url },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var (name, value) in settings)
        {
            start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) =>
        {
            if (line.Data?.Trim() is { } text && text.StartsWith(Listening, StringComparison.Ordinal))
            {
                _url.TrySetResult(text[Listening.Length..]);
            }
        };
        _process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is not null)
            {
                _errors.Enqueue(line.Data);
            }
        };
        _process.Exited += (_, _) => _url.TrySetException(new InvalidOperationException("The program has ended before it listened."));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Where it listens, once it does.</summary>
    public Task<string> Url => _url.Task;

    /// <summary>The process id.</summary>
    public int Id => _process.Id;

    /// <summary>Starts the program with settings by full name.</summary>
    public static LocalCloudProcess Start(Dictionary<string, string> settings, string url = "http://127.0.0.1:0") => new(url, settings);

    /// <summary>Ends it at once, without a word (SIGKILL).</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Waits for its end: the exit code, and what it said on standard error.</summary>
    public async Task<(int ExitCode, string Error)> ExitAsync()
    {
        await _process.WaitForExitAsync();
        return (_process.ExitCode, string.Join('\n', _errors));
    }

    /// <summary>Ends it if it still runs.</summary>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }
}
