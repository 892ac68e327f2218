using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Beacon.Api.Journal;

/// <summary>Makes files and names durable, or says that it could not.</summary>
internal partial class DiskFlush
{
    private const int ReadOnly = 0;

    /// <summary>This machine's disk.</summary>
    public static readonly DiskFlush Real = new();

    /// <summary>Flushes a file.</summary>
    /// <remarks>
    /// Not with <see cref="RandomAccess.FlushToDisk"/> on Linux: it takes EROFS for a file that knows no flushing and calls
    /// that a success, but EROFS is what ext4 answers after an error made it read-only, with what was written still in memory.
    /// </remarks>
    /// <exception cref="IOException">The disk refused.</exception>
    public virtual void File(SafeFileHandle file)
    {
        if (!OperatingSystem.IsLinux())
        {
            RandomAccess.FlushToDisk(file);
        }
        else if (FSync(file) != 0)
        {
            throw new IOException($"A file cannot be flushed: {Marshal.GetLastPInvokeErrorMessage()}.", Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>
    /// Flushes the names in a folder. On Unix a flushed file can still vanish with the machine when its directory entry was
    /// not flushed; .NET has no call for it. On Windows the entry belongs to the file's own flush.
    /// </summary>
    /// <exception cref="IOException">The folder could not be flushed.</exception>
    public virtual void Folder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var descriptor = Open(folder, ReadOnly);
        if (descriptor < 0)
        {
            throw new IOException($"The folder '{folder}' cannot be opened to flush it.", Marshal.GetLastPInvokeError());
        }

        try
        {
            if (FSync(descriptor) != 0)
            {
                throw new IOException($"The folder '{folder}' cannot be flushed.", Marshal.GetLastPInvokeError());
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
