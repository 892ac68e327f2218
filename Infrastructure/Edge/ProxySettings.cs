namespace Infrastructure.Edge;

/// <summary>The beacon's section <c>Proxy</c>: how it learns the visitor's address, and whom it believes.</summary>
internal static class ProxySettings
{
    /// <summary>From what the web adapter passes on of the invocation, on the function's own loopback.</summary>
    public static IDictionary<string, string> RequestContext { get; } = new Dictionary<string, string>
    {
        ["Proxy__AddressFrom"] = "requestcontext",
    };

    /// <summary>From CloudFront's header, and only beside the secret that CloudFront adds.</summary>
    public static IDictionary<string, string> CloudFront(string secret) => new Dictionary<string, string>
    {
        ["Proxy__AddressFrom"] = "cloudfront",
        ["Proxy__OriginSecret"] = secret,
    };

    /// <summary>From the last hop that the load balancers of this network name.</summary>
    public static IDictionary<string, string> LastHop(string network) => new Dictionary<string, string>
    {
        ["Proxy__Known__0"] = network,
    };
}
