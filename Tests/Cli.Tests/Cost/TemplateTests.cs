using System.Text.RegularExpressions;
using Cli.Bench;
using Cli.Cost.Model;

namespace Cli.Tests.Cost;

/// <summary>What is counted is what the templates make.</summary>
public class TemplateTests
{
    private static readonly Assumptions Assumed = new();

    [Theory]
    [InlineData("FunctionUrlEdge", 7)]
    [InlineData("HttpApiEdge", 7)]
    [InlineData("CloudFrontEdge", 7)]
    [InlineData("ApplicationBalancerEdge", 7)]
    [InlineData("NetworkBalancerEdge", 5)]
    public void Alarms_metrics_dashboards_and_secrets_are_those_of_the_templates(string way, int edgeAlarms)
    {
        var resources = File.ReadAllLines(Path.Combine(Programs.Checkout, "Tests", "Infrastructure.Tests", "Edge", "Snapshots", $"{way}.txt"));

        Assert.Equal((edgeAlarms, Assumed.WorkerAlarms), (Of("PixelEdge", "AWS::CloudWatch::Alarm"), Of("PixelWorker", "AWS::CloudWatch::Alarm")));
        Assert.Equal(edgeAlarms, way == "NetworkBalancerEdge" ? Assumed.NetworkEdgeAlarms : Assumed.EdgeAlarms);
        Assert.Equal(Assumed.Metrics, resources.Count(line => line.Contains("AWS::Logs::MetricFilter", StringComparison.Ordinal)));
        Assert.Equal(way == "CloudFrontEdge" ? Assumed.CloudFrontSecrets : 0, resources.Count(line => line.Contains("AWS::SecretsManager::Secret", StringComparison.Ordinal)));

        // The worker's is there for who asks for it.
        Assert.Equal(Assumed.Dashboards, Of("PixelEdge", "AWS::CloudWatch::Dashboard"));
        Assert.Contains("dashboard.Make(this, byDefault: true)", Source("Edge", "PixelEdgeStack.cs"), StringComparison.Ordinal);
        Assert.Contains("dashboard.Make(this, byDefault: false)", Source("Worker", "PixelWorkerStack.cs"), StringComparison.Ordinal);

        int Of(string stack, string type) => resources.Count(line => line.StartsWith($"{stack} ", StringComparison.Ordinal) && line.Contains(type, StringComparison.Ordinal));
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
