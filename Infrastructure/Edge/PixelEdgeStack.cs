using Amazon.CDK;
using Constructs;
using Infrastructure.Edge.Fargate;
using Infrastructure.Monitoring;
using Pixel.Events;

namespace Infrastructure.Edge;

/// <summary>
/// The edge: the beacon, what stands before it, the queue for what Firehose does not take, alarms and a dashboard. It knows
/// the lake by parameters, which are the lake's outputs, and has no assets: packages lie in a bucket that is a parameter.
/// </summary>
public sealed class PixelEdgeStack : Stack
{
    /// <summary>The stack's name, in CloudFormation and of its template.</summary>
    public const string DefaultName = "PixelEdge";

    /// <summary>The path of the pixel.</summary>
    internal const string PixelPath = "/trackingpixel";

    public PixelEdgeStack(Construct scope, EventSchema schema, EdgeOptions options, string id = DefaultName)
        : base(scope, id, StackParameters.Props(id, "PixelAspire: the beacon of a tracking pixel and its edge", options.Region))
    {
        options.Validate();
        StackParameters.Tag(this);
        var stream = new StreamParameters(this);
        var logRetention = StackParameters.LogRetention(this, "the edge's logs");
        var alarms = new Alarms(this);
        var dashboard = new Dashboard();

        var url = options.Way switch
        {
            ReceivingWay.FunctionUrl => ByFunctionUrl(options, stream, logRetention, alarms, dashboard),
            ReceivingWay.HttpApi => ByHttpApi(options, stream, logRetention, alarms, dashboard),
            ReceivingWay.CloudFront => ByCloudFront(schema, options, stream, logRetention, alarms, dashboard),
            _ => ByFargate(options, stream, logRetention, alarms, dashboard),
        };

        StreamMonitoring.Add(stream.Name.ValueAsString, stream.IsHere, alarms);
        StreamMonitoring.Add(stream.Name.ValueAsString, stream.IsHere, dashboard);
        dashboard.Make(this, byDefault: true);
        StackParameters.Output(this, "PixelUrl", url, "The address of the pixel");
    }

    private string ByFunctionUrl(EdgeOptions options, StreamParameters stream, CfnParameter logRetention, Alarms alarms, Dashboard dashboard)
    {
        var queue = new OverflowQueue(this);
        var beacon = new BeaconFunction(this, options.Architecture, stream, queue, logRetention, ProxySettings.RequestContext(this));
        var url = FunctionUrl.ForEverybody(this, beacon);
        FunctionMonitoring.Add(beacon.Function, queue, FunctionMonitoring.UrlOf(beacon.Function), alarms, dashboard);
        return Fn.Join("", [url.Url, PixelPath[1..]]);
    }

    private string ByHttpApi(EdgeOptions options, StreamParameters stream, CfnParameter logRetention, Alarms alarms, Dashboard dashboard)
    {
        var queue = new OverflowQueue(this);
        var beacon = new BeaconFunction(this, options.Architecture, stream, queue, logRetention, ProxySettings.RequestContext(this));
        var api = new HttpApi(this, beacon, HttpApi.EveryRoute, 1000, logRetention);
        var domain = new DomainParameters(this, "in the region of this stack");
        api.AddDomain(this, domain);
        api.Watch(alarms);
        FunctionMonitoring.Add(beacon.Function, queue, api.Metrics, alarms, dashboard);
        return domain.PixelUrl(api.Host);
    }

    private string ByCloudFront(
        EventSchema schema, EdgeOptions options, StreamParameters stream, CfnParameter logRetention, Alarms alarms, Dashboard dashboard)
    {
        var queue = new OverflowQueue(this);
        var distribution = new Distribution(this, schema);
        var beacon = new BeaconFunction(this, options.Architecture, stream, queue, logRetention, ProxySettings.CloudFront(distribution.Secret, distribution.SecretGeneration));
        var url = FunctionUrl.Signed(this, beacon);
        // Whoever finds its name goes past the web ACL here, only to be refused; and nobody else has anything to post yet.
        var api = new HttpApi(this, beacon, $"POST {Distribution.PostPath}", 10, logRetention);
        FunctionMonitoring.Add(beacon.Function, queue, FunctionMonitoring.UrlOf(beacon.Function), alarms, dashboard);
        return distribution.Make(this, url, api, new DomainParameters(this, "in us-east-1: the output of PixelEdgeGlobal"));
    }

    private string ByFargate(EdgeOptions options, StreamParameters stream, CfnParameter logRetention, Alarms alarms, Dashboard dashboard)
    {
        var domain = new DomainParameters(this, "in the region of this stack");
        var network = new Network(this);
        var balancer = new LoadBalancer(this, network, options, domain);
        var service = new BeaconService(this, options.Architecture, stream, logRetention, network, balancer);
        balancer.Watch(alarms, dashboard);
        service.Watch(alarms, dashboard);
        return domain.PixelUrl(balancer.Host, scheme: "http");
    }
}
