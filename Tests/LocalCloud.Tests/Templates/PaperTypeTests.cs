using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LocalCloud.Templates;
using LocalCloud.Templates.Language;
using LocalCloud.Templates.Paper;
using LocalCloud.Templates.Resources;

namespace LocalCloud.Tests.Templates;

/// <summary>The types that exist on paper: what they are called, and what they must be told.</summary>
public sealed class PaperTypeTests
{
    private static readonly StackIdentity Stack = new("PixelEdge", "eu-west-1", "123456789012");

    // The examples of the sections "Return values" of https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/, as patterns.
    [Theory]
    [InlineData("AWS::Lambda::Function", "{}", "Ref", "^PixelEdge-It-[A-Z2-7]{12}$")]
    [InlineData("AWS::Lambda::Function", """{ "FunctionName": "beacon" }""", "Arn", "^arn:aws:lambda:eu-west-1:123456789012:function:beacon$")]
    [InlineData("AWS::Lambda::Url", """{ "TargetFunctionArn": "beacon" }""", "Ref", "^arn:aws:lambda:eu-west-1:123456789012:function:beacon$")]
    [InlineData("AWS::Lambda::Url", """{ "TargetFunctionArn": "arn:aws:lambda:eu-west-1:123456789012:function:beacon" }""", "FunctionArn", "^arn:aws:lambda:eu-west-1:123456789012:function:beacon$")]
    [InlineData("AWS::Lambda::Url", """{ "TargetFunctionArn": "beacon" }""", "FunctionUrl", @"^https://[a-z0-9]{32}\.lambda-url\.eu-west-1\.on\.aws/$")]
    [InlineData("AWS::Scheduler::Schedule", """{ "GroupName": "jobs", "Name": "views" }""", "Arn", "^arn:aws:scheduler:eu-west-1:123456789012:schedule/jobs/views$")]
    [InlineData("AWS::Scheduler::ScheduleGroup", """{ "Name": "jobs" }""", "Arn", "^arn:aws:scheduler:eu-west-1:123456789012:schedule-group/jobs$")]
    [InlineData("AWS::ApiGatewayV2::Api", "{}", "Ref", "^[a-z0-9]{10}$")]
    [InlineData("AWS::ApiGatewayV2::Api", "{}", "ApiEndpoint", @"^https://[a-z0-9]{10}\.execute-api\.eu-west-1\.amazonaws\.com$")]
    [InlineData("AWS::ApiGatewayV2::Stage", """{ "StageName": "$default" }""", "Ref", @"^\$default$")]
    [InlineData("AWS::ApiGatewayV2::DomainName", """{ "DomainName": "px.example.com" }""", "Ref", @"^px\.example\.com$")]
    [InlineData("AWS::ApiGatewayV2::DomainName", """{ "DomainName": "px.example.com" }""", "RegionalDomainName", @"^d-[a-z0-9]{10}\.execute-api\.eu-west-1\.amazonaws\.com$")]
    [InlineData("AWS::CloudFront::Distribution", "{}", "Ref", "^E[A-Z0-9]{13}$")]
    [InlineData("AWS::CloudFront::Distribution", "{}", "DomainName", @"^d[a-z0-9]{13}\.cloudfront\.net$")]
    [InlineData("AWS::CloudFront::OriginAccessControl", "{}", "Id", "^E[A-Z0-9]{13}$")]
    [InlineData("AWS::CloudFront::OriginRequestPolicy", "{}", "Id", "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
    [InlineData("AWS::EC2::VPC", "{}", "Ref", "^vpc-[0-9a-f]{17}$")]
    [InlineData("AWS::EC2::VPC", "{}", "DefaultSecurityGroup", "^sg-[0-9a-f]{17}$")]
    [InlineData("AWS::EC2::Subnet", "{}", "Ref", "^subnet-[0-9a-f]{17}$")]
    [InlineData("AWS::EC2::SecurityGroup", "{}", "GroupId", "^sg-[0-9a-f]{17}$")]
    [InlineData("AWS::EC2::InternetGateway", "{}", "Ref", "^igw-[0-9a-f]{17}$")]
    [InlineData("AWS::EC2::RouteTable", "{}", "Ref", "^rtb-[0-9a-f]{17}$")]
    [InlineData("AWS::ElasticLoadBalancingV2::LoadBalancer", """{ "Name": "pixel" }""", "Ref", "^arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/pixel/[0-9a-f]{16}$")]
    [InlineData("AWS::ElasticLoadBalancingV2::LoadBalancer", """{ "Name": "pixel" }""", "DNSName", @"^pixel-[0-9]{1,10}\.eu-west-1\.elb\.amazonaws\.com$")]
    [InlineData("AWS::ElasticLoadBalancingV2::LoadBalancer", """{ "Name": "pixel", "Type": "network" }""", "DNSName", @"^pixel-[0-9a-f]{16}\.elb\.eu-west-1\.amazonaws\.com$")]
    [InlineData("AWS::ElasticLoadBalancingV2::LoadBalancer", """{ "Type": "network" }""", "LoadBalancerFullName", "^net/PixelEdge-It-[A-Z2-7]{12}/[0-9a-f]{16}$")]
    [InlineData("AWS::ElasticLoadBalancingV2::TargetGroup", "{}", "TargetGroupFullName", "^targetgroup/[A-Za-z0-9-]{1,32}/[0-9a-f]{16}$")]
    [InlineData("AWS::ElasticLoadBalancingV2::Listener", """{ "LoadBalancerArn": "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/pixel/50dc6c495c0c9188" }""", "Ref", "^arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/pixel/50dc6c495c0c9188/[0-9a-f]{16}$")]
    [InlineData("AWS::ECS::Cluster", """{ "ClusterName": "pixel" }""", "Arn", "^arn:aws:ecs:eu-west-1:123456789012:cluster/pixel$")]
    [InlineData("AWS::ECS::Service", """{ "Cluster": "pixel", "ServiceName": "beacon" }""", "Ref", "^arn:aws:ecs:eu-west-1:123456789012:service/pixel/beacon$")]
    [InlineData("AWS::ECS::Service", """{ "Cluster": "arn:aws:ecs:eu-west-1:123456789012:cluster/pixel", "ServiceName": "beacon" }""", "ServiceArn", "^arn:aws:ecs:eu-west-1:123456789012:service/pixel/beacon$")]
    [InlineData("AWS::ECS::TaskDefinition", """{ "Family": "beacon" }""", "Ref", "^arn:aws:ecs:eu-west-1:123456789012:task-definition/beacon:1$")]
    [InlineData("AWS::ApplicationAutoScaling::ScalableTarget", """{ "ResourceId": "service/c/s", "ScalableDimension": "ecs:service:DesiredCount", "ServiceNamespace": "ecs" }""", "Ref", @"^service/c/s\|ecs:service:DesiredCount\|ecs$")]
    [InlineData("AWS::ApplicationAutoScaling::ScalingPolicy", """{ "PolicyName": "p", "ScalingTargetId": "service/c/s|ecs:service:DesiredCount|ecs" }""", "Ref", "^arn:aws:autoscaling:eu-west-1:123456789012:scalingPolicy:[0-9a-f-]{36}:resource/ecs/service/c/s:policyName/p$")]
    [InlineData("AWS::EFS::FileSystem", "{}", "Arn", "^arn:aws:elasticfilesystem:eu-west-1:123456789012:file-system/fs-[0-9a-f]{17}$")]
    [InlineData("AWS::EFS::AccessPoint", "{}", "Ref", "^fsap-[0-9a-f]{17}$")]
    [InlineData("AWS::IAM::Role", "{}", "Arn", "^arn:aws:iam::123456789012:role/PixelEdge-It-[A-Z2-7]{12}$")]
    [InlineData("AWS::IAM::Role", """{ "Path": "/pixel/", "RoleName": "r" }""", "Arn", "^arn:aws:iam::123456789012:role/pixel/r$")]
    [InlineData("AWS::IAM::Role", "{}", "RoleId", "^AROA[A-Z0-9]{17}$")]
    [InlineData("AWS::IAM::ManagedPolicy", "{}", "Ref", "^arn:aws:iam::123456789012:policy/PixelEdge-It-[A-Z2-7]{12}$")]
    [InlineData("AWS::Logs::LogGroup", """{ "LogGroupName": "/pixel" }""", "Arn", @"^arn:aws:logs:eu-west-1:123456789012:log-group:/pixel:\*$")]
    [InlineData("AWS::CloudWatch::Alarm", """{ "AlarmName": "a" }""", "Arn", "^arn:aws:cloudwatch:eu-west-1:123456789012:alarm:a$")]
    [InlineData("AWS::CloudWatch::Dashboard", "{}", "Ref", "^PixelEdge-It-[A-Z2-7]{12}$")]
    [InlineData("AWS::SNS::Topic", """{ "TopicName": "alarms" }""", "Ref", "^arn:aws:sns:eu-west-1:123456789012:alarms$")]
    [InlineData("AWS::SNS::Topic", """{ "TopicName": "alarms" }""", "TopicName", "^alarms$")]
    [InlineData("AWS::SecretsManager::Secret", """{ "Name": "origin" }""", "Ref", "^arn:aws:secretsmanager:eu-west-1:123456789012:secret:origin-[A-Za-z0-9]{6}$")]
    [InlineData("AWS::CertificateManager::Certificate", "{}", "Ref", "^arn:aws:acm:eu-west-1:123456789012:certificate/[0-9a-f-]{36}$")]
    [InlineData("AWS::WAFv2::WebACL", """{ "Name": "w", "Scope": "CLOUDFRONT" }""", "Arn", "^arn:aws:wafv2:eu-west-1:123456789012:global/webacl/w/[0-9a-f-]{36}$")]
    [InlineData("AWS::WAFv2::WebACL", """{ "Name": "w", "Scope": "REGIONAL" }""", "Ref", @"^w\|[0-9a-f-]{36}\|REGIONAL$")]
    [InlineData("AWS::WAFv2::IPSet", """{ "Name": "s", "Scope": "REGIONAL" }""", "Arn", "^arn:aws:wafv2:eu-west-1:123456789012:regional/ipset/s/[0-9a-f-]{36}$")]
    public void It_is_called_as_AWS_would_call_it(string type, string properties, string attribute, string pattern)
    {
        var identity = Identify(type, properties);

        Assert.Matches(pattern, attribute == "Ref" ? identity.PhysicalId : identity.Attributes[attribute]);
        Assert.Equivalent(identity, Identify(type, properties));
    }

    [Fact]
    public void Two_of_a_type_are_called_differently() =>
        Assert.NotEqual(Identify("AWS::EC2::Subnet", "{}").PhysicalId, Identify("AWS::EC2::Subnet", "{}", "Another").PhysicalId);

    [Theory]
    [InlineData("AWS::Lambda::Function", """{ "Code": { "S3Bucket": "b", "S3Key": "k" } }""", "It.Role is missing.")]
    [InlineData("AWS::Lambda::Function", """{ "Role": "r", "Code": { "Bucket": "b" } }""", "It.Code.Bucket is not supported; It.Code takes ImageUri, *")]
    [InlineData("AWS::Lambda::Function", """{ "Role": "r", "Code": {}, "Timeout": "soon" }""", "It.Timeout must be a whole number, not \"soon\".")]
    [InlineData("AWS::Lambda::Permission", """{ "Action": "lambda:InvokeFunction", "FunctionName": "f" }""", "It.Principal is missing.")]
    [InlineData("AWS::CloudFront::Distribution", """{ "DistributionConfig": { "Enabled": true } }""", "It.DistributionConfig.DefaultCacheBehavior is missing.")]
    [InlineData("AWS::ECS::TaskDefinition", """{ "ContainerDefinitions": [{ "Name": "beacon" }] }""", "It.ContainerDefinitions[0].Image is missing.")]
    [InlineData("AWS::WAFv2::WebACL", """{ "Scope": "REGIONAL", "DefaultAction": { "Allow": {} } }""", "It.VisibilityConfig is missing.")]
    [InlineData("AWS::CloudWatch::Alarm", """{ "Threshold": "much" }""", "It.Threshold must be a number, not \"much\".")]
    [InlineData("AWS::SQS::QueuePolicy", """{ "PolicyDocument": {} }""", "It.Queues is missing.")]
    public void What_CloudFormation_would_refuse_is_refused_with_its_place(string type, string properties, string sentence)
    {
        var shape = type == "AWS::SQS::QueuePolicy" ? new QueuePolicyType(null!).Shape : Type(type).Shape;

        var refused = Assert.Throws<TemplateException>(() => shape.Read(JsonNode.Parse(properties)!, "It"));

        Assert.StartsWith(sentence.TrimEnd('*'), refused.Message);
    }

    [Fact]
    public async Task What_is_taken_and_what_must_be_there_is_what_the_schemas_of_CloudFormation_say()
    {
        var script = Path.Combine(AppContext.BaseDirectory, "Templates", "notation.py");
        var run = await Tool.RunAsync("python3", [script, .. PaperTypes.Notations().Keys]);
        Assert.SkipWhen(run is null || run.Error.Contains("No module named 'cfnlint'", StringComparison.Ordinal), "cfn-lint is not installed: pip install cfn-lint.");
        Assert.True(run!.ExitCode == 0, run.Error);

        var lines = run.Output.Trim().ReplaceLineEndings("\n").Split('\n');
        var schemas = lines.Chunk(2).ToDictionary(pair => pair[0], pair => Flat(pair[1]));

        Assert.All(PaperTypes.Notations(), type =>
        {
            var (ours, theirs) = (Flat(type.Value), schemas[type.Key]);
            // A newer cfn-lint may know more properties; what it knows of ours must be what we say.
            Assert.All(ours, property => Assert.Equal((property.Key, theirs.GetValueOrDefault(property.Key)), (property.Key, property.Value)));
            Assert.Empty(theirs.Where(property => property.Value.StartsWith('!') && !property.Key.Contains('.')).Select(property => property.Key).Except(ours.Keys));
        });
    }

    // Of "Code!{S3Key} Tags[{Key!}]": Code → "!{", Code.S3Key → "", Tags → "[{", Tags.Key → "!".
    private static Dictionary<string, string> Flat(string notation)
    {
        var flat = new Dictionary<string, string>();
        var within = new Stack<(string Path, int Open)>();
        foreach (Match part in Regex.Matches(notation, @"(?<name>[A-Za-z0-9]+)(?<kind>!?\[?[#~?*{]?)|[\]}]"))
        {
            if (part.Groups["name"].Success)
            {
                var path = within.TryPeek(out var around) ? $"{around.Path}.{part.Groups["name"]}" : part.Groups["name"].Value;
                flat[path] = part.Groups["kind"].Value;
                if (flat[path].Count(sign => sign is '[' or '{') is > 0 and var open)
                {
                    within.Push((path, open));
                }
            }
            else if (within.Pop() is { Open: > 1 } outer)
            {
                within.Push((outer.Path, outer.Open - 1));
            }
        }

        return flat;
    }

    private static ResourceIdentity Identify(string type, string properties, string logicalId = "It") =>
        Type(type).Identify(new ResolvedResource(logicalId, JsonNode.Parse(properties)!.AsObject(), Stack));

    private static PaperType Type(string name) => PaperTypes.All.Single(type => type.Name == name);
}
