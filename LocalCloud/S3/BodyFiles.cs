using System.Buffers;
using System.Security.Cryptography;

namespace LocalCloud.S3;

/// <summary>
/// The bodies: one immutable file each, <c>&lt;data&gt;/s3/bodies/ab/abcdef…</c>, named by a random id and never by a key, so
/// that no key can reach outside the folder, be too long for it, or differ from another only in case.
/// </summary>
/// <remarks>
/// Rules, which make a kill at any moment harmless:
/// a body is written to <c>incoming/</c>, moved to its place, and only then named by a row of the index;
/// a row is removed or changed before the file it named is deleted;
/// so a row always has its file, and a file without a row is an orphan, which <see cref="Sweep"/> removes at start.
/// A file is never opened for writing again, so a reader may keep it open while it is deleted.
/// </remarks>
internal sealed class BodyFiles
{
    private readonly string _bodies;
    private readonly string _incoming;
    private readonly Lock _retiring = new();
    private readonly List<string> _retired = [];
    private int _holders;

    public BodyFiles(string folder)
    {
        _bodies = Path.Combine(folder, "bodies");
        _incoming = Path.Combine(folder, "incoming");
        Directory.CreateDirectory(_incoming);
        for (var first = 0; first < 256; first++)
        {
            Directory.CreateDirectory(Path.Combine(_bodies, first.ToString("x2")));
        }
    }

    public string PathOf(string id) => Path.Combine(_bodies, id[..2], id);

    /// <summary>Deletes what a crash left: unfinished bodies, and bodies that no row names.</summary>
    public int Sweep(IReadOnlySet<string> named)
    {
        var swept = 0;
        foreach (var file in Directory.EnumerateFiles(_incoming))
        {
            File.Delete(file);
            swept++;
        }

        foreach (var file in Directory.EnumerateFiles(_bodies, "*", SearchOption.AllDirectories))
        {
            if (!named.Contains(Path.GetFileName(file)))
            {
                File.Delete(file);
                swept++;
            }
        }

        return swept;
    }

    /// <summary>Writes a body into its place; the caller names it in the index or calls <see cref="Retire"/>.</summary>
    public async Task<Body> ReceiveAsync(Stream content, CancellationToken cancellation)
    {
        var id = Guid.NewGuid().ToString("N");
        var incoming = Path.Combine(_incoming, id);
        try
        {
            var body = await WriteAsync(id, incoming, content, cancellation);
            File.Move(incoming, PathOf(id));
            return body;
        }
        catch
        {
            File.Delete(incoming); // nothing happens when it was never made
            throw;
        }
    }

    /// <summary>Opens a body; whoever deletes it meanwhile does not disturb the reader.</summary>
    public FileStream Open(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan);

    /// <summary>Deletes a body that no row names any more, now or when the last holder lets go.</summary>
    public void Retire(string id)
    {
        lock (_retiring)
        {
            if (_holders > 0)
            {
                _retired.Add(id);
                return;
            }
        }

        File.Delete(PathOf(id));
    }

    /// <summary>Until it is disposed, no body file is deleted.</summary>
    public IDisposable Hold()
    {
        lock (_retiring)
        {
            _holders++;
        }

        return new Holder(this);
    }

    private void Release()
    {
        string[] free;
        lock (_retiring)
        {
            if (--_holders > 0)
            {
                return;
            }

            free = [.. _retired];
            _retired.Clear();
        }

        foreach (var id in free)
        {
            File.Delete(PathOf(id));
        }
    }

    private static async Task<Body> WriteAsync(string id, string path, Stream content, CancellationToken cancellation)
    {
        using var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, FileOptions.Asynchronous);
        using var md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        var buffer = ArrayPool<byte>.Shared.Rent(128 * 1024);
        try
        {
            long size = 0;
            int read;
            while ((read = await content.ReadAsync(buffer, cancellation)) > 0)
            {
                md5.AppendData(buffer, 0, read);
                await RandomAccess.WriteAsync(file, buffer.AsMemory(0, read), size, cancellation);
                size += read;
            }

            return new Body(id, size, Convert.ToHexStringLower(md5.GetHashAndReset()));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private sealed class Holder(BodyFiles files) : IDisposable
    {
        private BodyFiles? _files = files;

        public void Dispose() => Interlocked.Exchange(ref _files, null)?.Release();
    }
}

/// <param name="Id">The body's name.</param>
/// <param name="Size">Its length in bytes.</param>
/// <param name="Md5">Its MD5 in hex.</param>
internal sealed record Body(string Id, long Size, string Md5);
