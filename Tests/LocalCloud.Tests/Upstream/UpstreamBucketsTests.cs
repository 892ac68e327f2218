using Amazon.S3;
using Amazon.S3.Model;
using LocalCloud.S3;
using LocalCloud.Upstream;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ObjectAttributes = LocalCloud.S3.ObjectAttributes;

namespace LocalCloud.Tests.Upstream;

/// <summary>Two real servers: the one below reads the buckets of the one above.</summary>
public sealed class UpstreamBucketsTests : IAsyncLifetime
{
    private LocalCloudServer _above = null!;
    private LocalCloudServer _below = null!;

    private AmazonS3Client Above => _above.S3();

    private ObjectStore Copy => _below.Services.GetRequiredService<ObjectStore>();

    private UpstreamBuckets Buckets => _below.Services.GetRequiredService<UpstreamBuckets>();

    public async ValueTask InitializeAsync()
    {
        _above = await LocalCloudServer.StartAsync();
        _below = await LocalCloudServer.StartAsync(settings: new() { ["LocalCloud:Upstream:Url"] = _above.Url });
        await Above.PutBucketAsync("lake");
    }

    public async ValueTask DisposeAsync()
    {
        await _below.DisposeAsync();
        await _above.DisposeAsync();
    }

    [Fact]
    public async Task A_pull_brings_new_objects_changed_ones_and_deletions()
    {
        await PutAsync("events/a", "one");
        await PutAsync("events/b", "two");
        await Buckets.PullAsync("lake", default);
        Assert.Equal(["events/a=one", "events/b=two"], Copied());

        await PutAsync("events/a", "changed");
        await PutAsync("events/c", "three");
        await Above.DeleteObjectAsync("lake", "events/b");
        await Buckets.PullAsync("lake", default);

        Assert.Equal(["events/a=changed", "events/c=three"], Copied());
    }

    [Fact]
    public async Task What_is_there_already_is_not_fetched_again()
    {
        await PutAsync("events/a", "one");
        await Buckets.PullAsync("lake", default);
        var path = Copy.Find("lake", "events/a")!.Path;

        await Buckets.PullAsync("lake", default);

        Assert.Equal(path, Copy.Find("lake", "events/a")!.Path);
    }

    [Fact]
    public async Task An_object_uploaded_in_parts_is_fetched_once()
    {
        var upload = await Above.InitiateMultipartUploadAsync("lake", "events/parts");
        using var body = new MemoryStream("one part"u8.ToArray());
        var part = await Above.UploadPartAsync(new UploadPartRequest
        {
            BucketName = "lake", Key = "events/parts", UploadId = upload.UploadId, PartNumber = 1, InputStream = body,
        });
        await Above.CompleteMultipartUploadAsync(new CompleteMultipartUploadRequest
        {
            BucketName = "lake", Key = "events/parts", UploadId = upload.UploadId, PartETags = [new PartETag(1, part.ETag)],
        });
        await Buckets.PullAsync("lake", default);
        var path = Copy.Find("lake", "events/parts")!.Path;

        await Buckets.PullAsync("lake", default);

        Assert.Equal(path, Copy.Find("lake", "events/parts")!.Path);
    }

    [Fact]
    public async Task What_is_put_is_there_for_others_and_survives_the_next_pull()
    {
        await Buckets.PullAsync("lake", default);
        using var body = new MemoryStream("result"u8.ToArray());

        await Buckets.PutAsync("lake", "athena-results/1.csv", body, ObjectAttributes.None, default);
        await Buckets.PullAsync("lake", default);

        using var read = await Above.GetObjectAsync("lake", "athena-results/1.csv");
        using var text = new StreamReader(read.ResponseStream);
        Assert.Equal("result", await text.ReadToEndAsync());
        Assert.Equal(["athena-results/1.csv=result"], Copied());
    }

    [Fact]
    public async Task Pulls_leave_alone_what_is_being_put_meanwhile()
    {
        await Buckets.PullAsync("lake", default);
        var keys = Enumerable.Range(10, 40).Select(i => $"athena-results/{i}.csv").ToList();

        await Task.WhenAll(keys.SelectMany(key => new[]
        {
            Buckets.PutAsync("lake", key, new MemoryStream("result"u8.ToArray()), ObjectAttributes.None, default),
            Buckets.PullAsync("lake", default),
        }));

        Assert.Equal(keys, Copy.List("lake").Select(found => found.Key));
    }

    [Fact]
    public async Task A_bucket_that_the_other_lacks_is_its_error()
    {
        var error = await Assert.ThrowsAnyAsync<AmazonS3Exception>(() => Buckets.PullAsync("nowhere", default));

        Assert.Equal("NoSuchBucket", error.ErrorCode);
    }

    [Fact]
    public async Task Without_an_upstream_a_pull_leaves_everything_alone()
    {
        var store = _above.Services.GetRequiredService<ObjectStore>();
        await PutAsync("events/a", "one");

        await _above.Services.GetRequiredService<UpstreamBuckets>().PullAsync("lake", default);

        Assert.NotNull(store.Find("lake", "events/a"));
    }

    [Fact]
    public async Task A_wrong_address_stops_the_start_and_names_the_setting()
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(
            () => LocalCloudServer.StartAsync(settings: new() { ["LocalCloud:Upstream:Url"] = "localhost:4566" }));

        Assert.Contains("LocalCloud:Upstream:Url", error.Message, StringComparison.Ordinal);
    }

    private Task PutAsync(string key, string text) =>
        Above.PutObjectAsync(new PutObjectRequest { BucketName = "lake", Key = key, ContentBody = text });

    private IEnumerable<string> Copied() => Copy.List("lake").Select(found =>
    {
        using var text = new StreamReader(Copy.OpenRead(found));
        return $"{found.Key}={text.ReadToEnd()}";
    });
}
