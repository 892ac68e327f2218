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
}
