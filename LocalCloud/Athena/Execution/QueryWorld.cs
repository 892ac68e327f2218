using LocalCloud.Athena.Scanning;
using LocalCloud.Glue;
using LocalCloud.S3;
using LocalCloud.Upstream;

namespace LocalCloud.Athena;

/// <summary>What a query lives in: the catalog, the objects, and the few choices that are not the user's.</summary>
internal sealed record QueryWorld(
    GlueCatalog Catalog, ObjectStore Store, UpstreamBuckets Upstream, RegisteredPartitions Partitions, ColumnSizes Sizes, JsonLines Json, TimeProvider Time,
    string ScanFolder, string MemoryLimit, int Threads)
{
    /// <summary>Puts an object where everybody reads it: here, and in the other S3 when the buckets live there.</summary>
    public Task PutAsync(string bucket, string key, Stream body, ObjectAttributes attributes, CancellationToken cancellation) =>
        Upstream.PutAsync(bucket, key, body, attributes, cancellation);
}
