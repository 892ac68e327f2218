using System.Net;
using Beacon.Api.Privacy;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Beacon.Api.Tests.Privacy;

/// <summary>The visitor's address as each way of receiving on AWS gives it, and what a visitor who lies gets.</summary>
public sealed class EdgeAddressTests
{
    private const string Secret = "0123456789abcdef0123456789abcdef";
    private const string ViaUrl = """{"accountId":"1","http":{"method":"GET","path":"/trackingpixel","sourceIp":"198.51.100.77","userAgent":"a \"quoted\" one"},"routeKey":"$default"}""";

    private static readonly (string, string)[] InLambda = [("Proxy:AddressFrom", "requestcontext")];
    private static readonly (string, string)[] BehindCloudFront = [("Proxy:AddressFrom", "cloudfront"), ("Proxy:OriginSecret", Secret)];

    [Fact]
    public async Task In_a_function_the_address_is_what_the_adapter_says_of_the_invocation()
    {
        await using RunningBeacon beacon = await RunningBeacon.StartAsync(InLambda);

        // What a visitor sends of this kind the adapter replaces; what he sends of other kinds means nothing.
        Assert.Equal("198.51.100.0", (await beacon.KeepAsync("", ("x-amzn-request-context", ViaUrl), ("X-Forwarded-For", "6.6.6.6"), ("CloudFront-Viewer-Address", "6.6.6.6:1"))).Text("ip"));
    }

    [Theory]
    [InlineData(ViaUrl, "198.51.100.77")]
    [InlineData("""{"identity":{"sourceIp":"2001:db8::5"}}""", "2001:db8::5")]
    [InlineData("""{"http":{"sourceIp":"::ffff:198.51.100.77"}}""", "198.51.100.77")]
    [InlineData("""{"http":{"sourceIp":7}}""", null)]
    [InlineData("""{"http":[]}""", null)]
    [InlineData("[]", null)]
    [InlineData("null", null)]
    [InlineData("{", null)]
    [InlineData("", null)]
    public void The_context_is_read_as_API_Gateway_and_function_URLs_write_it(string context, string? expected)
    {
        Assert.Equal(expected, Of(new ProxyOptions { AddressFrom = AddressSource.RequestContext }, "127.0.0.1", ("x-amzn-request-context", context))?.ToString());
    }

    [Theory]
    [InlineData("203.0.113.9")]
    [InlineData("10.1.2.3")]
    [InlineData("2001:db8::9")]
    public void A_context_from_anywhere_but_the_machine_itself_is_made_up(string connection) =>
        Assert.Equal(connection, Of(new ProxyOptions { AddressFrom = AddressSource.RequestContext }, connection, ("x-amzn-request-context", ViaUrl))?.ToString());

    [Fact]
    public async Task Behind_an_edge_of_ones_own_the_visitor_is_whom_that_names()
    {
        await using RunningBeacon beacon = await RunningBeacon.StartAsync([.. InLambda, ("Proxy:Known:0", "192.0.2.0/24, 198.51.100.0/24")]);

        // The function's URL adds whom it sees to the header.
        Assert.Equal("203.0.113.0", (await beacon.KeepAsync("", ("x-amzn-request-context", ViaUrl), ("X-Forwarded-For", "6.6.6.6, 203.0.113.9, 198.51.100.77"))).Text("ip"));

        // Whoever comes past the edge is himself, whatever he sends.
        var past = ViaUrl.Replace("198.51.100.77", "203.0.114.66", StringComparison.Ordinal);
        Assert.Equal("203.0.114.0", (await beacon.KeepAsync("", ("x-amzn-request-context", past), ("X-Forwarded-For", "6.6.6.6, 203.0.114.66"))).Text("ip"));
    }

    [Fact]
    public async Task Without_the_setting_a_context_means_nothing()
    {
        await using RunningBeacon beacon = await RunningBeacon.StartAsync();

        Assert.Equal("127.0.0.0", (await beacon.KeepAsync("", ("x-amzn-request-context", ViaUrl))).Text("ip"));
    }

    [Fact]
    public async Task Behind_CloudFront_address_and_country_are_CloudFront_s()
    {
        await using RunningBeacon beacon = await RunningBeacon.StartAsync(BehindCloudFront);

        var e = await beacon.KeepAsync(
            "", ("x-pixel-origin-secret", Secret), ("CloudFront-Viewer-Address", "198.51.100.77:46532"), ("CloudFront-Viewer-Country", "DE"),
            ("X-Forwarded-For", "6.6.6.6"), ("x-amzn-request-context", ViaUrl.Replace("198.51.100.77", "6.6.6.6")));

        Assert.Equal(("198.51.100.0", "DE"), (e.Text("ip"), e.Text("country")));
    }

