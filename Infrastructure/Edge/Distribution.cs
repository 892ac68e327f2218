using Amazon.CDK;
using Amazon.CDK.AWS.CloudFront;
using Amazon.CDK.AWS.SecretsManager;
using Pixel.Events;

namespace Infrastructure.Edge;

/// <summary>
/// CloudFront before the beacon's function. GET and HEAD go to the function's URL, which takes requests signed by this
/// distribution and no others. POST goes to an HTTP API on the same function, by a path of its own: the signature covers
/// the body's hash, which the sender would have to send along, and no browser's beacon does. See docs/decisions/0016.
/// </summary>
internal sealed class Distribution
{
    /// <summary>The path of what is posted.</summary>
    public const string PostPath = "/collect";

    /// <summary>The header by which the beacon knows that a request came through this distribution.</summary>
    public const string SecretHeader = "x-pixel-origin-secret";

    private const string Images = "function-url", Posts = "http-api";

    /// <summary>AWS's own policy <c>CachingDisabled</c>: Amazon CloudFront Developer Guide, "Use managed cache policies".</summary>
    private const string CachingDisabled = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";

    /// <summary>What CloudFront keeps of an origin's errors unless told otherwise: same guide, "How CloudFront processes HTTP 4xx and 5xx status codes".</summary>
    private static readonly double[] CachedErrors = [400, 403, 404, 405, 414, 500, 501, 502, 503, 504];

    private readonly CfnSecret _secret;
    private readonly CfnParameter _generation;
    private readonly CfnOriginAccessControl _access;
    private readonly CfnOriginRequestPolicy _requests;

    public Distribution(Stack stack, EventSchema schema)
    {
        _secret = new CfnSecret(stack, "OriginSecret", new CfnSecretProps
        {
            Description = "What CloudFront sends along to the beacon of the tracking pixel, and nobody else knows",
            GenerateSecretString = new CfnSecret.GenerateSecretStringProperty { PasswordLength = 43, ExcludePunctuation = true },
        });

        _generation = StackParameters.Whole(stack, "OriginSecretGeneration", 1, 1, 1_000_000,
            "Another number has the distribution and the function read the secret anew, after it was changed.");

        // CDK 2.160 has a construct for buckets only.
        _access = new CfnOriginAccessControl(stack, "OriginAccess", new CfnOriginAccessControlProps
        {
            OriginAccessControlConfig = new CfnOriginAccessControl.OriginAccessControlConfigProperty
            {
                // CloudFront's names are one for all regions.
                Name = Fn.Sub("${AWS::StackName}-${AWS::Region}"),
                Description = "Signs requests to the beacon's function",
                OriginAccessControlOriginType = "lambda",
                SigningBehavior = "always",
                SigningProtocol = "sigv4",
            },
        });

        var forwarded = ForwardedHeaders.Of(schema);
        _requests = new CfnOriginRequestPolicy(stack, "ForwardedRequest", new CfnOriginRequestPolicyProps
        {
            OriginRequestPolicyConfig = new CfnOriginRequestPolicy.OriginRequestPolicyConfigProperty
            {
                Name = Fn.Sub("${AWS::StackName}-${AWS::Region}"),
                Comment = "What the beacon of the tracking pixel reads of a request",
                HeadersConfig = new CfnOriginRequestPolicy.HeadersConfigProperty { HeaderBehavior = "whitelist", Headers = forwarded.Headers },
                QueryStringsConfig = new CfnOriginRequestPolicy.QueryStringsConfigProperty { QueryStringBehavior = "all" },
                CookiesConfig = forwarded.Cookies.Length == 0
                    ? new CfnOriginRequestPolicy.CookiesConfigProperty { CookieBehavior = "none" }
                    : new CfnOriginRequestPolicy.CookiesConfigProperty { CookieBehavior = "whitelist", Cookies = forwarded.Cookies },
            },
        });
    }

    /// <summary>The secret's value, which CloudFormation looks up when it deploys.</summary>
    public string Secret => Fn.Join("", ["{{resolve:secretsmanager:", _secret.Ref, ":SecretString}}"]);

    /// <summary>The number of the secret. CloudFormation looks it up again only for what is changed: so both that hold it change with this.</summary>
    public string SecretGeneration => Fn.Ref(_generation.LogicalId);

