using Amazon.S3;
using Amazon.S3.Model;
using Catalog.Worker.Jobs;
using Catalog.Worker.State;
using Microsoft.Extensions.Options;
using Pixel.Events.Lake;

namespace Catalog.Worker.Erasure;

/// <summary>
/// Athena's query results. The bucket deletes them after a day by itself; where nobody carries out lifecycle rules, or
/// somebody has set more days, this does, and since an erasure lasts longer than a day, no result that was written before
/// the subject's events went is left when it is complete.
/// </summary>
internal sealed class QueryResults(IAmazonS3 s3, LakeObjects objects, IOptions<LakeOptions> lake, IOptions<ErasureOptions> options)
{
    private static readonly TimeSpan Age = TimeSpan.FromDays(1);

    /// <summary>Deletes those that are older than a day.</summary>
    /// <returns>How many objects they were.</returns>
    public async Task<int> DeleteOldAsync(JobContext context, AwsCalls calls, CancellationToken cancellationToken)
    {
        var old = new List<LakeObject>();
        var request = new ListObjectsV2Request { BucketName = lake.Value.LakeBucketName, Prefix = options.Value.ResultsPrefix };
        do
        {
            var page = await calls.Of(s3.ListObjectsV2Async(request, cancellationToken));
            old.AddRange((page.S3Objects ?? []).Where(o => o.LastModified?.ToUniversalTime() < context.StartedAt.UtcDateTime - Age).Select(o => new LakeObject(o.Key, o.Size ?? 0)));
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (request.ContinuationToken is not null);

        if (!context.DryRun && old.Count > 0)
        {
            await objects.DeleteAllVersionsAsync(old, [$"s3://{lake.Value.LakeBucketName}/{options.Value.ResultsPrefix}"], calls, cancellationToken);
        }

        return old.Count;
    }
}
