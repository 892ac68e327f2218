using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Beacon.Api.Tests.Crash;

/// <summary>The real program in a process of its own, on a free port.</summary>
internal sealed class BeaconProcess : IAsyncDisposable
{
    private const int SigTerm = 15;

    private readonly Process _process;
    private readonly Task<string> _output;

    private BeaconProcess(Process process, string url, Task<string> output)
    {
        _process = process;
        Url = new Uri(url);
        _output = output;
    }

    public Uri Url { get; }

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
    public static async Task<BeaconProcess> StartAsync(string[] arguments, string? shell = null)
    {
        var process = Launch(arguments, shell);
        var errors = process.StandardError.ReadToEndAsync();
        const string Listening = "Now listening on: ";
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.IndexOf(Listening, StringComparison.Ordinal) is >= 0 and var at)
            {
                return new BeaconProcess(process, line[(at + Listening.Length)..].Trim(), process.StandardOutput.ReadToEndAsync());
            }
        }

        throw new InvalidOperationException($"The beacon did not start: {await errors}");
    }

    /// <summary>Runs it to its end.</summary>
    public static async Task<(int ExitCode, string Errors)> RunAsync(params string[] arguments)
    {
        using var process = Launch(arguments, null);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await output;
        await process.WaitForExitAsync();
        return (process.ExitCode, errors.Trim());
    }

    /// <summary><c>kill -9</c>.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, and its exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        Assert.Equal(0, Signal(_process.Id, SigTerm));
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        await _output;
        _process.Dispose();
    }

    private static Process Launch(string[] arguments, string? shell)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Beacon.Api.dll");
        var start = shell is null
            ? new ProcessStartInfo("dotnet", [program, .. arguments])
            : new ProcessStartInfo("bash", ["-c", $"{shell}; exec dotnet \"$@\"", "bash", program, .. arguments]);
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.WorkingDirectory = Path.GetTempPath(); // no settings file is picked up
        start.Environment["DOTNET_ENVIRONMENT"] = "Production";
        start.Environment["Logging__LogLevel__Microsoft.Hosting.Lifetime"] = "Information";
        return Process.Start(start)!;
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Signal(int process, int signal);
}

/// <summary>Visitors that ask for the pixel over several connections, and remember which requests were answered 200.</summary>
internal sealed class Visitors(int connections)
{
    private readonly ConcurrentDictionary<string, bool> _acknowledged = new();
    private int _sent;

    /// <summary>The user ids of the requests that were answered 200.</summary>
    public IReadOnlyCollection<string> Acknowledged => [.. _acknowledged.Keys];

    /// <summary>Loads the beacon until it stops answering, and has <paramref name="enough"/> done when so many more were answered 200.</summary>
    public async Task VisitAsync(Uri beacon, int until, Func<Task> enough)
    {
        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = connections }) { BaseAddress = beacon };
        var answered = 0;
        Task? then = null;
        await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(async () =>
        {
            while (Volatile.Read(ref then) is not { IsCompleted: true })
            {
                var user = $"user-{Interlocked.Increment(ref _sent)}";
                try
                {
                    using var response = await client.GetAsync($"/trackingpixel?userid={user}&thirdpartyname=example.com");
                    if (!response.IsSuccessStatusCode)
                    {
                        continue;
                    }
                }
                catch (HttpRequestException)
                {
                    return; // it is gone: whether this one was kept, nobody promised
                }

                _acknowledged[user] = true;
                if (Interlocked.Increment(ref answered) == until)
                {
                    Volatile.Write(ref then, enough());
                }
            }
        })));
        Assert.True(then is not null, $"The beacon was gone after {answered} answers.");
        await then;
    }
}
