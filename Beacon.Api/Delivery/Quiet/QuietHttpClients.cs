using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;

namespace Beacon.Api.Delivery.Quiet;

/// <summary>
/// Makes the HTTP clients of an AWS client all of whose work is done on a <see cref="QuietThread"/>: what follows a read
/// or a write on its connections goes on there, and not on the thread that learned of it, which has requests to answer.
/// </summary>
/// <remarks>
/// Answers are read to their end before the AWS client sees them: it would read them in a call that blocks, and one answer
/// that trickles in would hold up all others.
/// </remarks>
internal sealed class QuietHttpClients(QuietThread thread) : HttpClientFactory
{
    /// <summary>Keeps what the SDK's own client keeps of a configuration. The time for a call is up to its token.</summary>
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
            proxy.Credentials ??= clientConfig.ProxyCredentials;
            handler.Proxy = proxy;
        }

        if (clientConfig.ConnectTimeout is { } longest)
        {
            handler.ConnectTimeout = longest;
        }

        if (clientConfig.MaxConnectionsPerServer is { } most)
        {
            handler.MaxConnectionsPerServer = most;
        }

        return new HttpClient(new WholeAnswers(handler)) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>One cache for each AWS client, which disposes of it.</summary>
    public override string? GetConfigUniqueString(IClientConfig clientConfig) => null;

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken).ConfigureAwait(false);
            return new QuietStream(socket, thread);
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

    private sealed class WholeAnswers(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            try
            {
                await response.Content.LoadIntoBufferAsync(cancellationToken).ConfigureAwait(false);
                return response;
            }
            catch
            {
                response.Dispose();
                throw;
            }
        }
    }
}
