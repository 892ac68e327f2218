using Amazon.S3;
using Amazon.S3.Model;
using Catalog.Worker.Jobs;
using Microsoft.Extensions.Options;
using Pixel.Events.Lake;

namespace Catalog.Worker.State;

/// <summary>An object of the lake.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Size">Its size in bytes.</param>
internal sealed record LakeObject(string Key, long Size);

/// <summary>What is done to objects of the lake as a whole.</summary>
internal sealed class LakeObjects(IAmazonS3 s3, IOptions<LakeOptions> lake)
{
    /// <summary>What S3 deletes in one call (https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html).</summary>
    private const int DeleteBatchSize = 1000;

    /// <summary>Deletes objects, also those that are gone already.</summary>
    /// <exception cref="JobException">S3 refused to delete some.</exception>
    public async Task DeleteAsync(IReadOnlyCollection<LakeObject> objects, AwsCalls calls, CancellationToken cancellationToken)
    {
        foreach (var batch in objects.Chunk(DeleteBatchSize))
        {
            var request = new DeleteObjectsRequest { BucketName = lake.Value.LakeBucketName, Quiet = true, Objects = [.. batch.Select(o => new KeyVersion { Key = o.Key })] };
            try
            {
                await calls.Of(s3.DeleteObjectsAsync(request, cancellationToken));
            }
            catch (DeleteObjectsException e)
            {
                var first = e.Response.DeleteErrors[0];
                throw new JobException($"S3 did not delete {e.Response.DeleteErrors.Count} of {batch.Length} objects, the first, {first.Key}, with {first.Code}: {first.Message}", e);
            }
        }
    }

    /// <summary>Deletes objects, and whatever the bucket keeps of them in earlier versions, so that nothing is left.</summary>
    /// <param name="found">The objects.</param>
    /// <param name="locations">Where they lie: folders, as S3 locations.</param>
    /// <param name="calls">Counts the calls.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task DeleteAllVersionsAsync(IReadOnlyCollection<LakeObject> found, IEnumerable<string> locations, AwsCalls calls, CancellationToken cancellationToken)
    {
        await DeleteAsync(found, calls, cancellationToken);
        var keys = found.Select(o => o.Key).ToHashSet(StringComparer.Ordinal);
        await DeleteVersionsAsync(locations, version => keys.Contains(version.Key) || version.IsLatest != true, calls, cancellationToken);
    }

    /// <summary>Deletes the versions below locations that are not the latest any more.</summary>
    public Task DeleteOldVersionsAsync(IEnumerable<string> locations, AwsCalls calls, CancellationToken cancellationToken)
        => DeleteVersionsAsync(locations, version => version.IsLatest != true, calls, cancellationToken);

    private async Task DeleteVersionsAsync(IEnumerable<string> locations, Predicate<S3ObjectVersion> chosen, AwsCalls calls, CancellationToken cancellationToken)
    {
        var bucket = lake.Value.LakeBucketName;
        foreach (var location in locations)
        {
            var request = new ListVersionsRequest { BucketName = bucket, Prefix = location[$"s3://{bucket}/".Length..] };
            while (true)
            {
                var page = await calls.Of(s3.ListVersionsAsync(request, cancellationToken));
                foreach (var version in (page.Versions ?? []).Where(v => chosen(v)))
                {
                    await calls.Of(s3.DeleteObjectAsync(bucket, version.Key, version.VersionId, cancellationToken));
                }

                if (page.IsTruncated != true)
                {
                    break;
                }

                (request.KeyMarker, request.VersionIdMarker) = (page.NextKeyMarker, page.NextVersionIdMarker);
            }
        }
    }
}
