using System.Net;
using System.Net.Sockets;

namespace Cli.Bench.Processes;

internal static class FreePort
{
    /// <summary>A port of this machine that was free a moment ago; a program that finds it taken says so and ends.</summary>
    public static int Choose()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
