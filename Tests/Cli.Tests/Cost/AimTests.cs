using Cli.Cost.Model;
using Cli.Cost.Pricing;

namespace Cli.Tests.Cost;

/// <summary>
/// What came of the aims. A price or an assumption that changes a verdict changes what docs/cost.md says about it, and that
/// should be noticed.
/// </summary>
public class AimTests
{
    private static readonly CostModel Model = new(PriceSheet.BuiltIn, new Assumptions());

    [Fact]
    public void The_aims_are_those_that_were_set() => Assert.Equal(
        ["functionurl 16", "cloudfront 40", "cloudfront with WAF 70", "httpapi 50", "fargate-alb 40", "fargate-nlb 40", "fargate-nlb 0.3"],
        Aim.All.Select(aim => FormattableString.Invariant($"{aim.Receiving.Name} {aim.Limit}")));

    [Fact]
    public void The_bill_meets_the_aims_of_the_Lambda_ways_and_misses_those_of_Fargate_at_a_million_a_day() =>
        Assert.Equal(["fargate-alb", "fargate-nlb"], Aim.All.Where(aim => !aim.IsMet(Model)).Select(aim => aim.Receiving.Name));

    [Fact]
    public void Without_allowances_only_Fargate_at_a_thousand_a_second_meets_its_aim() =>
        Assert.Equal([Aim.All[^1]], Aim.All.Where(aim => aim.IsMetAnywhere(Model)));

    [Fact]
    public void Every_lever_saves_something_somewhere_and_nothing_becomes_dearer_by_one()
    {
        foreach (var lever in Change.Levers)
        {
            var saved = Columns().Select(column => Model.Of(column.Way, column.Traffic).Total - Model.With(lever.Apply).Of(column.Way, column.Traffic).Total).ToList();

            Assert.All(saved, usd => Assert.True(usd > -1e-9, lever.Name));
            Assert.True(saved.Max() > 0.01, lever.Name);
        }
    }

    [Fact]
    public void Every_risk_costs_something_somewhere_and_nothing_becomes_cheaper_by_one()
    {
        foreach (var risk in Change.Risks)
        {
            var added = Columns().Select(column => Model.With(risk.Apply).Of(column.Way, column.Traffic).Total - Model.Of(column.Way, column.Traffic).Total).ToList();

            Assert.All(added, usd => Assert.True(usd > -1e-9, risk.Name));
            Assert.True(added.Max() > 0.01, risk.Name);
        }
    }

    private static IEnumerable<(Receiving Way, Traffic Traffic)> Columns() =>
        from way in Receiving.All
        from traffic in new[] { Aim.Million, Aim.Thousand }
        select (way, traffic);
}
