using Amazon.CDK;
using Amazon.CDK.AWS.ApplicationAutoScaling;
using Amazon.CDK.AWS.ECS;
using Amazon.CDK.AWS.IAM;
using Amazon.CDK.AWS.Logs;
using Infrastructure.Functions;
using Infrastructure.Monitoring;
using Infrastructure.Permissions;

namespace Infrastructure.Edge.Fargate;

/// <summary>
/// The beacon in containers. Their disks die with them, so requests wait a few milliseconds and are put into Firehose
/// together (<c>Delivery:Mode=groupcommit</c>); what Firehose refuses is in the journal, on a volume that they share, flushed
/// before the answer, each in a folder of its own.
/// </summary>
internal sealed class BeaconService
{
    /// <summary>Where the program listens.</summary>
    public const int Port = 8080;

    /// <summary>
    /// The longest that a stopping beacon goes on delivering. Its host takes twenty seconds more: for requests that still wait
    /// for Firehose, and for itself.
    /// </summary>
    public static readonly TimeSpan Drain = TimeSpan.FromSeconds(75);

    /// <summary>What Fargate gives a container to stop, at most (Amazon ECS Developer Guide, "stopTimeout").</summary>
    public static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(120);

    /// <summary>What the beacon logs of it, in parts that a test finds in its messages.</summary>
    internal static readonly string[] Trouble = ["Firehose does not take events", "refuses events", "events stay in the journal"];

    private const string Container = "beacon", JournalFolder = "/journal", Volume = "journal";

    private readonly Stack _stack;
    private readonly CfnLogGroup _log;
    private readonly CfnCluster _cluster;
    private readonly CfnService _service;

