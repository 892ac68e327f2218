using LocalCloud.Glue;
using LocalCloud.S3;

namespace LocalCloud.Athena.Scanning;

/// <summary>
/// Locations that hold lists instead of data: with the input format <c>SymlinkTextInputFormat</c> every object there is a
/// text whose lines are the S3 URIs of the files to read, in the format that the SerDe names. So a table reads exactly the
/// files that somebody has listed (https://docs.aws.amazon.com/athena/latest/ug/s3-inventory-athena.html has one).
/// </summary>
internal static class SymlinkLists
{
    /// <summary>Whether a table's or a partition's location holds lists.</summary>
    public static bool Are(StorageDescriptor? descriptor, StorageDescriptor? fallback)
        => (descriptor?.InputFormat ?? fallback?.InputFormat ?? "").EndsWith(".SymlinkTextInputFormat", StringComparison.Ordinal);

    /// <summary>The files that the lists name, each as the list's partition's own.</summary>
    /// <exception cref="QueryFailure">A line is no place in S3, or there is no such object.</exception>
    public static IEnumerable<DataFile> Follow(ObjectStore store, IEnumerable<DataFile> lists, Action<string> pull)
    {
        foreach (var list in lists)
        {
            foreach (var line in Lines(store, list.Object))
            {
                var target = S3Location.Parse(line);
                pull(target.Bucket);
                var found = store.Find(target.Bucket, target.Key)
                    ?? throw new QueryFailure(QueryError.BadData, $"Manifest file from the location [s3://{list.Object.Bucket}/{list.Object.Key}] contains a path that does not exist: {line}");
                if (found.Size > 0)
                {
                    yield return new DataFile(found, list.Partition);
                }
            }
        }
    }

    private static List<string> Lines(ObjectStore store, StoredObject list)
    {
        using var reader = new StreamReader(store.OpenRead(list));
        var lines = new List<string>();
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0)
            {
                lines.Add(line);
            }
        }

        return lines;
    }
}
