using Microsoft.Extensions.Options;

namespace LocalCloud;

/// <summary>
/// The folder all state lives in (<see cref="LocalCloudOptions.DataFolder"/>), held by this process alone for as
/// long as the object lives. Each service keeps its files in a subfolder of its own.
/// </summary>
/// <remarks>
/// The lock is an open file that nobody else may open (<c>flock</c> on Unix, a share mode on Windows), so that it
/// goes with the process, however that ends. The file itself stays and means nothing.
/// </remarks>
public sealed class DataFolder : IDisposable
{
    private readonly FileStream _lock;

    /// <summary>Creates the folder and takes the lock.</summary>
    /// <exception cref="OptionsValidationException">It cannot be written, or another process holds it.</exception>
    public DataFolder(IOptions<LocalCloudOptions> options)
    {
        FullPath = Path.GetFullPath(options.Value.DataFolder);
        try
        {
            Directory.CreateDirectory(FullPath);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Refused($"LocalCloud:DataFolder '{FullPath}' cannot be written: {error.Message}");
        }

        var lockFile = Path.Combine(FullPath, "in-use.lock");
        try
        {
            _lock = new FileStream(lockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException error)
        {
            throw Refused($"LocalCloud:DataFolder '{FullPath}' cannot be written: {error.Message}");
        }
        catch (IOException error)
        {
            throw Refused(File.Exists(lockFile)
                ? $"LocalCloud:DataFolder '{FullPath}' is in use by another process."
                : $"LocalCloud:DataFolder '{FullPath}' cannot be written: {error.Message}");
        }
    }

    /// <summary>The absolute path.</summary>
    public string FullPath { get; }

    /// <summary>The absolute path of a service's own folder, which exists afterwards.</summary>
    public string Subfolder(string service) => Directory.CreateDirectory(Path.Combine(FullPath, service)).FullName;

    /// <summary>Lets the next process in.</summary>
    public void Dispose() => _lock.Dispose();

    // A start that a setting has made impossible is told as every other wrong setting is, so that whoever hosts
    // LocalCloud needs to know only one exception.
    private static OptionsValidationException Refused(string message) =>
        new(LocalCloudOptions.Section, typeof(LocalCloudOptions), [message]);
}
