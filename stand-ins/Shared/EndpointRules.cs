using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using Amazon.Util;
using static Amazon.Runtime.Internal.Endpoints.StandardLibrary.Fn;

namespace StandIns;

/// <summary>Where a regional service answers: the configured URL as it is, else <c>https://{service}.{region}.{the partition's domain}</c>.</summary>
internal sealed class EndpointRules(string service) : IEndpointProvider
{
    public Endpoint ResolveEndpoint(EndpointParameters parameters)
    {
        var fips = Equals(parameters["UseFIPS"], true);
        var dualStack = Equals(parameters["UseDualStack"], true);
        if (parameters["Endpoint"] is string { Length: > 0 } configured)
        {
            return fips ? throw new AmazonClientException("Invalid Configuration: FIPS and custom endpoint are not supported")
                : dualStack ? throw new AmazonClientException("Invalid Configuration: Dualstack and custom endpoint are not supported")
                : new Endpoint(configured);
        }

        if (parameters["Region"] is not string { Length: > 0 } region || Partition(region) is not { } partition)
        {
            throw new AmazonClientException("Invalid Configuration: Missing Region");
        }

        if ((fips && !Equals(partition["supportsFIPS"], true)) || (dualStack && !Equals(partition["supportsDualStack"], true)))
        {
            throw new AmazonClientException("FIPS or DualStack is enabled, but this partition does not support it");
        }

        var host = fips ? service + "-fips" : service;
        var suffix = partition[dualStack ? "dualStackDnsSuffix" : "dnsSuffix"];
        return new Endpoint($"https://{host}.{region}.{suffix}");
    }

    /// <summary>The endpoint that a client with this configuration uses.</summary>
    public static Endpoint Resolve(IClientConfig config, RegionEndpoint alternate) => config.EndpointProvider.ResolveEndpoint(Parameters(config, alternate));

    public static EndpointParameters Parameters(IClientConfig config, RegionEndpoint alternate)
    {
        var region = (alternate ?? config.RegionEndpoint)?.SystemName;
        if (region is null && !string.IsNullOrEmpty(config.ServiceURL))
        {
            // A ServiceURL drops the region: the one to sign for, else what the URL's host says.
            region = string.IsNullOrEmpty(config.AuthenticationRegion) ? AWSSDKUtils.DetermineRegion(config.ServiceURL) : config.AuthenticationRegion;
        }

        return new EndpointParameters
        {
            ["Region"] = region,
            ["UseDualStack"] = config.UseDualstackEndpoint,
            ["UseFIPS"] = config.UseFIPSEndpoint,
            ["Endpoint"] = config.ServiceURL,
        };
    }
}
