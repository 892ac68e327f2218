namespace Catalog.Worker.Schema;

/// <summary>A file of which only the end is here, which is where Parquet says what is in it.</summary>
/// <param name="length">The file's length in bytes.</param>
/// <param name="head">Its first bytes.</param>
/// <param name="tail">Its last bytes.</param>
internal sealed class TailStream(long length, ReadOnlyMemory<byte> head, ReadOnlyMemory<byte> tail) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position { get; set; }

    /// <exception cref="InvalidOperationException">What is asked for is not here.</exception>
    public override int Read(Span<byte> buffer)
    {
        if (Position >= length)
        {
            return 0;
        }

        var tailAt = length - tail.Length;
        var part = Position >= tailAt ? tail.Span[(int)(Position - tailAt)..]
            : Position < head.Length ? head.Span[(int)Position..]
            : throw new InvalidOperationException($"Byte {Position} of the file was not fetched.");
        var count = Math.Min(part.Length, buffer.Length);
        part[..count].CopyTo(buffer);
        Position += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => length + offset,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
