using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Cli.Bench;
using Cli.Cost.Model;

namespace Cli.Tests.Cost;

/// <summary>What is counted is what the templates make.</summary>
public class TemplateTests
{
    private static readonly Assumptions Assumed = new();

    [Theory]
    [InlineData("functionurl", Way.FunctionUrl)]
    [InlineData("httpapi", Way.HttpApi)]
    [InlineData("cloudfront", Way.CloudFront)]
    [InlineData("fargate-application", Way.FargateAlb)]
    [InlineData("fargate-network", Way.FargateNlb)]
    internal void Alarms_metrics_dashboards_and_secrets_are_those_of_the_templates(string edge, Way way)
    {
        string[] stacks = [$"PixelEdge.{edge}", "PixelWorker", .. way is Way.CloudFront ? ["PixelEdgeWatch"] : Array.Empty<string>()];

        Assert.Equal(Assumed.WorkerAlarms, Of("AWS::CloudWatch::Alarm", "PixelWorker"));
        Assert.Equal(Assumed.WorkerAlarms + Assumed.EdgeAlarms(way), Of("AWS::CloudWatch::Alarm", stacks));
        Assert.Equal(Assumed.Metrics(way), Of("AWS::Logs::MetricFilter", stacks));
        Assert.Equal(way is Way.CloudFront ? Assumed.CloudFrontSecrets : 0, Of("AWS::SecretsManager::Secret", stacks));

        // The worker's is there for who asks for it.
        Assert.Equal(Assumed.Dashboards, Of("AWS::CloudWatch::Dashboard", stacks[0]));
        Assert.Equal(("yes", "no"), (Parameter(stacks[0], "WithDashboard"), Parameter("PixelWorker", "WithDashboard")));

        static int Of(string type, params string[] stacks) =>
            stacks.Sum(stack => Template(stack)["Resources"]!.AsObject().Count(resource => (string)resource.Value!["Type"]! == type));

        static string Parameter(string stack, string name) => (string)Template(stack)["Parameters"]![name]!["Default"]!;

        static JsonNode Template(string stack) =>
            JsonNode.Parse(File.ReadAllText(Path.Combine(Programs.Checkout, "Tests", "Infrastructure.Tests", "Snapshots", $"{stack}.json")))!;
    }

    [Fact]
    public void Memory_is_what_the_templates_give_unless_told_otherwise()
    {
        Assert.Equal(1024 * Assumed.LambdaGigabytes, Default("BeaconMemoryMegabytes", Source("Edge", "BeaconFunction.cs")));
        Assert.Equal(1024 * Assumed.WorkerGigabytes, Default("WorkerMemoryMegabytes", Source("Worker", "PixelWorkerStack.cs")));

        static double Default(string parameter, string source) => double.Parse(Regex.Match(source, $@"""{parameter}"", (\d+),").Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public void A_rule_of_the_web_ACL_that_is_paid_for_is_a_rule_of_the_web_ACL() =>
        Assert.Equal(Assumed.WafRules, Regex.Count(Source("Edge", "WebAcl.cs"), @"^\s+(Rule|Managed)\(\d, ", RegexOptions.Multiline));

    private static string Source(params string[] path) => File.ReadAllText(Path.Combine([Programs.Checkout, "Infrastructure", .. path]));
}
