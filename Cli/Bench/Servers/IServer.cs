using Cli.Bench.Processes;

namespace Cli.Bench.Servers;

/// <summary>A running server that answers <c>/trackingpixel</c> with the image.</summary>
internal interface IServer : IAsyncDisposable
{
    string Name { get; }

    int Port { get; }

    /// <summary>What the server's own processes have used.</summary>
    ProcessUsage Usage { get; }

    /// <summary>What runs beside it only because of it, and shares the processors: the beacon's sink.</summary>
    ProcessUsage UsageBeside { get; }

    /// <summary>Stops it in order and counts what it has kept of all that it answered.</summary>
    /// <returns>Null for a server that keeps nothing.</returns>
    Task<Kept?> StopAndCountAsync(CancellationToken cancel);
}

/// <param name="Requests">How many.</param>
/// <param name="Explanation">Where they are, for the sentence that says that some are missing.</param>
internal sealed record Kept(long Requests, string Explanation);
