using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using LocalCloud.S3;
using Microsoft.Extensions.DependencyInjection;

namespace LocalCloud.Tests.S3;

/// <summary>The program is killed in the middle of its work; what it had acknowledged is there, and nothing half-done is.</summary>
public sealed class CrashTests
{
    private const string Bucket = "lake";

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    [InlineData(150)]
    public async Task Sudden_death_among_puts_loses_nothing_that_was_acknowledged(int acknowledged)
    {
        var folder = Directory.CreateTempSubdirectory("localcloud-crash-").FullName;
        var kept = new ConcurrentDictionary<string, string>();
        using (var program = LocalCloudProcess.Start(new() { ["LocalCloud:DataFolder"] = folder }))
        {
            var url = await program.Url;
            using var s3 = new AmazonS3Client(
                new BasicAWSCredentials("k", "s"),
                new AmazonS3Config { ServiceURL = url, AuthenticationRegion = "us-east-1", ForcePathStyle = true, MaxErrorRetry = 0 });
            await s3.PutBucketAsync(Bucket);

            var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var writers = Enumerable.Range(0, 4).Select(writer => WriteAsync(s3, writer, kept, () =>
            {
                if (kept.Count >= acknowledged)
                {
                    enough.TrySetResult();
                }
            })).ToArray();
            await Task.WhenAny([enough.Task, .. writers]);
            Assert.True(enough.Task.IsCompleted, "A writer has ended before its time.");
            await program.KillAsync();
            await Task.WhenAll(writers);
        }

        await using var server = await LocalCloudServer.StartAsync(folder: folder);
        var store = server.Services.GetRequiredService<ObjectStore>();
        foreach (var found in store.List(Bucket))
        {
            var content = await File.ReadAllBytesAsync(found.Path);
            Assert.Equal((found.Size, found.ETag), (content.LongLength, Convert.ToHexStringLower(MD5.HashData(content))));
        }

        foreach (var (key, content) in kept)
        {
            // A key that was being overwritten may hold what was not yet acknowledged, but never less than what was.
            var text = await File.ReadAllTextAsync(store.Find(Bucket, key)!.Path);
            Assert.True(Version(text) >= Version(content), $"{key} holds {text[..20]}, acknowledged was {content[..20]}");
        }

        var bodies = Directory.EnumerateFiles(Path.Combine(folder, "s3", "bodies"), "*", SearchOption.AllDirectories).ToHashSet();
        Assert.Equal(store.List(Bucket).Select(o => o.Path).ToHashSet(), bodies);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(folder, "s3", "incoming")));
    }

    // New keys, and the same key over and over, each with a body of some size.
    private static async Task WriteAsync(AmazonS3Client s3, int writer, ConcurrentDictionary<string, string> kept, Action acknowledged)
    {
        try
        {
            for (var i = 0; ; i++)
            {
                var key = i % 2 == 0 ? $"new/{writer}/{i}" : $"same/{writer}";
                var content = new StringBuilder().Append($"{i:00000000}").Append('x', Random.Shared.Next(100, 200_000)).ToString();
                await s3.PutObjectAsync(new PutObjectRequest { BucketName = Bucket, Key = key, ContentBody = content });
                kept[key] = content;
                acknowledged();
            }
        }
        catch (Exception error) when (error is AmazonServiceException or AmazonClientException or HttpRequestException or IOException)
        {
            // The server is gone, as intended.
        }
    }

    private static int Version(string content) => int.Parse(content.AsSpan(0, 8));
}
