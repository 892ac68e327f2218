using System.Globalization;
using System.Text.Json.Nodes;
using DotNet.Testcontainers.Builders;
using LocalStack.Client;
using LocalStack.Client.Contracts;
using LocalStack.Client.Options;
using Testcontainers.LocalStack;

namespace LocalStack.Tests;

/// <summary>
/// A LocalStack container with the lake template deployed in it, once for all tests; or the reason why there is none.
/// </summary>
public sealed class LocalStackLake : IAsyncLifetime
{
    // The last tag that starts without LOCALSTACK_AUTH_TOKEN, as in AppHost.
    private const string Image = "localstack/localstack:4.14.0";
    private const string Template = "pixel-lake.template.json";
    private const string InContainer = "/tmp/" + Template;
    private const string Stack = "PixelLake";

    /// <summary>What the free LocalStack needs, as AppHost gives it: it evaluates no prefix and converts nothing.</summary>
    public static readonly IReadOnlyDictionary<string, string> Parameters = new Dictionary<string, string>
    {
        ["BucketName"] = "pixel-lake",
        ["StreamName"] = "pixel-events",
        ["Prefix"] = "events/",
        ["DataFormat"] = "json",
    };

    private LocalStackContainer? _container;
    private string _reason = "LocalStack was not started.";
    private IReadOnlyDictionary<string, string>? _outputs;

    /// <summary>The committed template.</summary>
    public static string TemplatePath => Path.Combine(AppContext.BaseDirectory, Template);

    /// <summary>Where LocalStack answers.</summary>
    public Uri Url => new(_container!.GetConnectionString());

    /// <summary>What the stack says about itself, by the names that the services know.</summary>
    public IReadOnlyDictionary<string, string> Outputs => _outputs!;

    public async ValueTask InitializeAsync()
    {
        try
        {
            _container = new LocalStackBuilder(Image)
                .WithEnvironment("SERVICES", "cloudformation,firehose,iam,logs,s3,sqs,sts")
                .WithResourceMapping(await File.ReadAllBytesAsync(TemplatePath), InContainer)
                .Build();
            await _container.StartAsync();
        }
        catch (DockerUnavailableException error)
        {
            _container = null;
            _reason = $"Docker does not answer: {error.Message.ReplaceLineEndings(" ")}";
            return;
        }

        _outputs = await DeployAsync(_container);
    }

    /// <summary>Skips the test that calls it where there is no LocalStack.</summary>
    public void MustBeHere() => Assert.SkipWhen(_container is null, _reason);

    /// <summary>Makes clients that talk to it.</summary>
    public ISession Session() => SessionStandalone.Init()
        .WithSessionOptions(new SessionOptions(awsAccessKeyId: "test", awsAccessKey: "test", regionName: "us-east-1"))
        .WithConfigurationOptions(new ConfigOptions(Url.Host, edgePort: Url.Port))
        .Create();

    public async ValueTask DisposeAsync()
    {
        if (_container is not null)
        {
            await _container.DisposeAsync();
        }
    }

    /// <summary>With the AWS command line that is in the image: there is no client of CloudFormation here.</summary>
    private static async Task<IReadOnlyDictionary<string, string>> DeployAsync(LocalStackContainer container)
    {
        await RunAsync(container, [
            "cloudformation", "deploy", "--stack-name", Stack, "--template-file", InContainer, "--capabilities", "CAPABILITY_IAM",
            "--parameter-overrides", .. Parameters.Select(parameter => $"{parameter.Key}={parameter.Value}")]);
        var described = await RunAsync(container, ["cloudformation", "describe-stacks", "--stack-name", Stack, "--output", "json"]);
        return JsonNode.Parse(described)!["Stacks"]![0]!["Outputs"]!.AsArray()
            .ToDictionary(output => (string)output!["OutputKey"]!, output => (string)output!["OutputValue"]!);
    }

    private static async Task<string> RunAsync(LocalStackContainer container, string[] arguments)
    {
        var run = await container.ExecAsync(["awslocal", .. arguments]);
        return run.ExitCode == 0
            ? run.Stdout
            : throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture, $"awslocal {arguments[0]} {arguments[1]} ended with {run.ExitCode}: {run.Stderr}{run.Stdout}"));
    }
}
