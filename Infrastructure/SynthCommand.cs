using System.CommandLine;
using Infrastructure.Edge;
using Infrastructure.Functions;

namespace Infrastructure;

/// <summary><c>synth</c>: the stacks as templates in a folder. Its options are those of <see cref="EdgeOptions"/>.</summary>
internal static class SynthCommand
{
    private static readonly Dictionary<string, ReceivingWay> Ways = new()
    {
        ["cloudfront"] = ReceivingWay.CloudFront,
        ["httpapi"] = ReceivingWay.HttpApi,
        ["functionurl"] = ReceivingWay.FunctionUrl,
        ["fargate"] = ReceivingWay.Fargate,
    };

    private static readonly Dictionary<string, ProcessorArchitecture> Architectures = new()
    {
        ["arm64"] = ProcessorArchitecture.Arm64,
        ["x86_64"] = ProcessorArchitecture.X86,
    };

    private static readonly Dictionary<string, LoadBalancerKind> LoadBalancers = new()
    {
        ["application"] = LoadBalancerKind.Application,
        ["network"] = LoadBalancerKind.Network,
    };

    public static Command Create()
    {
        var output = new Option<DirectoryInfo>("--output") { Description = "Where the CloudFormation templates go", Required = true };
        var way = OneOf("--way", Ways, "How requests reach the beacon");
        var waf = new Option<bool>("--waf") { Description = "A web ACL of AWS WAF: with cloudfront, and with fargate behind an application load balancer" };
        var customDomain = new Option<bool>("--custom-domain") { Description = "Also a certificate in us-east-1 for a domain of your own, with cloudfront" };
        var architecture = OneOf("--architecture", Architectures, "What the packages, or the image, were compiled for");
        var loadBalancer = OneOf("--load-balancer", LoadBalancers, "What stands before the containers of fargate");
        var region = new Option<string?>("--region") { Description = "The region of the edge, such as eu-central-1; without it that of whoever deploys" };

        var synth = new Command("synth", "Synthesizes the stacks into a folder") { output, way, waf, customDomain, architecture, loadBalancer, region };
        synth.SetAction(parsed => Commands.Synth(parsed.GetRequiredValue(output), new EdgeOptions
        {
            Way = Ways[parsed.GetRequiredValue(way)],
            Waf = parsed.GetValue(waf),
            CustomDomain = parsed.GetValue(customDomain),
            Architecture = Architectures[parsed.GetRequiredValue(architecture)],
            LoadBalancer = LoadBalancers[parsed.GetRequiredValue(loadBalancer)],
            Region = parsed.GetValue(region),
        }));
        return synth;
    }

    // The first is the default.
    private static Option<string> OneOf<T>(string name, Dictionary<string, T> values, string description)
    {
        var first = values.Keys.First();
        var option = new Option<string>(name)
        {
            Description = description,
            DefaultValueFactory = _ => first,
        };
        option.AcceptOnlyFromAmong([.. values.Keys]);
        return option;
    }
}
