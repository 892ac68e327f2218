using Infrastructure.Edge;
using Pixel.Events;

namespace Infrastructure.Tests.Edge;

public sealed class EdgeOptionsTests
{
    [Theory]
    [InlineData(ReceivingWay.HttpApi, LoadBalancerKind.Application)]
    [InlineData(ReceivingWay.FunctionUrl, LoadBalancerKind.Application)]
    [InlineData(ReceivingWay.Fargate, LoadBalancerKind.Network)]
    public void A_web_ACL_where_AWS_has_none_is_refused_and_what_to_choose_is_said(ReceivingWay way, LoadBalancerKind balancer)
    {
        var refused = Assert.Throws<EdgeOptionsException>(new EdgeOptions { Way = way, Waf = true, LoadBalancer = balancer }.Validate);

        Assert.Contains("cannot have a web ACL: choose --", refused.Message);
    }

    [Theory]
    [InlineData(ReceivingWay.CloudFront, LoadBalancerKind.Application)]
    [InlineData(ReceivingWay.Fargate, LoadBalancerKind.Application)]
    public void A_web_ACL_goes_with_CloudFront_and_with_an_application_load_balancer(ReceivingWay way, LoadBalancerKind balancer) =>
        new EdgeOptions { Way = way, Waf = true, LoadBalancer = balancer }.Validate();

    [Theory]
    [InlineData(false, false, false)]
    [InlineData(true, false, true)]
    [InlineData(false, true, true)]
    public void The_stack_in_us_east_1_is_there_when_something_is_in_it(bool waf, bool domain, bool isThere) =>
        Assert.Equal(isThere, new EdgeOptions { Waf = waf, CustomDomain = domain }.NeedsGlobal);

    [Fact]
    public void A_field_that_is_taken_from_the_Host_is_refused_for_CloudFront()
    {
        var refused = Assert.Throws<EdgeOptionsException>(() => ForwardedHeaders.Of(SchemaOf("""{ "name": "site", "from": ["header:host"] }""")));

        Assert.Contains("header:host", refused.Message);
    }

    [Fact]
    public void Headers_and_cookies_of_the_field_file_are_passed_on_once_each()
    {
        var forwarded = ForwardedHeaders.Of(SchemaOf("""
            { "name": "a", "from": ["header:user-agent", "header:x-shop"] }, { "name": "b", "from": ["header:x-shop", "cookie:Basket"] }
            """));

        Assert.Single(forwarded.Headers, header => header.Equals("user-agent", StringComparison.OrdinalIgnoreCase));
        Assert.Single(forwarded.Headers, "x-shop");
        Assert.Equal(["Basket"], forwarded.Cookies);
    }

    [Fact]
    public void More_headers_than_CloudFront_passes_on_are_refused_by_name()
    {
        var fields = string.Join(", ", Enumerable.Range(0, 9).Select(i => $$"""{ "name": "f{{i}}", "from": ["header:x-{{i}}"] }"""));
        var refused = Assert.Throws<EdgeOptionsException>(() => ForwardedHeaders.Of(SchemaOf(fields)));

        Assert.Contains("needs 14 headers", refused.Message);
    }

    private static EventSchema SchemaOf(string fields)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "pixel.fields.json");
        File.WriteAllText(path, $$"""{ "fields": [ {{fields}} ] }""");
        return EventSchema.Load(path);
    }
}
