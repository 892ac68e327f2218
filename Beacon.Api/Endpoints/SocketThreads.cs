using System.Net;
using System.Net.Sockets;

namespace Beacon.Api.Endpoints;

/// <summary>
/// Has requests answered by the threads that the runtime waits for sockets with, one for each processor, instead of being
/// handed to the pool first: about a seventh more requests on a full machine.
/// </summary>
/// <remarks>
/// A thread that waits for sockets must never wait for anything else: what it waited for could be an answer on a socket of
/// its own. So this is only for a beacon that makes and keeps an event without asking anyone, which is the journal; there
/// all that the delivery does is on its own thread (<see cref="Delivery.Quiet.QuietThread"/>). The runtime knows it as a
/// variable that it reads once, before the first socket; one that is set already is left as it is.
/// </remarks>
internal static class SocketThreads
{
    private const string Variable = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    public static void Answer()
    {
        if (Environment.GetEnvironmentVariable(Variable) is null)
        {
            Environment.SetEnvironmentVariable(Variable, "1");
        }

        // Starts them, here: on Linux a thread inherits its maker's claims on the processors, and the first to use a socket may
        // else be the delivery's thread.
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            _ = socket.ReceiveAsync(new byte[1]).ContinueWith(static ended => ended.Exception, TaskScheduler.Default);
        }
        catch (SocketException)
        {
            // No IPv4 here. The first socket to be used starts them.
        }
    }
}
