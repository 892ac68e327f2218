using System.Globalization;
using Cli.Bench.Processes;

namespace Cli.Bench.Servers;

/// <summary>A bare Kestrel endpoint that answers the image and keeps nothing: what no beacon on Kestrel can pass.</summary>
internal sealed class KestrelServer : IServer
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(30);

    private readonly ServerProcess _process;

    private KestrelServer(ServerProcess process, int port)
    {
        _process = process;
        Port = port;
    }

    public string Name => "bare Kestrel";

    public int Port { get; }

    public ProcessUsage Usage => _process.Usage;

    public ProcessUsage UsageBeside => default;

    public static async Task<IServer> StartAsync(string program, string folder, CancellationToken cancel)
    {
        var port = FreePort.Choose();
        var process = ServerProcess.Start("bare Kestrel", folder, program, "--urls", string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
        try
        {
            await process.WhenListeningAsync(port, cancel);
            await PixelCheck.MustAnswerTheImageAsync("bare Kestrel", port, cancel);
            return new KestrelServer(process, port);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public async Task<Kept?> StopAndCountAsync(CancellationToken cancel)
    {
        await _process.StopAsync(Signal.Terminate, StopPatience, cancel);
        return null;
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
