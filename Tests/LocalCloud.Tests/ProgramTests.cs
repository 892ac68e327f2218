using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace LocalCloud.Tests;

/// <summary>What the person who starts the program sees.</summary>
public sealed class ProgramTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("localcloud-program-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("LocalCloud:AccountId", "12", "LocalCloud:AccountId must be twelve digits.")]
    [InlineData("LocalCloud:Region", "moon", "LocalCloud:Region must be a region name such as us-east-1.")]
    [InlineData("LocalCloud:Verify", "true", "LocalCloud:Verify needs LocalCloud:AccessKey and LocalCloud:SecretKey.")]
    [InlineData("LocalCloud:Template", "/no/such/file.json", "LocalCloud:Template names '/no/such/file.json', which is not there.")]
    [InlineData("LocalCloud:Region", "", "LocalCloud:Region must be a region name such as us-east-1.")]
    [InlineData("LocalCloud:Athena:ConcurrentQueries", "0", "LocalCloud:Athena:ConcurrentQueries must be from 1 to 64.")]
    [InlineData("LocalCloud:Athena:MemoryLimit", "much", "LocalCloud:Athena:MemoryLimit must be a size such as 1GB.")]
    [InlineData("LocalCloud:Upstream:Url", "localhost:4566", "LocalCloud:Upstream:Url must be an http or https URL.")]
    public async Task A_wrong_setting_ends_the_start_with_one_sentence(string name, string value, string sentence)
    {
        var end = await FailAsync(new() { ["LocalCloud:DataFolder"] = _folder, [name] = value });
        Assert.Equal((1, sentence), end);
    }

    [Fact]
    public async Task A_setting_that_is_not_of_its_type_ends_the_start_with_one_sentence()
    {
        var (code, error) = await FailAsync(new() { ["LocalCloud:DataFolder"] = _folder, ["LocalCloud:Verify"] = "maybe" });
        Assert.Equal(1, code);
        Assert.Contains("LocalCloud:Verify", error);
        Assert.DoesNotContain("\n", error);
    }

    [Fact]
    public async Task A_busy_port_ends_the_start_with_one_sentence()
    {
        using var busy = new TcpListener(IPAddress.Loopback, 0);
        busy.Start();
        var port = ((IPEndPoint)busy.LocalEndpoint).Port;

        var (code, error) = await FailAsync(new() { ["LocalCloud:DataFolder"] = _folder }, $"http://127.0.0.1:{port}");

        Assert.Equal(1, code);
        Assert.Contains($"127.0.0.1:{port}", error);
        Assert.Contains("--urls", error);
        Assert.DoesNotContain("\n", error);
    }

    [Fact]
    public async Task A_data_folder_that_is_a_file_ends_the_start_with_one_sentence()
    {
        var file = Path.Combine(_folder, "file");
        await File.WriteAllTextAsync(file, "");

        var (code, error) = await FailAsync(new() { ["LocalCloud:DataFolder"] = file });

        Assert.Equal(1, code);
        Assert.StartsWith($"LocalCloud:DataFolder '{file}' cannot be written", error);
        Assert.DoesNotContain("\n", error);
    }

    [Fact]
    public async Task A_data_folder_belongs_to_one_process_at_a_time()
    {
        var settings = new Dictionary<string, string> { ["LocalCloud:DataFolder"] = _folder };
        using var first = LocalCloudProcess.Start(settings);
        await first.Url;

        var (code, error) = await FailAsync(settings);
        Assert.Equal((1, $"LocalCloud:DataFolder '{_folder}' is in use by another process."), (code, error));

        await first.KillAsync(); // the lock goes with the process, however it ends
        using var second = LocalCloudProcess.Start(settings);
        Assert.StartsWith("http://127.0.0.1:", await second.Url);
    }

    [Fact]
    public async Task It_stops_gracefully_when_asked_to()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGTERM.");
        using var program = LocalCloudProcess.Start(new() { ["LocalCloud:DataFolder"] = _folder });
        await program.Url;

        using (var kill = Process.Start("kill", ["-TERM", program.Id.ToString()]))
        {
            await kill.WaitForExitAsync();
        }

        Assert.Equal((0, ""), await program.ExitAsync());
    }

    private static async Task<(int ExitCode, string Error)> FailAsync(Dictionary<string, string> settings, string url = "http://127.0.0.1:0")
    {
        using var program = LocalCloudProcess.Start(settings, url);
        return await program.ExitAsync();
    }
}
