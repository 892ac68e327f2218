using System.Text.Json.Nodes;
using Infrastructure.Edge;
using Infrastructure.Edge.Fargate;
using Infrastructure.Functions;
using Infrastructure.Lake;
using Infrastructure.Worker;

namespace Infrastructure.Tests.Edge;

/// <summary>The templates of containers behind an application load balancer with a web ACL.</summary>
public sealed class ApplicationBalancerEdge() : SynthesizedEdge(new EdgeOptions { Way = ReceivingWay.Fargate, Waf = true });

/// <summary>The templates of containers behind a network load balancer.</summary>
public sealed class NetworkBalancerEdge() : SynthesizedEdge(new EdgeOptions
{
    Way = ReceivingWay.Fargate, LoadBalancer = LoadBalancerKind.Network, Architecture = ProcessorArchitecture.X86,
});

/// <summary>What holds of a beacon in containers, whatever balances the load.</summary>
/// <param name="synthesized">The templates.</param>
public abstract class BeaconServicePromises(SynthesizedEdge synthesized) : EdgePromises(synthesized)
{
    /// <summary>The beacon's container.</summary>
    protected JsonNode Container => Assert.Single(Edge.Properties("Task")["ContainerDefinitions"]!.AsArray())!;

    /// <inheritdoc/>
    protected override Dictionary<string, string> BeaconSettings => Settings;

    [Fact]
    public void What_the_alarm_on_the_log_looks_for_is_what_the_beacon_says()
    {
        var beacon = Path.Combine(Path.GetDirectoryName(LakeTemplate.CommittedPath())!, "..", "..", "Beacon.Api");
        var said = Directory.GetFiles(beacon, "*.cs", SearchOption.AllDirectories).SelectMany(File.ReadLines).Where(line => line.Contains("[LoggerMessage(", StringComparison.Ordinal)).ToList();

        Assert.All(BeaconService.Trouble, words => Assert.Contains(said, line => line.Contains(words, StringComparison.Ordinal)));
        Assert.All(BeaconService.Trouble, words => Assert.Contains($"?\"{words}\"", (string)Edge.Properties("JournalTrouble")["FilterPattern"]!, StringComparison.Ordinal));
    }

