using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Infrastructure.Edge;

namespace Infrastructure.Tests.Edge;

/// <summary>The templates of the HTTP API.</summary>
public sealed class HttpApiEdge() : SynthesizedEdge(new EdgeOptions { Way = ReceivingWay.HttpApi });

public sealed class HttpApiTests(HttpApiEdge synthesized) : BeaconFunctionPromises(synthesized), IClassFixture<HttpApiEdge>
{
    /// <inheritdoc/>
    protected override string PixelUrl => @"^https://[a-z0-9]{10}\.execute-api\.eu-central-1\.amazonaws\.com/trackingpixel$";

    [Fact]
    public void The_access_log_has_neither_an_address_nor_anything_that_was_sent()
    {
        var format = (string)Edge.Properties("HttpApiStage")["AccessLogSettings"]!["Format"]!;
        var variables = JsonNode.Parse(format)!.AsObject().Select(field => (string)field.Value!).ToList();

        Assert.All(variables, variable => Assert.Matches(@"^\$context\.[A-Za-z]+$", variable));
        Assert.DoesNotMatch(new Regex("identity|sourceIp|userAgent|path|query|authorizer|error|header|domain", RegexOptions.IgnoreCase), format);
        Assert.Contains("$context.requestId", variables);
        Assert.Contains("$context.status", variables);
    }

    [Fact]
    public void A_line_of_the_access_log_is_short_because_every_request_pays_for_it()
    {
        var format = (string)Edge.Properties("HttpApiStage")["AccessLogSettings"]!["Format"]!;
        var values = new Dictionary<string, string>
        {
            ["requestId"] = "JKJaXmPLvHcESHA=", ["requestTimeEpoch"] = "1583798639428", ["httpMethod"] = "GET", ["status"] = "200", ["integrationStatus"] = "200",
            ["responseLatency"] = "15", ["integrationLatency"] = "12",
        };
        var line = Regex.Replace(format, @"\$context\.(\w+)", variable => values[variable.Groups[1].Value]);

        // docs/cost.md counts these, and the 26 that CloudWatch adds.
        Assert.Equal(98, line.Length);
    }

    [Fact]
    public void Requests_beyond_what_the_stream_takes_are_refused_at_the_door()
    {
        var settings = Edge.Properties("HttpApiStage")["DefaultRouteSettings"]!;

        Assert.Equal("RequestsPerSecond", (string)settings["ThrottlingRateLimit"]!["Ref"]!);
        Assert.Equal("RequestBurst", (string)settings["ThrottlingBurstLimit"]!["Ref"]!);
        Assert.Equal(1000, (int)Edge.Parameters["RequestsPerSecond"]!["Default"]!);

        // What it refuses no other metric tells.
        Assert.Contains("\"s\":\"$context.status\"", Edge.Text.Replace("\\", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal("""{ $.s = "429" }""", (string)Edge.Properties("RequestsRefused")["FilterPattern"]!);
    }

    [Fact]
    public void Every_request_goes_to_the_beacon_and_no_other_API_may_send_it_any()
    {
        Assert.Equal("$default", (string)Assert.Single(Edge.OfType("AWS::ApiGatewayV2::Route")).Value["RouteKey"]!);
        var integration = Assert.Single(Edge.OfType("AWS::ApiGatewayV2::Integration")).Value;
        Assert.Equal("2.0", (string)integration["PayloadFormatVersion"]!);
        Assert.True((int)integration["TimeoutInMillis"]! > 1000 * (int)Edge.Properties("Beacon")["Timeout"]!);

        var permission = Assert.Single(Edge.OfType("AWS::Lambda::Permission")).Value;
        Assert.Equal("apigateway.amazonaws.com", (string)permission["Principal"]!);
        Assert.Contains("execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*", permission["SourceArn"]!.ToJsonString());
    }

    [Fact]
    public void A_domain_of_ones_own_comes_with_its_certificate_and_shuts_the_other_address()
    {
        var domain = Edge.Properties("HttpApiDomain")["DomainNameConfigurations"]![0]!;

        Assert.Equal("HasDomain", (string)Edge.Resources["HttpApiDomain"]!["Condition"]!);
        Assert.Equal("HasDomain", (string)Edge.Resources["HttpApiMapping"]!["Condition"]!);
        Assert.Equal("CertificateArn", (string)domain["CertificateArn"]!["Ref"]!);
        Assert.Equal("TLS_1_2", (string)domain["SecurityPolicy"]!);
        Assert.Equal("""{"Fn::If":["HasDomain",true,false]}""", Edge.Properties("HttpApi")["DisableExecuteApiEndpoint"]!.ToJsonString());
    }

    [Fact]
    public void The_visitors_address_is_what_API_Gateway_saw() =>
        Assert.Equal("requestcontext", Edge.EnvironmentOf("Beacon")["Proxy__AddressFrom"]);

    [Fact]
    public void The_function_has_no_other_door() => Assert.Empty(Edge.OfType("AWS::Lambda::Url"));
}
