using System.Security.Cryptography;
using LocalCloud.Signing;

namespace LocalCloud.S3.Payload;

/// <summary>
/// A request's content as it arrives: decoded, counted and hashed. Its end is reached only when length, hashes and
/// signatures are what the request said; otherwise the last read throws, and nothing may have been done before it.
/// </summary>
internal sealed class IncomingBody : ReadOnlyStream
{
    private readonly PayloadClaims _claims;
    private readonly Stream _content;
    private readonly AwsChunkedStream? _chunked;
    private readonly Checksum _checksum;
    private readonly IncrementalHash? _sha256;
    private readonly IncrementalHash? _md5;
    private long _length;
    private bool _checked;

    public IncomingBody(HttpRequest request, PayloadClaims claims, SigningKey? key, string? signature)
    {
        _claims = claims;
        _chunked = claims.IsChunked
            ? new AwsChunkedStream(request.Body, claims.HasSignedChunks ? key : null, signature ?? "", claims.HasTrailer)
            : null;
        _content = _chunked ?? request.Body;
        // An object that comes without a checksum gets S3's own.
        _checksum = Payload.Checksum.Create(claims.Algorithm ?? ChecksumAlgorithm.Crc64Nvme);
        _sha256 = claims.Sha256 is null ? null : IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        _md5 = claims.Md5 is null ? null : IncrementalHash.CreateHash(HashAlgorithmName.MD5);
    }

    /// <summary>The content's checksum, after the end.</summary>
    public ObjectChecksum Checksum => new(_checksum.Algorithm, Convert.ToBase64String(_checksum.Value()));

    /// <summary>Whether anything vouches for the content, which some operations insist on.</summary>
    public bool HasDigest => _claims.Md5 is not null || _claims.Algorithm is not null;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await _content.ReadAsync(buffer, cancellationToken);
        if (read > 0)
        {
            var bytes = buffer.Span[..read];
            _length += read;
            _checksum.Append(bytes);
            _sha256?.AppendData(bytes);
            _md5?.AppendData(bytes);
        }
        else if (!_checked && !buffer.IsEmpty)
        {
            Check();
            _checked = true;
        }

        return read;
    }

    protected override void Dispose(bool disposing)
    {
        _checksum.Dispose();
        _sha256?.Dispose();
        _md5?.Dispose();
        _chunked?.Dispose();
        base.Dispose(disposing);
    }

    private void Check()
    {
        if (_length != _claims.Length)
        {
            throw S3Errors.IncompleteBody();
        }

        if (_sha256 is not null && Convert.ToHexStringLower(_sha256.GetHashAndReset()) is var computed && computed != _claims.Sha256)
        {
            throw S3Errors.ContentSha256Mismatch(_claims.Sha256!, computed);
        }

        if (_md5 is not null && !_md5.GetHashAndReset().AsSpan().SequenceEqual(_claims.Md5))
        {
            throw S3Errors.BadDigest();
        }

        if (_claims.Algorithm is { } algorithm)
        {
            CheckChecksum(algorithm);
        }
    }

    private void CheckChecksum(ChecksumAlgorithm algorithm)
    {
        var sent = _claims.ChecksumValue ?? _chunked?.Trailers.GetValueOrDefault(algorithm.Header());
        if (sent is null || !algorithm.Allows(sent))
        {
            throw S3Errors.InvalidRequest($"Value for {algorithm.Header()} {(_claims.ChecksumValue is null ? "trailing header" : "header")} is invalid.");
        }

        if (sent != Checksum.Value)
        {
            throw S3Errors.BadDigest($"The {algorithm.Name()} you specified did not match the calculated checksum.");
        }
    }
}
