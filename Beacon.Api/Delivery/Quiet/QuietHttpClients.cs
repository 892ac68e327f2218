using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;

namespace Beacon.Api.Delivery.Quiet;

/// <summary>
/// Makes the HTTP clients of an AWS client all of whose work is done on a <see cref="QuietThread"/>: what follows a read
/// or a write on its connections goes on there, and not on the thread that learned of it, which has requests to answer.
/// </summary>
internal sealed class QuietHttpClients(QuietThread thread) : HttpClientFactory
{
    /// <summary>As the SDK makes its own: no redirects, no cookies, nothing unpacked, and the time is up to the caller's token.</summary>
    public override HttpClient CreateHttpClient(IClientConfig clientConfig)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectCallback = ConnectAsync,
        };
        if (clientConfig.GetWebProxy() is { } proxy)
        {
            handler.Proxy = proxy;
        }

        if (clientConfig.MaxConnectionsPerServer is { } most)
        {
            handler.MaxConnectionsPerServer = most;
        }

        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>One cache for each AWS client, which disposes of it.</summary>
    public override string? GetConfigUniqueString(IClientConfig clientConfig) => null;

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken).ConfigureAwait(false);
            return new QuietStream(new NetworkStream(socket, ownsSocket: true), thread);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
        finally
        {
            await thread.Enter();
        }
    }
}
