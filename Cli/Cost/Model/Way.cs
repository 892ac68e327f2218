namespace Cli.Cost.Model;

/// <summary>A way of receiving: what stands before the beacon.</summary>
internal enum Way
{
    /// <summary>An HTTP API of API Gateway, and Lambda.</summary>
    HttpApi,

    /// <summary>CloudFront, and Lambda behind a Function URL.</summary>
    CloudFront,

    /// <summary>Lambda behind its Function URL alone.</summary>
    FunctionUrl,

    /// <summary>An application load balancer, and Fargate.</summary>
    FargateAlb,

    /// <summary>A network load balancer with a TLS listener, and Fargate.</summary>
    FargateNlb,
}

/// <summary>A way, with or without a web ACL.</summary>
/// <param name="Way">The way.</param>
/// <param name="Waf">Whether a web ACL inspects each request.</param>
internal sealed record Receiving(Way Way, bool Waf = false)
{
    /// <summary>Every combination that can be had: only CloudFront and an application load balancer take a web ACL.</summary>
    public static readonly IReadOnlyList<Receiving> All =
    [
        new(Way.HttpApi), new(Way.CloudFront), new(Way.CloudFront, Waf: true), new(Way.FunctionUrl),
        new(Way.FargateAlb), new(Way.FargateAlb, Waf: true), new(Way.FargateNlb),
    ];

    /// <summary>As it is typed and printed.</summary>
    public string Name => Names[Way] + (Waf ? " with WAF" : "");

    /// <summary>The ways as they are typed.</summary>
    public static readonly IReadOnlyDictionary<Way, string> Names = new Dictionary<Way, string>
    {
        [Way.HttpApi] = "httpapi",
        [Way.CloudFront] = "cloudfront",
        [Way.FunctionUrl] = "functionurl",
        [Way.FargateAlb] = "fargate-alb",
        [Way.FargateNlb] = "fargate-nlb",
    };

    /// <summary>Whether the beacon runs in Lambda: one put a request.</summary>
    public bool IsLambda => Way is Way.HttpApi or Way.CloudFront or Way.FunctionUrl;
}
