using System.Diagnostics;
using Cli.Tests.Query;

namespace Cli.Tests.Deployment;

/// <summary>
/// The scripts with the real <c>aws</c> command against LocalCloud's S3, Athena and STS. CloudFormation, which it has not, is
/// played by a script that knows which stacks are there and what their outputs are, and writes down what it is asked.
/// </summary>
[Collection(UsesPublication.Name)]
public sealed class ScriptTests(Publication publication, RunningCloud cloud) : IClassFixture<RunningCloud>, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pixel-aws-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Deploying_puts_the_packages_and_each_stack_with_the_outputs_before_it_and_destroying_leaves_nothing()
    {
        var aws = Programs.Find("aws");
        Assert.SkipWhen(aws is null, "The aws command is not installed.");
        Play(aws!);

        var (exitCode, printed) = await RunAsync("deploy.sh");

        Assert.True(exitCode == 0, printed);
        Assert.Equal(
            Publication.Stacks.Select(stack => $"cloudformation deploy --stack-name {stack} --region {(stack is "PixelEdgeGlobal" or "PixelEdgeWatch" ? "us-east-1" : "eu-central-1")}"),
            Calls("cloudformation deploy").Select(call => string.Join(' ', call.Split(' ')[..6])));
        var filled = File.ReadAllText(Path.Combine(_folder.FullName, "filled-PixelWorker"));
        Assert.Contains("\"AlertWebhookUrl\"", filled);
        Assert.Contains("\"https://chat.example.com/hook?key=a&b\"", filled);
        Assert.Contains("--parameters \"PixelWorker:LakeBucketName=pixel-lake\"\n", File.ReadAllText(Path.Combine(_folder.FullName, "cdk-PixelWorker")));

        // Neither stays, nor is it in what publish wrote.
        Assert.DoesNotContain(Directory.GetFiles(publication["parameters"]), file => !file.EndsWith(".json", StringComparison.Ordinal) || file.EndsWith(".filled.json", StringComparison.Ordinal));
        Assert.DoesNotContain("AlertWebhookUrl", File.ReadAllText(publication["parameters", "PixelWorker.json"]));
        Assert.DoesNotContain("${", filled);
        Assert.Contains("\"pixel-lake\"", filled);
        Assert.Contains("\"value!of/PixelEdge:OverflowQueueUrl\"", filled);
        var listed = await AwsAsync(aws!, "s3", "ls", "--recursive", "s3://packages-of-mine/");
        Assert.All(new[] { "beacon", "worker" }, program => Assert.Contains($"pixelaspire/{Path.GetFileName(publication.Package(program))}", listed));

        // Without --delete-data the lake stays.
        await AwsAsync(aws!, "s3", "cp", publication["README.md"], "s3://pixel-lake/events/one");
        await AwsAsync(aws!, "s3", "cp", publication["README.md"], "s3://packages-of-mine/not-ours");
        (exitCode, printed) = await RunAsync("destroy.sh", "--yes");

        Assert.True(exitCode == 0, printed);
        Assert.Equal(["PixelWorker", "PixelEdgeWatch", "PixelEdge", "PixelEdgeGlobal"], Calls("cloudformation delete-stack").Select(call => call.Split(' ')[3]));
        Assert.Contains("stack PixelLake: CREATE_COMPLETE", printed);
        Assert.Contains("bucket pixel-lake", printed);
        Assert.Contains("events/one", await AwsAsync(aws!, "s3", "ls", "--recursive", "s3://pixel-lake/"));
        Assert.Equal("not-ours", (await AwsAsync(aws!, "s3", "ls", "--recursive", "s3://packages-of-mine/")).Trim().Split(' ')[^1]);

        // It asks before it deletes data.
        (exitCode, printed) = await RunAsync("destroy.sh", "--delete-data");
        Assert.Equal(1, exitCode);
        Assert.Contains("Nothing was deleted.", printed);

        (exitCode, printed) = await RunAsync("destroy.sh", "--delete-data", "--yes");

        Assert.True(exitCode == 0, printed);
        Assert.DoesNotContain("pixel-lake", await AwsAsync(aws!, "s3", "ls"));
        Assert.DoesNotContain("\"pixel", await AwsAsync(aws!, "athena", "list-work-groups", "--query", "WorkGroups[].Name"));
        Assert.Contains("What is left:\n  bucket packages-of-mine\n", printed);
    }

    private IEnumerable<string> Calls(string start) => File.ReadLines(Path.Combine(_folder.FullName, "calls")).Where(call => call.StartsWith(start, StringComparison.Ordinal));

    private void Play(string aws)
    {
        var script = Path.Combine(_folder.FullName, "aws");
        File.WriteAllText(script, $$"""
            #!/bin/sh
            here={{_folder.FullName}}
            echo "$*" >>$here/calls
            stack=$4
            case "$1 $2" in
              "cloudformation describe-stacks")
                if [ ! -f $here/stack-$stack ]; then echo "Stack with id $stack does not exist" >&2; exit 254; fi
                case $* in
                  *OutputKey==*)
                    output=${*#*OutputKey==\'}
                    output=${output%%\'*}
                    case $output in
                      LakeBucketName) echo pixel-lake ;;
                      WorkgroupName) echo pixel ;;
                      MaintenanceWorkgroupName) echo pixel-maintenance ;;
                      *) echo "value!of/$stack:$output" ;;
                    esac ;;
                  *StackStatus*) echo CREATE_COMPLETE ;;
                esac ;;
              "cloudformation deploy")
                cp parameters/$stack.filled.json $here/filled-$stack
                cp parameters/$stack.cdk $here/cdk-$stack
                touch $here/stack-$stack ;;
              "cloudformation delete-stack") rm -f $here/stack-$stack ;;
              cloudformation*) ;;
              resourcegroupstaggingapi*) echo None ;;
              *) exec {{aws}} --endpoint-url http://127.0.0.1:{{cloud.Port}} "$@" ;;
            esac

            """);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private Task<(int ExitCode, string Printed)> RunAsync(string script, params string[] options) => ProcessAsync(new ProcessStartInfo("sh", [publication[script], .. options]));

    private async Task<string> AwsAsync(string aws, params string[] arguments)
    {
        var (exitCode, printed) = await ProcessAsync(new ProcessStartInfo(aws, ["--endpoint-url", $"http://127.0.0.1:{cloud.Port}", .. arguments]));
        Assert.True(exitCode == 0, printed);
        return printed;
    }

    private async Task<(int ExitCode, string Printed)> ProcessAsync(ProcessStartInfo start)
    {
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.Environment["PATH"] = $"{_folder.FullName}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["AWS_REGION"] = start.Environment["AWS_DEFAULT_REGION"] = "eu-central-1";
        start.Environment["AWS_ACCESS_KEY_ID"] = start.Environment["AWS_SECRET_ACCESS_KEY"] = "test";
        start.Environment["PACKAGE_BUCKET"] = "packages-of-mine";
        start.Environment["AlertWebhookUrl"] = "https://chat.example.com/hook?key=a&b";
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await error);
    }
}
