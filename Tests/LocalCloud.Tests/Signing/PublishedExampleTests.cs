using System.Text;
using LocalCloud.S3;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace LocalCloud.Tests.Signing;

/// <summary>
/// The examples that AWS publishes, signatures and all
/// (https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html, sigv4-query-string-auth.html, sigv4-streaming.html).
/// </summary>
public sealed class PublishedExampleTests : IAsyncLifetime
{
    private const string Scope = "AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request";
    private const string EmptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private LocalCloudServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await LocalCloudServer.StartAsync(
            new FakeTimeProvider(new DateTimeOffset(2013, 5, 24, 0, 0, 0, TimeSpan.Zero)),
            new()
            {
                ["LocalCloud:Verify"] = "true",
                ["LocalCloud:AccessKey"] = "AKIAIOSFODNN7EXAMPLE",
                ["LocalCloud:SecretKey"] = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            });
        var store = _server.Services.GetRequiredService<ObjectStore>();
        store.CreateBucket("examplebucket");
        await store.PutAsync("examplebucket", "test.txt", new MemoryStream("Welcome to Amazon S3."u8.ToArray()));
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Getting_part_of_an_object()
    {
        using var request = Request(HttpMethod.Get, "/test.txt", "examplebucket.s3.amazonaws.com", EmptyHash);
        request.Headers.TryAddWithoutValidation("Range", "bytes=0-9");
        Sign(request, "host;range;x-amz-content-sha256;x-amz-date", "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");

        using var response = await _server.Http().SendAsync(request);
        Assert.Equal((206, "Welcome to"), ((int)response.StatusCode, await response.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task Listing_objects()
    {
        using var request = Request(HttpMethod.Get, "/?max-keys=2&prefix=J", "examplebucket.s3.amazonaws.com", EmptyHash);
        Sign(request, "host;x-amz-content-sha256;x-amz-date", "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");

        using var response = await _server.Http().SendAsync(request);
        Assert.Equal(200, (int)response.StatusCode);
    }

    [Fact]
    public async Task A_presigned_address()
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Get,
            "/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
            + "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404");
        request.Headers.Host = "examplebucket.s3.amazonaws.com";

        using var response = await _server.Http().SendAsync(request);
        Assert.Equal((200, "Welcome to Amazon S3."), ((int)response.StatusCode, await response.Content.ReadAsStringAsync()));
    }

    [Theory]
    [InlineData('a', 200)]
    [InlineData('b', 403)]
    public async Task A_put_whose_chunks_are_signed(char lastByte, int status)
    {
        var body = new StringBuilder()
            .Append("10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648\r\n").Append('a', 65536).Append("\r\n")
            .Append("400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497\r\n").Append('a', 1023).Append(lastByte).Append("\r\n")
            .Append("0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n\r\n");
        using var request = Request(HttpMethod.Put, "/examplebucket/chunkObject.txt", "s3.amazonaws.com", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD");
        request.Content = new ByteArrayContent(Encoding.ASCII.GetBytes(body.ToString()));
        request.Content.Headers.ContentEncoding.Add("aws-chunked");
        request.Headers.Add("x-amz-decoded-content-length", "66560");
        request.Headers.Add("x-amz-storage-class", "REDUCED_REDUNDANCY");
        Assert.Equal(66824, request.Content.Headers.ContentLength);
        Sign(
            request,
            "content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class",
            "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9");

        using var response = await _server.Http().SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(status == 200, _server.Services.GetRequiredService<ObjectStore>().Find("examplebucket", "chunkObject.txt") is not null);
    }

    private static HttpRequestMessage Request(HttpMethod method, string path, string host, string payloadHash)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Host = host;
        request.Headers.Add("x-amz-content-sha256", payloadHash);
        request.Headers.Add("x-amz-date", "20130524T000000Z");
        return request;
    }

    private static void Sign(HttpRequestMessage request, string headers, string signature) => request.Headers.TryAddWithoutValidation(
        "Authorization", $"AWS4-HMAC-SHA256 Credential={Scope},SignedHeaders={headers},Signature={signature}");
}
