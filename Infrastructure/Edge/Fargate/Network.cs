using Amazon.CDK;
using Amazon.CDK.AWS.EC2;

namespace Infrastructure.Edge.Fargate;

/// <summary>
/// A network for the containers: two public subnets in two zones. Containers have public addresses, since what would let
/// private ones reach Firehose (a NAT gateway, or interface endpoints) costs more than a small edge itself; but nothing can
/// reach them except the load balancer.
/// </summary>
internal sealed class Network
{
    /// <summary>The addresses of the network; the load balancer's own are among them.</summary>
    public const string Addresses = "10.80.0.0/20";

    public Network(Stack stack)
    {
        var vpc = new CfnVPC(stack, "Network", new CfnVPCProps { CidrBlock = Addresses, EnableDnsSupport = true, EnableDnsHostnames = true });
        var gateway = new CfnInternetGateway(stack, "InternetGateway");
        var attached = new CfnVPCGatewayAttachment(stack, "InternetGatewayAttachment", new CfnVPCGatewayAttachmentProps { VpcId = vpc.Ref, InternetGatewayId = gateway.Ref });
        var routes = new CfnRouteTable(stack, "Routes", new CfnRouteTableProps { VpcId = vpc.Ref });
        Out = new CfnRoute(stack, "RouteToInternet", new CfnRouteProps { RouteTableId = routes.Ref, DestinationCidrBlock = "0.0.0.0/0", GatewayId = gateway.Ref });
        Out.Node.AddDependency(attached);

        Id = vpc.Ref;
        Subnets = [Subnet("SubnetA", 0, "10.80.0.0/22"), Subnet("SubnetB", 1, "10.80.4.0/22")];

        Balancer = Group("BalancerGroup", "Whom the load balancer answers");
        Tasks = Group("TaskGroup", "Whom the containers answer");
        Volume = Group("VolumeGroup", "Whom the volume of the journals answers");
        foreach (var port in new[] { 80, 443 })
        {
            From($"Visitors{port}", Balancer, port, null, "0.0.0.0/0");
            From($"VisitorsV6{port}", Balancer, port, null, null).CidrIpv6 = "::/0";
        }

        From("BalancerToTasks", Tasks, BeaconService.Port, Balancer, null);
        From("TasksToVolume", Volume, 2049, Tasks, null);

        string Subnet(string id, int zone, string addresses)
        {
            var subnet = new CfnSubnet(stack, id, new CfnSubnetProps
            {
                VpcId = vpc.Ref,
                AvailabilityZone = Fn.Select(zone, Fn.GetAzs()),
                CidrBlock = addresses,
            });
            _ = new CfnSubnetRouteTableAssociation(stack, $"{id}Routes", new CfnSubnetRouteTableAssociationProps { SubnetId = subnet.Ref, RouteTableId = routes.Ref });
            return subnet.Ref;
        }

        // EC2 takes no apostrophe in the description.
        CfnSecurityGroup Group(string id, string description) => new(stack, id, new CfnSecurityGroupProps { VpcId = vpc.Ref, GroupDescription = description });

        CfnSecurityGroupIngress From(string id, CfnSecurityGroup to, int port, CfnSecurityGroup? from, string? addresses) => new(stack, id, new CfnSecurityGroupIngressProps
        {
            GroupId = to.AttrGroupId,
            IpProtocol = "tcp",
            FromPort = port,
            ToPort = port,
            SourceSecurityGroupId = from?.AttrGroupId,
            CidrIp = addresses,
        });
    }

    /// <summary>Its id.</summary>
    public string Id { get; }

    /// <summary>Its subnets.</summary>
    public string[] Subnets { get; }

    /// <summary>The way out, without which containers cannot start.</summary>
    public CfnRoute Out { get; }

    /// <summary>Visitors reach it by 80 and 443.</summary>
    public CfnSecurityGroup Balancer { get; }

    /// <summary>The load balancer alone reaches them.</summary>
    public CfnSecurityGroup Tasks { get; }

    /// <summary>Containers alone reach it.</summary>
    public CfnSecurityGroup Volume { get; }
}
