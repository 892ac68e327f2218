using Amazon.S3;
using LocalCloud.Tests;

namespace Catalog.Worker.Tests.Jobs;

/// <summary>A LocalCloud for a class of tests about jobs; each worker gets a bucket of its own in it.</summary>
public sealed class JobsCloud : IAsyncLifetime
{
    private LocalCloudServer _server = null!;

    public AmazonS3Client S3 { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await LocalCloudServer.StartAsync();
        S3 = _server.S3();
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    /// <summary>What a worker needs to find a new bucket, and more.</summary>
    public async Task<Dictionary<string, string?>> SettingsAsync(params (string Key, string? Value)[] more)
    {
        var settings = new Dictionary<string, string?>
        {
            ["AWS:ServiceURL"] = _server.Url,
            ["AWS:AccessKey"] = LocalCloudServer.AccessKey,
            ["AWS:SecretKey"] = LocalCloudServer.SecretKey,
            ["AWS:Resources:LakeBucketName"] = $"lake-{Guid.NewGuid():N}",
        };
        foreach (var (key, value) in more)
        {
            settings[key] = value;
        }

        await S3.PutBucketAsync(settings["AWS:Resources:LakeBucketName"]);
        return settings;
    }
}
