using System.Diagnostics;
using LocalCloud.Firehose.Delivery;
using LocalCloud.Firehose.Keys;
using Microsoft.Win32.SafeHandles;

namespace LocalCloud.Firehose.Buffers;

/// <summary>The records of one stream that are not delivered yet.</summary>
/// <remarks>
/// On disk, in the stream's folder:
/// <list type="bullet">
/// <item><c>N.buffer</c>: records (<see cref="BufferFile"/>). N counts up and is never used twice.</item>
/// <item><c>N.plan</c>: it is sealed (<see cref="SealedBuffer"/>). Without it, buffer N is open; at most one is, the last.</item>
/// <item><c>usage.json</c>: what all sealed buffers have held, up to and including one number.</item>
/// </list>
/// What holds at every moment, so that the process may end at any:
/// <list type="bullet">
/// <item>A record is acknowledged after its frame is written. Writing is not flushing to the device: it survives the end
/// of the process, not a power loss.</item>
/// <item>A buffer is sealed by the appearance of its plan, in one step. The keys of its objects are decided before.</item>
/// <item>A delivered buffer loses its records first and its plan after them; a plan without records is what a crash
/// in between leaves, and is removed at the next start. The other way round it would be delivered again, under other keys.</item>
/// <item>Usage is added after the plan is there and before the buffer can go, and remembers how far it has counted:
/// every buffer is counted once.</item>
/// </list>
/// In memory, everything is guarded by <see cref="_gate"/>; sealed buffers are delivered by one task at a time.
/// </remarks>
internal sealed class StreamBuffer : IDisposable
{
    private sealed record CountedUsage(long Through, Usage Usage);

    private readonly string _folder;
    private readonly Lock _gate = new();
    private readonly List<SealedBuffer> _sealed = [];
    private CountedUsage _counted;
    private long _last;
    private bool _disposed;

    // The open buffer; the handle is null when there is none, and then the others mean nothing.
    private SafeFileHandle? _open;
    private long _length;
    private DateTimeOffset _firstArrival;
    private Usage _usage = Usage.None;
    private List<TracedCall> _calls = [];

    /// <summary>Opens the buffers that are in the folder.</summary>
    /// <param name="folder">The stream's folder, which exists.</param>
    /// <param name="converts">Whether the stream converts, for counting what is in the open buffer.</param>
    public StreamBuffer(string folder, bool converts)
    {
        _folder = folder;
        _counted = AtomicFile.Read<CountedUsage>(UsagePath) ?? new CountedUsage(0, Usage.None);
        _last = _counted.Through;
        Recover(converts);
    }

    /// <summary>What the stream has taken in since it was created.</summary>
    public Usage Usage
    {
        get
        {
            lock (_gate)
            {
                return _open is null ? _counted.Usage : _counted.Usage + _usage;
            }
        }
    }

    /// <summary>The open buffer's size in bytes of data and its first arrival, or null when nothing is in it.</summary>
    public (long Size, DateTimeOffset FirstArrival)? Open
    {
        get
        {
            lock (_gate)
            {
                return _open is null ? null : (_usage.Bytes, _firstArrival);
            }
        }
    }

    /// <summary>The sealed buffers, oldest first.</summary>
    public IReadOnlyList<SealedBuffer> Sealed
    {
        get
        {
            lock (_gate)
            {
                return [.. _sealed];
            }
        }
    }

