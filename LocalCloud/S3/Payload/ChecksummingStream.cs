namespace LocalCloud.S3.Payload;

/// <summary>Computes a checksum of what is read through it.</summary>
internal sealed class ChecksummingStream(Stream inner, ChecksumAlgorithm algorithm) : ReadOnlyStream
{
    private readonly Checksum _checksum = Checksum.Create(algorithm);

    /// <summary>The checksum of what has been read.</summary>
    public ObjectChecksum Result => new(algorithm, Convert.ToBase64String(_checksum.Value()));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        _checksum.Append(buffer.Span[..read]);
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        _checksum.Dispose();
        base.Dispose(disposing);
    }
}
