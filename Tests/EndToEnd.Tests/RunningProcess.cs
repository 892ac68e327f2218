using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace EndToEnd.Tests;

/// <summary>A child process with everything that it printed.</summary>
internal sealed class RunningProcess : IAsyncDisposable
{
    private const int SigTerm = 15;

    private readonly Process _process;
    private readonly StringBuilder _printed = new();
    private readonly List<(Func<string, bool> Wanted, TaskCompletionSource Seen)> _waiting = [];

    private RunningProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Take(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    /// <summary>Standard output and standard error, as they came.</summary>
    public string Printed
    {
        get
        {
            lock (_printed)
            {
                return _printed.ToString();
            }
        }
    }

    /// <summary>Starts it with a pipe as standard input, which stays open for as long as this object lives.</summary>
    public static RunningProcess Start(string program, IEnumerable<string> args, IReadOnlyDictionary<string, string>? environment = null, string? folder = null)
    {
        var start = new ProcessStartInfo(program, args)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? Path.GetTempPath(),
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return new RunningProcess(Process.Start(start)!);
    }

    /// <summary>Runs it to its end; answers what it printed on either stream.</summary>
    public static async Task<(int ExitCode, string Printed)> RunAsync(string program, IEnumerable<string> args, IReadOnlyDictionary<string, string>? environment = null, string? folder = null)
    {
        await using var process = Start(program, args, environment, folder);
        process.EndInput();
        return (await process.ExitAsync(), process.Printed);
    }

    /// <summary>Waits until what was printed satisfies; fails with all of it when the process ends before.</summary>
    public async Task UntilPrintedAsync(Func<string, bool> wanted)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_printed)
        {
            if (wanted(_printed.ToString()))
            {
                return;
            }

            _waiting.Add((wanted, seen));
        }

        var ended = _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        if (await Task.WhenAny(seen.Task, ended) == ended && !seen.Task.IsCompleted)
        {
            await ended;
            Assert.Fail($"It ended with exit code {_process.ExitCode} and had printed:\n{Printed}");
        }
    }

    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    /// <summary>As `kill -9`: nothing of the process runs any more.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await ExitAsync();
    }

    /// <summary>As `kill`: asks it to end.</summary>
    public void Terminate()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGTERM");
        Assert.Equal(0, Kill(_process.Id, SigTerm));
    }

    /// <summary>Closes the pipe, as the operating system does when the launcher is gone.</summary>
    public void EndInput() => _process.StandardInput.Close();

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_printed)
        {
            _printed.Append(CultureInfo.InvariantCulture, $"{line}\n");
            var printed = _printed.ToString();
            foreach (var waiting in _waiting.Where(waiting => waiting.Wanted(printed)))
            {
                waiting.Seen.TrySetResult();
            }
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);
}
