using System.Globalization;

namespace Cli.Bench;

/// <summary>
/// The folder of one benchmark: journals, logs, configurations. Removed at the end, however it ends, unless the user named
/// it with <c>--keep</c>.
/// </summary>
internal sealed class Workspace : IDisposable
{
    private readonly bool _kept;
    private int _made;

    private Workspace(string root, bool kept)
    {
        Root = root;
        _kept = kept;
    }

    public string Root { get; }

    /// <param name="keep">The folder to use and leave, which need not exist; null for one that is removed.</param>
    /// <exception cref="CommandFailure">There are files in it already.</exception>
    public static Workspace Open(string? keep)
    {
        if (keep is null)
        {
            return new(Directory.CreateTempSubdirectory("pixel-bench-").FullName, kept: false);
        }

        var root = Path.GetFullPath(keep);
        if (Directory.Exists(root) && Directory.EnumerateFileSystemEntries(root).Any())
        {
            throw new CommandFailure($"{root} is not empty: --keep takes a new or empty folder.");
        }

        return new(Directory.CreateDirectory(root).FullName, kept: true);
    }

    /// <summary>A new folder for one server's run.</summary>
    public string Folder(string name) =>
        Directory.CreateDirectory(Path.Combine(Root, string.Create(CultureInfo.InvariantCulture, $"{++_made:00}-{name.Replace(' ', '-')}"))).FullName;

    /// <summary>Removes what a run has left as soon as it is counted: full journals and logs are large.</summary>
    public void Clear(string folder)
    {
        if (!_kept)
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public void Dispose()
    {
        if (!_kept)
        {
            Directory.Delete(Root, recursive: true);
        }
    }
}
