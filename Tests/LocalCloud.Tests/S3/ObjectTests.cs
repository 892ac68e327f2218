using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Extensions.Time.Testing;

namespace LocalCloud.Tests.S3;

public sealed class ObjectTests(ObjectTests.ServerAtEight shared) : S3Fixture<ObjectTests.ServerAtEight>(shared)
{
    /// <summary>A server whose clock stands at eight and a quarter of a second.</summary>
    public sealed class ServerAtEight : SharedServer
    {
        protected override Task<LocalCloudServer> StartAsync() =>
            LocalCloudServer.StartAsync(new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 8, 0, 0, 250, TimeSpan.Zero)));
    }

    [Fact]
    public async Task An_object_comes_back_with_everything_that_was_put()
    {
        await PutAsync("k", "hello", request =>
        {
            request.ContentType = "text/x-greeting";
            request.Headers.CacheControl = "max-age=60";
            request.Headers.ContentDisposition = "attachment; filename=\"x\"";
            request.Headers.ContentEncoding = "identity";
            request.Metadata["Some-Name"] = "some value";
            request.StorageClass = S3StorageClass.StandardInfrequentAccess;
        });

        using var found = await S3.GetObjectAsync(Bucket, "k");

        Assert.Equal("text/x-greeting", found.Headers.ContentType);
        Assert.Equal("max-age=60", found.Headers.CacheControl);
        Assert.Equal("attachment; filename=\"x\"", found.Headers.ContentDisposition);
        Assert.Equal("identity", found.Headers.ContentEncoding);
        Assert.Equal("some value", found.Metadata["some-name"]);
        Assert.Equal(S3StorageClass.StandardInfrequentAccess, found.StorageClass);
        Assert.Equal("\"5d41402abc4b2a76b9719d911017c592\"", found.ETag);
        Assert.Equal(new DateTime(2026, 11, 23, 8, 0, 0, DateTimeKind.Utc), found.LastModified!.Value.ToUniversalTime());
        Assert.Equal(5, found.ContentLength);
        Assert.Equal("hello", await new StreamReader(found.ResponseStream).ReadToEndAsync());
    }

    [Fact]
    public async Task Head_tells_the_same_without_the_body()
    {
        await PutAsync("k", "hello");
        var head = await S3.GetObjectMetadataAsync(Bucket, "k");
        Assert.Equal(5, head.ContentLength);
        Assert.Equal("\"5d41402abc4b2a76b9719d911017c592\"", head.ETag);
        Assert.Equal(404, (int)(await Assert.ThrowsAnyAsync<AmazonS3Exception>(() => S3.GetObjectMetadataAsync(Bucket, "none"))).StatusCode);
    }

    [Fact]
    public async Task Metadata_may_hold_any_UTF8()
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/{Bucket}/k") { Content = new ByteArrayContent([]) };
        using var http = Utf8Http();
        request.Headers.TryAddWithoutValidation("x-amz-meta-name", "Zoë 雪");
        (await http.SendAsync(request)).EnsureSuccessStatusCode();

        using var head = await http.SendAsync(new HttpRequestMessage(HttpMethod.Head, $"/{Bucket}/k"));
        Assert.Equal("Zoë 雪", head.Headers.GetValues("x-amz-meta-name").Single());
    }

    [Fact]
    public async Task Metadata_beyond_two_kilobytes_is_refused() => Assert.Equal(
        ("MetadataTooLarge", 400), await ErrorAsync(() => PutAsync("k", "v", request => request.Metadata["m"] = new string('x', 2049))));

    [Fact]
    public async Task An_object_that_is_not_there_is_said_in_S3s_words()
    {
        using var response = await Server.Http().GetAsync($"/{Bucket}/a%20b");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("application/xml", response.Content.Headers.ContentType!.MediaType);
        var body = await response.Content.ReadAsStringAsync();
        Assert.StartsWith("<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message><Key>a b</Key><RequestId>", body);
        Assert.Contains($"<RequestId>{response.Headers.GetValues("x-amz-request-id").Single()}</RequestId>", body);
    }

    [Theory]
    [InlineData("bytes=0-0", "0", "bytes 0-0/10")]
    [InlineData("bytes=2-4", "234", "bytes 2-4/10")]
    [InlineData("bytes=7-", "789", "bytes 7-9/10")]
    [InlineData("bytes=7-99", "789", "bytes 7-9/10")]
    [InlineData("bytes=-3", "789", "bytes 7-9/10")]
    [InlineData("bytes=-99", "0123456789", "bytes 0-9/10")]
    public async Task A_range_is_answered_in_part(string range, string expected, string contentRange)
    {
        await PutAsync("k", "0123456789");
        using var response = await GetAsync("k", ("Range", range));

        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal(contentRange, response.Content.Headers.ContentRange!.ToString());
        Assert.Equal(expected, await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("bytes=4-2")]
    [InlineData("bytes=0-1,3-4")]
    [InlineData("lines=0-1")]
    [InlineData("bytes=x-1")]
    [InlineData("bytes=-")]
    public async Task A_range_that_S3_does_not_read_is_ignored(string range)
    {
        await PutAsync("k", "0123456789");
        using var response = await GetAsync("k", ("Range", range));
        Assert.Equal((HttpStatusCode.OK, "0123456789"), (response.StatusCode, await response.Content.ReadAsStringAsync()));
    }

    [Theory]
    [InlineData("bytes=10-")]
    [InlineData("bytes=-0")]
    public async Task A_range_outside_the_object_is_not_satisfiable(string range)
    {
        await PutAsync("k", "0123456789");
        using var response = await GetAsync("k", ("Range", range));
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, response.StatusCode);
        Assert.Contains("<Code>InvalidRange</Code>", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("If-Match", "\"5d41402abc4b2a76b9719d911017c592\"", 200)]
    [InlineData("If-Match", "*", 200)]
    [InlineData("If-Match", "\"other\"", 412)]
    [InlineData("If-None-Match", "\"5d41402abc4b2a76b9719d911017c592\"", 304)]
    [InlineData("If-None-Match", "\"other\"", 200)]
    [InlineData("If-Modified-Since", "Mon, 23 Nov 2026 08:00:00 GMT", 304)]
    [InlineData("If-Modified-Since", "Mon, 23 Nov 2026 07:59:59 GMT", 200)]
    [InlineData("If-Unmodified-Since", "Mon, 23 Nov 2026 08:00:00 GMT", 200)]
    [InlineData("If-Unmodified-Since", "Mon, 23 Nov 2026 07:59:59 GMT", 412)]
    public async Task A_read_can_depend_on_what_is_there(string header, string value, int status)
    {
        await PutAsync("k", "hello");
        using var response = await GetAsync("k", (header, value));
        Assert.Equal(status, (int)response.StatusCode);
        if (status == 304)
        {
            Assert.Equal("\"5d41402abc4b2a76b9719d911017c592\"", response.Headers.ETag!.Tag);
            Assert.Equal("", await response.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task An_ETag_condition_makes_the_time_condition_of_its_kind_void()
    {
        await PutAsync("k", "hello");
        const string before = "Mon, 23 Nov 2026 07:00:00 GMT";
        const string after = "Mon, 23 Nov 2026 09:00:00 GMT";
        using var unmodified = await GetAsync("k", ("If-Match", "*"), ("If-Unmodified-Since", before));
        using var modified = await GetAsync("k", ("If-None-Match", "\"other\""), ("If-Modified-Since", after));
        Assert.Equal((200, 200), ((int)unmodified.StatusCode, (int)modified.StatusCode));
    }

    [Fact]
    public async Task A_put_that_wants_a_new_key_fails_when_the_key_is_taken()
    {
        await PutAsync("k", "first", request => request.IfNoneMatch = "*");
        Assert.Equal(("PreconditionFailed", 412), await ErrorAsync(() => PutAsync("k", "second", request => request.IfNoneMatch = "*")));
        Assert.Equal("first", await TextAsync("k"));
    }

    [Fact]
    public async Task A_put_that_wants_a_certain_object_fails_when_it_is_another_or_none()
    {
        var etag = (await PutAsync("k", "first")).ETag;
        await PutAsync("k", "second", request => request.IfMatch = etag);
        Assert.Equal(("PreconditionFailed", 412), await ErrorAsync(() => PutAsync("k", "third", request => request.IfMatch = etag)));
        Assert.Equal(("NoSuchKey", 404), await ErrorAsync(() => PutAsync("none", "third", request => request.IfMatch = etag)));
        Assert.Equal("second", await TextAsync("k"));
    }

    [Fact]
    public async Task Of_many_that_want_the_same_new_key_one_gets_it()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(async i =>
        {
            try
            {
                await PutAsync("lock", i.ToString(), request => request.IfNoneMatch = "*");
                return true;
            }
            catch (AmazonS3Exception error) when (error.ErrorCode == "PreconditionFailed")
            {
                return false;
            }
        }));
        Assert.Single(results, won => won);
    }

    [Fact]
    public async Task A_conditional_put_conflicts_with_a_delete_that_comes_between()
    {
        var etag = (await PutAsync("k", "first")).ETag;
        using var http = Server.Http();
        using var gate = new GatedContent("second");
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/{Bucket}/k") { Content = gate };
        request.Headers.TryAddWithoutValidation("If-Match", etag);

        var put = http.SendAsync(request);
        await gate.Started;
        await WaitForUploadAsync(); // the server is in the middle of the body
        await S3.DeleteObjectAsync(Bucket, "k");
        gate.Open();

        using var response = await put;
        Assert.Equal(409, (int)response.StatusCode);
        Assert.Contains("<Code>ConditionalRequestConflict</Code>", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_copy_keeps_what_its_source_has_unless_told_to_replace_it()
    {
        await PutAsync("a b/ü+", "hello", request =>
        {
            request.ContentType = "text/x-a";
            request.Metadata["m"] = "1";
            request.TagSet = [new Tag { Key = "t", Value = "1" }];
        });

        await S3.CopyObjectAsync(Bucket, "a b/ü+", Bucket, "copy");
        await S3.CopyObjectAsync(new CopyObjectRequest
        {
            SourceBucket = Bucket, SourceKey = "a b/ü+", DestinationBucket = Bucket, DestinationKey = "replaced",
            MetadataDirective = S3MetadataDirective.REPLACE, ContentType = "text/x-b",
        });

        var copy = await S3.GetObjectMetadataAsync(Bucket, "copy");
        var replaced = await S3.GetObjectMetadataAsync(Bucket, "replaced");
        Assert.Equal(("text/x-a", "1"), (copy.Headers.ContentType, copy.Metadata["m"]));
        Assert.Equal(("text/x-b", (string?)null), (replaced.Headers.ContentType, replaced.Metadata["m"]));
        Assert.Equal("hello", await TextAsync("copy"));
        var tags = await S3.GetObjectTaggingAsync(new GetObjectTaggingRequest { BucketName = Bucket, Key = "copy" });
        Assert.Equal("1", tags.Tagging.Single().Value);
    }

    [Fact]
    public async Task A_copy_onto_itself_must_change_something()
    {
        await PutAsync("k", "v");
        Assert.Equal(("InvalidRequest", 400), await ErrorAsync(() => S3.CopyObjectAsync(Bucket, "k", Bucket, "k")));
    }

    [Fact]
    public async Task A_copy_can_depend_on_its_source()
    {
        var etag = (await PutAsync("k", "v")).ETag;
        CopyObjectRequest Copy() => new() { SourceBucket = Bucket, SourceKey = "k", DestinationBucket = Bucket, DestinationKey = "copy" };

        var matching = Copy();
        matching.ETagToMatch = etag;
        await S3.CopyObjectAsync(matching);

        var other = Copy();
        other.ETagToNotMatch = etag;
        Assert.Equal(("PreconditionFailed", 412), await ErrorAsync(() => S3.CopyObjectAsync(other)));
        Assert.Equal(("NoSuchKey", 404), await ErrorAsync(() => S3.CopyObjectAsync(Bucket, "none", Bucket, "copy")));
    }

    [Fact]
    public async Task Deleting_is_idempotent_and_many_can_go_at_once()
    {
        await PutAsync("a", "1");
        await PutAsync(" b <&> ", "2");

        var deleted = await S3.DeleteObjectsAsync(new DeleteObjectsRequest
        {
            BucketName = Bucket,
            Objects = [new() { Key = "a" }, new() { Key = " b <&> " }, new() { Key = "none" }],
        });
        await S3.DeleteObjectAsync(Bucket, "a");

        Assert.Equal(["a", " b <&> ", "none"], deleted.DeletedObjects.Select(d => d.Key));
        Assert.Equal(0, (await S3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = Bucket })).KeyCount);
    }

    [Fact]
    public async Task Deleting_many_wants_a_digest_of_the_list()
    {
        var list = new StringContent("<Delete><Object><Key>a</Key></Object></Delete>");
        using var response = await Server.Http().PostAsync($"/{Bucket}?delete", list);
        Assert.Contains("Missing required header for this request: Content-MD5", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Tags_are_put_with_the_object_or_later_and_have_limits()
    {
        await PutAsync("k", "v", request => request.TagSet = [new Tag { Key = "a&b", Value = "1 2" }]);
        Assert.Equal("1 2", (await Tags()).Single(t => t.Key == "a&b").Value);

        await S3.PutObjectTaggingAsync(new PutObjectTaggingRequest { BucketName = Bucket, Key = "k", Tagging = new Tagging { TagSet = [new Tag { Key = "x", Value = "y" }] } });
        Assert.Equal("y", (await Tags()).Single(t => t.Key == "x").Value);

        await S3.DeleteObjectTaggingAsync(new DeleteObjectTaggingRequest { BucketName = Bucket, Key = "k" });
        Assert.Empty(await Tags());
        Assert.Equal(("BadRequest", 400), await ErrorAsync(() => S3.PutObjectTaggingAsync(new PutObjectTaggingRequest
        {
            BucketName = Bucket, Key = "k",
            Tagging = new Tagging { TagSet = [.. Enumerable.Range(0, 11).Select(i => new Tag { Key = $"{i}", Value = "" })] },
        })));

        async Task<List<Tag>> Tags() => (await S3.GetObjectTaggingAsync(new GetObjectTaggingRequest { BucketName = Bucket, Key = "k" })).Tagging ?? [];
    }

    [Fact]
    public async Task The_server_can_be_a_host_for_each_bucket()
    {
        await PutAsync("a/b c", "hello");
        foreach (var host in (string[])[$"{Bucket}.s3.amazonaws.com", $"{Bucket}.s3.us-east-1.amazonaws.com", $"{Bucket}.localhost:4566", $"{Bucket}.s3.localhost.localstack.cloud:4566"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/a/b%20c");
            request.Headers.Host = host;
            using var response = await Server.Http().SendAsync(request);
            Assert.Equal("hello", await response.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task An_answers_headers_can_be_chosen_by_the_reader()
    {
        await PutAsync("k", "v");
        using var response = await Server.Http().GetAsync($"/{Bucket}/k?response-content-type=text/plain&response-content-disposition=inline");
        Assert.Equal("text/plain", response.Content.Headers.ContentType!.ToString());
        Assert.Equal("inline", response.Content.Headers.ContentDisposition!.ToString());
    }

    [Fact]
    public async Task What_an_object_is_can_be_asked_in_pieces()
    {
        await PutAsync("k", "hello");
        var attributes = await S3.GetObjectAttributesAsync(new GetObjectAttributesRequest
        {
            BucketName = Bucket, Key = "k", ObjectAttributes = [ObjectAttributes.ETag, ObjectAttributes.ObjectSize, ObjectAttributes.StorageClass],
        });
        Assert.Equal(("5d41402abc4b2a76b9719d911017c592", 5L), (attributes.ETag, attributes.ObjectSize));
    }

    private async Task<HttpResponseMessage> GetAsync(string key, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/{Bucket}/{key}");
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Server.Http().SendAsync(request);
    }

    private HttpClient Utf8Http() => new(new SocketsHttpHandler
    {
        RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8,
        ResponseHeaderEncodingSelector = (_, _) => Encoding.UTF8,
    })
    {
        BaseAddress = new Uri(Server.Url),
    };

    // A body that is arriving is a file in the folder for those.
    private async Task WaitForUploadAsync()
    {
        var incoming = Path.Combine(Server.Folder, "s3", "incoming");
        while (!Directory.EnumerateFiles(incoming).Any())
        {
            await Task.Yield();
        }
    }

    /// <summary>A request body whose second half waits.</summary>
    private sealed class GatedContent : HttpContent
    {
        private readonly byte[] _bytes;
        private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public GatedContent(string content)
        {
            _bytes = Encoding.UTF8.GetBytes(content);
            Headers.ContentType = new MediaTypeHeaderValue("text/plain");
        }

        public Task Started => _started.Task;

        public void Open() => _open.SetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(_bytes.AsMemory(0, 1));
            await stream.FlushAsync();
            _started.SetResult();
            await _open.Task;
            await stream.WriteAsync(_bytes.AsMemory(1));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _bytes.Length;
            return true;
        }
    }
}
