namespace Infrastructure.Edge;

/// <summary>The beacon's section <c>Proxy</c>: how it learns the visitor's address, and whom it believes.</summary>
internal static class ProxySettings
{
    /// <summary>
    /// From what the web adapter passes on of the invocation, on the function's own loopback; and where that is a proxy that
    /// the stack is told of, from the last hop that it names.
    /// </summary>
    public static IDictionary<string, string> RequestContext(Amazon.CDK.Stack stack)
    {
        var known = StackParameters.Text(stack, "KnownProxies", "",
            "Networks of an edge of your own in front, separated by commas: of what comes from there, the visitor is the last hop of X-Forwarded-For. Empty: the visitor is whoever connects.",
            "^[0-9a-fA-F.:/, ]*$", "Addresses and networks such as 203.0.113.0/24.");
        return new Dictionary<string, string>
        {
            ["Proxy__AddressFrom"] = "requestcontext",
            ["Proxy__Known__0"] = known.ValueAsString,
        };
    }

    /// <summary>From CloudFront's header, and only beside the secret that CloudFront adds.</summary>
    /// <param name="secret">The secret.</param>
    /// <param name="generation">Its number, which the beacon does not read: with another one, CloudFormation looks the secret up again.</param>
    public static IDictionary<string, string> CloudFront(string secret, string generation) => new Dictionary<string, string>
    {
        ["ORIGIN_SECRET_GENERATION"] = generation,
        ["Proxy__AddressFrom"] = "cloudfront",
        ["Proxy__OriginSecret"] = secret,
    };

    /// <summary>From the last hop that the load balancers of this network name.</summary>
    public static IDictionary<string, string> LastHop(string network) => new Dictionary<string, string>
    {
        ["Proxy__Known__0"] = network,
    };
}
