using Amazon.Glue.Model;
using Amazon.S3;
using Amazon.S3.Model;
using Catalog.Worker.Jobs;
using Catalog.Worker.State;
using Microsoft.Extensions.Options;
using Pixel.Events.Lake;

namespace Catalog.Worker.Partitions;

/// <summary>Finds the hours that have objects, without walking the objects.</summary>
/// <remarks>
/// Firehose names every object after its stream, so with <c>/{stream}-</c> as the delimiter S3 rolls all objects of an
/// hour into one entry: a page is up to 1,000 hours, wherever they lie in the tree, where a slash would need a listing
/// for every day. Objects that somebody else named come one by one; then the next page starts behind the hour that the
/// last one was in. So a listing costs one call for 1,000 hours of ours, and at worst one call an hour.
/// </remarks>
internal sealed class LakeListing(IAmazonS3 s3, IOptions<LakeOptions> lake)
{
    /// <summary>The folder of what compaction writes. Never below the events': Athena reads a location with all that is below it.</summary>
    public const string CompactedFolder = "compacted/";

    /// <summary>The location that all compacted partitions begin with.</summary>
    public string CompactedRoot => $"s3://{lake.Value.LakeBucketName}/{CompactedFolder}";

    /// <summary>Whether a partition is read from what compaction wrote.</summary>
    public bool IsCompacted(Partition partition) => partition.StorageDescriptor?.Location?.StartsWith(CompactedRoot, StringComparison.Ordinal) == true;

    /// <summary>Whether an object lies at a location, in a folder below it or not.</summary>
    public bool IsAt(LakeObject found, string location)
        => $"s3://{lake.Value.LakeBucketName}/{found.Key}".StartsWith($"{location.TrimEnd('/')}/", StringComparison.Ordinal);

    /// <summary>The hours with objects, from the hour of <paramref name="from"/> on, or all; in order of time.</summary>
    /// <exception cref="JobException">The bucket does not exist.</exception>
    public async Task<IReadOnlyCollection<LakePartition>> HoursAsync(DateTimeOffset? from, AwsCalls calls, CancellationToken cancellationToken)
    {
        var options = lake.Value;
        var layout = options.ToLayout();
        var hours = new SortedDictionary<string, LakePartition>(StringComparer.Ordinal);
        var request = new ListObjectsV2Request
        {
            BucketName = options.LakeBucketName,
            Prefix = options.EventsPrefix,
            Delimiter = $"/{options.EventStreamName}-",
            StartAfter = from is { } start ? options.EventsPrefix + layout.Format(start) : null,
        };

        while (true)
        {
            var page = await ListAsync(request, calls, cancellationToken);
            var last = "";
            foreach (var key in Keys(page))
            {
                last = string.CompareOrdinal(key, last) > 0 ? key : last;
                if (layout.TryParse(options.EventsPrefix, key, out var partition))
                {
                    hours.TryAdd(options.EventsPrefix + layout.Format(partition), partition);
                }
            }

            if (page.IsTruncated != true)
            {
                return hours.Values;
            }

            GoOnBehind(last, page.NextContinuationToken);
        }

        void GoOnBehind(string last, string token)
        {
            if (layout.TryParse(options.EventsPrefix, last, out var partition))
            {
                // '0' follows '/': behind everything in this hour.
                request.StartAfter = (options.EventsPrefix + layout.Format(partition))[..^1] + "0";
                request.ContinuationToken = null;
            }
            else
            {
                request.ContinuationToken = token;
            }
        }
    }

    /// <summary>Every object that Firehose put into the hours from one on and before another, by hour.</summary>
    public Task<SortedDictionary<DateTimeOffset, List<LakeObject>>> ObjectsAsync(
        DateTimeOffset? from, DateTimeOffset before, AwsCalls calls, CancellationToken cancellationToken)
        => ObjectsAsync(lake.Value.EventsPrefix, lake.Value.ToLayout(), from, before, calls, cancellationToken);

    /// <summary>Every object that compaction wrote for the hours before one, by hour.</summary>
    public Task<SortedDictionary<DateTimeOffset, List<LakeObject>>> CompactedObjectsAsync(DateTimeOffset before, AwsCalls calls, CancellationToken cancellationToken)
        => CompactedObjectsAsync(null, before, calls, cancellationToken);

    /// <summary>Every object that compaction wrote for the hours from one on and before another, by hour; of versions that are not read any more, too.</summary>
    public Task<SortedDictionary<DateTimeOffset, List<LakeObject>>> CompactedObjectsAsync(
        DateTimeOffset? from, DateTimeOffset before, AwsCalls calls, CancellationToken cancellationToken)
        => ObjectsAsync(CompactedFolder, KeyLayout.Hive, from, before, calls, cancellationToken);

    private async Task<SortedDictionary<DateTimeOffset, List<LakeObject>>> ObjectsAsync(
        string prefix, KeyLayout layout, DateTimeOffset? from, DateTimeOffset before, AwsCalls calls, CancellationToken cancellationToken)
    {
        var hours = new SortedDictionary<DateTimeOffset, List<LakeObject>>();
        var request = new ListObjectsV2Request
        {
            BucketName = lake.Value.LakeBucketName,
            Prefix = prefix,
            StartAfter = from is { } start ? prefix + layout.Format(start) : null,
        };
        do
        {
            var page = await ListAsync(request, calls, cancellationToken);
            foreach (var found in (page.S3Objects ?? []).Where(o => o.Size > 0))
            {
                if (!layout.TryParse(prefix, found.Key, out var partition))
                {
                    continue;
                }

                // Keys are in the order of time.
                if (partition.Start >= before)
                {
                    return hours;
                }

                if (!hours.TryGetValue(partition.Start, out var objects))
                {
                    hours.Add(partition.Start, objects = []);
                }

                objects.Add(new(found.Key, found.Size ?? 0));
            }

            request.ContinuationToken = page.NextContinuationToken;
        }
        while (request.ContinuationToken is not null);

        return hours;
    }

    /// <summary>The objects below a location that have data in them.</summary>
    public async Task<List<LakeObject>> ObjectsAtAsync(string location, AwsCalls calls, CancellationToken cancellationToken)
    {
        var root = $"s3://{lake.Value.LakeBucketName}/";
        var objects = new List<LakeObject>();
        var request = new ListObjectsV2Request { BucketName = lake.Value.LakeBucketName, Prefix = $"{location[root.Length..].TrimEnd('/')}/" };
        do
        {
            var page = await ListAsync(request, calls, cancellationToken);
            objects.AddRange((page.S3Objects ?? []).Where(o => o.Size > 0).Select(o => new LakeObject(o.Key, o.Size ?? 0)));
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (request.ContinuationToken is not null);

        return objects;
    }

    private static IEnumerable<string> Keys(ListObjectsV2Response page)
        => (page.CommonPrefixes ?? []).Concat((page.S3Objects ?? []).Select(o => o.Key));

    private async Task<ListObjectsV2Response> ListAsync(ListObjectsV2Request request, AwsCalls calls, CancellationToken cancellationToken)
    {
        try
        {
            return await calls.Of(s3.ListObjectsV2Async(request, cancellationToken));
        }
        catch (AmazonS3Exception e) when (e.ErrorCode == "NoSuchBucket")
        {
            throw LakeBucket.Missing(lake.Value, e);
        }
    }
}
