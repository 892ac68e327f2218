using System.Text;
using System.Text.Json.Nodes;
using Cli.Cost.Model;
using Cli.Cost.Pricing;

namespace Cli.Tests.Cost;

public class PriceSheetTests
{
    [Theory]
    [InlineData("httpapi.requests", 300e6, 300)]
    [InlineData("httpapi.requests", 500e6, 300 + (200 * 0.90))]
    [InlineData("egress", 100, 9)]
    [InlineData("egress", 60 * 1024, (10_240 * 0.09) + (40_960 * 0.085) + (10_240 * 0.07))]
    [InlineData("logs.ingest", 20 * 1024, (10_240 * 0.50) + (10_240 * 0.25))]
    [InlineData("s3.puts", 12_000, 0.06)]
    [InlineData("lambda.requests", 0, 0)]
    public void A_quantity_is_billed_tier_by_tier(string price, double quantity, double usd) =>
        Assert.Equal(usd, PriceSheet.BuiltIn[price].Of(quantity), 9);

    [Theory]
    [InlineData("cloudfront.requests", 30e6, 20)]
    [InlineData("lambda.requests", 1e6, 0)]
    [InlineData("cloudwatch.dashboards", 1, 0)]
    [InlineData("waf.acls", 1, 5)]
    public void An_allowance_is_taken_off_only_when_asked_for(string price, double quantity, double usd)
    {
        Assert.Equal(usd, PriceSheet.BuiltIn[price].WithAllowance(quantity), 9);
        Assert.True(PriceSheet.BuiltIn[price].Of(quantity) > 0);
    }

    [Fact]
    public void Every_price_is_used_and_every_price_that_is_used_is_there()
    {
        var model = new CostModel(PriceSheet.BuiltIn, new Assumptions { Keys = 1, NatGateways = 1 });

        var used = Receiving.All.SelectMany(way => model.Of(way, Aim.Thousand).Lines).Select(line => line.Usage.Price).Distinct();

        Assert.Equal(PriceSheet.BuiltIn.Prices.Keys.Order(), used.Order());
    }

    [Fact]
    public void A_price_that_is_not_confirmed_is_too_small_to_decide_anything()
    {
        var bill = new CostModel(PriceSheet.BuiltIn, new Assumptions()).Of(new(Way.FunctionUrl), Aim.Million);

        Assert.InRange(bill.Lines.Where(line => !line.Price.Confirmed).Sum(line => line.Cost), 0, 0.05);
    }

    [Theory]
    [InlineData("tiers", "[]", "egress needs tiers that rise, the last of them without an end")]
    [InlineData("tiers", """[{ "usd": 1 }, { "usd": 2 }]""", "egress needs tiers that rise, the last of them without an end")]
    [InlineData("tiers", """[{ "upTo": 5, "usd": 1 }]""", "egress needs tiers that rise, the last of them without an end")]
    [InlineData("tiers", """[{ "usd": -1 }]""", "egress needs tiers that rise, the last of them without an end")]
    [InlineData("per", "0", "egress is for a number of units that cannot be")]
    [InlineData("region", "\"eu-west-1\"", "egress is of eu-west-1, the sheet of us-east-1")]
    [InlineData("source", "\"http://aws.example/\"", "egress needs the address of its source")]
    [InlineData("unit", "\"\"", "egress needs a service, what it is for, a unit and a date")]
    public void A_sheet_with_something_that_cannot_be_a_price_is_refused_in_one_sentence(string member, string value, string problem)
    {
        var failure = Assert.Throws<CommandFailure>(() => Read(sheet => sheet["prices"]!["egress"]![member] = JsonNode.Parse(value)));

        Assert.Equal($"prices.json: {problem}.", failure.Message);
    }

    [Fact]
    public void A_sheet_that_is_no_JSON_is_refused_with_the_place()
    {
        var failure = Assert.Throws<CommandFailure>(() => PriceSheet.Read(new MemoryStream("{\n  \"date\": 1\n}"u8.ToArray())));

        Assert.Equal("prices.json cannot be read at $.date, line 2.", failure.Message);
    }

    [Fact]
    public void A_price_that_is_missing_is_named()
    {
        var sheet = Read(sheet => sheet["prices"]!.AsObject().Remove("athena.scanned"));

        var failure = Assert.Throws<CommandFailure>(() => new CostModel(sheet, new Assumptions()).Of(new(Way.HttpApi), Aim.Million));

        Assert.Equal("prices.json has no price athena.scanned.", failure.Message);
    }

    /// <summary>The sheet that is built in, changed: an egress price alone would not be a sheet that the model can use.</summary>
    private static PriceSheet Read(Action<JsonNode> change)
    {
        using var stream = typeof(PriceSheet).Assembly.GetManifestResourceStream("Cli.Cost.Pricing.prices.json")!;
        var sheet = JsonNode.Parse(stream)!;
        change(sheet);
        return PriceSheet.Read(new MemoryStream(Encoding.UTF8.GetBytes(sheet.ToJsonString())));
    }
}
