using System.Globalization;
using ServiceDefaults;

namespace Beacon.Api.Journal;

/// <summary>Makes the folder this process's own, until it is disposed or the process ends, however it ends.</summary>
internal sealed class JournalLock : IDisposable
{
    private const string FileName = "journal.lock";
    private const string OwnerFileName = "journal.owner"; // a file of its own: .NET cannot read one that another process locks

    private readonly FileStream _file;

    private JournalLock(FileStream file) => _file = file;

    /// <exception cref="StartupException">
    /// The folder cannot be written, or another process has it: one sentence that names the setting.
    /// </exception>
    public static JournalLock Take(string folder)
    {
        var path = Path.Combine(folder, FileName);
        FileStream file;
        try
        {
            Directory.CreateDirectory(folder);
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException exception) when (IsLocked(exception))
        {
            throw Refuse($"'{folder}' is in use by another beacon{Owner(folder)}; each process needs a folder of its own.", exception);
        }
        catch (Exception exception) when (DiskError.IsExpected(exception))
        {
            throw Refuse($"'{folder}' cannot be written: {exception.Message}", exception);
        }

        try
        {
            // Only for the message above; on a full disk it is not worth failing for.
            File.WriteAllText(Path.Combine(folder, OwnerFileName), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        }
        catch (Exception exception) when (DiskError.IsExpected(exception))
        {
        }

        return new JournalLock(file);
    }

    /// <summary>As <see cref="Take"/>; null when somebody else has the folder, or it cannot be used.</summary>
    public static JournalLock? TryTake(string folder)
    {
        try
        {
            return Take(folder);
        }
        catch (StartupException)
        {
            return null;
        }
    }

    /// <remarks>The file stays: deleting it would let two processes lock two files of the same name.</remarks>
    public void Dispose() => _file.Dispose();

    // EWOULDBLOCK on Linux and on macOS, ERROR_SHARING_VIOLATION on Windows, as .NET passes them on.
    private static bool IsLocked(IOException exception) =>
        exception.HResult == (OperatingSystem.IsWindows() ? unchecked((int)0x80070020) : OperatingSystem.IsMacOS() ? 35 : 11);

    internal static StartupException Refuse(string sentence, Exception? cause = null) =>
        new($"{JournalOptions.Section}:{nameof(JournalOptions.Folder)} {sentence}", cause);

    private static string Owner(string folder)
    {
        try
        {
            return int.TryParse(File.ReadAllText(Path.Combine(folder, OwnerFileName)), out var id) ? $" (process {id})" : "";
        }
        catch (Exception exception) when (DiskError.IsExpected(exception))
        {
            return "";
        }
    }
}
