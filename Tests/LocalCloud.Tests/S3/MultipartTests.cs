using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.S3.Transfer;

namespace LocalCloud.Tests.S3;

public sealed class MultipartTests(SharedServer shared) : S3Fixture<SharedServer>(shared)
{
    private const int PartSize = 5 * 1024 * 1024;

    [Fact]
    public async Task Parts_become_one_object_whose_ETag_counts_them()
    {
        var (first, last) = (Bytes(PartSize), Bytes(1000));
        var upload = await StartAsync(request => request.ContentType = "text/x-parts");
        var parts = new List<PartETag> { await PartAsync(upload, 1, first), await PartAsync(upload, 3, last) };

        var completed = await CompleteAsync(upload, parts);

        var md5OfMd5s = MD5.HashData([.. MD5.HashData(first), .. MD5.HashData(last)]);
        Assert.Equal($"\"{Convert.ToHexStringLower(md5OfMd5s)}-2\"", completed.ETag);
        using var found = await S3.GetObjectAsync(Bucket, "k");
        var content = new MemoryStream();
        await found.ResponseStream.CopyToAsync(content);
        Assert.Equal([.. first, .. last], content.ToArray());
        Assert.Equal("text/x-parts", found.Headers.ContentType);
        Assert.Equal(("NoSuchUpload", 404), await ErrorAsync(() => CompleteAsync(upload, parts)));
    }

