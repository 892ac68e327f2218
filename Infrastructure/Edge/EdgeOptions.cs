using Infrastructure.Functions;

namespace Infrastructure.Edge;

/// <summary>How requests for the pixel reach the beacon. It is the same program in all of them.</summary>
public enum ReceivingWay
{
    /// <summary>CloudFront before a Lambda function that nobody else can reach. The default.</summary>
    CloudFront,

    /// <summary>An HTTP API of API Gateway before a Lambda function. It cannot have a web ACL.</summary>
    HttpApi,

    /// <summary>A Lambda function's own URL: the cheapest, for those who put their own edge in front.</summary>
    FunctionUrl,

    /// <summary>Containers behind a load balancer, for many requests.</summary>
    Fargate,
}

/// <summary>What stands before the containers.</summary>
public enum LoadBalancerKind
{
    /// <summary>An application load balancer, which can have a web ACL.</summary>
    Application,

    /// <summary>A network load balancer: cheaper for many requests, and no web ACL.</summary>
    Network,
}

/// <summary>
/// What decides which resources an edge has. What only changes their properties is a parameter of the template.
/// </summary>
public sealed record EdgeOptions
{
    /// <summary>How requests are received.</summary>
    public ReceivingWay Way { get; init; } = ReceivingWay.CloudFront;

    /// <summary>Whether a web ACL of AWS WAF looks at requests first: with CloudFront, and with an application load balancer.</summary>
    public bool Waf { get; init; }

    /// <summary>The processors that the packages, or the container's image, were made for.</summary>
    public ProcessorArchitecture Architecture { get; init; } = ProcessorArchitecture.Arm64;

    /// <summary>What stands before the containers.</summary>
    public LoadBalancerKind LoadBalancer { get; init; } = LoadBalancerKind.Application;

    /// <summary>Whether there is to be a certificate for a domain of one's own: with CloudFront, whose certificates live in us-east-1.</summary>
    public bool CustomDomain { get; init; }

    /// <summary>
    /// The region of the edge and the worker, such as <c>eu-central-1</c>; null: that of whoever deploys. What CloudFront
    /// wants in us-east-1 goes there in any case.
    /// </summary>
    public string? Region { get; init; }

    /// <summary>Whether something of it must live in us-east-1.</summary>
    public bool NeedsGlobal => Way is ReceivingWay.CloudFront && (Waf || CustomDomain);

    /// <summary>Checks what does not go together.</summary>
    /// <exception cref="EdgeOptionsException">It does not; the message says what to choose instead.</exception>
    public void Validate()
    {
        if (Waf && Way is ReceivingWay.HttpApi)
        {
            throw new EdgeOptionsException("An HTTP API cannot have a web ACL: choose --way cloudfront, which puts one in front of the same function.");
        }

        if (Waf && Way is ReceivingWay.FunctionUrl)
        {
            throw new EdgeOptionsException("A function URL cannot have a web ACL: choose --way cloudfront, which puts one in front of the same function.");
        }

        if (Waf && Way is ReceivingWay.Fargate && LoadBalancer is LoadBalancerKind.Network)
        {
            throw new EdgeOptionsException("A network load balancer cannot have a web ACL: choose --load-balancer application.");
        }

        if (CustomDomain && Way is not ReceivingWay.CloudFront)
        {
            throw new EdgeOptionsException(
                "Only CloudFront needs its certificate made in us-east-1. Give the certificate of any other way as the parameter CertificateArn, with DomainName; a function URL has none.");
        }
    }
}

/// <summary>Options that do not go together.</summary>
public sealed class EdgeOptionsException(string message) : Exception(message);
