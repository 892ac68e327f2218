using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Amazon.S3;
using Amazon.S3.Model;
using Catalog.Worker.Jobs;
using Microsoft.Extensions.Options;
using Pixel.Events.Lake;

namespace Catalog.Worker.State;

/// <summary>
/// What workers remember together: small JSON documents in the lake's bucket, below <c>catalog/</c>. What several runs write
/// is replaced only by one that has seen it (<c>If-Match</c>) and made only where there is none (<c>If-None-Match</c>), so a
/// run that has lost its lock unnoticed overwrites nothing
/// (https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html). Only documents that one run alone
/// writes, under a name of its own, are written without a condition.
/// </summary>
internal sealed class StateStore(IAmazonS3 s3, IOptions<LakeOptions> lake)
{
    /// <summary>The folder of all documents.</summary>
    public const string Folder = "catalog/";

    /// <summary>How often a write is repeated that S3 answers 409: another conditional write was under way.</summary>
    private const int Tries = 3;

    /// <summary>A document and its version.</summary>
    public sealed record Stored<T>(T Value, string ETag);

    /// <summary>The document; null when there is none.</summary>
    /// <exception cref="JobException">It is not what a worker writes.</exception>
    public async Task<Stored<T>?> ReadAsync<T>(string name, JsonTypeInfo<T> type, AwsCalls calls, CancellationToken cancellationToken)
    {
        try
        {
            using var found = await calls.Of(s3.GetObjectAsync(
                new GetObjectRequest { BucketName = lake.Value.LakeBucketName, Key = Folder + name }, cancellationToken));
            var value = await JsonSerializer.DeserializeAsync(found.ResponseStream, type, cancellationToken)
                ?? throw new JsonException("It is null.");
            return new(value, found.ETag);
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            return e.ErrorCode == "NoSuchBucket" ? throw LakeBucket.Missing(lake.Value, e) : null;
        }
        catch (JsonException e)
        {
            throw new JobException($"s3://{lake.Value.LakeBucketName}/{Folder}{name} cannot be read ({e.Message}): delete it, and the next run begins anew.", e);
        }
    }

    /// <summary>Makes a document where there is none.</summary>
    /// <returns>Its version; null when there is one.</returns>
    public Task<string?> CreateAsync<T>(string name, T value, JsonTypeInfo<T> type, AwsCalls calls, CancellationToken cancellationToken)
        => PutIfAsync(name, value, type, request => request.IfNoneMatch = "*", calls, cancellationToken);

    /// <summary>Replaces the version that somebody has seen.</summary>
    /// <returns>The new version; null when the document is another one by now, or gone.</returns>
    public Task<string?> ReplaceAsync<T>(string name, T value, string etag, JsonTypeInfo<T> type, AwsCalls calls, CancellationToken cancellationToken)
        => PutIfAsync(name, value, type, request => request.IfMatch = etag, calls, cancellationToken);

    /// <summary>Writes a document that the run has read, or, without a version, has not found.</summary>
    /// <returns>The new version.</returns>
    /// <exception cref="JobException">Somebody else has written it meanwhile.</exception>
    public async Task<string> SaveAsync<T>(string name, T value, string? seen, JsonTypeInfo<T> type, AwsCalls calls, CancellationToken cancellationToken)
        => await (seen is null ? CreateAsync(name, value, type, calls, cancellationToken) : ReplaceAsync(name, value, seen, type, calls, cancellationToken))
            ?? throw new JobException($"Another run has written s3://{lake.Value.LakeBucketName}/{Folder}{name} meanwhile; the next run goes on from there.");

    /// <summary>Writes a document, whatever was there.</summary>
    public async Task WriteAsync<T>(string name, T value, JsonTypeInfo<T> type, AwsCalls calls, CancellationToken cancellationToken)
        => await calls.Of(s3.PutObjectAsync(Request(name, value, type), cancellationToken));

    /// <summary>Removes a document, if there is one.</summary>
    public async Task DeleteAsync(string name, AwsCalls calls, CancellationToken cancellationToken)
        => await calls.Of(s3.DeleteObjectAsync(
            new DeleteObjectRequest { BucketName = lake.Value.LakeBucketName, Key = Folder + name }, cancellationToken));

    /// <summary>
    /// The names of the documents below a folder such as <c>manifests/</c>, in the order of the alphabet; those from
    /// <paramref name="before"/> on are left out, and not asked for.
    /// </summary>
    public async Task<List<string>> ListAsync(string folder, string? before, AwsCalls calls, CancellationToken cancellationToken)
    {
        var names = new List<string>();
        var request = new ListObjectsV2Request
        {
            BucketName = lake.Value.LakeBucketName,
            Prefix = Folder + folder,
        };
        do
        {
            var page = await calls.Of(s3.ListObjectsV2Async(request, cancellationToken));
            foreach (var name in (page.S3Objects ?? []).Select(o => o.Key[Folder.Length..]))
            {
                if (before is not null && string.CompareOrdinal(name, before) >= 0)
                {
                    return names;
                }

                names.Add(name);
            }

            request.ContinuationToken = page.NextContinuationToken;
        }
        while (request.ContinuationToken is not null);

        return names;
    }

    private async Task<string?> PutIfAsync<T>(
        string name, T value, JsonTypeInfo<T> type, Action<PutObjectRequest> condition, AwsCalls calls, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            var request = Request(name, value, type);
            condition(request);
            try
            {
                return (await calls.Of(s3.PutObjectAsync(request, cancellationToken))).ETag;
            }
            catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.Conflict && tries < Tries)
            {
            }
            catch (AmazonS3Exception e) when (e.StatusCode is HttpStatusCode.PreconditionFailed or HttpStatusCode.Conflict)
            {
                return null;
            }
            catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound)
            {
                return e.ErrorCode == "NoSuchBucket" ? throw LakeBucket.Missing(lake.Value, e) : null;
            }
        }
    }

    private PutObjectRequest Request<T>(string name, T value, JsonTypeInfo<T> type) => new()
    {
        BucketName = lake.Value.LakeBucketName,
        Key = Folder + name,
        ContentBody = JsonSerializer.Serialize(value, type),
        ContentType = "application/json",
    };
}