    [Theory]
    [InlineData("CRC32", "COMPOSITE")]
    [InlineData("CRC32", "FULL_OBJECT")]
    [InlineData("SHA1", "COMPOSITE")]
    [InlineData("SHA256", "COMPOSITE")]
    public async Task Parts_and_object_carry_the_checksum_that_was_asked_for(string algorithm, string type)
    {
        var upload = await StartAsync(request =>
        {
            request.ChecksumAlgorithm = ChecksumAlgorithm.FindValue(algorithm);
            request.ChecksumType = ChecksumType.FindValue(type);
        });
        var first = await UploadAsync(upload, 1, Bytes(PartSize), request => request.ChecksumAlgorithm = ChecksumAlgorithm.FindValue(algorithm));
        var second = await UploadAsync(upload, 2, Bytes(7), request => request.ChecksumAlgorithm = ChecksumAlgorithm.FindValue(algorithm));
        await CompleteAsync(upload, [WithChecksums(first), WithChecksums(second)]);

        var head = await S3.GetObjectMetadataAsync(new GetObjectMetadataRequest { BucketName = Bucket, Key = "k", ChecksumMode = ChecksumMode.ENABLED });

        var checksum = head.ChecksumCRC32 ?? head.ChecksumSHA1 ?? head.ChecksumSHA256;
        Assert.Equal(type, head.ChecksumType.Value);
        Assert.Equal(type == "COMPOSITE", checksum.EndsWith("-2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Parts_of_a_composite_checksum_must_be_named_with_theirs()
    {
        var upload = await StartAsync(request => request.ChecksumAlgorithm = ChecksumAlgorithm.SHA256);
        var part = await UploadAsync(upload, 1, Bytes(10), request => request.ChecksumAlgorithm = ChecksumAlgorithm.SHA256);
        Assert.Equal(("InvalidRequest", 400), await RawCompleteAsync(upload, (1, part.ETag)));
    }

    [Fact]
    public async Task A_part_can_be_copied_from_an_object()
    {
        await PutAsync("source", "0123456789");
        var upload = await StartAsync();
        var copied = await S3.CopyPartAsync(new CopyPartRequest
        {
            SourceBucket = Bucket, SourceKey = "source", DestinationBucket = Bucket, DestinationKey = "k", UploadId = upload, PartNumber = 1, FirstByte = 2, LastByte = 5,
        });
        await CompleteAsync(upload, [new PartETag(1, copied.ETag)]);
        Assert.Equal("2345", await TextAsync("k"));
    }

    [Fact]
    public async Task Completing_checks_order_presence_and_size_of_the_parts()
    {
        var upload = await StartAsync();
        var one = await PartAsync(upload, 1, Bytes(10));
        var two = await PartAsync(upload, 2, Bytes(10));

        Assert.Equal(("InvalidPartOrder", 400), await RawCompleteAsync(upload, (2, two.ETag), (1, one.ETag)));
        Assert.Equal(("InvalidPart", 400), await RawCompleteAsync(upload, (1, one.ETag), (3, two.ETag)));
        Assert.Equal(("InvalidPart", 400), await RawCompleteAsync(upload, (1, "\"other\"")));
        Assert.Equal(("EntityTooSmall", 400), await RawCompleteAsync(upload, (1, one.ETag), (2, two.ETag)));
        Assert.Equal(("MalformedXML", 400), await RawCompleteAsync(upload));
        await CompleteAsync(upload, [two]);
    }

    [Fact]
    public async Task Completing_can_depend_on_the_key_being_free()
    {
        await PutAsync("k", "taken");
        var upload = await StartAsync();
        var part = await PartAsync(upload, 1, Bytes(10));
        Assert.Equal(("PreconditionFailed", 412), await ErrorAsync(() => S3.CompleteMultipartUploadAsync(new CompleteMultipartUploadRequest
        {
            BucketName = Bucket, Key = "k", UploadId = upload, PartETags = [part], IfNoneMatch = "*",
        })));
        Assert.Equal("taken", await TextAsync("k"));
    }

    [Fact]
    public async Task An_upload_lists_its_parts_in_pages_and_keeps_the_last_of_a_number()
    {
        var upload = await StartAsync();
        await PartAsync(upload, 2, Bytes(20));
        await PartAsync(upload, 1, Bytes(10));
        await PartAsync(upload, 1, Bytes(11));
        await Server.RestartAsync();

        var first = await Server.S3().ListPartsAsync(new ListPartsRequest { BucketName = Bucket, Key = "k", UploadId = upload, MaxParts = 1 });
        var second = await Server.S3().ListPartsAsync(new ListPartsRequest { BucketName = Bucket, Key = "k", UploadId = upload, PartNumberMarker = first.NextPartNumberMarker?.ToString() });

        Assert.Equal((1, 11L, true), (first.Parts.Single().PartNumber, first.Parts.Single().Size, first.IsTruncated));
        Assert.Equal((2, 20L, false), (second.Parts.Single().PartNumber, second.Parts.Single().Size, second.IsTruncated));
    }

    [Fact]
    public async Task Uploads_are_listed_until_they_are_aborted_and_leave_nothing()
    {
        var upload = await StartAsync();
        await PartAsync(upload, 1, Bytes(10));
        var other = (await S3.InitiateMultipartUploadAsync(Bucket, "dir/x")).UploadId;

        var listed = await S3.ListMultipartUploadsAsync(new ListMultipartUploadsRequest { BucketName = Bucket, Delimiter = "/" });
        Assert.Equal((upload, "dir/"), (listed.MultipartUploads.Single().UploadId, listed.CommonPrefixes.Single()));

        await S3.AbortMultipartUploadAsync(Bucket, "k", upload);
        await S3.AbortMultipartUploadAsync(Bucket, "dir/x", other);
        Assert.Equal(("NoSuchUpload", 404), await ErrorAsync(() => PartAsync(upload, 1, Bytes(1))));
        Assert.Equal(("NoSuchUpload", 404), await ErrorAsync(() => S3.AbortMultipartUploadAsync(Bucket, "k", upload)));
        Assert.Empty((await S3.ListMultipartUploadsAsync(Bucket)).MultipartUploads ?? []);
    }

    [Fact]
    public async Task One_part_of_an_object_can_be_read()
    {
        var upload = await StartAsync();
        var bytes = Bytes(5);
        await CompleteAsync(upload, [await PartAsync(upload, 1, Bytes(PartSize)), await PartAsync(upload, 2, bytes)]);

        using var part = await S3.GetObjectAsync(new GetObjectRequest { BucketName = Bucket, Key = "k", PartNumber = 2 });
        var content = new MemoryStream();
        await part.ResponseStream.CopyToAsync(content);

        Assert.Equal(bytes, content.ToArray());
        Assert.Equal(2, part.PartsCount);
    }

    [Fact]
    public async Task The_SDKs_own_transfer_of_a_large_file_works()
    {
        var bytes = Bytes(12_000_000);
        using (var transfer = new TransferUtility(S3, new TransferUtilityConfig { MinSizeBeforePartUpload = 6_000_000 }))
        {
            await transfer.UploadAsync(new TransferUtilityUploadRequest { BucketName = Bucket, Key = "k", InputStream = new MemoryStream(bytes), PartSize = PartSize });
        }

        using var found = await Server.S3().GetObjectAsync(Bucket, "k");
        var content = new MemoryStream();
        await found.ResponseStream.CopyToAsync(content);
        Assert.Equal(bytes, content.ToArray());
        Assert.EndsWith("-3\"", found.ETag);
    }

    private static PartETag WithChecksums(UploadPartResponse part) => new(part)
    {
        ChecksumCRC32 = part.ChecksumCRC32, ChecksumSHA1 = part.ChecksumSHA1, ChecksumSHA256 = part.ChecksumSHA256,
    };

    private static byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        Random.Shared.NextBytes(bytes);
        return bytes;
    }

    private async Task<string> StartAsync(Action<InitiateMultipartUploadRequest>? configure = null)
    {
        var request = new InitiateMultipartUploadRequest { BucketName = Bucket, Key = "k" };
        configure?.Invoke(request);
        return (await S3.InitiateMultipartUploadAsync(request)).UploadId;
    }

    private async Task<PartETag> PartAsync(string upload, int number, byte[] content) => new(await UploadAsync(upload, number, content));

    private Task<UploadPartResponse> UploadAsync(string upload, int number, byte[] content, Action<UploadPartRequest>? configure = null)
    {
        var request = new UploadPartRequest { BucketName = Bucket, Key = "k", UploadId = upload, PartNumber = number, InputStream = new MemoryStream(content) };
        configure?.Invoke(request);
        return S3.UploadPartAsync(request);
    }

    private Task<CompleteMultipartUploadResponse> CompleteAsync(string upload, List<PartETag> parts) => S3.CompleteMultipartUploadAsync(
        new CompleteMultipartUploadRequest { BucketName = Bucket, Key = "k", UploadId = upload, PartETags = parts });

    // The SDK sorts parts; a client may not.
    private async Task<(string Code, int Status)> RawCompleteAsync(string upload, params (int Number, string ETag)[] parts)
    {
        var list = string.Concat(parts.Select(p => $"<Part><PartNumber>{p.Number}</PartNumber><ETag>{p.ETag}</ETag></Part>"));
        using var response = await Server.Http().PostAsync(
            $"/{Bucket}/k?uploadId={upload}", new StringContent($"<CompleteMultipartUpload>{list}</CompleteMultipartUpload>"));
        var body = System.Xml.Linq.XElement.Parse(await response.Content.ReadAsStringAsync());
        return (body.Element("Code")!.Value, (int)response.StatusCode);
    }
}
