using System.Text.Json.Nodes;
using Infrastructure;
using Infrastructure.Edge;
using Infrastructure.Publishing;
using Pixel.Events;

namespace Cli.Tests.Deployment;

/// <summary>The ways that the publication of the other tests did not choose; for these nothing is compiled.</summary>
public sealed class OtherWaysTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pixel-ways-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(ReceivingWay.HttpApi, LoadBalancerKind.Application, false)]
    [InlineData(ReceivingWay.FunctionUrl, LoadBalancerKind.Application, false)]
    [InlineData(ReceivingWay.Fargate, LoadBalancerKind.Application, true)]
    [InlineData(ReceivingWay.Fargate, LoadBalancerKind.Network, false)]
    public void Each_way_has_all_parameters_that_its_templates_ask_for(ReceivingWay way, LoadBalancerKind balancer, bool waf)
    {
        Assert.SkipUnless(NodeRuntime.IsThere(), "Synthesizing needs Node.js, which is not on the path.");
        var options = new PublishOptions { Output = _folder.FullName, Edge = new EdgeOptions { Way = way, LoadBalancer = balancer, Waf = waf, Region = "eu-central-1" } };
        var templates = Synthesis.Edge(EventSchema.Load(), options.Edge, Path.Combine(_folder.FullName, "cdk.out")).Select(stack => StackTemplate.Read(stack.Key, stack.Value)).ToList();

        var stacks = StackParameterFile.Of(templates, new Dictionary<string, string>
        {
            ["PackageBucket"] = StackParameterFile.PackageBucket,
            ["PackageKey"] = "pixelaspire/package.zip",
            ["ImageRepository"] = DeploymentFiles.ImageRepository,
            ["ImageTag"] = "0123456789ab",
        }, []);
        new DeploymentFiles(options, stacks, [], way is ReceivingWay.Fargate ? "0123456789ab" : null).Write(_folder.FullName);

        Assert.Equal(["PixelLake", "PixelEdge", "PixelWorker"], stacks.Select(stack => stack.Template.Stack));
        Assert.All(stacks, stack => Assert.All(stack.Template.Parameters.Where(parameter => !parameter.IsSecret), parameter =>
        {
            var value = stack.Values[parameter.Name];
            Assert.True(value.StartsWith("${", StringComparison.Ordinal) || parameter.Refuse(value) is null, $"{stack.Template.Stack} would refuse {parameter.Name}={value}");
        }));
        var page = File.ReadAllText(Path.Combine(_folder.FullName, "README.md"));
        Assert.Equal(way is ReceivingWay.Fargate, page.Contains("docker build", StringComparison.Ordinal));
        Assert.Contains("REGION=eu-central-1\n", File.ReadAllText(Path.Combine(_folder.FullName, "settings.sh")));
    }

    [Fact]
    public void Without_a_queue_at_the_edge_the_worker_is_given_none()
    {
        Assert.SkipUnless(NodeRuntime.IsThere(), "Synthesizing needs Node.js, which is not on the path.");
        var options = new EdgeOptions { Way = ReceivingWay.Fargate };
        var templates = Synthesis.Edge(EventSchema.Load(), options, _folder.FullName).Select(stack => StackTemplate.Read(stack.Key, stack.Value)).ToList();

        var worker = StackParameterFile.Of(templates, new Dictionary<string, string> { ["PackageBucket"] = "b", ["PackageKey"] = "k", ["ImageRepository"] = "r", ["ImageTag"] = "t" }, ["PixelWorker.LogRetentionDays=3"])[^1];
        worker.Write(Path.Combine(_folder.FullName, "worker.json"));

        Assert.Equal("", worker.Values["OverflowQueueUrl"]);
        Assert.Equal("${PixelLake.LakeBucketName}", worker.Values["LakeBucketName"]);
        Assert.Equal("3", worker.Values["LogRetentionDays"]);
        Assert.Equal(worker.Values.Count, JsonNode.Parse(File.ReadAllText(Path.Combine(_folder.FullName, "worker.json")))!.AsArray().Count);
    }

    [Fact]
    public void The_image_is_the_same_program_and_a_file_that_copies_it()
    {
        var program = Path.Combine(_folder.FullName, "Beacon.Api");
        File.WriteAllText(program, "program");
        File.WriteAllText(Path.Combine(_folder.FullName, "Beacon.Api.dbg"), "symbols");
        File.WriteAllText(Path.Combine(_folder.FullName, "pixel.fields.json"), "{}");
        var files = ProgramBuild.Files(_folder.FullName, "Beacon.Api");

        ContainerImage.Write(Path.Combine(_folder.FullName, "image"), files);

        Assert.Equal(["bootstrap", "pixel.fields.json"], Directory.GetFiles(Path.Combine(_folder.FullName, "image", "app")).Select(Path.GetFileName).Order());
        Assert.Contains("ENTRYPOINT [\"/app/bootstrap\"]", File.ReadAllText(Path.Combine(_folder.FullName, "image", "Dockerfile")));
    }
}
