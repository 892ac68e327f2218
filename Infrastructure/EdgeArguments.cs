using System.CommandLine;
using Infrastructure.Edge;
using Infrastructure.Functions;

namespace Infrastructure;

/// <summary>The options of <see cref="EdgeOptions"/> on a command line, the same for every command that synthesizes.</summary>
public sealed class EdgeArguments
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

    private readonly Option<string> _way = OneOf("--way", Ways, "How requests reach the beacon", ReceivingWay.CloudFront);
    private readonly Option<bool> _waf = new("--waf") { Description = "A web ACL of AWS WAF: with cloudfront, and with fargate behind an application load balancer" };
    private readonly Option<bool> _customDomain = new("--custom-domain") { Description = "Also a certificate in us-east-1 for a domain of your own, with cloudfront" };
    private readonly Option<string> _architecture;
    private readonly Option<string> _loadBalancer = OneOf("--load-balancer", LoadBalancers, "What stands before the containers of fargate", LoadBalancerKind.Application);
    private readonly Option<string?> _region = new("--region") { Description = "The region of the edge, such as eu-central-1; without it that of whoever deploys" };

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="architecture">What the packages are for when nobody says.</param>
    public EdgeArguments(Command command, ProcessorArchitecture architecture)
    {
        _architecture = OneOf("--architecture", Architectures, "What the packages, or the image, are compiled for", architecture);
        foreach (var option in new Option[] { _way, _waf, _customDomain, _architecture, _loadBalancer, _region })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>What was chosen.</summary>
    public EdgeOptions Of(ParseResult parsed) => new()
    {
        Way = Ways[parsed.GetRequiredValue(_way)],
        Waf = parsed.GetValue(_waf),
        CustomDomain = parsed.GetValue(_customDomain),
        Architecture = Architectures[parsed.GetRequiredValue(_architecture)],
        LoadBalancer = LoadBalancers[parsed.GetRequiredValue(_loadBalancer)],
        Region = parsed.GetValue(_region),
    };

    private static Option<string> OneOf<T>(string name, Dictionary<string, T> values, string description, T otherwise)
    {
        var option = new Option<string>(name)
        {
            Description = description,
            HelpName = string.Join('|', values.Keys),
            DefaultValueFactory = _ => values.Single(value => Equals(value.Value, otherwise)).Key,
        };
        // AcceptOnlyFromAmong complains in several lines.
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } given && !values.ContainsKey(given))
            {
                result.AddError($"{name} takes {string.Join(", ", values.Keys.SkipLast(1))} or {values.Keys.Last()}, not {given}.");
            }
        });
        option.CompletionSources.Add([.. values.Keys]);
        return option;
    }
}
