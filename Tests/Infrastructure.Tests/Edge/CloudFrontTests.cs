using System.Text.Json.Nodes;
using Infrastructure.Edge;
using Infrastructure.Tests.Lake;

namespace Infrastructure.Tests.Edge;

/// <summary>The templates of CloudFront with all that goes with it, far from us-east-1.</summary>
public sealed class CloudFrontEdge() : SynthesizedEdge(new EdgeOptions { Waf = true, CustomDomain = true, Region = "eu-central-1" });

public sealed class CloudFrontTests(CloudFrontEdge synthesized) : BeaconFunctionPromises(synthesized), IClassFixture<CloudFrontEdge>
{
    /// <inheritdoc/>
    protected override string PixelUrl => @"^https://d[a-z0-9]{13}\.cloudfront\.net/trackingpixel$";

    private JsonNode Config => Edge.Properties("Distribution")["DistributionConfig"]!;

    private Template Global => Synthesized.Of(PixelEdgeGlobalStack.DefaultName);

    private Template Watch => Synthesized.Of(PixelEdgeWatchStack.DefaultName);

    [Fact]
    public void It_is_the_way_that_is_taken_unless_another_is_chosen() => Assert.Equal(ReceivingWay.CloudFront, new EdgeOptions().Way);

    [Fact]
    public void The_edge_is_in_its_region_and_what_CloudFront_wants_in_us_east_1_is_there()
    {
        _ = Edge;
        Assert.Equal("aws://unknown-account/eu-central-1", EnvironmentOf(PixelEdgeStack.DefaultName));
        Assert.Equal("aws://unknown-account/us-east-1", EnvironmentOf(PixelEdgeGlobalStack.DefaultName));
        Assert.Equal("aws://unknown-account/us-east-1", EnvironmentOf(PixelEdgeWatchStack.DefaultName));
        Assert.DoesNotContain("us-east-1", Edge.Text.Replace("wafv2:us-east-1", "").Replace("in us-east-1: the output", "").Replace("of us-east-1 with the scope", "").Replace("2,000 in us-east-1", ""));

        string EnvironmentOf(string stack) => (string)Synthesized.Manifest!["artifacts"]![stack]!["environment"]!;
    }

    [Fact]
    public void The_edge_gets_the_web_ACL_and_the_certificate_as_parameters_and_reads_no_other_stack()
    {
        Assert.Superset(new HashSet<string>(["WebAclArn", "CertificateArn"]), Global.Outputs.Select(output => output.Key).ToHashSet());
        Assert.All(Global.Outputs, output => Assert.True(Edge.Parameters.ContainsKey(output.Key), $"{output.Key} is no parameter of the edge."));
        Assert.DoesNotContain("Fn::ImportValue", Edge.Text);
        Assert.DoesNotContain("Custom::", Edge.Text);
        Assert.Equal("""{"Fn::If":["HasWebAcl",{"Ref":"WebAclArn"},{"Ref":"AWS::NoValue"}]}""", Config["WebACLId"]!.ToJsonString());
        Assert.Equal("HasDomain", (string)Config["ViewerCertificate"]!["Fn::If"]![0]!);
        Assert.Equal("CertificateArn", (string)Config["ViewerCertificate"]!["Fn::If"]![1]!["AcmCertificateArn"]!["Ref"]!);
        Assert.Equal("TLSv1.2_2021", (string)Config["ViewerCertificate"]!["Fn::If"]![1]!["MinimumProtocolVersion"]!);
        Assert.Equal("""{"Fn::If":["HasDomain",[{"Ref":"DomainName"}],{"Ref":"AWS::NoValue"}]}""", Config["Aliases"]!.ToJsonString());
    }

    [Fact]
    public void CloudFront_s_own_error_rate_is_an_alarm_where_its_metric_is_and_is_told_of()
    {
        var alarm = Assert.Single(Watch.OfType("AWS::CloudWatch::Alarm")).Value;

        Assert.Equal(("AWS/CloudFront", "5xxErrorRate", "Average"), ((string)alarm["Namespace"]!, (string)alarm["MetricName"]!, (string)alarm["Statistic"]!));
        Assert.Equal("""[{"Name":"DistributionId","Value":{"Ref":"DistributionId"}},{"Name":"Region","Value":"Global"}]""", alarm["Dimensions"]!.ToJsonString());
        Assert.Equal(("GreaterThanThreshold", 5, "notBreaching"), ((string)alarm["ComparisonOperator"]!, (int)alarm["Threshold"]!, (string)alarm["TreatMissingData"]!));
        Assert.Equal("""[{"Ref":"AlarmTopic"}]""", alarm["AlarmActions"]!.ToJsonString());
        Assert.Equal("HasAlarmEmail", (string)Watch.Resources["AlarmSubscription"]!["Condition"]!);
        Assert.True(Edge.Outputs.ContainsKey("DistributionId"));
        Assert.False(Watch.Parameters["DistributionId"]!.AsObject().ContainsKey("Default"));
    }

