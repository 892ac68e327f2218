using System.CommandLine;
using System.Globalization;
using Cli.Bench;
using Cli.Cost.Model;
using Cli.Cost.Output;
using Cli.Cost.Pricing;

namespace Cli.Cost;

/// <summary><c>cost</c>: what running it on AWS costs, computed from one dated price file. docs/cost.md is its output.</summary>
internal static class CostCommand
{
    private const double LeastRate = 0.01;
    private const double MostRate = 10_000;

    public static Command Create(Terminal terminal)
    {
        var rate = new Option<double?>("--rate") { Description = "Requests a second, 0.01 to 10000; without it, 1 to 10000" };
        var way = new Option<string?>("--way") { Description = $"One way of receiving, line by line: {string.Join(", ", Receiving.Names.Values)}" };
        var waf = new Option<bool>("--waf") { Description = "With a web ACL; cloudfront and fargate-alb only" };
        var json = new Option<bool>("--json") { Description = "Print JSON: US dollars a month" };
        var write = new Option<bool>("--write") { Description = "Write docs/cost.md" };
        rate.Validators.Add(result =>
        {
            // What is no number at all is complained of by the option itself.
            if (double.TryParse(result.Tokens.SingleOrDefault()?.Value, CultureInfo.InvariantCulture, out var given) && !(given is >= LeastRate and <= MostRate))
            {
                result.AddError("--rate must be from 0.01 to 10000 requests a second.");
            }
        });
        way.Validators.Add(result =>
        {
            if (result.Tokens.SingleOrDefault()?.Value is { } given && !Receiving.Names.Values.Contains(given))
            {
                result.AddError($"--way takes {string.Join(", ", Receiving.Names.Values.SkipLast(1))} or {Receiving.Names.Values.Last()}, not {given}.");
            }
        });
        var command = new Command("cost", "Compute what running it on AWS costs.") { rate, way, waf, json, write };
        command.Validators.Add(result =>
        {
            if (result.GetValue(write) && (result.GetValue(json) || result.GetValue(waf) || result.GetResult(rate) is not null || result.GetResult(way) is not null))
            {
                result.AddError("--write takes no other options: docs/cost.md has everything.");
            }
            else if (result.GetValue(waf) && result.GetResult(way)?.Tokens.SingleOrDefault()?.Value is var given && given is not (null or "cloudfront" or "fargate-alb"))
            {
                result.AddError("--waf goes with cloudfront or fargate-alb: an HTTP API, a Function URL and a network load balancer cannot have a web ACL.");
            }
        });
        command.SetAction(parsed => Run(parsed.GetValue(rate), parsed.GetValue(way), parsed.GetValue(waf), parsed.GetValue(json), parsed.GetValue(write), terminal));
        return command;
    }

    private static int Run(double? rate, string? way, bool waf, bool json, bool write, Terminal terminal)
    {
        var model = new CostModel(PriceSheet.BuiltIn, new Assumptions());
        if (write)
        {
            var file = Path.Combine(Programs.Checkout, "docs", "cost.md");
            File.WriteAllText(file, CostDocument.Of(model));
            terminal.Remark($"{file} is written.");
            return 0;
        }

        Receiving[] chosen = [.. Receiving.All.Where(one => (way is null || Receiving.Names[one.Way] == way) && (waf ? one.Waf : way is null || !one.Waf))];
        Traffic[] traffic = rate is { } given ? [new(given)] : way is null || json ? CostTables.Rates : [Aim.Million];
        Bill[] bills = [.. traffic.SelectMany(one => chosen.Select(receiving => model.Of(receiving, one)))];
        if (json)
        {
            CostJson.Write(model, bills, terminal);
        }
        else if (way is null)
        {
            CostTables.WriteTotals(model, chosen, traffic, terminal);
        }
        else
        {
            CostTables.WriteBill(model, bills.Single(), terminal);
        }

        return 0;
    }
}
