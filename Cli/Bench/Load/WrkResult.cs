using System.Text.Json;

namespace Cli.Bench.Load;

/// <summary>What one run of wrk measured.</summary>
/// <param name="Requests">Requests that were answered.</param>
/// <param name="Duration">How long it ran.</param>
/// <param name="NotOk">Answers with a status of 400 or more.</param>
/// <param name="SocketErrors">Connections, reads and writes that failed, and answers that took more than 30 s.</param>
/// <param name="Latency">From a request's sending to its answer.</param>
internal sealed record WrkResult(long Requests, TimeSpan Duration, long NotOk, long SocketErrors, Latency Latency)
{
    /// <summary>What stands before the result in wrk's output; see <see cref="Wrk"/>.</summary>
    internal const string Marker = "PIXEL ";

    public double PerSecond => Requests / Duration.TotalSeconds;

    /// <summary>Reads what the script of <see cref="Wrk"/> prints at the end.</summary>
    /// <exception cref="CommandFailure">wrk did not come to its end.</exception>
    public static WrkResult Parse(string output)
    {
        var line = output.Split('\n').FirstOrDefault(line => line.StartsWith(Marker, StringComparison.Ordinal))
            ?? throw new CommandFailure($"wrk printed no result:{Environment.NewLine}{output.Trim()}");
        using var json = JsonDocument.Parse(line[Marker.Length..]);
        var root = json.RootElement;
        return new(
            root.GetProperty("requests").GetInt64(),
            Time("duration"),
            root.GetProperty("status").GetInt64(),
            root.GetProperty("socket").GetInt64(),
            new(Time("p50"), Time("p99"), Time("p999"), Time("max")));

        TimeSpan Time(string name) => TimeSpan.FromMicroseconds(root.GetProperty(name).GetDouble());
    }
}

/// <summary>How long answers took.</summary>
/// <param name="P50">Half of them took no longer.</param>
/// <param name="P99">99 of 100 took no longer.</param>
/// <param name="P999">999 of 1,000 took no longer.</param>
/// <param name="Max">The longest.</param>
internal sealed record Latency(TimeSpan P50, TimeSpan P99, TimeSpan P999, TimeSpan Max);
