using System.Collections.Concurrent;
using LocalCloud.Glue;

namespace LocalCloud.Athena.Scanning;

/// <summary>
/// What is registered for a table, as it is read. Reading three years of hours out of the catalog takes longer than
/// planning a query, so the answer is kept until the catalog changes in any way.
/// </summary>
internal sealed class RegisteredPartitions(GlueCatalog catalog)
{
    private const int MostTables = 64;

    private readonly ConcurrentDictionary<(string Database, string Table), Known> _tables = new();

    private sealed record Known(long Writes, IReadOnlyList<ScanPartition> Partitions);

    /// <summary>The table's partitions, or the table itself when it has no partition keys.</summary>
    public IReadOnlyList<ScanPartition> Of(TableSource source)
    {
        // Counted before it is read: a change meanwhile makes what was read stale, never right.
        var writes = catalog.Writes;
        if (_tables.TryGetValue((source.Database, source.Name), out var known) && known.Writes == writes)
        {
            return known.Partitions;
        }

        if (_tables.Count >= MostTables)
        {
            _tables.Clear();
        }

        var partitions = Read(source);
        _tables[(source.Database, source.Name)] = new Known(writes, partitions);
        return partitions;
    }

    private IReadOnlyList<ScanPartition> Read(TableSource source)
    {
        if (source.Keys.Count == 0)
        {
            return S3Location.TryParse(source.Table.StorageDescriptor?.Location) is { } location
                ? [new ScanPartition([], location, source.Format, SymlinkLists.Are(source.Table.StorageDescriptor, null))]
                : [];
        }

        var partitions = new List<ScanPartition>();
        foreach (var partition in catalog.GetPartitions(source.Database, source.Name))
        {
            if (S3Location.TryParse(partition.StorageDescriptor?.Location) is { } location)
            {
                partitions.Add(new ScanPartition(
                    partition.Values,
                    location,
                    source.FormatOf(partition.StorageDescriptor, source.Table.StorageDescriptor),
                    SymlinkLists.Are(partition.StorageDescriptor, source.Table.StorageDescriptor)));
            }
        }

        return partitions;
    }
}
