namespace Beacon.Api.Journal;

/// <summary>
/// The file of a delivered segment, kept under the name <c>spare.segment</c> to be used again: its blocks, and mostly its
/// pages, are there already.
/// </summary>
/// <remarks>
/// There is at most one. Whoever wants to rename or delete it first takes it out of the state, so no lock is held while the
/// disk works. It holds nothing: one that a former process left is deleted.
/// </remarks>
internal sealed class SpareFile(string folder)
{
    private const int Absent = 0, Busy = 1, Present = 2;

    private readonly string _path = Path.Combine(folder, "spare.segment");
    private int _state = Absent;

    /// <summary>Takes a file; false when there is one already.</summary>
    /// <exception cref="IOException">The folder refuses; the file is as it was.</exception>
    public bool TryKeep(string path) => Change(Absent, Present, () => File.Move(path, _path, overwrite: true));

    /// <summary>Renames the file that is kept; false when there is none. One that somebody has deleted is none from then on, and counts as taken.</summary>
    /// <exception cref="IOException">The folder refuses; the file is still kept.</exception>
    public bool TryTake(string path) => Change(Present, Absent, () =>
    {
        try
        {
            File.Move(_path, path, overwrite: true);
        }
        catch (FileNotFoundException)
        {
            // Its space is free all the same, and a new file takes its place.
        }
    });

    /// <summary>Deletes the file that is kept; false when there is none.</summary>
    /// <exception cref="IOException">The folder refuses; the file is still kept.</exception>
    public bool TryDrop() => Change(Present, Absent, () => File.Delete(_path));

    /// <summary>Deletes what a former process left.</summary>
    /// <exception cref="IOException">It cannot be deleted.</exception>
    public void Clean() => File.Delete(_path);

    private bool Change(int from, int to, Action change)
    {
        if (Interlocked.CompareExchange(ref _state, Busy, from) != from)
        {
            return false;
        }

        var state = from;
        try
        {
            change();
            state = to;
            return true;
        }
        finally
        {
            Volatile.Write(ref _state, state);
        }
    }
}
