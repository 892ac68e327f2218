using System.Collections.Concurrent;

namespace LocalCloud.Athena.Scanning;

/// <summary>
/// How many bytes each column takes in a Parquet file. A body file never changes, so what was read once stays right;
/// it is kept by the body's path, and forgotten altogether when it becomes much.
/// </summary>
internal sealed class ColumnSizes
{
    private const int MostFiles = 200_000;

    private readonly ConcurrentDictionary<string, IReadOnlyDictionary<string, long>> _files = new(StringComparer.Ordinal);

    public bool Knows(string path) => _files.ContainsKey(path);

    public void Add(string path, IReadOnlyDictionary<string, long> columns)
    {
        if (_files.Count >= MostFiles)
        {
            _files.Clear();
        }

        _files[path] = columns;
    }

    /// <summary>The bytes of the named columns, or null when the file is not known.</summary>
    public long? Bytes(string path, IReadOnlySet<string> columns) => _files.TryGetValue(path, out var sizes)
        ? sizes.Where(s => columns.Contains(s.Key)).Sum(s => s.Value)
        : null;
}