    [Theory]
    [InlineData("198.51.100.77:46532", "198.51.100.77")]
    [InlineData("2001:db8::17e:7:11690", "2001:db8::17e:7")]
    [InlineData("[2001:db8::5]:443", "2001:db8::5")]
    [InlineData("198.51.100.77", null)]
    [InlineData(":80", null)]
    [InlineData("garbage:80", null)]
    [InlineData("", null)]
    public void The_viewer_s_address_is_what_stands_before_the_port(string viewer, string? expected) => Assert.Equal(
        expected,
        Of(new ProxyOptions { AddressFrom = AddressSource.CloudFront, OriginSecret = Secret }, "127.0.0.1", ("x-pixel-origin-secret", Secret), ("CloudFront-Viewer-Address", viewer))?.ToString());

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0123456789abcdef0123456789abcdeX")]
    [InlineData("0123456789abcdef0123456789abcdef0")]
    public async Task Who_comes_past_CloudFront_gets_the_image_with_403_and_leaves_no_event(string? secret)
    {
        await using RunningBeacon beacon = await RunningBeacon.StartAsync(BehindCloudFront);
        (string, string)[] headers = [("CloudFront-Viewer-Address", "198.51.100.77:1"), .. secret is null ? [] : new[] { ("x-pixel-origin-secret", secret) }];

        using HttpResponseMessage response = await beacon.GetAsync("userid=x", headers);

        await Pixels.AssertPixelAsync(response, 403);
        Assert.Equal(["past_the_edge"], beacon.Dropped);
        Assert.Equal((1, 0), (beacon.Received, beacon.Accepted));
        Assert.Empty(beacon.Events());
    }

    [Fact]
    public async Task Two_secrets_are_none()
    {
        await using RunningBeacon beacon = await RunningBeacon.StartAsync(BehindCloudFront);

        using HttpResponseMessage response = await beacon.GetAsync("", ("x-pixel-origin-secret", "guess"), ("x-pixel-origin-secret", Secret));

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task What_is_not_the_pixel_is_refused_as_well_but_for_the_probes_of_the_machine_itself()
    {
        await using RunningBeacon beacon = await RunningBeacon.StartAsync(BehindCloudFront);

        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync("/collect"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync("/collect", ("x-pixel-origin-secret", Secret)));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/health"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync("/health", ("x-amzn-request-context", ViaUrl)));

        async Task<HttpStatusCode> StatusAsync(string path, params (string Name, string Value)[] headers)
        {
            using var request = new HttpRequestMessage(path == "/collect" ? HttpMethod.Post : HttpMethod.Get, path);
            foreach (var (name, value) in headers)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }

            using HttpResponseMessage response = await beacon.Client.SendAsync(request, TestContext.Current.CancellationToken);
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task A_country_that_a_visitor_sends_means_nothing_elsewhere()
    {
        await using RunningBeacon beacon = await RunningBeacon.StartAsync(InLambda);

        Assert.Null((await beacon.KeepAsync("", ("CloudFront-Viewer-Country", "DE"))).Text("country"));
    }

    [Theory]
    [InlineData("de")]
    [InlineData("DEU")]
    [InlineData("1X")]
    public async Task What_is_no_country_is_left_out(string country)
    {
        await using RunningBeacon beacon = await RunningBeacon.StartAsync(BehindCloudFront);

        Assert.Null((await beacon.KeepAsync("", ("x-pixel-origin-secret", Secret), ("CloudFront-Viewer-Country", country))).Text("country"));
    }

    [Fact]
    public async Task Behind_a_load_balancer_the_address_is_its_last_hop_whatever_the_visitor_put_before()
    {
        await using RunningBeacon beacon = await RunningBeacon.StartAsync(("Proxy:Known:0", "127.0.0.0/8"));

        var e = await beacon.KeepAsync("", ("X-Forwarded-For", "127.0.0.1, 6.6.6.6, 198.51.100.77"), ("CloudFront-Viewer-Address", "6.6.6.6:1"), ("x-amzn-request-context", ViaUrl.Replace("198.51.100.77", "6.6.6.6")));

        Assert.Equal("198.51.100.0", e.Text("ip"));
    }

    [Theory]
    [InlineData(AddressSource.CloudFront, null, "Proxy:OriginSecret must have 32")]
    [InlineData(AddressSource.CloudFront, "short", "Proxy:OriginSecret must have 32")]
    [InlineData(AddressSource.Connection, Secret, "only when Proxy:AddressFrom is cloudfront")]
    [InlineData((AddressSource)7, null, "Proxy:AddressFrom must be")]
    public void Settings_that_would_believe_anybody_are_refused_at_the_start(AddressSource source, string? secret, string expected)
    {
        var result = new ProxyOptionsValidator().Validate(null, new ProxyOptions { AddressFrom = source, OriginSecret = secret });

        Assert.Contains(expected, Assert.Single(result.Failures!));
    }

    private static IPAddress? Of(ProxyOptions options, string connection, params (string Name, string Value)[] headers)
    {
        var sent = new HeaderDictionary();
        foreach (var (name, value) in headers)
        {
            sent[name] = value;
        }

        return new ClientAddress(Options.Create(options)).Of(IPAddress.Parse(connection), sent);
    }
}