    /// <summary>Adds records; when it returns, they are kept.</summary>
    /// <returns>The size of the open buffer, in bytes of data.</returns>
    /// <exception cref="IOException">They could not be written; none of them is in the buffer.</exception>
    public long Append(IReadOnlyList<byte[]> records, DateTimeOffset arrival, bool converts)
    {
        var frames = new byte[records.Sum(record => BufferFile.FrameLength(record.Length))];
        var end = 0;
        foreach (var record in records)
        {
            end += BufferFile.WriteFrame(frames.AsSpan(end), arrival, record);
        }

        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var fresh = _open is null;
            _open ??= Create();
            var (length, usage) = fresh ? (0, Usage.None) : (_length, _usage);
            try
            {
                RandomAccess.Write(_open, frames, length);
            }
            catch
            {
                // Half a write must not be read back as the start of the next one's frame.
                RandomAccess.SetLength(_open, length);
                if (fresh)
                {
                    _open.Dispose();
                    _open = null;
                }

                throw;
            }

            _length = length + frames.Length;
            _usage = records.Aggregate(usage, (sum, record) => sum.With(record.Length, converts));
            _firstArrival = fresh ? arrival : _firstArrival;
            if (Activity.Current is { Recorded: true } call && _calls.Count < TracedCall.MostOfABuffer)
            {
                _calls.Add(new TracedCall(call.Context, arrival));
            }

            return _usage.Bytes;
        }
    }

    /// <summary>Seals the open buffer, if there is one: the next record begins another.</summary>
    public void Seal(DeliveryStream stream)
    {
        lock (_gate)
        {
            if (_open is null)
            {
                return;
            }

            var plan = new SealedBuffer
            {
                Number = _last,
                Length = _length,
                FirstArrival = _firstArrival,
                Usage = _usage,
                Key = ObjectKeys.ForRecords(stream.S3, stream.Name, stream.Version, _firstArrival),
                ErrorKey = ObjectKeys.ForErrors(stream.S3, stream.Name, stream.Version, _firstArrival),
                Destination = stream.Destination,
                Calls = _calls,
            };
            AtomicFile.Write(PlanPath(plan.Number), plan);
            _sealed.Add(plan);
            _open.Dispose();
            _open = null;
            _calls = [];
            Count(plan);
        }
    }

    /// <summary>The records of a sealed buffer.</summary>
    public IEnumerable<BufferedRecord> Read(SealedBuffer buffer) => BufferFile.Read(BufferPath(buffer.Number), buffer.Length);

    /// <summary>Forgets a sealed buffer: it is delivered, or too old.</summary>
    public void Remove(SealedBuffer buffer)
    {
        File.Delete(BufferPath(buffer.Number));
        File.Delete(PlanPath(buffer.Number));
        lock (_gate)
        {
            _sealed.Remove(buffer);
        }
    }

    /// <summary>Closes the open buffer; what is in it stays.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _open?.Dispose();
            _open = null;
        }
    }

    private string UsagePath => Path.Combine(_folder, "usage.json");

    private string BufferPath(long number) => Path.Combine(_folder, $"{number:D12}.buffer");

    private string PlanPath(long number) => Path.Combine(_folder, $"{number:D12}.plan");

    private SafeFileHandle Create()
    {
        var handle = File.OpenHandle(BufferPath(_last + 1), FileMode.Create, FileAccess.Write, FileShare.Read | FileShare.Delete);
        _last++;
        return handle;
    }

    private void Count(SealedBuffer buffer)
    {
        if (buffer.Number > _counted.Through)
        {
            _counted = new CountedUsage(buffer.Number, _counted.Usage + buffer.Usage);
            AtomicFile.Write(UsagePath, _counted);
        }
    }

    private void Recover(bool converts)
    {
        foreach (var path in Directory.EnumerateFiles(_folder, "*.plan").Order(StringComparer.Ordinal))
        {
            var plan = AtomicFile.Read<SealedBuffer>(path)!;
            Count(plan);
            _last = Math.Max(_last, plan.Number);
            if (File.Exists(BufferPath(plan.Number)))
            {
                _sealed.Add(plan);
            }
            else
            {
                File.Delete(path);
            }
        }

        foreach (var path in Directory.EnumerateFiles(_folder, "*.buffer").Order(StringComparer.Ordinal))
        {
            var number = long.Parse(Path.GetFileNameWithoutExtension(path), System.Globalization.CultureInfo.InvariantCulture);
            if (!File.Exists(PlanPath(number)))
            {
                Reopen(path, number, converts);
            }
        }
    }

    private void Reopen(string path, long number, bool converts)
    {
        var (length, usage, first) = (0L, Usage.None, default(DateTimeOffset));
        foreach (var record in BufferFile.Read(path))
        {
            first = record.Number == 0 ? record.Arrival : first;
            usage = usage.With(record.Data.Length, converts);
            length += BufferFile.FrameLength(record.Data.Length);
        }

        _last = Math.Max(_last, number);
        if (usage.Records == 0)
        {
            File.Delete(path);
            return;
        }

        (_length, _usage, _firstArrival) = (length, usage, first);
        _open = File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.Read | FileShare.Delete);
        RandomAccess.SetLength(_open, length);
    }
}
