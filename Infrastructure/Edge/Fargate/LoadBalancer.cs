using Amazon.CDK;
using Amazon.CDK.AWS.ElasticLoadBalancingV2;
using Amazon.CDK.AWS.WAFv2;
using Infrastructure.Monitoring;

namespace Infrastructure.Edge.Fargate;

/// <summary>
/// What stands before the containers: an application load balancer, which can have a web ACL and names the visitor as the
/// last hop of <c>X-Forwarded-For</c>; or a network load balancer, through which the visitor connects to the container
/// itself. Neither writes a log: it would hold addresses and queries.
/// </summary>
internal sealed class LoadBalancer
{
    private readonly LoadBalancerKind _kind;
    private readonly CfnLoadBalancer _balancer;
    private readonly CfnTargetGroup _targets;

    public LoadBalancer(Stack stack, Network network, EdgeOptions options, DomainParameters domain)
    {
        _kind = options.LoadBalancer;
        _balancer = new CfnLoadBalancer(stack, "LoadBalancer", new CfnLoadBalancerProps
        {
            Type = IsNetwork ? "network" : "application",
            Scheme = "internet-facing",
            Subnets = network.Subnets,
            SecurityGroups = [network.Balancer.AttrGroupId],
            LoadBalancerAttributes = IsNetwork ? null : Attributes<CfnLoadBalancer.LoadBalancerAttributeProperty>(
                (key, value) => new() { Key = key, Value = value },
                // The last hop is the one that connects, whatever a visitor sends.
                ("routing.http.xff_header_processing.mode", "append"),
                ("routing.http.drop_invalid_header_fields.enabled", "true")),
        });
        _balancer.Node.AddDependency(network.Out);
        _targets = new CfnTargetGroup(stack, "Targets", new CfnTargetGroupProps
        {
            VpcId = network.Id,
            TargetType = "ip",
            Protocol = IsNetwork ? "TCP" : "HTTP",
            Port = BeaconService.Port,
            HealthCheckProtocol = "HTTP",
            HealthCheckPath = "/ready",
            HealthCheckIntervalSeconds = 10,
            HealthyThresholdCount = 2,
            UnhealthyThresholdCount = 3,
            TargetGroupAttributes = Attributes<CfnTargetGroup.TargetGroupAttributeProperty>(
                (key, value) => new() { Key = key, Value = value },
                [
                    ("deregistration_delay.timeout_seconds", "15"),
                    .. IsNetwork ? [("preserve_client_ip.enabled", "true")] : Array.Empty<(string, string)>(),
                ]),
        });

        var plain = new CfnListener(stack, "Listener", new CfnListenerProps
        {
            LoadBalancerArn = _balancer.Ref,
            Port = 80,
            Protocol = IsNetwork ? "TCP" : "HTTP",
            DefaultActions = new[] { Forward() },
        });
        if (!IsNetwork)
        {
            plain.AddPropertyOverride("DefaultActions", StackParameters.If(
                domain.IsGiven,
                new[]
                {
                    new Dictionary<string, object>
                    {
                        ["Type"] = "redirect",
                        ["RedirectConfig"] = new Dictionary<string, object> { ["Protocol"] = "HTTPS", ["Port"] = "443", ["StatusCode"] = "HTTP_301" },
                    },
                },
                new[]
                {
                    new Dictionary<string, object> { ["Type"] = "forward", ["TargetGroupArn"] = new Dictionary<string, object> { ["Ref"] = _targets.LogicalId } },
                }));
        }

        var secure = new CfnListener(stack, "SecureListener", new CfnListenerProps
        {
            LoadBalancerArn = _balancer.Ref,
            Port = 443,
            Protocol = IsNetwork ? "TLS" : "HTTPS",
            SslPolicy = "ELBSecurityPolicy-TLS13-1-2-2021-06",
            Certificates = new[] { new CfnListener.CertificateProperty { CertificateArn = domain.CertificateArn.ValueAsString } },
            DefaultActions = new[] { Forward() },
        });
        secure.CfnOptions.Condition = domain.IsGiven;
        Listener = plain;
        // Of a listener that is there with a domain only, CloudFormation takes no DependsOn, but a reference: so it is in the name.
        TargetGroup = Fn.ConditionIf(domain.IsGiven.LogicalId, Fn.Select(0, Fn.Split("|", Fn.Join("|", [_targets.Ref, secure.Ref]))), _targets.Ref).ToString();

        if (options.Waf)
        {
            _ = new CfnWebACLAssociation(stack, "WebAclAssociation", new CfnWebACLAssociationProps
            {
                ResourceArn = _balancer.Ref,
                WebAclArn = WebAcl.Make(stack, "REGIONAL").AttrArn,
            });
        }

        StackParameters.Output(stack, "DomainTarget", _balancer.AttrDnsName, "What the domain's record must point to");
    }

