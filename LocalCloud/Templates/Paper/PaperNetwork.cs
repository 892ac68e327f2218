using LocalCloud.Templates.Language;
using LocalCloud.Templates.Resources;
using static LocalCloud.Templates.Paper.PaperTypes;

namespace LocalCloud.Templates.Paper;

/// <summary>Networks and load balancers: EC2 and Elastic Load Balancing.</summary>
internal static class PaperNetwork
{
    public static Dictionary<string, Func<ResolvedResource, ResourceIdentity>> Types { get; } = new()
    {
        ["AWS::EC2::VPC"] = r =>
        {
            var id = r.Numbered("vpc");
            return Is(id, [("VpcId", id), ("DefaultSecurityGroup", r.Numbered("sg")), ("DefaultNetworkAcl", r.Numbered("acl")), .. Given(r, "CidrBlock")]);
        },
        ["AWS::EC2::Subnet"] = r =>
        {
            var id = r.Numbered("subnet");
            return Is(id, [("SubnetId", id), ("NetworkAclAssociationId", r.Numbered("aclassoc")), .. Given(r, "VpcId", "AvailabilityZone", "CidrBlock")]);
        },
        ["AWS::EC2::InternetGateway"] = r => Id(r.Numbered("igw"), "InternetGatewayId"),
        ["AWS::EC2::VPCGatewayAttachment"] = r =>
        {
            var type = r.Text("InternetGatewayId") is null ? "VGW" : "IGW";
            return Is($"{type}|{r.Text("VpcId")}", ("AttachmentType", type));
        },
        ["AWS::EC2::RouteTable"] = r => Id(r.Numbered("rtb"), "RouteTableId"),
        ["AWS::EC2::Route"] = r =>
        {
            var network = r.Text("DestinationCidrBlock") ?? r.Text("DestinationIpv6CidrBlock") ?? r.Text("DestinationPrefixListId") ?? "";
            return Is($"{r.Text("RouteTableId")}|{network}", ("CidrBlock", network));
        },
        ["AWS::EC2::SubnetRouteTableAssociation"] = r => Id(r.Numbered("rtbassoc")),
        ["AWS::EC2::SecurityGroup"] = r =>
        {
            var id = r.Numbered("sg");
            return Is(id, [("GroupId", id), ("Id", id), .. Given(r, "VpcId")]);
        },
        ["AWS::EC2::SecurityGroupIngress"] = r => Id(r.Numbered("sgr")),

        ["AWS::ElasticLoadBalancingV2::LoadBalancer"] = r =>
        {
            var (name, number) = (r.NameBy("Name", 32), r.Stack.HexFor(r.LogicalId, 16));
            var isNetwork = r.Text("Type") == "network";
            var full = $"{(isNetwork ? "net" : "app")}/{name}/{number}";
            var arn = r.Stack.Arn("elasticloadbalancing", $"loadbalancer/{full}");
            return Is(
                arn,
                ("LoadBalancerArn", arn),
                ("LoadBalancerName", name),
                ("LoadBalancerFullName", full),
                ("CanonicalHostedZoneID", PaperFunctions.HostedZone(r)),
                ("DNSName", isNetwork
                    ? $"{name}-{number}.elb.{r.Stack.Region}.{r.Stack.UrlSuffix}"
                    : $"{name}-{Convert.ToUInt32(number[..8], 16)}.{r.Stack.Region}.elb.{r.Stack.UrlSuffix}"));
        },
        ["AWS::ElasticLoadBalancingV2::TargetGroup"] = r =>
        {
            var name = r.NameBy("Name", 32);
            var full = $"targetgroup/{name}/{r.Stack.HexFor(r.LogicalId, 16)}";
            var arn = r.Stack.Arn("elasticloadbalancing", full);
            return Is(arn, ("TargetGroupArn", arn), ("TargetGroupName", name), ("TargetGroupFullName", full));
        },
        ["AWS::ElasticLoadBalancingV2::Listener"] = r => Id(
            $"{r.Text("LoadBalancerArn")!.Replace(":loadbalancer/", ":listener/", StringComparison.Ordinal)}/{r.Stack.HexFor(r.LogicalId, 16)}",
            "ListenerArn"),
    };

    // Attributes that are properties, where they are given.
    private static IEnumerable<(string, string)> Given(ResolvedResource resource, params string[] properties) =>
        properties.Where(property => resource.Text(property) is not null).Select(property => (property, resource.Text(property)!));
}
