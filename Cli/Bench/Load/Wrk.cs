using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Cli.Bench.Load;

/// <summary>
/// wrk with one thread: each connection sends its next request as soon as the last is answered. That finds how much a server
/// can do; its latencies are those of a full server, and a server that stands still is asked less meanwhile
/// (<see cref="PacedLoad"/> is not so kind).
/// </summary>
internal sealed class Wrk
{
    private readonly string _program;
    private readonly string _script;

    /// <summary>Writes the script that says what to send and how to print what was measured.</summary>
    public Wrk(string program, string folder)
    {
        _program = program;
        _script = Path.Combine(folder, "request.lua");
        File.WriteAllText(_script, Script());
    }

    /// <summary>Loads a server of this machine.</summary>
    /// <exception cref="CommandFailure">wrk failed, a request was not answered, or not with success.</exception>
    public async Task<WrkResult> RunAsync(string server, int port, int connections, TimeSpan duration, CancellationToken cancel)
    {
        var result = WrkResult.Parse(await OutputAsync(port, connections, duration, cancel));
        if (result.NotOk > 0 || result.SocketErrors > 0 || result.Requests == 0)
        {
            throw new CommandFailure(string.Create(CultureInfo.InvariantCulture,
                $"{server} answered {result.Requests} requests, {result.NotOk} of them not with 200, and failed {result.SocketErrors} connections: that is no measurement."));
        }

        return result;
    }

    private async Task<string> OutputAsync(int port, int connections, TimeSpan duration, CancellationToken cancel)
    {
        string[] arguments = ["-t1", "--timeout", "30s", Invariant($"-c{connections}"), Invariant($"-d{Math.Ceiling(duration.TotalSeconds)}s"), "-s", _script, Invariant($"http://127.0.0.1:{port}/")];
        using var process = Process.Start(new ProcessStartInfo(_program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })
            ?? throw new CommandFailure($"{_program} could not be started.");
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancel);
            var error = process.StandardError.ReadToEndAsync(cancel);
            await process.WaitForExitAsync(cancel);
            return await output + await error;
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    private static string Script()
    {
        var script = new StringBuilder();
        foreach (var (name, value) in SampleRequest.Headers)
        {
            script.Append(CultureInfo.InvariantCulture, $"wrk.headers[\"{name}\"] = \"{value}\"\n");
        }

        // No function request(): one that is called for each request would slow wrk down.
        script.Append(CultureInfo.InvariantCulture, $"wrk.path = \"{SampleRequest.Path}?{SampleRequest.Query}\"\n");
        script.Append(CultureInfo.InvariantCulture, $$"""
            function done(summary, latency, requests)
              local e = summary.errors
              io.write(string.format('{{WrkResult.Marker}}{"requests":%d,"duration":%d,"status":%d,"socket":%d,"p50":%d,"p99":%d,"p999":%d,"max":%d}\n',
                summary.requests, summary.duration, e.status, e.connect + e.read + e.write + e.timeout,
                latency:percentile(50), latency:percentile(99), latency:percentile(99.9), latency.max))
            end

            """);
        return script.ToString();
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
