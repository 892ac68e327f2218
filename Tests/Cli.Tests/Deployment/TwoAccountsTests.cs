using System.Diagnostics;
using System.Text.Json.Nodes;
using Infrastructure;
using Infrastructure.Edge;
using Infrastructure.Publishing;
using Pixel.Events;

namespace Cli.Tests.Deployment;

/// <summary>
/// The lake in one account and the edge in another: nothing is compiled for these, and a script that knows which stacks are in
/// which account plays the <c>aws</c> command.
/// </summary>
public sealed class TwoAccountsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pixel-accounts-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Each_account_gets_its_stacks_and_the_edge_and_the_worker_what_the_other_account_s_stacks_say()
    {
        Publish("ProducerAccountIds=111111111111", "ProducerExternalId=pixel-of-mine", "WorkerAccountId=222222222222");

        Assert.Contains("`./deploy.sh PixelWorker`, each with the credentials of its account", File.ReadAllText(In("README.md")));
        await DeployAsync("lake", "PixelLake");
        await DeployAsync("edge", "PixelEdge");
        await DeployAsync("lake", "PixelWorker");

        Assert.Equal(
            ["lake PixelLake", "edge PixelEdge", "lake PixelWorker"],
            File.ReadLines(In("calls")).Where(call => call.Contains("cloudformation deploy", StringComparison.Ordinal)).Select(call => $"{call.Split(' ')[0]} {call.Split(' ')[4]}"));
        Assert.Equal(("111111111111", "pixel-of-mine"), (Filled("PixelLake", "ProducerAccountIds"), Filled("PixelLake", "ProducerExternalId")));
        Assert.Equal(
            ("lake/PixelLake:EventStreamName", "lake/PixelLake:ProducerRoleArn", "pixel-of-mine", "222222222222", "pixelaspire-edge-eu-central-1"),
            (Filled("PixelEdge", "EventStreamName"), Filled("PixelEdge", "ProducerRoleArn"), Filled("PixelEdge", "ProducerExternalId"), Filled("PixelEdge", "WorkerAccountId"), Filled("PixelEdge", "PackageBucket")));
        Assert.Equal(
            ("lake/PixelLake:LakeBucketName", "edge/PixelEdge:OverflowQueueUrl", "edge/PixelEdge:OverflowQueueArn", "pixelaspire-lake-eu-central-1"),
            (Filled("PixelWorker", "LakeBucketName"), Filled("PixelWorker", "OverflowQueueUrl"), Filled("PixelWorker", "OverflowQueueArn"), Filled("PixelWorker", "PackageBucket")));
    }

    [Fact]
    public void In_one_account_there_is_no_role_to_assume_and_one_that_is_given_is_kept()
    {
        Publish();
        Assert.Equal("", Value("parameters/PixelEdge.json", "ProducerRoleArn"));

        Publish("ProducerAccountIds=111111111111", "ProducerRoleArn=");
        Assert.Equal("", Value("parameters/PixelEdge.json", "ProducerRoleArn"));

        Publish("ProducerRoleArn=arn:aws:iam::222222222222:role/producer");
        Assert.Equal("arn:aws:iam::222222222222:role/producer", Value("parameters/PixelEdge.json", "ProducerRoleArn"));
    }

    [Fact]
    public async Task A_stack_that_nobody_knows_and_one_that_needs_another_first_are_one_sentence()
    {
        Publish();

        var (unknown, first) = (await RunAsync("lake", "PixelLakes"), await RunAsync("edge", "PixelEdge"));

        Assert.Equal((1, "There is no stack PixelLakes; there are PixelLake PixelEdge PixelWorker.\n"), (unknown.ExitCode, unknown.Errors));
        Assert.Equal((1, "Stack with id PixelLake does not exist\n"), (first.ExitCode, first.Errors));
    }

    private void Publish(params string[] parameters)
    {
        Assert.SkipUnless(NodeRuntime.IsThere(), "Synthesizing needs Node.js, which is not on the path.");
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The scripts are for a shell.");
        var options = new PublishOptions { Output = _folder.FullName, Edge = new EdgeOptions { Way = ReceivingWay.FunctionUrl, Region = "eu-central-1" }, Parameters = parameters };
        var templates = Synthesis.Edge(EventSchema.Load(), options.Edge, In("cdk.out")).Select(stack => StackTemplate.Read(stack.Key, stack.Value)).ToList();
        var stacks = StackParameterFile.Of(templates, new Dictionary<string, string> { ["PackageBucket"] = StackParameterFile.PackageBucket, ["PackageKey"] = "package.zip" }, parameters);
        Directory.CreateDirectory(In("parameters"));
        foreach (var stack in stacks)
        {
            stack.Write(In($"parameters/{stack.Template.Stack}.json"));
        }

        new DeploymentFiles(options, stacks, [], null).Write(_folder.FullName);
        Play(templates);
    }

    private void Play(IEnumerable<StackTemplate> templates)
    {
        var outputs = string.Concat(templates.Select(stack =>
            $"{stack.Stack}) printf '{string.Concat(stack.Outputs.Keys.Select(output => $"{output}\\t%s/{stack.Stack}:{output}\\n"))}' {string.Join(' ', stack.Outputs.Select(_ => "$AWS_PROFILE"))} ;;\n"));
        var script = Path.Combine(Directory.CreateDirectory(In("bin")).FullName, "aws");
        File.WriteAllText(script, $$"""
            #!/bin/sh
            here={{_folder.FullName}}
            echo "$AWS_PROFILE $*" >>$here/calls
            case "$1 $2" in
              "sts get-caller-identity") echo $AWS_PROFILE ;;
              "cloudformation deploy")
                cp parameters/$4.filled.json $here/filled-$4.json
                touch $here/$AWS_PROFILE-$4 ;;
              "cloudformation describe-stacks")
                if [ ! -f $here/$AWS_PROFILE-$4 ]; then echo "Stack with id $4 does not exist" >&2; exit 254; fi
                case $* in
                  *OutputKey==*)
                    output=${*#*OutputKey==\'}
                    echo "$AWS_PROFILE/$4:${output%%\'*}" ;;
                  *) case $4 in
            {{outputs}}     esac ;;
                esac ;;
            esac

            """);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private async Task DeployAsync(string profile, string stack)
    {
        var run = await RunAsync(profile, stack);
        Assert.True(run.ExitCode == 0, run.Errors);
    }

    private async Task<(int ExitCode, string Errors)> RunAsync(string profile, string stack)
    {
        var start = new ProcessStartInfo("sh", [In("deploy.sh"), stack]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = $"{In("bin")}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["AWS_PROFILE"] = profile;
        start.Environment.Remove("PACKAGE_BUCKET");
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        _ = await output;
        return (process.ExitCode, await errors);
    }

    private string Filled(string stack, string parameter) => Value($"filled-{stack}.json", parameter);

    private string Value(string file, string parameter) => JsonNode.Parse(File.ReadAllText(In(file)))!.AsArray()
        .Where(one => (string)one!["ParameterKey"]! == parameter).Select(one => (string)one!["ParameterValue"]!).Single();

    private string In(string path) => Path.Combine(_folder.FullName, path);
}
