using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using Cli.Bench.Processes;

namespace Cli.Bench.Servers;

/// <summary>What has arrived at the sink.</summary>
/// <param name="Puts">Calls of <c>PutRecordBatch</c>.</param>
/// <param name="Records">Firehose records.</param>
/// <param name="Events">Events in them, one as often as it came.</param>
/// <param name="Different">Events, each once: by <c>beacon_id</c> and <c>beacon_seq</c>.</param>
/// <param name="Unnumbered">Lines that carry no number and are no visitor's event.</param>
/// <param name="Bytes">Bytes of the records before base64.</param>
/// <param name="BilledBytes">Bytes that Firehose would bill for the records.</param>
/// <param name="BilledBytesAlone">Bytes that it would bill if each event had come in a record of its own.</param>
internal sealed record SinkTally(long Puts, long Records, long Events, long Different, long Unnumbered, long Bytes, long BilledBytes, long BilledBytesAlone);

/// <summary>Stands in for Firehose: takes every put, counts, and throws away.</summary>
internal sealed class SinkServer : IAsyncDisposable
{
    private readonly ServerProcess _process;
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly Uri _tally;

    private SinkServer(ServerProcess process, int port)
    {
        _process = process;
        _tally = new Uri($"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}/tally");
    }

    public ProcessUsage Usage => _process.Usage;

    /// <param name="program">Its path.</param>
    /// <param name="folder">For its log.</param>
    /// <param name="port">Chosen by the caller: a beacon may look for it before it is there.</param>
    /// <param name="cancel">Ends the wait for its start.</param>
    public static async Task<SinkServer> StartAsync(string program, string folder, int port, CancellationToken cancel)
    {
        var process = ServerProcess.Start("sink", folder, program, "--port", port.ToString(CultureInfo.InvariantCulture));
        try
        {
            await process.WhenListeningAsync(port, cancel);
            await StandBackAsync(process.Id, cancel);
            return new(process, port);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// SCHED_IDLE: it stands for a service elsewhere, and runs when nobody else wants the processor. Not from its start, which on a
    /// full machine would take as long as the load; threads that it makes later inherit it.
    /// </summary>
    private static async Task StandBackAsync(int process, CancellationToken cancel)
    {
        using var chrt = Process.Start("chrt", ["--idle", "--all-tasks", "--pid", "0", process.ToString(CultureInfo.InvariantCulture)]);
        await chrt.WaitForExitAsync(cancel);
        if (chrt.ExitCode != 0)
        {
            throw new CommandFailure("The sink could not be told to run only when nobody else does: chrt failed.");
        }
    }

    public async Task<SinkTally> TallyAsync(CancellationToken cancel) =>
        await _http.GetFromJsonAsync<SinkTally>(_tally, cancel) ?? throw new CommandFailure("The sink answered nothing.");

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return _process.DisposeAsync();
    }
}
