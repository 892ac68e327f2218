namespace LocalCloud.S3.Payload;

/// <summary>A part of a body file.</summary>
internal sealed class BodyRange(FileStream body, ByteRange range) : ReadOnlyStream
{
    private long _position = range.Start;
    private long _left = range.Length;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await RandomAccess.ReadAsync(body.SafeFileHandle, buffer[..(int)Math.Min(buffer.Length, _left)], _position, cancellationToken);
        _position += read;
        _left -= read;
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        body.Dispose();
        base.Dispose(disposing);
    }
}
