using System.Globalization;
using System.Text;
using Microsoft.Extensions.Options;

namespace Beacon.Api.Journal;

/// <summary>Makes the folder this process's own, until it is disposed or the process ends, however it ends.</summary>
internal sealed class JournalLock : IDisposable
{
    private const string FileName = "journal.lock";

    private readonly FileStream _file;

    private JournalLock(FileStream file) => _file = file;

    /// <exception cref="OptionsValidationException">
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
        catch (IOException) when (File.Exists(path))
        {
            throw Refuse($"'{folder}' is in use by another beacon{Owner(path)}; each process needs a folder of its own.");
        }
        catch (Exception exception) when (DiskError.IsExpected(exception))
        {
            throw Refuse($"'{folder}' cannot be written: {exception.Message}");
        }

        try
        {
            // Only for the message above; on a full disk it is not worth failing for.
            file.SetLength(0);
            file.Write(Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
        }
        catch (IOException)
        {
        }

        return new JournalLock(file);
    }

    /// <remarks>The file stays: deleting it would let two processes lock two files of the same name.</remarks>
    public void Dispose() => _file.Dispose();

    internal static OptionsValidationException Refuse(string sentence) =>
        new(JournalOptions.Section, typeof(JournalOptions), [$"{JournalOptions.Section}:{nameof(JournalOptions.Folder)} {sentence}"]);

    private static string Owner(string path)
    {
        try
        {
            // Windows refuses to read it while it is locked; elsewhere the lock is advisory.
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(file);
            return int.TryParse(reader.ReadToEnd(), out var id) ? $" (process {id})" : "";
        }
        catch (IOException)
        {
            return "";
        }
    }
}
