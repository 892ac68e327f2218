using System.Collections.Concurrent;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using LocalCloud.S3;
using Microsoft.Extensions.Options;
using ObjectAttributes = LocalCloud.S3.ObjectAttributes;

namespace LocalCloud.Upstream;

/// <summary>
/// Buckets that live in another S3, with a copy here for DuckDB to read. Does nothing when none is configured.
/// </summary>
/// <remarks>
/// The other S3 has the truth. <see cref="PullAsync"/> makes the copy equal to it: an object whose ETag differs is fetched,
/// one that is not there is deleted. That is right for what is written here only because <see cref="PutAsync"/> brings it
/// there before anybody is told of it, and because a bucket's pulls and puts take turns: a pull between the two
/// halves of a put would delete the first.
/// </remarks>
public sealed partial class UpstreamBuckets : IDisposable
{
    private readonly ObjectStore _store;
    private readonly ILogger<UpstreamBuckets> _logger;
    private readonly AmazonS3Client? _upstream;
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _turns = new(StringComparer.Ordinal);

    /// <summary>Makes the client when another S3 is configured; it is not asked yet.</summary>
    public UpstreamBuckets(
        ObjectStore store, IOptions<UpstreamOptions> options, IOptions<LocalCloudOptions> cloud, ILogger<UpstreamBuckets> logger)
    {
        _store = store;
        _logger = logger;
        if (options.Value is { Url: { Length: > 0 } url } upstream)
        {
            _upstream = new AmazonS3Client(
                new BasicAWSCredentials(upstream.AccessKey, upstream.SecretKey),
                new AmazonS3Config { ServiceURL = url, AuthenticationRegion = cloud.Value.Region, ForcePathStyle = true });
        }
    }

    /// <summary>Brings the copy of a bucket up to date.</summary>
    /// <exception cref="AmazonS3Exception">The other S3 refuses, for example because it has no such bucket.</exception>
    public Task PullAsync(string bucket, CancellationToken cancellation) =>
        _upstream is null ? Task.CompletedTask : InTurnAsync(bucket, () => PullInTurnAsync(bucket, cancellation), cancellation);

    /// <summary>Puts an object here and, when there is another S3, there.</summary>
    /// <exception cref="AmazonS3Exception">The other S3 refuses.</exception>
    /// <exception cref="Protocol.AwsException">This one does.</exception>
    public Task<StoredObject> PutAsync(string bucket, string key, Stream body, ObjectAttributes attributes, CancellationToken cancellation) =>
        _upstream is null
            ? _store.PutAsync(bucket, key, body, attributes, cancellation: cancellation)
            : InTurnAsync(bucket, () => PutInTurnAsync(bucket, key, body, attributes, cancellation), cancellation);

    /// <summary>Closes the client.</summary>
    public void Dispose() => _upstream?.Dispose();

    private async Task<T> InTurnAsync<T>(string bucket, Func<Task<T>> act, CancellationToken cancellation)
    {
        var turn = _turns.GetOrAdd(bucket, _ => new SemaphoreSlim(1));
        await turn.WaitAsync(cancellation);
        try
        {
            return await act();
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task<StoredObject> PutInTurnAsync(string bucket, string key, Stream body, ObjectAttributes attributes, CancellationToken cancellation)
    {
        var written = await _store.PutAsync(bucket, key, body, attributes, cancellation: cancellation);
        await using var again = _store.OpenRead(written);
        await _upstream!.PutObjectAsync(
            new PutObjectRequest
            {
                BucketName = bucket,
                Key = key,
                InputStream = again,
                AutoCloseStream = false,
                ContentType = written.ContentType,
            },
            cancellation);
        return written;
    }

    private async Task<int> PullInTurnAsync(string bucket, CancellationToken cancellation)
    {
        var copies = _store.List(bucket).ToDictionary(copy => copy.Key, copy => copy.ETag, StringComparer.Ordinal);
        var fetched = 0;

        var pages = _upstream!.Paginators.ListObjectsV2(new ListObjectsV2Request { BucketName = bucket });
        await foreach (var page in pages.Responses.WithCancellation(cancellation))
        {
            _store.CreateBucket(bucket);
            foreach (var listed in page.S3Objects ?? [])
            {
                var known = copies.Remove(listed.Key, out var etag);
                if (known && etag == listed.ETag.Trim('"'))
                {
                    continue;
                }

                if (await FetchAsync(bucket, listed.Key, cancellation))
                {
                    fetched++;
                }
                else if (known)
                {
                    _store.Delete(bucket, listed.Key);
                }
            }
        }

        foreach (var gone in copies.Keys)
        {
            _store.Delete(bucket, gone);
        }

        if (fetched + copies.Count > 0)
        {
            LogPulled(bucket, fetched, copies.Count);
        }

        return fetched;
    }

    /// <returns>False when the object has been deleted since it was listed.</returns>
    private async Task<bool> FetchAsync(string bucket, string key, CancellationToken cancellation)
    {
        try
        {
            using var answer = await _upstream!.GetObjectAsync(bucket, key, cancellation);
            var body = await _store.Bodies.ReceiveAsync(answer.ResponseStream, cancellation);

            // Under the other's ETag and not the body's MD5: that of an upload in parts is none, and would differ for ever.
            _store.Commit(
                bucket,
                key,
                body,
                answer.ETag.Trim('"'),
                ObjectAttributes.None with { ContentType = answer.Headers.ContentType ?? ObjectAttributes.DefaultContentType },
                PutConditions.None,
                watch: null);
            return true;
        }
        catch (AmazonS3Exception error) when (error.StatusCode == System.Net.HttpStatusCode.NotFound)
        {
            return false;
        }
    }

    [LoggerMessage(LogLevel.Information, "Copied {Fetched} objects of {Bucket} from the upstream S3; {Deleted} were deleted there.")]
    private partial void LogPulled(string bucket, int fetched, int deleted);
}
