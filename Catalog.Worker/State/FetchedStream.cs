namespace Catalog.Worker.State;

/// <summary>A file of which only some stretches are here: Parquet says at its end what is where.</summary>
/// <param name="length">The file's length in bytes.</param>
internal sealed class FetchedStream(long length) : Stream
{
    private readonly List<(long At, ReadOnlyMemory<byte> Bytes)> _stretches = [];

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position { get; set; }

    /// <summary>Adds a stretch that was fetched.</summary>
    public void Add(long at, ReadOnlyMemory<byte> bytes) => _stretches.Add((at, bytes));

    /// <exception cref="InvalidOperationException">What is asked for is not here.</exception>
    public override int Read(Span<byte> buffer)
    {
        if (Position >= length)
        {
            return 0;
        }

        var (at, bytes) = _stretches.Find(stretch => Position >= stretch.At && Position < stretch.At + stretch.Bytes.Length);
        if (bytes.IsEmpty)
        {
            throw new InvalidOperationException($"Byte {Position} of the file was not fetched.");
        }

        var part = bytes.Span[(int)(Position - at)..];
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
