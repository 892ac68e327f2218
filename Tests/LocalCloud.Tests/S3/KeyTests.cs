using System.Net;
using System.Text;
using Amazon.S3.Model;
using LocalCloud.S3;
using Microsoft.Extensions.DependencyInjection;

namespace LocalCloud.Tests.S3;

/// <summary>Keys are any UTF-8 of up to 1,024 bytes; none of them reaches the file system.</summary>
public sealed class KeyTests(SharedServer shared) : S3Fixture<SharedServer>(shared)
{
    private static readonly string[] Pieces =
    [
        "a", "A", "b", "z", "0", "/", "//", ".", "..", "../", "./", "+", " ", "%", "%2F", "%2e%2e", "\\", "*", "?", "#", "&", "=", ";", ":", "@", "~", "\"", "'", "<", ">", "|",
        "\u0001", "\t", "\n", "\u007F", "é", "e\u0301", "雪", "\uFF61", "\U0001F600", "\U00010000", "CON", "_localcloud", "year=2026/",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(20261123)]
    [InlineData(424242)]
    public async Task Random_keys_come_back_and_are_listed_in_byte_order(int seed)
    {
        var random = new Random(seed);
        var keys = Enumerable.Range(0, 60).Select(_ => RandomKey(random)).Distinct().ToList();
        using var http = Server.Http();
        foreach (var key in keys)
        {
            using var put = await http.SendAsync(Request(HttpMethod.Put, key, new ByteArrayContent(Encoding.UTF8.GetBytes(key))));
            Assert.True(put.IsSuccessStatusCode, $"{seed}: {key} {put.StatusCode}");
        }

        var ordered = keys.Order(Comparer<string>.Create((x, y) => Encoding.UTF8.GetBytes(x).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(y)))).ToList();
        Assert.Equal(ordered, await ListAsync(random.Next(1, 20)));
        Assert.Equal(ordered, Server.Services.GetRequiredService<ObjectStore>().List(Bucket).Select(o => o.Key));
        foreach (var key in keys)
        {
            using var got = await http.SendAsync(Request(HttpMethod.Get, key));
            Assert.Equal(key, await got.Content.ReadAsStringAsync());
        }
    }

    [Theory]
    [InlineData(7)]
    [InlineData(77)]
    public async Task A_delimiter_splits_random_keys_as_a_plain_loop_would(int seed)
    {
        var random = new Random(seed);
        var store = Server.Services.GetRequiredService<ObjectStore>();
        var keys = Enumerable.Range(0, 120).Select(_ => string.Concat(Enumerable.Range(0, random.Next(1, 6)).Select(_ => "ab/"[random.Next(3)]))).Distinct().ToList();
        foreach (var key in keys)
        {
            await store.PutAsync(Bucket, key, Stream.Null);
        }

        foreach (var prefix in (string[])["", "a", "a/", "b/a"])
        {
            var inside = keys.Where(k => k.StartsWith(prefix, StringComparison.Ordinal)).ToList();
            var expected = inside
                .Select(k => k.IndexOf('/', prefix.Length) is >= 0 and var at ? k[..(at + 1)] : k)
                .Distinct()
                .Order(StringComparer.Ordinal);
            var request = new ListObjectsV2Request { BucketName = Bucket, Prefix = prefix, Delimiter = "/", MaxKeys = random.Next(1, 5) };
            var found = new List<string>();
            do
            {
                var page = await S3.ListObjectsV2Async(request);
                found.AddRange((page.S3Objects ?? []).Select(o => o.Key).Concat(page.CommonPrefixes ?? []).Order(StringComparer.Ordinal));
                request.ContinuationToken = page.NextContinuationToken;
            }
            while (request.ContinuationToken is not null);

            Assert.Equal(expected, found);
        }
    }

    [Fact]
    public async Task A_key_may_be_1024_bytes_long_and_no_longer()
    {
        using var http = Server.Http();
        using var fits = await http.SendAsync(Request(HttpMethod.Put, string.Concat(Enumerable.Repeat("é", 512)), new ByteArrayContent([])));
        using var tooLong = await http.SendAsync(Request(HttpMethod.Put, new string('k', 1025), new ByteArrayContent([])));

        Assert.Equal((200, 400), ((int)fits.StatusCode, (int)tooLong.StatusCode));
        Assert.Contains(
            "<Code>KeyTooLongError</Code><Message>Your key is too long</Message><Size>1025</Size><MaxSizeAllowed>1024</MaxSizeAllowed>",
            await tooLong.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Bytes_that_are_not_UTF8_are_no_key()
    {
        using var response = await Server.Http().SendAsync(new HttpRequestMessage(HttpMethod.Put, RawUri($"/{Bucket}/%FF%FE")));
        Assert.Equal(400, (int)response.StatusCode);
        Assert.Contains("<Code>InvalidURI</Code><Message>Couldn't parse the specified URI.</Message>", await response.Content.ReadAsStringAsync());
    }

    private static string RandomKey(Random random)
    {
        var key = new StringBuilder();
        var pieces = random.Next(1, 12);
        for (var i = 0; i < pieces; i++)
        {
            key.Append(Pieces[random.Next(Pieces.Length)]);
        }

        return key.ToString();
    }

    private async Task<List<string>> ListAsync(int page)
    {
        var keys = new List<string>();
        var request = new ListObjectsV2Request { BucketName = Bucket, MaxKeys = page, Encoding = Amazon.S3.EncodingType.Url };
        do
        {
            var answer = await S3.ListObjectsV2Async(request);
            keys.AddRange(answer.S3Objects.Select(o => WebUtility.UrlDecode(o.Key))); // who asks for it decodes it
            request.ContinuationToken = answer.NextContinuationToken;
        }
        while (request.ContinuationToken is not null);

        return keys;
    }

    private HttpRequestMessage Request(HttpMethod method, string key, HttpContent? content = null) =>
        new(method, RawUri($"/{Bucket}/" + string.Concat(Encoding.UTF8.GetBytes(key).Select(b => b == '/' ? "/" : $"%{b:X2}")))) { Content = content };

    // .NET would take ".." and "//" for steps in a path.
    private Uri RawUri(string path) => new(Server.Url + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
}
