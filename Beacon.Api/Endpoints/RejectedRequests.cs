using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Beacon.Api.Endpoints;

/// <summary>
/// Puts the image into the answers that the server gives by itself, without asking the application: to raw bytes or NUL
/// in the request line, a missing or impossible Host, a request line or headers beyond the limits.
/// </summary>
/// <remarks>
/// The server offers no hook for these (its error page has no body, and its diagnostic event comes without a way to
/// write one), so this looks at what it sends. Such an answer is one block that begins a response with one of four
/// statuses, has an empty body and closes the connection; nothing that the application answers looks like that. It costs
/// other answers a comparison of ten bytes. On a TLS endpoint it stands outside of the encryption and changes nothing: there
/// those requests get the server's empty answer.
/// Verified by RejectedRequestTests against the server of .NET 10; they fail first if another version words it differently.
/// </remarks>
internal sealed class RejectedRequests(BeaconMetrics metrics, IOptions<BeaconOptions> options)
{
    private static readonly byte[] NoBody = "Content-Length: 0\r\n"u8.ToArray();

    private readonly byte[] _image = Encoding.ASCII.GetBytes(
        $"Content-Length: {PixelImage.Gif.Length}\r\nContent-Type: image/gif\r\nCache-Control: {PixelImage.CacheControl}\r\nCross-Origin-Resource-Policy: {PixelImage.ResourcePolicy}\r\n"
        + (options.Value.ExplainDrops ? $"{PixelImage.DroppedHeader}: {DropReason.MalformedRequest.ToName()}\r\n" : ""));

    /// <summary>Looks at what the server sends on every endpoint.</summary>
    public static void WatchEndpoints(KestrelServerOptions kestrel) => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Use(next =>
    {
        RejectedRequests? rejected = null;
        return connection =>
        {
            rejected ??= kestrel.ApplicationServices.GetRequiredService<RejectedRequests>();
            connection.Transport = new Watched(connection.Transport.Input, new Output(connection.Transport.Output, rejected));
            return next(connection);
        };
    }));

    private static bool IsRejection(ReadOnlySpan<byte> response) =>
        response.StartsWith("HTTP/1.1 "u8)
        && response.Length > 12
        && (response.Slice(9, 3).SequenceEqual("400"u8) || response.Slice(9, 3).SequenceEqual("414"u8) || response.Slice(9, 3).SequenceEqual("431"u8) || response.Slice(9, 3).SequenceEqual("505"u8))
        && response.EndsWith("\r\n\r\n"u8)
        && response.IndexOf(NoBody) > 0
        && response.IndexOf("Connection: close\r\n"u8) > 0;

    private void WriteImage(ReadOnlySpan<byte> rejection, PipeWriter output)
    {
        metrics.Received();
        metrics.Judged(Verdict.Dropped(DropReason.MalformedRequest));

        // The rejection is in the output's memory but not committed there: what is written now takes its place.
        int noBody = rejection.IndexOf(NoBody);
        output.Write([.. rejection[..noBody], .. _image, .. rejection[(noBody + NoBody.Length)..], .. PixelImage.Gif]);
    }

    private sealed class Watched(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }

    /// <summary>Passes everything on, but for rejections.</summary>
    private sealed class Output(PipeWriter inner, RejectedRequests rejected) : PipeWriter
    {
        private Memory<byte> _writing;

        public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

        public override long UnflushedBytes => inner.UnflushedBytes;

        public override Memory<byte> GetMemory(int sizeHint = 0) => _writing = inner.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

        public override void Advance(int bytes)
        {
            ReadOnlySpan<byte> written = _writing.Span[..bytes];
            if (IsRejection(written))
            {
                rejected.WriteImage(written.ToArray(), inner);
            }
            else
            {
                inner.Advance(bytes);
            }
        }

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => inner.FlushAsync(cancellationToken);

        public override void CancelPendingFlush() => inner.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);

        public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);
    }
}
