using System.Diagnostics;
using System.Text.Json;
using LocalCloud.Tests;

namespace Catalog.Worker.Tests.Jobs;

/// <summary>The program itself, as cron or a one-off task starts it.</summary>
public sealed class CommandTests
{
    [Fact]
    public async Task A_job_runs_once_without_a_port_and_prints_its_result_alone()
    {
        await using var lake = await Lake.StartAsync();
        await lake.PutAsync(Lake.Hive(DateTimeOffset.UnixEpoch.AddYears(56)));

        var (code, output, _) = await RunAsync(
            "run", "load-partitions", "--once", "--Jobs:load-partitions:RegisterAhead=00:00:00",
            $"--AWS:ServiceURL={lake.Cloud.Url}", "--AWS:Region=us-east-1", $"--AWS:AccessKey={LocalCloudServer.AccessKey}", $"--AWS:SecretKey={LocalCloudServer.SecretKey}");

        Assert.Equal(0, code);
        Assert.Equal(1, JsonSerializer.Deserialize<JsonElement>(output).GetProperty("counts").GetProperty("added").GetInt32());
        Assert.Single(await lake.PartitionsAsync());
    }

    [Fact]
    public async Task A_job_that_fails_ends_with_one()
    {
        var (code, output, _) = await RunAsync("run", "views", "--once", "--AWS:ServiceURL=http://127.0.0.1:1", "--AWS:AccessKey=key", "--AWS:SecretKey=secret");

        Assert.Equal(1, code);
        Assert.Contains("AWS did not answer", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("There is no job named tidy; there are load-partitions, repair-partitions, schema, views, rollup, compaction, retention, erasure, redrive, ledger, alerts.", "run", "tidy", "--once")]
    [InlineData("Use: Catalog.Worker run JOB --once [--dry-run] [--setting value …]", "run", "views")]
    public async Task A_command_that_is_not_one_is_a_sentence(string sentence, params string[] args)
    {
        var (code, output, error) = await RunAsync(args);

        Assert.Equal((2, "", sentence), (code, output, error.Trim()));
    }

    [Fact]
    public async Task A_wrong_setting_is_one_sentence_on_standard_error()
    {
        var (code, _, error) = await RunAsync("--Jobs:views:Schedule=sometimes", "--urls=http://127.0.0.1:0");

        Assert.Equal((1, "Jobs:views:Schedule must be a cron expression such as '16 * * * *' or off, not 'sometimes'."), (code, error.Trim()));
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Catalog.Worker.dll"), .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["Telemetry__Enabled"] = "false" },
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }
}
