using System.Net;
using System.Net.Sockets;

namespace Cli.Bench.Processes;

internal static class FreePort
{
    // Below those that a system gives to whoever asks for any, as every connection does: on Linux from 32768, elsewhere from 49152.
    private const int First = 20_000, Last = 32_000;

    /// <summary>
    /// A port of this machine that was free a moment ago, and that only who asks for it by its number can have taken since; a
    /// program that finds it taken says so and ends.
    /// </summary>
    public static int Choose()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, Last);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // Another one, then.
            }
        }
    }
}