    [Fact]
    public void Images_come_from_the_function_by_requests_that_this_distribution_signs()
    {
        var images = Origin((string)Config["DefaultCacheBehavior"]!["TargetOriginId"]!);
        var access = Edge.Properties("OriginAccess")["OriginAccessControlConfig"]!;

        Assert.Equal("""{"Fn::GetAtt":["OriginAccess","Id"]}""", images["OriginAccessControlId"]!.ToJsonString());
        Assert.Equal(("lambda", "always", "sigv4"), ((string)access["OriginAccessControlOriginType"]!, (string)access["SigningBehavior"]!, (string)access["SigningProtocol"]!));
        Assert.Contains("BeaconUrl", images["DomainName"]!.ToJsonString());
        Assert.Equal("AWS_IAM", (string)Edge.Properties("BeaconUrl")["AuthType"]!);
        Assert.Equal(["GET", "HEAD"], Config["DefaultCacheBehavior"]!["AllowedMethods"]!.AsArray().Select(method => (string)method!));
    }

    [Fact]
    public void Of_all_distributions_only_this_one_may_invoke_the_function_and_it_has_both_permissions()
    {
        var permissions = Edge.OfType("AWS::Lambda::Permission").Values.Where(p => (string)p["Principal"]! == "cloudfront.amazonaws.com").ToList();

        Assert.Equal(["lambda:InvokeFunction", "lambda:InvokeFunctionUrl"], permissions.Select(p => (string)p["Action"]!).Order());
        Assert.All(permissions, p => Assert.Contains("{\"Distribution\":{\"Ref\":\"Distribution\"}}", p["SourceArn"]!.ToJsonString()));
        Assert.DoesNotContain(Edge.OfType("AWS::Lambda::Permission").Values, p => (string)p["Principal"]! == "*");
    }

    [Fact]
    public void What_is_posted_goes_by_a_path_of_its_own_to_an_API_that_has_no_other_route()
    {
        var behaviour = Assert.Single(Config["CacheBehaviors"]!.AsArray())!;
        var posts = Origin((string)behaviour["TargetOriginId"]!);

        Assert.Equal(Distribution.PostPath, (string)behaviour["PathPattern"]!);
        Assert.Contains("POST", behaviour["AllowedMethods"]!.AsArray().Select(method => (string)method!));
        Assert.Equal("", (string)posts["OriginAccessControlId"]!);
        Assert.Contains("HttpApi", posts["DomainName"]!.ToJsonString());
        Assert.Equal($"POST {Distribution.PostPath}", (string)Assert.Single(Edge.OfType("AWS::ApiGatewayV2::Route")).Value["RouteKey"]!);
        Assert.NotNull(Edge.Properties("HttpApiStage")["DefaultRouteSettings"]!["ThrottlingRateLimit"]);
    }

    [Fact]
    public void Both_origins_are_sent_the_secret_that_the_beacon_asks_for_and_no_template_has_it()
    {
        const string secret = """{"Fn::Join":["",["{{resolve:secretsmanager:",{"Ref":"OriginSecret"},":SecretString}}"]]}""";
        var environment = Edge.EnvironmentOf("Beacon");

        Assert.Equal(2, Config["Origins"]!.AsArray().Count);
        Assert.All(Config["Origins"]!.AsArray(), origin =>
        {
            var header = Assert.Single(origin!["OriginCustomHeaders"]!.AsArray())!;
            Assert.Equal(Distribution.SecretHeader, (string)header["HeaderName"]!);
            Assert.Equal(secret, header["HeaderValue"]!.ToJsonString());
        });
        Assert.Equal("cloudfront", environment["Proxy__AddressFrom"]);
        Assert.Equal(secret, environment["Proxy__OriginSecret"]);
        Assert.True((int)Edge.Properties("OriginSecret")["GenerateSecretString"]!["PasswordLength"]! >= 32);
    }

    [Fact]
    public void The_origin_is_told_listed_headers_only_and_never_the_host()
    {
        var policy = Edge.Properties("ForwardedRequest")["OriginRequestPolicyConfig"]!;
        var headers = policy["HeadersConfig"]!["Headers"]!.AsArray().Select(header => (string)header!).ToList();

        Assert.Equal("whitelist", (string)policy["HeadersConfig"]!["HeaderBehavior"]!);
        Assert.DoesNotContain("host", headers, StringComparer.OrdinalIgnoreCase);
        Assert.DoesNotContain("x-forwarded-for", headers, StringComparer.OrdinalIgnoreCase);
        Assert.Equal(["User-Agent", "DNT", "Sec-GPC", "CloudFront-Viewer-Address", "CloudFront-Viewer-Country", "referer", "accept-language"], headers);
        Assert.Equal("all", (string)policy["QueryStringsConfig"]!["QueryStringBehavior"]!);
        Assert.Equal("none", (string)policy["CookiesConfig"]!["CookieBehavior"]!);
        Assert.All(Behaviours(), behaviour => Assert.Equal("""{"Fn::GetAtt":["ForwardedRequest","Id"]}""", behaviour["OriginRequestPolicyId"]!.ToJsonString()));
    }