    [Fact]
    public void A_deployment_leaves_the_number_of_containers_to_the_scaling_and_waits_for_the_listener_that_has_the_targets()
    {
        var service = Edge.Properties("Service");

        Assert.Null(service["DesiredCount"]);
        var target = service["LoadBalancers"]![0]!["TargetGroupArn"]!["Fn::If"]!;
        Assert.Equal("HasDomain", (string)target[0]!);
        Assert.Contains("SecureListener", target[1]!.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("SecureListener", target[2]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_beacon_calls_all_that_its_role_allows_and_nothing_else()
    {
        var calls = await BeaconCalls.SeeAsync(Settings);

        // What it may do with its volume, by a policy of its own (JournalUse), is done by no call.
        Assert.Equal("", BeaconCalls.Compare(Edge.StatementsOf("BeaconRole"), calls.Own));
        Assert.Empty(calls.AsRole);
    }

    [Fact]
    public async Task Where_the_lake_is_in_another_account_it_calls_all_that_its_two_roles_allow_and_nothing_else()
    {
        var calls = await BeaconCalls.SeeAsync(Settings, BeaconCalls.ProducerRole);

        Assert.Equal("", BeaconCalls.Compare(Edge.StatementsOf("BeaconRole", "StreamIsElsewhere"), calls.Own));
        Assert.Equal("", BeaconCalls.Compare(BeaconCalls.OfTheLake, calls.AsRole));
    }

    /// <summary>The beacon's settings.</summary>
    protected Dictionary<string, string> Settings => Container["Environment"]!.AsArray()
        .ToDictionary(setting => (string)setting!["Name"]!, setting => setting!["Value"] is JsonValue text ? (string)text! : setting["Value"]!.ToJsonString());

    [Fact]
    public void Requests_share_puts_and_what_Firehose_refuses_is_flushed_to_a_volume_that_outlives_the_container()
    {
        var volume = Assert.Single(Edge.Properties("Task")["Volumes"]!.AsArray())!["EFSVolumeConfiguration"]!;

        Assert.Equal(("groupcommit", "batch", "true"), (Settings["Delivery__Mode"], Settings["Journal__Sync"], Settings["Journal__Shared"]));
        Assert.Equal(Settings["Journal__Folder"], (string)Assert.Single(Container["MountPoints"]!.AsArray())!["ContainerPath"]!);
        Assert.Equal(("ENABLED", "ENABLED"), ((string)volume["TransitEncryption"]!, (string)volume["AuthorizationConfig"]!["IAM"]!));
        Assert.Equal("""{"Ref":"JournalAccess"}""", volume["AuthorizationConfig"]!["AccessPointId"]!.ToJsonString());
        Assert.True((bool)Edge.Properties("Journal")["Encrypted"]!);
    }

    [Fact]
    public void The_beacon_has_delivered_before_it_is_killed()
    {
        var stop = TimeSpan.FromSeconds((double)Container["StopTimeout"]!);
        var drain = TimeSpan.Parse(Settings["Delivery__DrainTimeout"]);

        // The host takes twice the time of a request, 5 s, and ten seconds more than the drain.
        Assert.True(drain + TimeSpan.FromSeconds(20) < stop);
        Assert.True(stop <= TimeSpan.FromSeconds(120), "Fargate gives no more.");
    }

    [Fact]
    public void The_volume_is_writable_by_the_beacon_through_its_access_point_and_TLS_alone()
    {
        var policy = Assert.Single(Edge.Properties("Journal")["FileSystemPolicy"]!["Statement"]!.AsArray())!;
        var access = Edge.Properties("JournalAccess");

        Assert.Equal("""{"AWS":{"Fn::GetAtt":["BeaconRole","Arn"]}}""", policy["Principal"]!.ToJsonString());
        Assert.Equal("true", (string)policy["Condition"]!["Bool"]!["aws:SecureTransport"]!);
        Assert.Equal("""["elasticfilesystem:ClientMount","elasticfilesystem:ClientWrite"]""", policy["Action"]!.ToJsonString());
        Assert.Contains("elasticfilesystem:AccessPointArn", Edge.Properties("JournalUse")["PolicyDocument"]!.ToJsonString());
        Assert.Equal((string)Container["User"]!, (string)access["PosixUser"]!["Uid"]!);
        Assert.Equal((string)Container["User"]!, (string)access["RootDirectory"]!["CreationInfo"]!["OwnerUid"]!);
        Assert.Equal(2, Edge.OfType("AWS::EFS::MountTarget").Count);
    }

    [Fact]
    public void The_beacon_may_put_events_and_ECS_may_fetch_its_one_image_and_write_its_log()
    {
        Assert.Equal(["firehose:PutRecordBatch"], Edge.ActionsOf("BeaconRole"));
        Assert.Equal(
            ["ecr:GetAuthorizationToken", "ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "logs:CreateLogStream", "logs:PutLogEvents"],
            Edge.ActionsOf("StartRole"));
        Assert.Contains(Edge.StatementsOf("StartRole"), s => s["Resource"]!.ToJsonString().Contains("repository/${ImageRepository}", StringComparison.Ordinal));
        Assert.All(["BeaconRole", "StartRole"], role =>
            Assert.NotNull(Edge.Properties(role)["AssumeRolePolicyDocument"]!["Statement"]![0]!["Condition"]!["StringEquals"]!["aws:SourceAccount"]));
    }

    [Fact]
    public void Nothing_reaches_the_containers_but_the_load_balancer_and_nothing_the_volume_but_the_containers()
    {
        var rules = Edge.OfType("AWS::EC2::SecurityGroupIngress").Values.ToList();

        Assert.Equal("""{"Fn::GetAtt":["BalancerGroup","GroupId"]}""", Assert.Single(rules, To("TaskGroup"))["SourceSecurityGroupId"]!.ToJsonString());
        Assert.Equal("""{"Fn::GetAtt":["TaskGroup","GroupId"]}""", Assert.Single(rules, To("VolumeGroup"))["SourceSecurityGroupId"]!.ToJsonString());
        Assert.Equal([80, 443], rules.Where(rule => To("BalancerGroup")(rule)).Select(rule => (int)rule["FromPort"]!).Distinct().Order());
        Assert.All(Edge.OfType("AWS::EC2::SecurityGroup"), group => Assert.Null(group.Value["SecurityGroupIngress"]));

        static Predicate<JsonNode> To(string group) => rule => rule["GroupId"]!.ToJsonString().Contains(group, StringComparison.Ordinal);
    }

    [Fact]
    public void There_are_as_many_beacons_as_their_processors_ask_for()
    {
        var scaling = Edge.Properties("ScalingPolicy")["TargetTrackingScalingPolicyConfiguration"]!;

        Assert.Equal("ECSServiceAverageCPUUtilization", (string)scaling["PredefinedMetricSpecification"]!["PredefinedMetricType"]!);
        Assert.Equal(("MinTasks", "MaxTasks"), ((string)Edge.Properties("Scaling")["MinCapacity"]!["Ref"]!, (string)Edge.Properties("Scaling")["MaxCapacity"]!["Ref"]!));
        Assert.True((int)scaling["ScaleOutCooldown"]! < (int)scaling["ScaleInCooldown"]!);
    }

    [Fact]
    public void A_new_version_answers_before_the_old_one_goes_and_one_that_does_not_start_is_taken_back()
    {
        var deployment = Edge.Properties("Service")["DeploymentConfiguration"]!;

        Assert.Equal((100, 200), ((int)deployment["MinimumHealthyPercent"]!, (int)deployment["MaximumPercent"]!));
        Assert.True((bool)deployment["DeploymentCircuitBreaker"]!["Rollback"]!);
        Assert.Equal("/ready", (string)Edge.Properties("Targets")["HealthCheckPath"]!);
        Assert.Superset(
            new HashSet<string>(["JournalMountA", "JournalMountB", "JournalUse", "Listener"]),
            Edge.Resources["Service"]!["DependsOn"]!.AsArray().Select(id => (string)id!).ToHashSet());
    }

    [Fact]
    public void The_container_can_write_to_its_journal_only_and_its_log_cannot_stop_it()
    {
        Assert.True((bool)Container["ReadonlyRootFilesystem"]!);
        Assert.Equal("non-blocking", (string)Container["LogConfiguration"]!["Options"]!["mode"]!);
    }

    [Fact]
    public void It_is_told_when_no_beacon_is_ready_or_they_are_too_busy() => Assert.Superset(
        new HashSet<string>(["NoBeaconAlarm", "BeaconUnhealthyAlarm", "BeaconBusyAlarm"]), Edge.OfType("AWS::CloudWatch::Alarm").Keys.ToHashSet());

    [Fact]
    public void The_worker_has_no_queue_to_read()
    {
        Assert.Empty(Edge.OfType("AWS::SQS::Queue"));
        Assert.Equal("", (string)Synthesized.Of(PixelWorkerStack.DefaultName).Parameters["OverflowQueueArn"]!["Default"]!);
    }

    [Fact]
    public void A_certificate_opens_443_by_current_TLS()
    {
        var listener = Edge.Properties("SecureListener");

        Assert.Equal("HasDomain", (string)Edge.Resources["SecureListener"]!["Condition"]!);
        Assert.Equal("CertificateArn", (string)listener["Certificates"]![0]!["CertificateArn"]!["Ref"]!);
        Assert.StartsWith("ELBSecurityPolicy-TLS13-1-2", (string)listener["SslPolicy"]!);
    }
}

public sealed class ApplicationBalancerTests(ApplicationBalancerEdge synthesized) : BeaconServicePromises(synthesized), IClassFixture<ApplicationBalancerEdge>
{
    /// <inheritdoc/>
    protected override string PixelUrl => @"^http://[A-Za-z0-9-]{1,32}-[0-9]{1,10}\.eu-central-1\.elb\.amazonaws\.com/trackingpixel$";

    [Fact]
    public void The_visitors_address_is_the_last_hop_that_the_load_balancer_names()
    {
        Assert.Equal((string)Edge.Properties("Network")["CidrBlock"]!, Settings["Proxy__Known__0"]);
        Assert.Equal("append", Attribute("routing.http.xff_header_processing.mode"));
        Assert.DoesNotContain("access_logs.s3.enabled", Edge.Properties("LoadBalancer").ToJsonString());
        // Whoever stands in the load balancer's network, and nobody else, is a known proxy.
        Assert.All(Edge.OfType("AWS::EC2::Subnet"), subnet => Assert.StartsWith("10.80.", (string)subnet.Value["CidrBlock"]!));
    }

    [Fact]
    public void The_web_ACL_is_the_region_s_own_and_goes_with_the_load_balancer()
    {
        Assert.Equal("REGIONAL", (string)Edge.Properties("WebAcl")["Scope"]!);
        Assert.Equal("LoadBalancer", (string)Edge.Properties("WebAclAssociation")["ResourceArn"]!["Ref"]!);
        Assert.DoesNotContain(PixelEdgeGlobalStack.DefaultName, Synthesized.Stacks);
    }

    [Fact]
    public void With_a_domain_plain_http_is_sent_on_to_https()
    {
        var actions = Edge.Properties("Listener")["DefaultActions"]!["Fn::If"]!;

        Assert.Equal("HasDomain", (string)actions[0]!);
        Assert.Equal("HTTPS", (string)actions[1]![0]!["RedirectConfig"]!["Protocol"]!);
        Assert.Equal("forward", (string)actions[2]![0]!["Type"]!);
    }

    [Fact]
    public void Events_that_were_not_kept_are_an_alarm() => Assert.Equal("HTTPCode_Target_5XX_Count", (string)Edge.Properties("EventsNotKeptAlarm")["MetricName"]!);

    private string Attribute(string key) =>
        (string)Edge.Properties("LoadBalancer")["LoadBalancerAttributes"]!.AsArray().Single(attribute => (string)attribute!["Key"]! == key)!["Value"]!;
}

public sealed class NetworkBalancerTests(NetworkBalancerEdge synthesized) : BeaconServicePromises(synthesized), IClassFixture<NetworkBalancerEdge>
{
    /// <inheritdoc/>
    protected override string PixelUrl => @"^http://[A-Za-z0-9-]{1,32}-[0-9a-f]{16}\.elb\.eu-central-1\.amazonaws\.com/trackingpixel$";

    [Fact]
    public void The_visitor_connects_to_the_beacon_which_believes_no_header()
    {
        var attributes = Edge.Properties("Targets")["TargetGroupAttributes"]!.AsArray().ToDictionary(a => (string)a!["Key"]!, a => (string)a!["Value"]!);

        Assert.Equal("true", attributes["preserve_client_ip.enabled"]);
        Assert.Equal("network", (string)Edge.Properties("LoadBalancer")["Type"]!);
        Assert.DoesNotContain(Settings.Keys, setting => setting.StartsWith("Proxy", StringComparison.Ordinal));
    }

    [Fact]
    public void There_is_no_web_ACL() => Assert.DoesNotContain("WAFv2", Edge.Text);

    [Fact]
    public void The_architecture_is_a_choice()
    {
        Assert.Equal("X86_64", (string)Edge.Properties("Task")["RuntimePlatform"]!["CpuArchitecture"]!);
        var worker = Synthesized.Of(PixelWorkerStack.DefaultName);
        Assert.Equal("x86_64", (string)worker.Properties("Ledger")["Architectures"]![0]!);
        Assert.Contains("LambdaAdapterLayerX86", worker.Properties("Ledger")["Layers"]!.ToJsonString());
    }
}
