using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Amazon.S3;
using Amazon.S3.Model;
using Algorithm = LocalCloud.S3.ChecksumAlgorithm;

namespace LocalCloud.Tests.S3;

/// <summary>Bodies as they come over the wire: coded, checked, refused.</summary>
public sealed class PayloadTests(SharedServer shared) : S3Fixture<SharedServer>(shared)
{
    private const string CrcOfHello = "NhCmhg=="; // of "hello", as zlib.crc32 gives it

    [Theory] // the check values of the CRC catalogue, for "123456789"
    [InlineData(Algorithm.Crc32, "CBF43926")]
    [InlineData(Algorithm.Crc32C, "E3069283")]
    [InlineData(Algorithm.Crc64Nvme, "AE8B14860A799888")]
    [InlineData(Algorithm.Sha1, "F7C3BC1D808E04732ADF679965CCC34CA7AE3441")]
    [InlineData(Algorithm.Sha256, "15E2B0D3C33891EBB0F1EF609EC419420C20E320CE94C65FBC8C3312448EB225")]
    public void A_checksum_has_its_published_value_however_the_bytes_are_cut(Algorithm algorithm, string expected)
    {
        for (var cut = 0; cut <= 9; cut++)
        {
            using var checksum = LocalCloud.S3.Payload.Checksum.Create(algorithm);
            checksum.Append("123456789"u8[..cut]);
            checksum.Append("123456789"u8[cut..]);
            Assert.Equal(expected, Convert.ToHexString(checksum.Value()));
        }
    }

    [Fact]
    public async Task A_streamed_body_with_a_trailing_checksum_is_decoded()
    {
        using var response = await PutChunkedAsync($"3\r\nhel\r\n2\r\nlo\r\n0\r\nx-amz-checksum-crc32:{CrcOfHello}\r\n\r\n", 5);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal(CrcOfHello, response.Headers.GetValues("x-amz-checksum-crc32").Single());
        Assert.Equal("hello", await TextAsync("k"));
        Assert.Empty((await S3.GetObjectMetadataAsync(Bucket, "k")).Headers.ContentEncoding ?? "");
    }

    [Theory]
    [InlineData("3\r\nhel\r\n2\r\nlo\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n", 5, "BadDigest")]
    [InlineData("3\r\nhel\r\n2\r\nlo\r\n0\r\nx-amz-checksum-crc32:nonsense\r\n\r\n", 5, "InvalidRequest")]
    [InlineData("3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n", 5, "InvalidRequest")]
    [InlineData("3\r\nhel\r\n2\r\nlo\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n", 6, "IncompleteBody")]
    [InlineData("3\r\nhel\r\n2\r\nl", 5, "IncompleteBody")]
    [InlineData("3\r\nhello\r\n0\r\n\r\n", 5, "InvalidRequest")]
    [InlineData("zz\r\nhello\r\n0\r\n\r\n", 5, "InvalidRequest")]
    [InlineData("5\r\nhello\r\n0\r\nno colon\r\n\r\n", 5, "MalformedTrailerError")]
    public async Task A_streamed_body_that_is_not_what_it_says_leaves_nothing(string body, int decoded, string code)
    {
        using var response = await PutChunkedAsync(body, decoded);

        Assert.Equal(400, (int)response.StatusCode);
        Assert.Contains($"<Code>{code}</Code>", await response.Content.ReadAsStringAsync());
        Assert.Equal(404, (int)(await Server.Http().GetAsync($"/{Bucket}/k")).StatusCode);
    }

    [Theory] // CRC32C and CRC64NVME need a native library there; the raw requests below have them
    [InlineData("CRC32")]
    [InlineData("SHA1")]
    [InlineData("SHA256")]
    public async Task The_official_client_sends_and_checks_the_algorithms_it_has(string name)
    {
        var bytes = new byte[300_000];
        Random.Shared.NextBytes(bytes);
        await S3.PutObjectAsync(new PutObjectRequest
        {
            BucketName = Bucket, Key = name, InputStream = new MemoryStream(bytes), ChecksumAlgorithm = ChecksumAlgorithm.FindValue(name),
        });

        using var found = await S3.GetObjectAsync(new GetObjectRequest { BucketName = Bucket, Key = name, ChecksumMode = ChecksumMode.ENABLED });
        var content = new MemoryStream();
        await found.ResponseStream.CopyToAsync(content); // throws when the checksum in the answer is not the content's

        Assert.Equal(bytes, content.ToArray());
        Assert.Equal("FULL_OBJECT", found.ChecksumType.Value);
    }

