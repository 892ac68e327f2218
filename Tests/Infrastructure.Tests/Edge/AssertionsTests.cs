using System.Text.Json.Nodes;
using Amazon.CDK.Assertions;
using Infrastructure.Worker;

namespace Infrastructure.Tests.Edge;

/// <summary>
/// What each way was asked to be, in CDK's own assertions: a short list beside the tests that follow references and look at
/// every resource.
/// </summary>
public sealed class AssertionsTests(
    FunctionUrlEdge functionUrl, HttpApiEdge httpApi, CloudFrontEdge cloudFront, ApplicationBalancerEdge application, NetworkBalancerEdge network)
    : IClassFixture<FunctionUrlEdge>, IClassFixture<HttpApiEdge>, IClassFixture<CloudFrontEdge>, IClassFixture<ApplicationBalancerEdge>, IClassFixture<NetworkBalancerEdge>
{
    [Fact]
    public void The_bare_function_url_answers_everybody_and_puts_before_it_answers() => Check(functionUrl, PixelEdgeStack, has =>
    {
        has("AWS::Lambda::Url", """{ "AuthType": "NONE" }""");
        has("AWS::Lambda::Function", """{ "Runtime": "provided.al2023", "Handler": "bootstrap", "Environment": { "Variables": { "Delivery__Mode": "writethrough", "Proxy__AddressFrom": "requestcontext" } } }""");
        has("AWS::Lambda::Permission", """{ "Action": "lambda:InvokeFunctionUrl", "Principal": "*" }""");
        has("AWS::SQS::Queue", """{ "SqsManagedSseEnabled": true, "RedrivePolicy": { "maxReceiveCount": 1000 } }""");
        has("AWS::Logs::LogGroup", """{ "RetentionInDays": { "Ref": "LogRetentionDays" } }""");
    });

    [Fact]
    public void The_http_api_throttles_logs_neither_address_nor_query_and_has_no_web_acl() => Check(httpApi, PixelEdgeStack, has =>
    {
        has("AWS::ApiGatewayV2::Api", """{ "ProtocolType": "HTTP" }""");
        has("AWS::ApiGatewayV2::Stage", """{ "DefaultRouteSettings": { "ThrottlingRateLimit": { "Ref": "RequestsPerSecond" } }, "AccessLogSettings": { "Format": "~^((?!sourceIp|path|userAgent|query).)*$" } }""");
        has("AWS::ApiGatewayV2::DomainName", """{ "DomainNameConfigurations": [{ "EndpointType": "REGIONAL", "SecurityPolicy": "TLS_1_2" }] }""");
        has("AWS::ApiGatewayV2::Integration", """{ "IntegrationType": "AWS_PROXY", "PayloadFormatVersion": "2.0" }""");
    }, "AWS::WAFv2::WebACL", "AWS::WAFv2::WebACLAssociation");

    [Fact]
    public void CloudFront_signs_what_it_asks_of_the_function_url_and_lets_nobody_else_in() => Check(cloudFront, PixelEdgeStack, has =>
    {
        has("AWS::CloudFront::OriginAccessControl", """{ "OriginAccessControlConfig": { "OriginAccessControlOriginType": "lambda", "SigningBehavior": "always", "SigningProtocol": "sigv4" } }""");
        has("AWS::Lambda::Url", """{ "AuthType": "AWS_IAM" }""");
        has("AWS::Lambda::Permission", """{ "Action": "lambda:InvokeFunctionUrl", "Principal": "cloudfront.amazonaws.com", "SourceArn": {} }""");
        has("AWS::Lambda::Permission", """{ "Action": "lambda:InvokeFunction", "Principal": "cloudfront.amazonaws.com", "SourceArn": {} }""");
        has("AWS::CloudFront::Distribution", """{ "DistributionConfig": { "DefaultCacheBehavior": { "CachePolicyId": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad", "ViewerProtocolPolicy": "redirect-to-https" }, "CacheBehaviors": [{ "PathPattern": "/collect", "AllowedMethods": ["POST"] }] } }""");
        has("AWS::CloudFront::OriginRequestPolicy", """{ "OriginRequestPolicyConfig": { "HeadersConfig": { "HeaderBehavior": "whitelist", "Headers": ["CloudFront-Viewer-Address", "CloudFront-Viewer-Country"] } } }""");
        has("AWS::Lambda::Function", """{ "Environment": { "Variables": { "Proxy__AddressFrom": "cloudfront" } } }""");
    });

    [Fact]
    public void What_CloudFront_wants_in_us_east_1_is_there() => Check(cloudFront, "PixelEdgeGlobal", has =>
    {
        foreach (var group in new[] { "AWSManagedRulesCommonRuleSet", "AWSManagedRulesKnownBadInputsRuleSet", "AWSManagedRulesAmazonIpReputationList" })
        {
            has("AWS::WAFv2::WebACL", $$"""{ "Scope": "CLOUDFRONT", "Rules": [{ "Statement": { "ManagedRuleGroupStatement": { "VendorName": "AWS", "Name": "{{group}}" } } }] }""");
        }

        has("AWS::WAFv2::WebACL", """{ "Rules": [{ "Statement": { "RateBasedStatement": { "AggregateKeyType": "IP" } } }] }""");
        has("AWS::WAFv2::IPSet", """{ "Scope": "CLOUDFRONT", "IPAddressVersion": "IPV4" }""");
        has("AWS::CertificateManager::Certificate", """{ "DomainName": { "Ref": "DomainName" }, "ValidationMethod": "DNS" }""");
    });

    [Fact]
    public void CloudFront_s_own_errors_are_an_alarm_in_us_east_1() => Check(cloudFront, "PixelEdgeWatch", has =>
        has("AWS::CloudWatch::Alarm", """{ "Namespace": "AWS/CloudFront", "MetricName": "5xxErrorRate" }"""));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Containers_put_together_flush_what_was_refused_and_have_time_to_drain(bool isApplication) => Check(isApplication ? application : network, PixelEdgeStack, has =>
    {
        has("AWS::ECS::TaskDefinition", """{ "RequiresCompatibilities": ["FARGATE"], "ContainerDefinitions": [{ "StopTimeout": 120, "ReadonlyRootFilesystem": true, "Environment": [{ "Name": "Delivery__Mode", "Value": "groupcommit" }] }] }""");
        has("AWS::ECS::TaskDefinition", """{ "ContainerDefinitions": [{ "Environment": [{ "Name": "Journal__Shared", "Value": "true" }, { "Name": "Journal__Sync", "Value": "batch" }] }], "Volumes": [{ "EFSVolumeConfiguration": { "TransitEncryption": "ENABLED" } }] }""");
        has("AWS::EFS::FileSystem", """{ "Encrypted": true, "FileSystemPolicy": { "Statement": [{ "Condition": { "Null": { "elasticfilesystem:AccessPointArn": "false" } } }] } }""");
        has("AWS::ApplicationAutoScaling::ScalingPolicy", """{ "TargetTrackingScalingPolicyConfiguration": { "PredefinedMetricSpecification": { "PredefinedMetricType": "ECSServiceAverageCPUUtilization" } } }""");
        has("AWS::ECS::Service", """{ "DesiredCount": null, "DeploymentConfiguration": { "MinimumHealthyPercent": 100 } }""");
        has("AWS::ElasticLoadBalancingV2::LoadBalancer", $$"""{ "Type": "{{(isApplication ? "application" : "network")}}", "Scheme": "internet-facing" }""");
        has("AWS::ElasticLoadBalancingV2::TargetGroup", """{ "HealthCheckPath": "/ready", "TargetType": "ip" }""");
        if (isApplication)
        {
            has("AWS::WAFv2::WebACL", """{ "Scope": "REGIONAL" }""");
        }
    }, isApplication ? [] : ["AWS::WAFv2::WebACL", "AWS::WAFv2::WebACLAssociation"]);

    [Fact]
    public void Each_job_is_a_function_with_a_schedule_a_failure_is_one_and_ends_in_a_queue() => Check(functionUrl, PixelWorkerStack.DefaultName, has =>
    {
        foreach (var job in ScheduledJob.All)
        {
            has("AWS::Lambda::Function", $$"""{ "Environment": { "Variables": { "AWS_LWA_PASS_THROUGH_PATH": "/jobs/{{job.Name}}", "AWS_LWA_ERROR_STATUS_CODES": "500-599" } } }""");
            has("AWS::Scheduler::Schedule", $$"""{ "ScheduleExpression": "{{job.Schedule}}", "FlexibleTimeWindow": {}, "Target": { "Arn": {}, "RoleArn": {} } }""");
        }

        has("AWS::Lambda::EventInvokeConfig", """{ "DestinationConfig": { "OnFailure": { "Destination": { "Fn::GetAtt": ["FailedRuns", "Arn"] } } } }""");
        has("AWS::CloudWatch::Alarm", """{ "MetricName": "LedgerGap" }""");
    });

    [Fact]
    public void The_lake_is_closed_to_who_comes_without_TLS_encrypted_and_kept() => Check(functionUrl, "PixelLake", has =>
    {
        has("AWS::S3::BucketPolicy", """{ "PolicyDocument": { "Statement": [{ "Effect": "Deny", "Condition": { "Bool": { "aws:SecureTransport": "false" } } }] } }""");
        has("AWS::S3::Bucket", """{ "BucketEncryption": { "ServerSideEncryptionConfiguration": [{ "BucketKeyEnabled": {} }] }, "PublicAccessBlockConfiguration": { "BlockPublicAcls": true, "RestrictPublicBuckets": true } }""");
        has("AWS::KinesisFirehose::DeliveryStream", """{ "DeliveryStreamEncryptionConfigurationInput": { "KeyType": "AWS_OWNED_CMK" } }""");
    });

    private const string PixelEdgeStack = Infrastructure.Edge.PixelEdgeStack.DefaultName;

    /// <summary>Asks CDK whether a template has resources with these properties, and none of some types.</summary>
    private static void Check(SynthesizedEdge edge, string stack, Action<Action<string, string>> promises, params string[] none)
    {
        var text = edge.Of(stack).Text;
        Synthesis.Exclusively(() =>
        {
            var template = Amazon.CDK.Assertions.Template.FromString(text);
            promises((type, properties) => template.HasResourceProperties(type, Matcher(JsonNode.Parse(properties))));
            foreach (var type in none)
            {
                template.ResourceCountIs(type, 0);
            }
        });
    }

    // Objects and lists may have more in them; null is what must not be there, and a text after ~ an expression.
    private static object Matcher(JsonNode? pattern) => pattern switch
    {
        null => Match.Absent(),
        JsonObject one when one.Count == 0 => Match.AnyValue(),
        JsonObject one => Match.ObjectLike(one.ToDictionary(member => member.Key, member => Matcher(member.Value))),
        JsonArray list => Match.ArrayWith([.. list.Select(Matcher)]),
        JsonValue text when text.TryGetValue<string>(out var expression) => expression.StartsWith('~') ? Match.StringLikeRegexp(expression[1..]) : expression,
        JsonValue flag when flag.TryGetValue<bool>(out var value) => value,
        _ => (double)pattern,
    };
}
