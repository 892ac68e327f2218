using System.Buffers;

namespace LocalCloud.Protocol;

/// <summary>A whole request body in memory; the buffer goes back to the pool when it is disposed.</summary>
internal readonly struct RequestBody(byte[] buffer, int length) : IDisposable
{
    public ReadOnlyMemory<byte> Content => buffer.AsMemory(0, length);

    /// <summary>Reads the body.</summary>
    /// <param name="request">The request.</param>
    /// <param name="limit">The most bytes that are taken.</param>
    /// <param name="tooLarge">What to throw when there are more.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static async Task<RequestBody> ReadAsync(HttpRequest request, int limit, Func<AwsException> tooLarge, CancellationToken cancellation)
    {
        if (request.ContentLength > limit)
        {
            throw tooLarge();
        }

        var buffer = ArrayPool<byte>.Shared.Rent((int)(request.ContentLength ?? 4096) + 1);
        var length = 0;
        try
        {
            int read;
            while ((read = await request.Body.ReadAsync(buffer.AsMemory(length), cancellation)) > 0)
            {
                length += read;
                if (length > limit)
                {
                    throw tooLarge();
                }

                if (length == buffer.Length)
                {
                    var larger = ArrayPool<byte>.Shared.Rent(length * 2);
                    buffer.AsSpan(0, length).CopyTo(larger);
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = larger;
                }
            }

            return new RequestBody(buffer, length);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(buffer);
}
