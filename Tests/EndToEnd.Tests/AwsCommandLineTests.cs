namespace EndToEnd.Tests;

/// <summary>AWS's own command line sees the lake as it would see one on AWS.</summary>
public class AwsCommandLineTests
{
    [Fact]
    public async Task The_aws_cli_sees_the_bucket_the_objects_the_table_the_partition_and_the_stream()
    {
        Assert.SkipWhen(Tools.Aws is null, "the AWS CLI is not installed");
        using var folder = new TemporaryFolder();
        await using var system = await RunningSystem.StartAsync(folder.Path);
        using var http = new HttpClient();
        (await http.GetAsync(new Uri(system.Pixel, "?userid=cli&thirdpartyname=shop.example"), TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        await system.UntilAsync("SELECT user_id FROM tp_events WHERE event_name <> 'ledger'", rows => rows.Count > 0);

        Assert.Contains("pixel-lake", await AwsAsync(system, "s3", "ls"));
        Assert.Contains("events/year=", await AwsAsync(system, "s3", "ls", "s3://pixel-lake/events/", "--recursive"));
        Assert.Contains("pixel-events", await AwsAsync(system, "firehose", "list-delivery-streams"));
        Assert.Contains("\"ACTIVE\"", await AwsAsync(system, "firehose", "describe-delivery-stream", "--delivery-stream-name", "pixel-events"));
        Assert.Contains("\"tp_events\"", await AwsAsync(system, "glue", "get-tables", "--database-name", "pixel"));
        Assert.Contains("hour=", await AwsAsync(system, "glue", "get-partitions", "--database-name", "pixel", "--table-name", "tp_events"));
        Assert.Contains("\"pixel\"", await AwsAsync(system, "athena", "list-work-groups"));
        Assert.Contains("000000000000", await AwsAsync(system, "sts", "get-caller-identity"));
    }

    private static async Task<string> AwsAsync(RunningSystem system, params string[] args)
    {
        var (exitCode, printed) = await RunningProcess.RunAsync(Tools.Aws!, ["--endpoint-url", system.Cloud.ToString(), "--output", "json", .. args], new Dictionary<string, string>
        {
            ["AWS_ACCESS_KEY_ID"] = "test",
            ["AWS_SECRET_ACCESS_KEY"] = "test",
            ["AWS_DEFAULT_REGION"] = "us-east-1",
            ["AWS_PAGER"] = "",
        });
        Assert.True(exitCode == 0, $"aws {string.Join(' ', args)} ended with {exitCode}:\n{printed}");
        return printed;
    }
}
