using System.Text.Json;
using Cli.Bench;
using Cli.Cost.Model;
using Cli.Cost.Output;
using Cli.Cost.Pricing;

namespace Cli.Tests.Cost;

public class CostCommandTests
{
    [Fact]
    public void The_page_about_cost_is_what_the_command_writes()
    {
        var committed = File.ReadAllText(Path.Combine(Programs.Checkout, "docs", "cost.md")).ReplaceLineEndings("\n");

        Assert.True(
            CostDocument.Of(new CostModel(PriceSheet.BuiltIn, new Assumptions())) == committed,
            "docs/cost.md is not what the model computes: write it with `dotnet pixel.cs cost --write`, and read what has changed.");
    }

    [Fact]
    public async Task All_ways_are_shown_at_all_rates_with_the_day_of_the_prices()
    {
        var run = await CommandRun.OfAsync("cost");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.All(Receiving.All, way => Assert.Contains(way.Name, run.Out));
        Assert.Contains("| 11.6 (1 M a day) |", run.Out);
        Assert.Contains("| 10,000 ", run.Out);
        Assert.Contains("Prices of us-east-1 as of 2026-11-26.", run.Lines[^1]);
    }

    [Fact]
    public async Task One_way_is_shown_line_by_line_with_its_sum_and_its_highest_rate()
    {
        var run = await CommandRun.OfAsync("cost", "--way", "functionurl");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.StartsWith("functionurl at 11.6 (1 M a day) requests/s, US dollars a month:\n", run.Out);
        Assert.Contains("| Lambda: lambda.requests ", run.Out);
        Assert.Contains("$14.45 a month in an account that runs nothing else.", run.Lines);
        Assert.Contains("$22.51 a month without free allowances, $6.16 of it without a request; $0.740 for a million requests.", run.Lines);
        Assert.Contains("Up to 2,000 requests/s before a quota must be raised (Firehose: calls a second to a stream).", run.Lines);
    }

    [Theory]
    [InlineData("cloudfront", "cloudfront with WAF")]
    [InlineData("fargate-alb", "fargate-alb with WAF")]
    public async Task A_web_ACL_is_added_where_it_can_be(string way, string name)
    {
        var run = await CommandRun.OfAsync("cost", "--way", way, "--waf", "--rate", "50");

        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith($"{name} at 50 requests/s", run.Out);
        Assert.Contains("| WAF: waf.requests ", run.Out);
    }

    [Fact]
    public async Task JSON_has_every_bill_with_its_lines()
    {
        var run = await CommandRun.OfAsync("cost", "--json", "--rate", "1000");

        using var json = JsonDocument.Parse(run.Out);
        var bills = json.RootElement.GetProperty("bills").EnumerateArray().ToList();
        Assert.Equal("2026-11-26", json.RootElement.GetProperty("date").GetString());
        Assert.Equal(Receiving.All.Count, bills.Count);
        Assert.All(bills, bill => Assert.Equal(
            bill.GetProperty("total").GetDouble(), bill.GetProperty("lines").EnumerateArray().Sum(line => line.GetProperty("cost").GetDouble()), 6));
        Assert.Equal(2_000, bills[0].GetProperty("quota").GetProperty("rate").GetDouble());
    }

    [Fact]
    public async Task JSON_without_a_rate_has_all_rates()
    {
        var run = await CommandRun.OfAsync("cost", "--json", "--way", "httpapi");

        using var json = JsonDocument.Parse(run.Out);
        Assert.Equal(CostTables.Rates.Select(rate => rate.PerSecond), json.RootElement.GetProperty("bills").EnumerateArray().Select(bill => bill.GetProperty("requestsPerSecond").GetDouble()));
    }

    [Theory]
    [InlineData("--rate must be from 0.01 to 10000 requests a second.", "--rate", "0")]
    [InlineData("--rate must be from 0.01 to 10000 requests a second.", "--rate", "10001")]
    [InlineData("--rate must be from 0.01 to 10000 requests a second.", "--rate", "NaN")]
    [InlineData("--way takes httpapi, cloudfront, functionurl, fargate-alb or fargate-nlb, not lambda.", "--way", "lambda")]
    [InlineData("--waf goes with cloudfront or fargate-alb: an HTTP API, a Function URL and a network load balancer cannot have a web ACL.", "--way", "httpapi", "--waf")]
    [InlineData("--waf goes with cloudfront or fargate-alb: an HTTP API, a Function URL and a network load balancer cannot have a web ACL.", "--waf", "--way", "fargate-nlb")]
    [InlineData("--write takes no other options: docs/cost.md has everything.", "--write", "--json")]
    [InlineData("--write takes no other options: docs/cost.md has everything.", "--write", "--rate", "10")]
    public async Task What_makes_no_sense_is_one_sentence_that_says_what_does(string sentence, params string[] options)
    {
        var run = await CommandRun.OfAsync(["cost", .. options]);

        Assert.Equal(new CommandRun(1, "", $"{sentence} `dotnet pixel.cs help cost` says what it takes.\n"), run);
    }

    [Fact]
    public async Task A_rate_that_is_no_number_is_one_line()
    {
        var run = await CommandRun.OfAsync("cost", "--rate", "often");

        Assert.Equal((1, ""), (run.ExitCode, run.Out));
        Assert.Single(run.Error.TrimEnd('\n').Split('\n'));
    }

    [Theory]
    [InlineData(0.004, "$0.00")]
    [InlineData(-0.004, "$0.00")]
    [InlineData(-3, "−$3.00")]
    [InlineData(999.49, "$999.49")]
    [InlineData(999.6, "$1,000")]
    [InlineData(41_527.4, "$41,527")]
    public void Amounts_have_cents_as_long_as_these_say_something(double usd, string text) => Assert.Equal(text, Dollars.Text(usd));

    [Theory]
    [InlineData("lambda.compute", "$0.0000133334 a GB-s")]
    [InlineData("s3.puts", "$0.005 for 1,000 requests")]
    [InlineData("alb.units", "$0.008 an LCU-hour")]
    [InlineData("httpapi.requests", "$1.00 a million requests up to 300 million, then $0.90")]
    public void A_price_is_said_as_AWS_says_it(string price, string text) => Assert.Equal(text, Words.Of(PriceSheet.BuiltIn[price]));
}