    [Fact]
    public async Task An_object_without_a_checksum_gets_one()
    {
        using var put = await Server.Http().PutAsync($"/{Bucket}/k", new StringContent("123456789"));
        Assert.Equal("rosUhgp5mIg=", put.Headers.GetValues("x-amz-checksum-crc64nvme").Single());
    }

    [Theory]
    [InlineData("Content-MD5", "AAAAAAAAAAAAAAAAAAAAAA==", "BadDigest")]
    [InlineData("Content-MD5", "AAAA", "InvalidDigest")]
    [InlineData("x-amz-content-sha256", "0000000000000000000000000000000000000000000000000000000000000000", "XAmzContentSHA256Mismatch")]
    [InlineData("x-amz-content-sha256", "abc", "InvalidArgument")]
    [InlineData("x-amz-checksum-sha256", "AAAA", "InvalidRequest")]
    [InlineData("x-amz-checksum-crc32", "AAAAAA==", "BadDigest")]
    public async Task A_digest_that_does_not_fit_is_refused(string header, string value, string code)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/{Bucket}/k") { Content = new StringContent("hello") };
        if (!request.Headers.TryAddWithoutValidation(header, value))
        {
            request.Content.Headers.TryAddWithoutValidation(header, value);
        }

        using var response = await Server.Http().SendAsync(request);
        Assert.Equal(400, (int)response.StatusCode);
        Assert.Contains($"<Code>{code}</Code>", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("x-amz-checksum-crc32c", "4waSgw==")]
    [InlineData("x-amz-checksum-crc64nvme", "rosUhgp5mIg=")]
    [InlineData("x-amz-checksum-crc32", "y/Q5Jg==")]
    public async Task A_correct_digest_is_kept_and_told_to_who_asks(string header, string value)
    {
        using var put = new HttpRequestMessage(HttpMethod.Put, $"/{Bucket}/k") { Content = new StringContent("123456789") };
        put.Content.Headers.ContentMD5 = MD5.HashData("123456789"u8);
        put.Headers.Add(header, value);
        (await Server.Http().SendAsync(put)).EnsureSuccessStatusCode();

        using var get = new HttpRequestMessage(HttpMethod.Get, $"/{Bucket}/k");
        get.Headers.Add("x-amz-checksum-mode", "ENABLED");
        using var found = await Server.Http().SendAsync(get);
        Assert.Equal(value, found.Headers.GetValues(header).Single());
    }

    [Fact]
    public async Task A_body_of_unknown_length_is_refused_as_S3_does()
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/{Bucket}/k") { Content = new StringContent("hello") };
        request.Headers.TransferEncodingChunked = true;
        using var response = await Server.Http().SendAsync(request);
        Assert.Equal(501, (int)response.StatusCode);
        Assert.Contains("<Code>NotImplemented</Code>", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_put_beyond_five_gibibytes_is_refused_before_it_is_read()
    {
        using var response = await PutChunkedAsync("0\r\n\r\n", 5L * 1024 * 1024 * 1024 + 1);
        Assert.Contains("<Code>EntityTooLarge</Code>", await response.Content.ReadAsStringAsync());
    }

    private Task<HttpResponseMessage> PutChunkedAsync(string body, long decoded)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, $"/{Bucket}/k") { Content = new ByteArrayContent(Encoding.ASCII.GetBytes(body)) };
        request.Content.Headers.ContentEncoding.Add("aws-chunked");
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("text/plain");
        request.Headers.Add("x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER");
        request.Headers.Add("x-amz-decoded-content-length", decoded.ToString());
        request.Headers.Add("x-amz-trailer", "x-amz-checksum-crc32");
        return Server.Http().SendAsync(request);
    }
}
