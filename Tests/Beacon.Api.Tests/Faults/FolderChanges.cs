namespace Beacon.Api.Tests.Faults;

/// <summary>Tells when something happens to the names in a folder: a file is made, renamed or deleted.</summary>
internal sealed class FolderChanges : IDisposable
{
    private readonly FileSystemWatcher _watcher;
    private readonly Lock _gate = new();
    private readonly List<(int At, TaskCompletionSource Reached)> _waiting = [];
    private int _count;

    public FolderChanges(string folder)
    {
        _watcher = new FileSystemWatcher(folder) { IncludeSubdirectories = true, InternalBufferSize = 1 << 16 };
        _watcher.Created += (_, _) => Changed();
        _watcher.Renamed += (_, _) => Changed();
        _watcher.Deleted += (_, _) => Changed();
        _watcher.EnableRaisingEvents = true;
    }

    /// <summary>Completes with the so manieth change from now.</summary>
    public Task NextAsync(int changes = 1)
    {
        lock (_gate)
        {
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((_count + changes, reached));
            return reached.Task;
        }
    }

    public void Dispose() => _watcher.Dispose();

    private void Changed()
    {
        lock (_gate)
        {
            _count++;
            _waiting.Where(wait => wait.At <= _count).ToList().ForEach(wait => wait.Reached.TrySetResult());
            _waiting.RemoveAll(wait => wait.At <= _count);
        }
    }
}
