using Amazon.S3.Model;

namespace LocalCloud.Tests.S3;

public sealed class ListTests(SharedServer shared) : S3Fixture<SharedServer>(shared)
{
    [Fact]
    public async Task Pages_follow_each_other_without_gap_or_repetition()
    {
        var keys = Enumerable.Range(0, 25).Select(i => $"k{i:00}").ToArray();
        await PutAllAsync(keys);

        var pages = await PagesAsync(new ListObjectsV2Request { BucketName = Bucket, MaxKeys = 10 });

        Assert.Equal([10, 10, 5], pages.Select(p => p.KeyCount ?? 0));
        Assert.Equal(keys, pages.SelectMany(p => p.S3Objects).Select(o => o.Key));
    }

    [Fact]
    public async Task A_delimiter_rolls_keys_up_and_a_page_may_end_at_a_prefix()
    {
        await PutAllAsync("a", "b/1", "b/2", "c", "d/1", "d/2/3");

        var pages = await PagesAsync(new ListObjectsV2Request { BucketName = Bucket, Delimiter = "/", MaxKeys = 1 });

        Assert.Equal(["a", "b/", "c", "d/"], pages.SelectMany(p => (p.S3Objects ?? []).Select(o => o.Key).Concat(p.CommonPrefixes ?? [])));
        var inside = await S3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = Bucket, Prefix = "d/", Delimiter = "/" });
        Assert.Equal(("d/1", "d/2/"), (inside.S3Objects.Single().Key, inside.CommonPrefixes.Single()));
    }

    [Fact]
    public async Task A_start_inside_a_prefix_shows_what_of_it_comes_later()
    {
        await PutAllAsync("h=01/a", "h=02/a", "h=02/b", "h=03/a");

        Assert.Equal(["h=02/", "h=03/"], await PrefixesAfterAsync("h=02/a"));
        Assert.Equal(["h=03/"], await PrefixesAfterAsync("h=02/"));
        Assert.Equal(["h=03/"], await PrefixesAfterAsync("h=02/b"));

        async Task<List<string>> PrefixesAfterAsync(string start) =>
            (await S3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = Bucket, Delimiter = "/", StartAfter = start })).CommonPrefixes;
    }

    [Fact]
    public async Task The_first_version_of_listing_goes_on_from_a_marker()
    {
        await PutAllAsync("a", "b/1", "b/2", "c");

        var first = await S3.ListObjectsAsync(new ListObjectsRequest { BucketName = Bucket, Delimiter = "/", MaxKeys = 2 });
        var second = await S3.ListObjectsAsync(new ListObjectsRequest { BucketName = Bucket, Delimiter = "/", Marker = first.NextMarker });

        Assert.Equal(("a", "b/", "b/"), (first.S3Objects.Single().Key, first.CommonPrefixes.Single(), first.NextMarker));
        Assert.Equal(("c", false), (second.S3Objects.Single().Key, second.IsTruncated));
    }

    [Fact]
    public async Task Versions_are_the_objects_as_they_are()
    {
        await PutAllAsync("a", "b");
        var versions = await S3.ListVersionsAsync(Bucket);
        Assert.Equal([("a", "null", true), ("b", "null", true)], versions.Versions.Select(v => (v.Key, v.VersionId, v.IsLatest ?? false)));
    }

    [Fact]
    public async Task Names_are_escaped_when_asked_for()
    {
        await PutAllAsync("a b+c/ü&\u0001");
        var raw = await Server.Http().GetStringAsync($"/{Bucket}?list-type=2&encoding-type=url&prefix=a%20b");
        Assert.Contains("<Key>a+b%2Bc/%C3%BC%26%01</Key>", raw);
        Assert.Contains("<Prefix>a+b</Prefix>", raw);
        Assert.Contains("<EncodingType>url</EncodingType>", raw);
        Assert.Contains("<Key>a b+c/ü&amp;&#x1;</Key>", await Server.Http().GetStringAsync($"/{Bucket}?list-type=2"));
    }

    [Theory]
    [InlineData("max-keys=x", "Provided max-keys not an integer or within integer range")]
    [InlineData("max-keys=-1", "Provided max-keys not an integer or within integer range")]
    [InlineData("continuation-token=%21", "The continuation token provided is incorrect")]
    [InlineData("continuation-token=", "The continuation token provided is incorrect")]
    [InlineData("encoding-type=rot13", "Invalid Encoding Method specified in Request")]
    public async Task An_argument_that_makes_no_sense_is_refused(string query, string message)
    {
        using var response = await Server.Http().GetAsync($"/{Bucket}?list-type=2&{query}");
        Assert.Equal(400, (int)response.StatusCode);
        Assert.Contains($"<Code>InvalidArgument</Code><Message>{message}</Message>", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task No_keys_are_asked_for_and_none_come()
    {
        await PutAllAsync("a");
        var empty = await Server.Http().GetStringAsync($"/{Bucket}?list-type=2&max-keys=0");
        Assert.Contains("<KeyCount>0</KeyCount><MaxKeys>0</MaxKeys><IsTruncated>false</IsTruncated>", empty);
    }

    [Fact]
    public async Task The_owner_is_told_only_when_asked_for()
    {
        await PutAllAsync("a");
        Assert.DoesNotContain("<Owner>", await Server.Http().GetStringAsync($"/{Bucket}?list-type=2"));
        Assert.Contains("<Owner>", await Server.Http().GetStringAsync($"/{Bucket}?list-type=2&fetch-owner=true"));
    }

    private async Task PutAllAsync(params string[] keys)
    {
        foreach (var key in keys)
        {
            await PutAsync(key, "");
        }
    }

    private async Task<List<ListObjectsV2Response>> PagesAsync(ListObjectsV2Request request)
    {
        var pages = new List<ListObjectsV2Response>();
        do
        {
            pages.Add(await S3.ListObjectsV2Async(request));
            request.ContinuationToken = pages[^1].NextContinuationToken;
        }
        while (pages[^1].IsTruncated == true);

        return pages;
    }
}