    [Fact]
    public void Nothing_is_cached_and_neither_are_errors()
    {
        Assert.All(Behaviours(), behaviour => Assert.Equal("4135ea2d-6df8-44a3-9df3-4b5a84be39ad", (string)behaviour["CachePolicyId"]!));
        var errors = Config["CustomErrorResponses"]!.AsArray();
        Assert.Superset(new HashSet<int>([405, 414, 500, 502, 503, 504]), errors.Select(error => (int)error!["ErrorCode"]!).ToHashSet());
        Assert.All(errors, error =>
        {
            Assert.Equal(0, (int)error!["ErrorCachingMinTTL"]!);
            // An image stays an image: the beacon's own answer goes out.
            Assert.Null(error["ResponsePagePath"]);
        });
    }

    [Fact]
    public void CloudFront_writes_no_log_of_visitors() => Assert.Null(Config["Logging"]);

    [Fact]
    public void The_web_ACL_blocks_lists_floods_bad_repute_and_attacks_in_this_order()
    {
        var acl = Global.Properties("WebAcl");
        var rules = acl["Rules"]!.AsArray().OrderBy(rule => (int)rule!["Priority"]!).ToList();

        Assert.Equal("CLOUDFRONT", (string)acl["Scope"]!);
        Assert.NotNull(acl["DefaultAction"]!["Allow"]);
        Assert.Equal(["blocked-addresses", "rate", "reputation", "known-bad-inputs", "common"], rules.Select(rule => (string)rule!["Name"]!));
        Assert.Equal(
            ["AWSManagedRulesAmazonIpReputationList", "AWSManagedRulesKnownBadInputsRuleSet", "AWSManagedRulesCommonRuleSet"],
            rules.Skip(2).Select(rule => (string)rule!["Statement"]!["ManagedRuleGroupStatement"]!["Name"]!));
        Assert.All(rules.Take(2), rule => Assert.NotNull(rule!["Action"]!["Block"]));
        Assert.All(rules.Skip(2), rule => Assert.NotNull(rule!["OverrideAction"]!["None"]));
        Assert.Equal("RequestsPerAddress", (string)rules[1]!["Statement"]!["RateBasedStatement"]!["Limit"]!["Ref"]!);
        Assert.All(
            rules[0]!["Statement"]!["OrStatement"]!["Statements"]!.AsArray(),
            set => Assert.Contains("Blocked", set!["IPSetReferenceStatement"]!["Arn"]!.ToJsonString()));
    }

    [Fact]
    public void An_empty_list_of_blocked_addresses_is_a_list_without_addresses() => Assert.All(Global.OfType("AWS::WAFv2::IPSet"), set =>
    {
        Assert.Equal("[]", set.Value["Addresses"]!["Fn::If"]![2]!.ToJsonString());
        Assert.Equal("CLOUDFRONT", (string)set.Value["Scope"]!);
    });

    [Fact]
    public void Long_queries_with_addresses_of_pages_are_what_a_pixel_is_for_and_are_not_blocked()
    {
        var common = Global.Properties("WebAcl")["Rules"]!.AsArray().Single(rule => (string)rule!["Name"]! == "common")!;
        var counted = common["Statement"]!["ManagedRuleGroupStatement"]!["RuleActionOverrides"]!.AsArray();

        Assert.Superset(new HashSet<string>(["SizeRestrictions_QUERYSTRING", "GenericRFI_QUERYARGUMENTS"]), counted.Select(rule => (string)rule!["Name"]!).ToHashSet());
        Assert.All(counted, rule => Assert.NotNull(rule!["ActionToUse"]!["Count"]));
    }

    [Fact]
    public void The_web_ACL_keeps_no_samples_of_requests() =>
        Assert.All(CommittedTemplate.Objects(Global.Properties("WebAcl")).Where(one => one.ContainsKey("SampledRequestsEnabled")), one => Assert.False((bool)one["SampledRequestsEnabled"]!));

    [Fact]
    public void The_certificate_proves_itself_by_DNS()
    {
        Assert.Equal("DNS", (string)Global.Properties("Certificate")["ValidationMethod"]!);
        Assert.Equal("EC_prime256v1", (string)Global.Properties("Certificate")["KeyAlgorithm"]!);
        Assert.Equal("HostedZoneId", (string)Global.Properties("Certificate")["DomainValidationOptions"]!["Fn::If"]![1]![0]!["HostedZoneId"]!["Ref"]!);
    }

    private IEnumerable<JsonNode> Behaviours() => Config["CacheBehaviors"]!.AsArray().Select(behaviour => behaviour!).Prepend(Config["DefaultCacheBehavior"]!);

    private JsonNode Origin(string id) => Config["Origins"]!.AsArray().Single(origin => (string)origin!["Id"]! == id)!;
}
