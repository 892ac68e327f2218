using System.Runtime.InteropServices;

namespace Beacon.Api.Journal;

/// <summary>
/// Makes the names in a folder durable. On Unix a flushed file can still vanish with the machine when its directory
/// entry was not flushed; .NET has no call for it. On Windows the entry belongs to the file's own flush.
/// </summary>
internal static partial class FolderFlush
{
    private const int ReadOnly = 0;

    /// <exception cref="IOException">The folder could not be flushed.</exception>
    public static void Flush(string folder)
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

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
