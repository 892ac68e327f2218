using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LocalCloud.Protocol;
using LocalCloud.Signing;

namespace LocalCloud.S3.Payload;

/// <summary>
/// Decodes an <c>aws-chunked</c> body: <c>hex-size[;chunk-signature=…]\r\n bytes \r\n … 0[;chunk-signature=…]\r\n trailers \r\n</c>
/// (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html). With a key it checks each chunk's and
/// the trailers' signature; the bytes of a wrong chunk have been handed on by then, so the reader must not act on any
/// before the end.
/// </summary>
internal sealed class AwsChunkedStream(Stream inner, SigningKey? key, string seedSignature, bool signedTrailer) : ReadOnlyStream
{
    private const int MaxLine = 8 * 1024;

    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly IncrementalHash? _chunkHash = key is null ? null : IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private int _start;
    private int _end;
    private long _left;
    private string? _chunkSignature;
    private string _previousSignature = seedSignature;
    private State _state = State.Header;

    private enum State
    {
        Header,
        Content,
        Ended,
    }

    /// <summary>The trailers by lower-case name; complete when the stream has ended.</summary>
    public Dictionary<string, string> Trailers { get; } = new(StringComparer.Ordinal);

    public override async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken = default)
    {
        if (destination.IsEmpty || _state == State.Ended)
        {
            return 0;
        }

        if (_state == State.Header && !await ReadHeaderAsync(cancellationToken))
        {
            return 0;
        }

        if (_start == _end && !await FillAsync(cancellationToken))
        {
            throw S3Errors.IncompleteBody();
        }

        var count = (int)Math.Min(Math.Min(_left, destination.Length), _end - _start);
        var bytes = _buffer.AsMemory(_start, count);
        bytes.CopyTo(destination);
        _chunkHash?.AppendData(bytes.Span);
        _start += count;
        _left -= count;
        if (_left == 0)
        {
            await EndChunkAsync(cancellationToken);
        }

        return count;
    }

    protected override void Dispose(bool disposing)
    {
        _chunkHash?.Dispose();
        base.Dispose(disposing);
    }

    private async ValueTask<bool> ReadHeaderAsync(CancellationToken cancellation)
    {
        var line = await ReadLineAsync(cancellation) ?? throw S3Errors.IncompleteBody();
        var semicolon = line.IndexOf(';', StringComparison.Ordinal);
        var size = semicolon < 0 ? line : line[..semicolon];
        if (!long.TryParse(size.Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _left) || _left < 0)
        {
            throw S3Errors.InvalidRequest("The chunk size of the aws-chunked body cannot be read.");
        }

        const string field = "chunk-signature=";
        var at = line.IndexOf(field, StringComparison.Ordinal);
        _chunkSignature = at < 0 ? null : line[(at + field.Length)..].Trim();
        _state = State.Content;
        if (_left > 0)
        {
            return true;
        }

        CheckChunkSignature();
        await ReadTrailersAsync(cancellation);
        _state = State.Ended;
        return false;
    }

    private async ValueTask EndChunkAsync(CancellationToken cancellation)
    {
        CheckChunkSignature();
        if (await ReadLineAsync(cancellation) != "")
        {
            throw S3Errors.InvalidRequest("A chunk of the aws-chunked body is longer than it says.");
        }

        _state = State.Header;
    }

    private async ValueTask ReadTrailersAsync(CancellationToken cancellation)
    {
        var canonical = new StringBuilder();
        // Some clients leave out the very last line end.
        while (await ReadLineAsync(cancellation) is { Length: > 0 } line)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0)
            {
                throw new AwsException("MalformedTrailerError", "The request contained trailing data that was not well-formed or did not conform to our published schema.");
            }

            var name = line[..colon].Trim().ToLowerInvariant();
            Trailers[name] = line[(colon + 1)..].Trim();
            if (name != "x-amz-trailer-signature")
            {
                canonical.Append(name).Append(':').Append(Trailers[name]).Append('\n');
            }
        }

        if (key is not null && signedTrailer)
        {
            var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical.ToString())));
            CheckSignature(key.SignTrailer(_previousSignature, hash), Trailers.GetValueOrDefault("x-amz-trailer-signature"));
        }
    }

    private void CheckChunkSignature()
    {
        if (key is null || _chunkHash is null)
        {
            return;
        }

        var expected = key.SignChunk(_previousSignature, Convert.ToHexStringLower(_chunkHash.GetHashAndReset()));
        CheckSignature(expected, _chunkSignature);
        _previousSignature = expected;
    }

    private static void CheckSignature(string expected, string? sent)
    {
        if (sent is null || !SignatureVerifier.IsSame(expected, sent))
        {
            throw new AwsException(
                "SignatureDoesNotMatch",
                "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
                403);
        }
    }

    /// <summary>A line without its end; null when the body is over.</summary>
    private async ValueTask<string?> ReadLineAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var newline = _buffer.AsSpan(_start.._end).IndexOf((byte)'\n');
            if (newline >= 0)
            {
                var line = Encoding.ASCII.GetString(_buffer, _start, newline).TrimEnd('\r');
                _start += newline + 1;
                return line;
            }

            if (_end - _start > MaxLine)
            {
                throw S3Errors.InvalidRequest("A line of the aws-chunked body is too long.");
            }

            if (!await FillAsync(cancellation))
            {
                return _start == _end ? null : throw S3Errors.IncompleteBody();
            }
        }
    }

    /// <summary>Reads more behind what is left of the buffer; false at the end.</summary>
    private async ValueTask<bool> FillAsync(CancellationToken cancellation)
    {
        _buffer.AsSpan(_start.._end).CopyTo(_buffer);
        _end -= _start;
        _start = 0;
        var read = await inner.ReadAsync(_buffer.AsMemory(_end), cancellation);
        _end += read;
        return read > 0;
    }
}
