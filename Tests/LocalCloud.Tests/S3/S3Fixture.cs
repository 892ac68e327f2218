using Amazon.S3;
using Amazon.S3.Model;

namespace LocalCloud.Tests.S3;

/// <summary>A server that the tests of a class share.</summary>
public class SharedServer : IAsyncLifetime
{
    public LocalCloudServer Server { get; private set; } = null!;

    protected virtual Task<LocalCloudServer> StartAsync() => LocalCloudServer.StartAsync();

    public async ValueTask InitializeAsync() => Server = await StartAsync();

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

/// <summary>A new bucket for each test, on a server that the class shares.</summary>
public abstract class S3Fixture<TShared>(TShared shared) : IClassFixture<TShared>, IAsyncLifetime
    where TShared : SharedServer
{
    protected LocalCloudServer Server => shared.Server;

    protected TShared Shared => shared;

    protected AmazonS3Client S3 { get; private set; } = null!;

    protected string Bucket { get; } = "lake-" + Guid.NewGuid().ToString("N")[..8];

    public virtual async ValueTask InitializeAsync()
    {
        S3 = Server.S3();
        await S3.PutBucketAsync(Bucket);
    }

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    protected Task<PutObjectResponse> PutAsync(string key, string content, Action<PutObjectRequest>? configure = null)
    {
        var request = new PutObjectRequest { BucketName = Bucket, Key = key, ContentBody = content };
        configure?.Invoke(request);
        return S3.PutObjectAsync(request);
    }

    protected async Task<string> TextAsync(string key)
    {
        using var found = await S3.GetObjectAsync(Bucket, key);
        using var reader = new StreamReader(found.ResponseStream);
        return await reader.ReadToEndAsync();
    }

    /// <summary>The error of a call that fails: code and status.</summary>
    protected static async Task<(string Code, int Status)> ErrorAsync(Func<Task> call)
    {
        var error = await Assert.ThrowsAnyAsync<AmazonS3Exception>(call);
        return (error.ErrorCode, (int)error.StatusCode);
    }
}
