using System.Net;
using Amazon.Glue;
using Amazon.Glue.Model;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using LocalCloud.Tests.S3;
using Microsoft.Extensions.Time.Testing;

namespace LocalCloud.Tests.Signing;

/// <summary>With <c>LocalCloud:Verify</c>: what is signed well gets through, and what is not is refused as AWS would.</summary>
public sealed class VerifyTests(VerifyTests.VerifyingServer shared) : S3Fixture<VerifyTests.VerifyingServer>(shared)
{
    public sealed class VerifyingServer : SharedServer
    {
        public FakeTimeProvider Time { get; } = new(TimeProvider.System.GetUtcNow());

        protected override Task<LocalCloudServer> StartAsync() => LocalCloudServer.StartAsync(Time, new() { ["LocalCloud:Verify"] = "true" });
    }

    public override ValueTask InitializeAsync()
    {
        Shared.Time.AdjustTime(TimeProvider.System.GetUtcNow());
        return base.InitializeAsync();
    }

    [Fact]
    public async Task The_official_client_signs_every_kind_of_request_and_key()
    {
        const string key = "a b/ü+*'()&$@=;:,?#~%2F/雪";
        var bytes = new byte[200_000];
        Random.Shared.NextBytes(bytes);
        await S3.PutObjectAsync(new PutObjectRequest { BucketName = Bucket, Key = key, InputStream = new MemoryStream(bytes) });
        await S3.PutObjectAsync(new PutObjectRequest { BucketName = Bucket, Key = "whole", InputStream = new MemoryStream(bytes), UseChunkEncoding = false });
        await S3.CopyObjectAsync(Bucket, key, Bucket, "copy");

        using var found = await S3.GetObjectAsync(Bucket, key);
        var content = new MemoryStream();
        await found.ResponseStream.CopyToAsync(content);
        var listed = await S3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = Bucket, Prefix = "a b/ü+*'()", Delimiter = "#" });

        Assert.Equal(bytes, content.ToArray());
        Assert.Equal("a b/ü+*'()&$@=;:,?#", listed.CommonPrefixes.Single());
    }

    [Fact]
    public async Task A_presigned_address_works_until_it_expires_and_only_unchanged()
    {
        await PutAsync("k", "hello");
        var url = await S3.GetPreSignedURLAsync(new GetPreSignedUrlRequest
        {
            BucketName = Bucket, Key = "k", Protocol = Amazon.S3.Protocol.HTTP, Expires = TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(10),
        });

        Assert.Equal("hello", await Server.Http().GetStringAsync(url));
        await AssertRefusedAsync(await Server.Http().GetAsync(url.Replace("/k?", "/other?", StringComparison.Ordinal)), 403, "SignatureDoesNotMatch");
        Shared.Time.Advance(TimeSpan.FromMinutes(11));
        await AssertRefusedAsync(await Server.Http().GetAsync(url), 403, "AccessDenied", "Request has expired");
    }

    [Fact]
    public async Task Nobody_in_particular_is_refused() =>
        await AssertRefusedAsync(await Server.Http().GetAsync($"/{Bucket}"), 403, "AccessDenied", "Access Denied");

    [Fact]
    public async Task A_wrong_secret_or_key_is_told_apart()
    {
        var wrongSecret = Server.S3(credentials: new BasicAWSCredentials(LocalCloudServer.AccessKey, "wrong"));
        var unknown = Server.S3(credentials: new BasicAWSCredentials("AKIAUNKNOWN", "wrong"));
        Assert.Equal(("SignatureDoesNotMatch", 403), await ErrorAsync(() => wrongSecret.ListBucketsAsync()));
        Assert.Equal(("InvalidAccessKeyId", 403), await ErrorAsync(() => unknown.ListBucketsAsync()));
    }

    [Fact]
    public async Task The_JSON_services_answer_in_their_own_words()
    {
        AmazonGlueClient Glue(AWSCredentials? keys) => Server.Client<AmazonGlueClient, AmazonGlueConfig>((k, config) => new(k, config), credentials: keys);

        await Glue(null).GetDatabasesAsync(new GetDatabasesRequest());
        var wrong = await Assert.ThrowsAnyAsync<AmazonServiceException>(
            () => Glue(new BasicAWSCredentials(LocalCloudServer.AccessKey, "wrong")).GetDatabasesAsync(new GetDatabasesRequest()));
        var unknown = await Assert.ThrowsAnyAsync<AmazonServiceException>(
            () => Glue(new BasicAWSCredentials("AKIAUNKNOWN", "wrong")).GetDatabasesAsync(new GetDatabasesRequest()));

        Assert.Equal("InvalidSignatureException", wrong.ErrorCode);
        Assert.Equal("UnrecognizedClientException", unknown.ErrorCode);
    }

    [Theory]
    [InlineData(16)]
    [InlineData(-16)]
    public async Task A_clock_that_is_too_far_off_is_refused(int minutes)
    {
        using var request = Signed();
        Shared.Time.AdjustTime(Shared.Time.GetUtcNow() + TimeSpan.FromMinutes(minutes));
        await AssertRefusedAsync(await Server.Http().SendAsync(request), 403, "RequestTimeTooSkewed", "The difference between the request time and the current time is too large.");
    }

    [Fact]
    public async Task A_role_can_be_assumed_and_its_keys_expire()
    {
        var sts = Sts(null);
        var role = await sts.AssumeRoleAsync(new AssumeRoleRequest { RoleArn = "arn:aws:iam::000000000000:role/firehose", RoleSessionName = "test", DurationSeconds = 900 });
        var keys = new SessionAWSCredentials(role.Credentials.AccessKeyId, role.Credentials.SecretAccessKey, role.Credentials.SessionToken);

        Assert.Equal("arn:aws:sts::000000000000:assumed-role/firehose/test", (await Sts(keys).GetCallerIdentityAsync(new GetCallerIdentityRequest())).Arn);
        await Server.S3(credentials: keys).ListBucketsAsync();

        var forged = new SessionAWSCredentials(role.Credentials.AccessKeyId, role.Credentials.SecretAccessKey, role.Credentials.SessionToken[..^4] + "AAA=");
        Assert.Equal(("InvalidToken", 400), await ErrorAsync(() => Server.S3(credentials: forged).ListBucketsAsync()));

        Shared.Time.Advance(TimeSpan.FromMinutes(16));
        Assert.Equal(("ExpiredToken", 400), await ErrorAsync(() => Server.S3(credentials: keys).ListBucketsAsync()));
    }

    private AmazonSecurityTokenServiceClient Sts(AWSCredentials? keys) =>
        Server.Client<AmazonSecurityTokenServiceClient, AmazonSecurityTokenServiceConfig>((k, config) => new(k, config), credentials: keys);

    private static async Task AssertRefusedAsync(HttpResponseMessage response, int status, string code, string? message = null)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.Equal((HttpStatusCode)status, response.StatusCode);
        Assert.Contains($"<Code>{code}</Code><Message>{message}", body);
        response.Dispose();
    }

    // The signature is not looked at before the clock, so any will do.
    private HttpRequestMessage Signed()
    {
        var now = Shared.Time.GetUtcNow().UtcDateTime;
        var request = new HttpRequestMessage(HttpMethod.Get, $"/{Bucket}");
        request.Headers.Add("x-amz-date", now.ToString("yyyyMMdd'T'HHmmss'Z'"));
        request.Headers.TryAddWithoutValidation(
            "Authorization",
            $"AWS4-HMAC-SHA256 Credential={LocalCloudServer.AccessKey}/{now:yyyyMMdd}/us-east-1/s3/aws4_request,SignedHeaders=host;x-amz-date,Signature={new string('0', 64)}");
        return request;
    }
}
