using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace Beacon.Api.Journal;

/// <summary>
/// A file of fixed size that is mapped, filled with zeros and has all its pages there: a segment to be.
/// </summary>
/// <remarks>
/// A store into a mapped page that the file system cannot back ends the process, and nothing can catch it; preallocation
/// is a promise that some file systems accept and do not keep. So every block is filled by an ordinary write first, which
/// reserves its space or fails with an exception, and only then is it touched through the mapping, so that no writer
/// meets a page fault: an append into pages that are there took 40 ns here, into absent ones 2 µs.
/// Nobody may truncate the file while it is mapped.
/// </remarks>
internal sealed unsafe class PreparedFile : IDisposable
{
    private static readonly byte[] Zeros = new byte[256 << 10];
    private static readonly int PageSize = Environment.SystemPageSize;

    private readonly SafeFileHandle _file;
    private readonly MemoryMappedFile _map;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _memory;
    private string _path;
    private int _filled;

    private PreparedFile(string path, int length, SafeFileHandle file, MemoryMappedFile map, MemoryMappedViewAccessor view)
    {
        _path = path;
        Length = length;
        _file = file;
        _map = map;
        _view = view;
        byte* memory = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref memory);
        _memory = memory + view.PointerOffset;
    }

    public int Length { get; }

    public bool IsFilled => _filled == Length;

    /// <summary>Opens the file, new or used before, and maps it. No byte of it may be touched before it is filled.</summary>
    /// <exception cref="IOException">The disk refuses, or knows no mappings.</exception>
    public static PreparedFile Open(string path, int length)
    {
        var file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        MemoryMappedFile? map = null;
        try
        {
            RandomAccess.SetLength(file, length);
            map = MemoryMappedFile.CreateFromFile(file, null, length, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: true);
            return new PreparedFile(path, length, file, map, map.CreateViewAccessor(0, length));
        }
        catch
        {
            map?.Dispose();
            file.Dispose();
            throw;
        }
    }

    /// <summary>Fills the next stretch with zeros and brings its pages in.</summary>
    /// <exception cref="IOException">There is no room for it.</exception>
    public void Fill(int bytes)
    {
        for (var end = Math.Min(Length, _filled + bytes); _filled < end;)
        {
            var block = Math.Min(Zeros.Length, end - _filled);
            RandomAccess.Write(_file, Zeros.AsSpan(0, block), _filled);
            for (var page = _filled; page < _filled + block; page += PageSize)
            {
                Volatile.Write(ref _memory[page], 0);
            }

            _filled += block;
        }
    }

    public Span<byte> Bytes(int offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)offset + (uint)length, (uint)Length);
        return new(_memory + offset, length);
    }

    /// <exception cref="IOException">The folder refuses; the file keeps its name.</exception>
    public void Rename(string path)
    {
        File.Move(_path, path);
        _path = path;
    }

    /// <exception cref="IOException">The disk refused.</exception>
    public void Flush(DiskFlush disk)
    {
        if (!OperatingSystem.IsLinux())
        {
            _view.Flush(); // elsewhere a file's flush does not promise to cover what was stored through a mapping
        }

        disk.File(_file);
    }

    /// <summary>Unmaps the file and cuts it: by its handle, since by now its name may be another process's.</summary>
    public void Cut(int length)
    {
        Unmap();
        try
        {
            RandomAccess.SetLength(_file, length);
        }
        catch (Exception exception) when (DiskError.IsExpected(exception))
        {
            // Then zeros stay behind its records, which every reader takes for its end.
        }
    }

    public void Dispose()
    {
        Unmap();
        _map.Dispose();
        _file.Dispose();
    }

    private void Unmap()
    {
        if (!_view.SafeMemoryMappedViewHandle.IsClosed)
        {
            // The handle and not the accessor: that one would flush, and wait for the disk.
            _view.SafeMemoryMappedViewHandle.ReleasePointer();
            _view.SafeMemoryMappedViewHandle.Dispose();
        }
    }
}
