using System.Text;
using LocalCloud.Protocol;
using LocalCloud.S3;
using Microsoft.Extensions.DependencyInjection;

namespace LocalCloud.Tests.S3;

public sealed class ObjectStoreTests : IAsyncLifetime
{
    private LocalCloudServer _server = null!;

    private ObjectStore Store => _server.Services.GetRequiredService<ObjectStore>();

    public async ValueTask InitializeAsync()
    {
        _server = await LocalCloudServer.StartAsync();
        Store.CreateBucket("lake");
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task What_is_put_is_found_and_read_back_after_a_restart()
    {
        var put = await PutAsync("events/one", "hello");

        await _server.RestartAsync();

        var found = Store.Find("lake", "events/one")!;
        Assert.Equal(put with { Attributes = found.Attributes }, found);
        Assert.Equal("5d41402abc4b2a76b9719d911017c592", found.ETag);
        Assert.Equal("hello", await File.ReadAllTextAsync(found.Path));
    }

    [Fact]
    public async Task A_list_is_in_the_order_of_UTF8_bytes_and_knows_prefix_and_start()
    {
        // U+FF61 comes before U+10000 in UTF-8 and after it in UTF-16.
        string[] keys = ["a/1", "a/2", "a/\uFF61", "a/\U00010000", "b"];
        foreach (var key in keys.Reverse())
        {
            await PutAsync(key, key);
        }

        Assert.Equal(keys, Store.List("lake").Select(o => o.Key));
        Assert.Equal(keys[1..4], Store.List("lake", "a/", startAfter: "a/1").Select(o => o.Key));
    }

    [Fact]
    public async Task A_reader_keeps_its_body_when_the_object_is_replaced_or_deleted()
    {
        var first = await PutAsync("k", "first");
        await using var open = Store.OpenRead(first);

        await PutAsync("k", "second");
        Store.Delete("lake", "k");

        using var reader = new StreamReader(open);
        Assert.Equal("first", await reader.ReadToEndAsync());
        Assert.False(File.Exists(first.Path));
    }

    [Fact]
    public async Task Held_bodies_stay_on_disk_until_they_are_let_go()
    {
        var put = await PutAsync("k", "v");
        using (Store.HoldBodies())
        {
            Store.Delete("lake", "k");
            Assert.True(File.Exists(put.Path));
        }

        Assert.False(File.Exists(put.Path));
    }

    [Fact]
    public async Task A_put_whose_body_breaks_leaves_nothing_behind()
    {
        await Assert.ThrowsAsync<IOException>(() => Store.PutAsync("lake", "k", new BrokenStream()));

        Assert.Null(Store.Find("lake", "k"));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_server.Folder, "s3", "incoming")));
    }

    [Fact]
    public async Task A_put_into_a_bucket_that_is_not_there_says_so()
    {
        var error = await Assert.ThrowsAsync<AwsException>(() => Store.PutAsync("nowhere", "k", Stream.Null));
        Assert.Equal(("NoSuchBucket", 404), (error.Code, error.Status));
    }

    private Task<StoredObject> PutAsync(string key, string content) =>
        Store.PutAsync("lake", key, new MemoryStream(Encoding.UTF8.GetBytes(content)));

    private sealed class BrokenStream : MemoryStream
    {
        private bool _read;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_read)
            {
                throw new IOException("broken");
            }

            _read = true;
            buffer.Span[0] = 1;
            return ValueTask.FromResult(1);
        }
    }
}
