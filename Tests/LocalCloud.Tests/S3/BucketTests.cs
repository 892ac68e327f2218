using Amazon.S3;
using Amazon.S3.Model;

namespace LocalCloud.Tests.S3;

public sealed class BucketTests(SharedServer shared) : S3Fixture<SharedServer>(shared)
{
    [Fact]
    public async Task A_bucket_is_listed_and_survives_a_restart()
    {
        await Server.RestartAsync();

        var buckets = await Server.S3().ListBucketsAsync();

        Assert.Contains(Bucket, buckets.Buckets.Select(b => b.BucketName));
    }

    [Fact]
    public async Task A_bucket_is_in_the_region_it_was_created_in()
    {
        var west = Server.S3(config => config.AuthenticationRegion = "eu-west-1");
        await west.PutBucketAsync(new PutBucketRequest { BucketName = "west", BucketRegion = S3Region.EUWest1 });

        Assert.Equal("eu-west-1", (await S3.GetBucketLocationAsync("west")).Location.Value);
        Assert.Equal("eu-west-1", (await S3.HeadBucketAsync(new HeadBucketRequest { BucketName = "west" })).BucketRegion);
        Assert.Equal("us-east-1", (await S3.HeadBucketAsync(new HeadBucketRequest { BucketName = Bucket })).BucketRegion);
        Assert.Equal("", (await S3.GetBucketLocationAsync(Bucket)).Location.Value ?? "");
    }

    [Fact]
    public async Task A_bucket_that_is_expected_to_be_somebody_else_s_is_refused()
    {
        await S3.HeadBucketAsync(new HeadBucketRequest { BucketName = Bucket, ExpectedBucketOwner = "000000000000" });
        var refused = await Assert.ThrowsAnyAsync<AmazonS3Exception>(() => S3.HeadBucketAsync(new HeadBucketRequest { BucketName = Bucket, ExpectedBucketOwner = "123456789012" }));
        Assert.Equal(System.Net.HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal(("AccessDenied", 403), await ErrorAsync(() => S3.PutObjectAsync(new PutObjectRequest { BucketName = Bucket, Key = "k", ContentBody = "x", ExpectedBucketOwner = "123456789012" })));
        var missing = await Assert.ThrowsAnyAsync<AmazonS3Exception>(() => S3.HeadBucketAsync(new HeadBucketRequest { BucketName = "nowhere", ExpectedBucketOwner = "123456789012" }));
        Assert.Equal(System.Net.HttpStatusCode.NotFound, missing.StatusCode);
    }

    [Fact]
    public async Task A_region_creates_only_its_own_buckets()
    {
        var west = Server.S3(config => config.AuthenticationRegion = "eu-west-1");
        var error = await ErrorAsync(() => west.PutBucketAsync(new PutBucketRequest { BucketName = "east", BucketRegion = S3Region.EUCentral1, UseClientRegion = false }));
        Assert.Equal(("IllegalLocationConstraintException", 400), error);
    }

    [Fact]
    public async Task Creating_a_bucket_again_succeeds_in_us_east_1_and_nowhere_else()
    {
        await S3.PutBucketAsync(Bucket);

        var west = Server.S3(config => config.AuthenticationRegion = "eu-west-1");
        var request = new PutBucketRequest { BucketName = "west-again", BucketRegion = S3Region.EUWest1 };
        await west.PutBucketAsync(request);
        Assert.Equal(("BucketAlreadyOwnedByYou", 409), await ErrorAsync(() => west.PutBucketAsync(request)));
    }

    [Theory]
    [InlineData("ab")]
    [InlineData("Upper")]
    [InlineData("two..dots")]
    [InlineData("192.168.1.1")]
    [InlineData("-dash")]
    public async Task A_name_that_S3_does_not_allow_is_refused(string name)
    {
        using var response = await Server.Http().PutAsync("/" + name, null);
        Assert.Equal(400, (int)response.StatusCode);
        Assert.Contains("<Code>InvalidBucketName</Code><Message>The specified bucket is not valid.</Message>", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Only_an_empty_bucket_can_be_deleted()
    {
        await PutAsync("k", "v");
        Assert.Equal(("BucketNotEmpty", 409), await ErrorAsync(() => S3.DeleteBucketAsync(Bucket)));

        await S3.DeleteObjectAsync(Bucket, "k");
        await S3.DeleteBucketAsync(Bucket);

        Assert.Equal(("NoSuchBucket", 404), await ErrorAsync(() => S3.DeleteBucketAsync(Bucket)));
        Assert.Equal(("NoSuchBucket", 404), await ErrorAsync(() => S3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = Bucket })));
        Assert.Equal(("NoSuchBucket", 404), await ErrorAsync(() => S3.GetObjectAsync(Bucket, "k")));
        Assert.Equal(("NoSuchBucket", 404), await ErrorAsync(() => S3.DeleteObjectAsync(Bucket, "k")));
    }
}