    /// <summary>The name that AWS gives it.</summary>
    public string Host => _balancer.AttrDnsName;

    /// <summary>Where containers register; with a domain, not before the listener is there that forwards to it.</summary>
    public string TargetGroup { get; }

    /// <summary>What must be there before containers can register.</summary>
    public CfnListener Listener { get; }

    /// <summary>How the beacon learns the visitor's address: of a network load balancer's visitors it is that of the connection.</summary>
    public IDictionary<string, string> ProxySettings => IsNetwork ? new Dictionary<string, string>() : Edge.ProxySettings.LastHop(Network.Addresses);

    private bool IsNetwork => _kind is LoadBalancerKind.Network;

    private string Namespace => IsNetwork ? "AWS/NetworkELB" : "AWS/ApplicationELB";

    /// <summary>Adds the alarms and the graphs.</summary>
    public void Watch(Alarms alarms, Dashboard dashboard)
    {
        var (healthy, unhealthy) = (OfTargets("HealthyHostCount", "Minimum"), OfTargets("UnHealthyHostCount", "Maximum"));
        alarms.AddBelow("NoBeacon", "No beacon is ready: visitors get no pixel. Look at the service's events and log.", healthy, 1, TimeSpan.FromMinutes(1), times: 3);
        alarms.Add("BeaconUnhealthy", "A beacon has not been ready for five minutes: it can keep no event.", unhealthy, 0, TimeSpan.FromMinutes(1), times: 5);
        dashboard.Add("Beacons that are ready", healthy, unhealthy);
        if (IsNetwork)
        {
            dashboard.Add("Connections", Of("NewFlowCount", "Sum"), Of("TCP_Target_Reset_Count", "Sum"));
            return;
        }

        var (failed, unanswered) = (Of("HTTPCode_Target_5XX_Count", "Sum"), Of("HTTPCode_ELB_5XX_Count", "Sum"));
        alarms.Add("EventsNotKept", "Beacons answered 500 or more: neither Firehose nor the journal took the events.", failed, 0, TimeSpan.FromMinutes(5));
        alarms.Add("Unanswered", "The load balancer found no beacon that answered.", unanswered, 0, TimeSpan.FromMinutes(5));
        dashboard.Add("Requests", Of("RequestCount", "Sum"), failed, unanswered);
        dashboard.Add("Time of the beacon", Of("TargetResponseTime", "p50"), Of("TargetResponseTime", "p99"));
    }

    private MetricOf Of(string name, string statistic) => new(Namespace, name, statistic, ("LoadBalancer", _balancer.AttrLoadBalancerFullName));

    private MetricOf OfTargets(string name, string statistic) =>
        new(Namespace, name, statistic, ("TargetGroup", _targets.AttrTargetGroupFullName), ("LoadBalancer", _balancer.AttrLoadBalancerFullName));

    private CfnListener.ActionProperty Forward() => new() { Type = "forward", TargetGroupArn = _targets.Ref };

    private static T[] Attributes<T>(Func<string, string, T> make, params (string Key, string Value)[] attributes) => [.. attributes.Select(a => make(a.Key, a.Value))];
}