    public BeaconService(
        Stack stack, ProcessorArchitecture architecture, StreamParameters stream, CfnParameter logRetentionDays, Network network, LoadBalancer balancer)
    {
        var repository = StackParameters.Text(stack, "ImageRepository", null,
            "Name of the repository in ECR, of this account and region, that holds the beacon's image.",
            "^[a-z0-9]+([._/-][a-z0-9]+)*$", "A name in lower case.");
        var tag = StackParameters.Text(stack, "ImageTag", null,
            "Tag of the image; another one for each version.", "^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$", "A tag.");
        var cpu = StackParameters.Choice(stack, "TaskCpu", "256", ["256", "512", "1024", "2048", "4096"], "Processor of a container, in 1,024ths.");
        var memory = StackParameters.Choice(stack, "TaskMemory", "512", ["512", "1024", "2048", "4096", "8192"],
            "Memory of a container in MiB: twice to four times TaskCpu, as Fargate has it.");
        var least = StackParameters.Whole(stack, "MinTasks", 2, 1, 500, "The fewest containers. With one alone, requests go unanswered while it is replaced.");
        var most = StackParameters.Whole(stack, "MaxTasks", 20, 1, 500, "The most containers.");

        _stack = stack;
        _log = new CfnLogGroup(stack, "BeaconLog", new CfnLogGroupProps
        {
            LogGroupName = Fn.Sub("/ecs/${AWS::StackName}"),
            RetentionInDays = logRetentionDays.ValueAsNumber,
        });
        _log.ApplyRemovalPolicy(RemovalPolicy.DESTROY);

        var trust = new Dictionary<string, object>
        {
            ["StringEquals"] = new Dictionary<string, object> { ["aws:SourceAccount"] = Aws.ACCOUNT_ID },
        };
        var role = new CfnRole(stack, "BeaconRole", new CfnRoleProps
        {
            Description = "What the beacon may do",
            AssumeRolePolicyDocument = Policies.AssumedBy("ecs-tasks.amazonaws.com", trust),
            Policies = new object[] { stream.MayPut() },
        });
        var startRole = new CfnRole(stack, "StartRole", new CfnRoleProps
        {
            Description = "What ECS may do to start the beacon",
            AssumeRolePolicyDocument = Policies.AssumedBy("ecs-tasks.amazonaws.com", trust),
            Policies = new[]
            {
                Policies.Inline(
                    "start",
                    // AWS knows no resource for the first.
                    Policies.Allow(["ecr:GetAuthorizationToken"], "*"),
                    Policies.Allow(
                        ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
                        Policies.Arn("ecr", $"repository/${{{repository.LogicalId}}}")),
                    WebFunction.MayWrite(_log)),
            },
        });
        var volume = new JournalVolume(stack, network, role);

        var settings = new Dictionary<string, string>(stream.Settings())
        {
            ["ASPNETCORE_URLS"] = $"http://0.0.0.0:{Port}",
            // Nothing is written outside of the journal.
            ["DOTNET_EnableDiagnostics"] = "0",
            ["Delivery__Mode"] = "groupcommit",
            ["Delivery__DrainTimeout"] = Drain.ToString("c"),
            ["Journal__Folder"] = JournalFolder,
            ["Journal__Shared"] = "true",
            ["Journal__Sync"] = "batch",
        };
        foreach (var (name, value) in balancer.ProxySettings)
        {
            settings[name] = value;
        }

        var task = new CfnTaskDefinition(stack, "Task", new CfnTaskDefinitionProps
        {
            RequiresCompatibilities = ["FARGATE"],
            NetworkMode = "awsvpc",
            Cpu = cpu.ValueAsString,
            Memory = memory.ValueAsString,
            RuntimePlatform = new CfnTaskDefinition.RuntimePlatformProperty { CpuArchitecture = architecture.InTasks(), OperatingSystemFamily = "LINUX" },
            TaskRoleArn = role.AttrArn,
            ExecutionRoleArn = startRole.AttrArn,
            ContainerDefinitions = new[]
            {
                new CfnTaskDefinition.ContainerDefinitionProperty
                {
                    Name = Container,
                    Essential = true,
                    Image = Fn.Sub($"${{AWS::AccountId}}.dkr.ecr.${{AWS::Region}}.${{AWS::URLSuffix}}/${{{repository.LogicalId}}}:${{{tag.LogicalId}}}"),
                    User = JournalVolume.UserId,
                    ReadonlyRootFilesystem = true,
                    StopTimeout = StopTimeout.TotalSeconds,
                    PortMappings = new[] { new CfnTaskDefinition.PortMappingProperty { ContainerPort = Port, Protocol = "tcp" } },
                    Ulimits = new[] { new CfnTaskDefinition.UlimitProperty { Name = "nofile", SoftLimit = 65535, HardLimit = 65535 } },
                    Environment = settings.Select(s => new CfnTaskDefinition.KeyValuePairProperty { Name = s.Key, Value = s.Value }).ToArray(),
                    MountPoints = new[] { new CfnTaskDefinition.MountPointProperty { SourceVolume = Volume, ContainerPath = JournalFolder, ReadOnly = false } },
                    LogConfiguration = new CfnTaskDefinition.LogConfigurationProperty
                    {
                        LogDriver = "awslogs",
                        Options = new Dictionary<string, string>
                        {
                            ["awslogs-group"] = _log.Ref,
                            ["awslogs-region"] = Aws.REGION,
                            ["awslogs-stream-prefix"] = Container,
                            // Else a log that is not taken would stop the beacon.
                            ["mode"] = "non-blocking",
                        },
                    },
                },
            },
            Volumes = new[]
            {
                new CfnTaskDefinition.VolumeProperty
                {
                    Name = Volume,
                    EfsVolumeConfiguration = new CfnTaskDefinition.EFSVolumeConfigurationProperty
                    {
                        FilesystemId = volume.Id,
                        TransitEncryption = "ENABLED",
                        AuthorizationConfig = new CfnTaskDefinition.AuthorizationConfigProperty { AccessPointId = volume.AccessPoint, Iam = "ENABLED" },
                    },
                },
            },
        });

        _cluster = new CfnCluster(stack, "Cluster");
        _service = new CfnService(stack, "Service", new CfnServiceProps
        {
            Cluster = _cluster.Ref,
            TaskDefinition = task.Ref,
            LaunchType = "FARGATE",
            // No DesiredCount: each deployment would set it back, at the peak of a campaign too. The scaling's least is met at once.
            PropagateTags = "SERVICE",
            HealthCheckGracePeriodSeconds = 30,
            DeploymentConfiguration = new CfnService.DeploymentConfigurationProperty
            {
                // The new ones answer before the old ones go.
                MinimumHealthyPercent = 100,
                MaximumPercent = 200,
                DeploymentCircuitBreaker = new CfnService.DeploymentCircuitBreakerProperty { Enable = true, Rollback = true },
            },
            NetworkConfiguration = new CfnService.NetworkConfigurationProperty
            {
                AwsvpcConfiguration = new CfnService.AwsVpcConfigurationProperty
                {
                    AssignPublicIp = "ENABLED",
                    Subnets = network.Subnets,
                    SecurityGroups = [network.Tasks.AttrGroupId],
                },
            },
            LoadBalancers = new[]
            {
                new CfnService.LoadBalancerProperty { ContainerName = Container, ContainerPort = Port, TargetGroupArn = balancer.TargetGroup },
            },
        });
        foreach (var first in (CfnResource[])[network.Out, volume.MayUse, .. volume.Mounts, balancer.Listener])
        {
            _service.Node.AddDependency(first);
        }

        AddScaling(stack, least, most);
        StackParameters.Output(stack, "ClusterName", _cluster.Ref, "The ECS cluster");
        StackParameters.Output(stack, "ServiceName", _service.AttrName, "The beacon's service in it");
    }