    /// <summary>Makes the distribution.</summary>
    /// <returns>The pixel's address.</returns>
    public string Make(Stack stack, FunctionUrl url, HttpApi api, DomainParameters domain)
    {
        var webAcl = StackParameters.Text(stack, "WebAclArn", "",
            "ARN of a web ACL of AWS WAF for CloudFront, such as the output of PixelEdgeGlobal. Empty: none.",
            "^$|^arn:[a-z-]+:wafv2:us-east-1:[0-9]{12}:global/webacl/.+$", "The ARN of a web ACL of us-east-1 with the scope CLOUDFRONT, or nothing.");
        var prices = StackParameters.Choice(stack, "PriceClass", "PriceClass_100", ["PriceClass_100", "PriceClass_200", "PriceClass_All"],
            "From where CloudFront answers: North America, Europe and Israel; also Asia, Africa and the Middle East but few; or everywhere, which costs more a request.");

        var distribution = new CfnDistribution(stack, "Distribution", new CfnDistributionProps
        {
            DistributionConfig = new CfnDistribution.DistributionConfigProperty
            {
                Comment = Fn.Sub($"The tracking pixel (origin secret ${{{_generation.LogicalId}}})"),
                Enabled = true,
                HttpVersion = "http2and3",
                Ipv6Enabled = true,
                PriceClass = prices.ValueAsString,
                Origins = new[] { Origin(Images, url.Host, _access.AttrId), Origin(Posts, api.Host, "") },
                DefaultCacheBehavior = new CfnDistribution.DefaultCacheBehaviorProperty
                {
                    TargetOriginId = Images,
                    AllowedMethods = ["GET", "HEAD"],
                    CachedMethods = ["GET", "HEAD"],
                    CachePolicyId = CachingDisabled,
                    OriginRequestPolicyId = _requests.AttrId,
                    // An image in an old mail may still have http in front.
                    ViewerProtocolPolicy = "redirect-to-https",
                    Compress = false,
                },
                CacheBehaviors = new[]
                {
                    new CfnDistribution.CacheBehaviorProperty
                    {
                        PathPattern = PostPath,
                        TargetOriginId = Posts,
                        // The only list with POST in it that CloudFront takes; of these the API has a route for POST alone.
                        AllowedMethods = ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"],
                        CachedMethods = ["GET", "HEAD"],
                        CachePolicyId = CachingDisabled,
                        OriginRequestPolicyId = _requests.AttrId,
                        ViewerProtocolPolicy = "https-only",
                        Compress = false,
                    },
                },
                // Else one 503 would be every visitor's answer for ten seconds, without a request reaching the beacon, which
                // would not count them: for most errors CloudFront does not heed Cache-Control ("Control how long CloudFront
                // caches errors").
                CustomErrorResponses = CachedErrors.Select(code => new CfnDistribution.CustomErrorResponseProperty { ErrorCode = code, ErrorCachingMinTtl = 0 }).ToArray(),
            },
        });
        distribution.AddPropertyOverride("DistributionConfig.Aliases", StackParameters.If(domain.IsGiven, new[] { Ref(domain.Name) }));
        distribution.AddPropertyOverride("DistributionConfig.ViewerCertificate", StackParameters.If(
            domain.IsGiven,
            new Dictionary<string, object>
            {
                ["AcmCertificateArn"] = Ref(domain.CertificateArn),
                ["SslSupportMethod"] = "sni-only",
                ["MinimumProtocolVersion"] = "TLSv1.2_2021",
            },
            new Dictionary<string, object> { ["CloudFrontDefaultCertificate"] = true }));
        distribution.AddPropertyOverride("DistributionConfig.WebACLId", StackParameters.If(StackParameters.IsNot(webAcl, "", "HasWebAcl"), Ref(webAcl)));

        url.AllowDistribution(Fn.Sub(
            "arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${Distribution}",
            new Dictionary<string, string> { ["Distribution"] = distribution.Ref }));
        StackParameters.Output(stack, "DistributionId", distribution.Ref, "The CloudFront distribution");
        StackParameters.Output(stack, "DomainTarget", distribution.AttrDomainName, "What the domain's record must point to");
        return domain.PixelUrl(distribution.AttrDomainName);
    }

    private CfnDistribution.OriginProperty Origin(string id, string host, string accessControl) => new()
    {
        Id = id,
        DomainName = host,
        OriginAccessControlId = accessControl,
        CustomOriginConfig = new CfnDistribution.CustomOriginConfigProperty { OriginProtocolPolicy = "https-only", OriginSslProtocols = ["TLSv1.2"] },
        // What a viewer sends under this name is replaced.
        OriginCustomHeaders = new[] { new CfnDistribution.OriginCustomHeaderProperty { HeaderName = SecretHeader, HeaderValue = Secret } },
    };

    private static Dictionary<string, object> Ref(CfnParameter parameter) => new() { ["Ref"] = parameter.LogicalId };
}
