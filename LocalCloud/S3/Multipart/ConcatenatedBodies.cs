using LocalCloud.S3.Payload;

namespace LocalCloud.S3.Multipart;

/// <summary>The parts' bodies, one after the other; one file is open at a time.</summary>
internal sealed class ConcatenatedBodies(BodyFiles bodies, IReadOnlyList<Part> parts) : ReadOnlyStream
{
    private FileStream? _current;
    private int _next;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            if (_current is not null)
            {
                var read = await _current.ReadAsync(buffer, cancellationToken);
                if (read > 0)
                {
                    return read;
                }

                await _current.DisposeAsync();
                _current = null;
            }

            if (_next == parts.Count)
            {
                return 0;
            }

            _current = bodies.Open(bodies.PathOf(parts[_next++].Body));
        }
    }

    protected override void Dispose(bool disposing)
    {
        _current?.Dispose();
        base.Dispose(disposing);
    }
}
