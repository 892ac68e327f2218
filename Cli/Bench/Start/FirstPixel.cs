using System.Net;
using System.Net.Sockets;
using Cli.Bench.Load;

namespace Cli.Bench.Start;

/// <summary>Asks a server that is just starting for the pixel until it answers.</summary>
internal static class FirstPixel
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Completes when the first answer, a 200, has been read.</summary>
    /// <param name="port">Where it will listen.</param>
    /// <param name="mustRun">Throws when the server has ended.</param>
    /// <param name="cancel">Stops asking.</param>
    /// <exception cref="CommandFailure">It answered something else, or nothing within a minute.</exception>
    public static async Task WhenAnsweredAsync(int port, Action mustRun, CancellationToken cancel)
    {
        var request = SampleRequest.Bytes(port);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        try
        {
            while (!await TryAsync(port, request, patience.Token))
            {
                mustRun();
                await Task.Delay(AskAgain, TimeProvider.System, patience.Token);
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new CommandFailure($"The beacon did not answer within {Patience.TotalSeconds:0} s.");
        }
    }

    private static async Task<bool> TryAsync(int port, byte[] request, CancellationToken cancel)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port, cancel);
        }
        catch (SocketException)
        {
            return false; // nothing listens yet
        }

        await socket.SendAsync(request, cancel);
        var answer = new byte[4096];
        var received = await socket.ReceiveAsync(answer, cancel);
        return answer.AsSpan(0, received).StartsWith("HTTP/1.1 200 "u8)
            ? true
            : throw new CommandFailure("The beacon's first answer was not 200.");
    }
}
