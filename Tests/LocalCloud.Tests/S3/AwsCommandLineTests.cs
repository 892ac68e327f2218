using System.Text.Json;

namespace LocalCloud.Tests.S3;

/// <summary>The <c>aws</c> command line, with signatures verified.</summary>
public sealed class AwsCommandLineTests : IAsyncLifetime
{
    private LocalCloudServer _server = null!;
    private string _folder = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await LocalCloudServer.StartAsync(settings: new() { ["LocalCloud:Verify"] = "true" });
        _folder = Directory.CreateTempSubdirectory("localcloud-aws-").FullName;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Files_go_up_and_come_down_and_the_bucket_goes_with_them()
    {
        var large = new byte[9_000_000]; // above the threshold from which it uploads in parts
        Random.Shared.NextBytes(large);
        await File.WriteAllBytesAsync(Path.Combine(_folder, "large"), large);
        await File.WriteAllTextAsync(Path.Combine(_folder, "small ü+.txt"), "hello");

        Assert.Contains("\"Account\": \"000000000000\"", await AwsAsync("sts", "get-caller-identity"));
        await AwsAsync("s3", "mb", "s3://lake");
        await AwsAsync("s3", "sync", ".", "s3://lake/dir", "--quiet");
        var listing = await AwsAsync("s3", "ls", "s3://lake/dir/");
        Assert.Contains("9000000 large", listing);
        Assert.Contains("5 small ü+.txt", listing);

        await AwsAsync("s3", "cp", "s3://lake/dir/large", "copy", "--quiet");
        Assert.Equal(large, await File.ReadAllBytesAsync(Path.Combine(_folder, "copy")));
        Assert.Equal("hello", await AwsAsync("s3", "cp", "s3://lake/dir/small ü+.txt", "-"));

        using var head = JsonDocument.Parse(await AwsAsync("s3api", "head-object", "--bucket", "lake", "--key", "dir/large"));
        Assert.Equal(large.Length, head.RootElement.GetProperty("ContentLength").GetInt32());
        Assert.Contains("BucketNotEmpty", (await RunAsync("s3", "rb", "s3://lake")).Error);
        await AwsAsync("s3", "rb", "s3://lake", "--force");
        Assert.Equal("", await AwsAsync("s3", "ls"));
    }

    private async Task<string> AwsAsync(params string[] arguments)
    {
        var result = await RunAsync(arguments);
        Assert.True(result.ExitCode == 0, $"aws {string.Join(' ', arguments)}: {result.Error}{result.Output}");
        return result.Output;
    }

    private async Task<ToolResult> RunAsync(params string[] arguments)
    {
        var environment = Tool.Aws(_server);
        environment["PYTHONUTF8"] = "1"; // file names, whatever the machine's locale
        environment["LC_ALL"] = "C.UTF-8";
        var result = await Tool.RunAsync("aws", arguments, environment, _folder);
        Assert.SkipWhen(result is null, "The aws command line is not installed.");
        return result!;
    }
}
