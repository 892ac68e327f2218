using System.Globalization;
using Cli.Bench.Processes;

namespace Cli.Bench.Servers;

/// <summary>How the beacon is run.</summary>
/// <param name="Program">Its program; a .dll runs in <c>dotnet</c>.</param>
/// <param name="Sync"><c>Journal:Sync</c>.</param>
/// <param name="Settings">What else is not as in production.</param>
internal sealed record BeaconSetup(string Program, string Sync, params IReadOnlyList<string> Settings);

/// <summary>The real beacon with the settings of production, delivering to a port of this machine.</summary>
internal sealed class BeaconProcess : IAsyncDisposable
{
    /// <summary>The most that <c>Delivery:DrainTimeout</c> allows: everything is to arrive, however much the journal holds.</summary>
    public static readonly TimeSpan DrainTimeout = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan StopPatience = DrainTimeout + TimeSpan.FromSeconds(30);

    private readonly ServerProcess _process;

    private BeaconProcess(ServerProcess process, int port)
    {
        _process = process;
        Port = port;
    }

    public int Port { get; }

    public ProcessUsage Usage => _process.Usage;

    /// <summary>Starts it with a new journal in <paramref name="folder"/>. It may not listen yet.</summary>
    public static BeaconProcess Launch(BeaconSetup setup, string folder, int sinkPort)
    {
        var port = FreePort.Choose();
        string[] arguments =
        [
            "--urls", Local(port),
            "--Journal:Folder", Path.Combine(folder, "journal"),
            "--Journal:Sync", setup.Sync,
            "--Ledger:Enabled", "false", // what is delivered is compared with what was answered
            "--Delivery:DrainTimeout", DrainTimeout.ToString("c", CultureInfo.InvariantCulture),
            "--AWS:ServiceURL", Local(sinkPort), "--AWS:Region", "us-east-1",
            "--AWS:AccessKey", "bench", "--AWS:SecretKey", "bench",
            .. setup.Settings,
        ];
        return new(ServerProcess.Start("beacon", folder, setup.Program, arguments), port);
    }

    /// <summary>As <see cref="Launch"/>, and waits until it answers the image.</summary>
    public static async Task<BeaconProcess> StartAsync(BeaconSetup setup, string folder, int sinkPort, CancellationToken cancel)
    {
        var beacon = Launch(setup, folder, sinkPort);
        try
        {
            await beacon._process.WhenListeningAsync(beacon.Port, cancel);
            await PixelCheck.MustAnswerTheImageAsync("The beacon", beacon.Port, cancel);
            return beacon;
        }
        catch
        {
            await beacon.DisposeAsync();
            throw;
        }
    }

    /// <exception cref="CommandFailure">It has ended.</exception>
    public void MustRun() => _process.MustRun();

    /// <summary>Stops it; it delivers what it holds first.</summary>
    public Task StopAsync(CancellationToken cancel) => _process.StopAsync(Signal.Terminate, StopPatience, cancel);

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static string Local(int port) => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
}