    /// <summary>Adds the alarms and the graphs.</summary>
    public void Watch(Alarms alarms, Dashboard dashboard)
    {
        var processor = Of("CPUUtilization");
        alarms.Add("BeaconBusy", "The beacons' processors are nearly full although the service may grow: raise MaxTasks or TaskCpu.", processor, 85, TimeSpan.FromMinutes(1), times: 10);
        // The journals' own numbers go nowhere without a collector; what the beacons say of them does.
        var waiting = LogMetric.Count(_stack, "JournalTrouble", _log, $"?\"{string.Join("\" ?\"", Trouble)}\"");
        alarms.Add("JournalTrouble", "Beacons say that Firehose does not take events, which are in their journals then, or that a journal refuses them, which loses them: the log says which.", waiting, 0, TimeSpan.FromMinutes(5));
        dashboard.Add("Lines about events that wait or are refused", waiting);
        dashboard.Add("Processor and memory of the beacons (%)", processor, Of("MemoryUtilization"));

        MetricOf Of(string name) => new("AWS/ECS", name, "Average", ("ClusterName", _cluster.Ref), ("ServiceName", _service.AttrName));
    }

    private void AddScaling(Stack stack, CfnParameter least, CfnParameter most)
    {
        var target = new CfnScalableTarget(stack, "Scaling", new CfnScalableTargetProps
        {
            ServiceNamespace = "ecs",
            ScalableDimension = "ecs:service:DesiredCount",
            ResourceId = Fn.Join("/", ["service", _cluster.Ref, _service.AttrName]),
            MinCapacity = least.ValueAsNumber,
            MaxCapacity = most.ValueAsNumber,
        });
        _ = new CfnScalingPolicy(stack, "ScalingPolicy", new CfnScalingPolicyProps
        {
            PolicyName = "processor",
            PolicyType = "TargetTrackingScaling",
            ScalingTargetId = target.Ref,
            TargetTrackingScalingPolicyConfiguration = new CfnScalingPolicy.TargetTrackingScalingPolicyConfigurationProperty
            {
                PredefinedMetricSpecification = new CfnScalingPolicy.PredefinedMetricSpecificationProperty { PredefinedMetricType = "ECSServiceAverageCPUUtilization" },
                TargetValue = 50,
                // Quick to grow, slow to shrink: a campaign's mail is opened within minutes.
                ScaleOutCooldown = 30,
                ScaleInCooldown = 300,
            },
        });
    }
}
