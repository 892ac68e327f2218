using System.Text.Json.Nodes;
using Amazon.CDK;
using Amazon.CDK.AWS.Apigatewayv2;
using Amazon.CDK.AWS.Lambda;
using Amazon.CDK.AWS.Logs;
using Infrastructure.Monitoring;
using Infrastructure.Permissions;

namespace Infrastructure.Edge;

/// <summary>
/// An HTTP API of API Gateway before the beacon's function: it throttles, and logs what was answered, but neither the
/// visitor's address nor anything that the visitor sent. It cannot have a web ACL.
/// </summary>
internal sealed class HttpApi
{
    /// <summary>The route of whatever no other route takes; what is a path is the beacon's to say.</summary>
    public const string EveryRoute = "$default";

    /// <summary>
    /// What a line says of a request: not who sent it and not what. Left out on purpose are <c>identity.sourceIp</c>,
    /// <c>identity.userAgent</c>, <c>path</c> (which a sender chooses freely) and, since it can quote them,
    /// <c>integrationErrorMessage</c>; a query has no variable of its own. Left out because CloudWatch bills each byte of each
    /// request is what is always the same (route, protocol, length of the image), and names are short: when (Unix time in
    /// milliseconds), the method, the status of the answer and that of the beacon, and how long both took (milliseconds).
    /// </summary>
    private static readonly (string Name, string Variable)[] Logged =
    [
        ("id", "requestId"), ("at", "requestTimeEpoch"), ("m", "httpMethod"), ("s", "status"), ("bs", "integrationStatus"), ("ms", "responseLatency"), ("bms", "integrationLatency"),
    ];

    private readonly Stack _stack;
    private readonly CfnApi _api;
    private readonly CfnStage _stage;
    private readonly CfnLogGroup _log;

    /// <param name="stack">The stack.</param>
    /// <param name="beacon">What answers.</param>
    /// <param name="route">What is let through.</param>
    /// <param name="perSecond">How much of it, unless whoever deploys says otherwise.</param>
    /// <param name="logRetentionDays">How long its log is kept.</param>
    public HttpApi(Stack stack, BeaconFunction beacon, string route, int perSecond, CfnParameter logRetentionDays)
    {
        _stack = stack;
        var rate = StackParameters.Whole(stack, "RequestsPerSecond", perSecond, 1, 10_000,
            "Requests a second that the HTTP API lets through on average; the others get 429 and no event. The stream takes 1,000 puts a second, and 2,000 in us-east-1, us-west-2 and eu-west-1.");
        var burst = StackParameters.Whole(stack, "RequestBurst", perSecond, 1, 5000,
            "Requests that the HTTP API lets through at one moment.");

        _api = new CfnApi(stack, "HttpApi", new CfnApiProps
        {
            Name = Fn.Sub("${AWS::StackName}"),
            Description = "The tracking pixel",
            ProtocolType = "HTTP",
        });
        var integration = new CfnIntegration(stack, "HttpApiIntegration", new CfnIntegrationProps
        {
            ApiId = _api.Ref,
            IntegrationType = "AWS_PROXY",
            IntegrationUri = beacon.Function.Arn,
            PayloadFormatVersion = "2.0",
            TimeoutInMillis = 20_000,
        });
        var onRoute = new CfnRoute(stack, "HttpApiRoute", new CfnRouteProps
        {
            ApiId = _api.Ref,
            RouteKey = route,
            Target = Fn.Join("/", ["integrations", integration.Ref]),
        });

        // Below this prefix the policy by which API Gateway may write does not grow with each log.
        _log = new CfnLogGroup(stack, "AccessLog", new CfnLogGroupProps
        {
            LogGroupName = Fn.Sub("/aws/vendedlogs/apigateway/${AWS::StackName}"),
            RetentionInDays = logRetentionDays.ValueAsNumber,
        });
        _log.ApplyRemovalPolicy(RemovalPolicy.DESTROY);
        _stage = new CfnStage(stack, "HttpApiStage", new CfnStageProps
        {
            ApiId = _api.Ref,
            StageName = "$default",
            AutoDeploy = true,
            AccessLogSettings = new CfnStage.AccessLogSettingsProperty
            {
                DestinationArn = Policies.Arn("logs", "log-group:${Log}", ("Log", _log.Ref)),
                Format = new JsonObject(Logged.Select(field => KeyValuePair.Create(field.Name, (JsonNode?)$"$context.{field.Variable}"))).ToJsonString(),
            },
            DefaultRouteSettings = new CfnStage.RouteSettingsProperty
            {
                ThrottlingRateLimit = rate.ValueAsNumber,
                ThrottlingBurstLimit = burst.ValueAsNumber,
                DetailedMetricsEnabled = false,
            },
        });
        // Else it could be made before its route, and deploy without it.
        _stage.Node.AddDependency(onRoute);

        _ = new CfnPermission(stack, "HttpApiInvoke", new CfnPermissionProps
        {
            FunctionName = beacon.Function.Arn,
            Action = "lambda:InvokeFunction",
            Principal = "apigateway.amazonaws.com",
            SourceArn = Policies.Arn("execute-api", "${Api}/*", ("Api", _api.Ref)),
        });
    }

    /// <summary>The host that AWS gives it.</summary>
    public string Host => Fn.Select(2, Fn.Split("/", _api.AttrApiEndpoint));

    /// <summary>The requests, and those answered with 500 and more.</summary>
    public (MetricOf Requests, MetricOf Failed) Metrics => (Of("Count"), Of("5xx"));

    /// <summary>Adds the alarm for what it refuses, which Lambda never hears of and no metric of API Gateway tells from a 404.</summary>
    public void Watch(Alarms alarms)
    {
        var refused = LogMetric.Count(_stack, "RequestsRefused", _log, """{ $.s = "429" }""");
        alarms.Add("RequestsRefused", "The HTTP API refused requests: raise RequestsPerSecond or RequestBurst, if the stream takes as much. They have no event.", refused, 0, TimeSpan.FromMinutes(5));
    }

    /// <summary>Lets it be reached by a domain, and by that alone.</summary>
    public void AddDomain(Stack stack, DomainParameters domain)
    {
        var name = new CfnDomainName(stack, "HttpApiDomain", new CfnDomainNameProps
        {
            DomainName = domain.Name.ValueAsString,
            DomainNameConfigurations = new[]
            {
                new CfnDomainName.DomainNameConfigurationProperty
                {
                    CertificateArn = domain.CertificateArn.ValueAsString,
                    EndpointType = "REGIONAL",
                    SecurityPolicy = "TLS_1_2",
                },
            },
        });
        var mapping = new CfnApiMapping(stack, "HttpApiMapping", new CfnApiMappingProps
        {
            ApiId = _api.Ref,
            DomainName = name.Ref,
            Stage = _stage.Ref,
        });
        name.CfnOptions.Condition = domain.IsGiven;
        mapping.CfnOptions.Condition = domain.IsGiven;
        _api.AddPropertyOverride("DisableExecuteApiEndpoint", StackParameters.If(domain.IsGiven, true, false));
        StackParameters.Output(stack, "DomainTarget", name.AttrRegionalDomainName, "What the domain's record must point to", domain.IsGiven);
    }

    private MetricOf Of(string name) => new("AWS/ApiGateway", name, "Sum", ("ApiId", _api.Ref));
}
