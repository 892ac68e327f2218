using LocalCloud.S3;

namespace LocalCloud.Athena.Scanning;

/// <summary>A partition as it is read: its values, and where its files are. An unpartitioned table is one without values.</summary>
/// <param name="Values">The values of the partition columns.</param>
/// <param name="Location">The folder.</param>
/// <param name="Format">The format of the data.</param>
/// <param name="Symlinks">Whether the folder holds lists of the files instead of the files (see <see cref="SymlinkLists"/>).</param>
internal sealed record ScanPartition(IReadOnlyList<string> Values, S3Location Location, FileFormat Format, bool Symlinks = false);

/// <summary>One object of one partition.</summary>
internal sealed record DataFile(StoredObject Object, ScanPartition Partition);

/// <summary>Finds the objects of partitions.</summary>
internal static class DataFiles
{
    // Up to here one listing a partition is cheaper than one listing of everything.
    private const int ListEach = 200;

    /// <param name="store">Where they are.</param>
    /// <param name="partitions">Whose they are.</param>
    /// <param name="pull">Makes another bucket's objects known, when lists name it.</param>
    public static List<DataFile> Find(ObjectStore store, IReadOnlyList<ScanPartition> partitions, Action<string> pull)
    {
        var files = FindAll(store, partitions);
        var lists = files.Where(f => f.Partition.Symlinks).ToList();
        return lists.Count == 0 ? files : [.. files.Where(f => !f.Partition.Symlinks), .. SymlinkLists.Follow(store, lists, pull)];
    }

    private static List<DataFile> FindAll(ObjectStore store, IReadOnlyList<ScanPartition> partitions)
    {
        var files = new List<DataFile>();
        if (partitions.Count <= ListEach)
        {
            foreach (var partition in partitions)
            {
                files.AddRange(store.List(partition.Location.Bucket, partition.Location.Prefix)
                    .Where(o => IsData(o, partition.Location.Prefix))
                    .Select(o => new DataFile(o, partition)));
            }

            return files;
        }

        foreach (var bucket in partitions.GroupBy(p => p.Location.Bucket))
        {
            var byPrefix = bucket.ToLookup(p => p.Location.Prefix, StringComparer.Ordinal);
            foreach (var found in store.List(bucket.Key, CommonPrefix(byPrefix.Select(p => p.Key))))
            {
                // Locations can lie within each other: an object belongs to every one above it.
                for (var slash = found.Key.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = found.Key.IndexOf('/', slash + 1))
                {
                    var prefix = found.Key[..(slash + 1)];
                    files.AddRange(byPrefix[prefix].Where(_ => IsData(found, prefix)).Select(p => new DataFile(found, p)));
                }

                files.AddRange(byPrefix[""].Where(_ => IsData(found, "")).Select(p => new DataFile(found, p)));
            }
        }

        return files;
    }

    // Athena passes over what is hidden (a name that begins with _ or .), folder markers and empty objects.
    private static bool IsData(StoredObject found, string prefix)
    {
        if (found.Size == 0 || found.Key.EndsWith('/'))
        {
            return false;
        }

        foreach (var segment in found.Key.AsSpan(prefix.Length).Split('/'))
        {
            var name = found.Key.AsSpan(prefix.Length)[segment];
            if (name.Length > 0 && name[0] is '_' or '.')
            {
                return false;
            }
        }

        return true;
    }

    private static string CommonPrefix(IEnumerable<string> prefixes)
    {
        string? common = null;
        foreach (var prefix in prefixes)
        {
            if (common is null)
            {
                common = prefix;
                continue;
            }

            var length = 0;
            while (length < common.Length && length < prefix.Length && common[length] == prefix[length])
            {
                length++;
            }

            common = common[..length];
        }

        return common ?? "";
    }
}
