using System.Diagnostics;
using System.Text.Json;

namespace LocalCloud.Tests.Firehose;

/// <summary>The same with a client that nobody here has written: the <c>aws</c> command.</summary>
public class AwsCliTests
{
    [Fact]
    public async Task The_aws_command_creates_a_stream_puts_records_and_finds_partitions()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/aws"), "The aws command is not installed.");
        await using var lab = await FirehoseLab.StartAsync();

        await AwsAsync(lab, "firehose", "create-delivery-stream", "--delivery-stream-name", "clicks", "--extended-s3-destination-configuration",
            $$$"""{"RoleARN":"arn:aws:iam::000000000000:role/r","BucketARN":"arn:aws:s3:::lake","Prefix":"cli/","BufferingHints":{"SizeInMBs":1,"IntervalInSeconds":60}}""");
        var put = await AwsAsync(lab, "firehose", "put-record-batch", "--delivery-stream-name", "clicks", "--records", """[{"Data":"b25lCg=="},{"Data":"dHdvCg=="}]""");
        Assert.Equal(0, put.GetProperty("FailedPutCount").GetInt32());
        var described = (await AwsAsync(lab, "firehose", "describe-delivery-stream", "--delivery-stream-name", "clicks")).GetProperty("DeliveryStreamDescription");
        Assert.Equal("ACTIVE", described.GetProperty("DeliveryStreamStatus").GetString());
        await lab.FlushAsync();
        Assert.Equal("one\ntwo\n", lab.Text(Assert.Single(lab.All("cli/"))));

        await AwsAsync(lab, "glue", "create-partition", "--database-name", "pixel", "--table-name", "events", "--partition-input",
            """{"Values":["2026"],"StorageDescriptor":{"Location":"s3://lake/events/year=2026/"}}""");
        var partitions = (await AwsAsync(lab, "glue", "get-partitions", "--database-name", "pixel", "--table-name", "events", "--expression", "year >= '2026'")).GetProperty("Partitions");
        Assert.Equal("s3://lake/events/year=2026/", partitions[0].GetProperty("StorageDescriptor").GetProperty("Location").GetString());
    }

    private static async Task<JsonElement> AwsAsync(FirehoseLab lab, params string[] arguments)
    {
        var start = new ProcessStartInfo("/usr/bin/aws") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["--endpoint-url", lab.Server.Url, "--output", "json", .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["AWS_ACCESS_KEY_ID"] = LocalCloudServer.AccessKey,
            ["AWS_SECRET_ACCESS_KEY"] = LocalCloudServer.SecretKey,
            ["AWS_DEFAULT_REGION"] = "us-east-1",
            ["AWS_PAGER"] = "",
            ["AWS_CONFIG_FILE"] = "/dev/null",
            ["AWS_SHARED_CREDENTIALS_FILE"] = "/dev/null",
        })
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"aws {string.Join(' ', arguments)}: {await error}");
        return output.Length == 0 ? default : JsonDocument.Parse(output).RootElement;
    }
}
