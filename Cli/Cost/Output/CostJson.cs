using Cli.Bench;
using Cli.Cost.Model;

namespace Cli.Cost.Output;

/// <summary>Costs for programs.</summary>
internal static class CostJson
{
    public static void Write(CostModel model, IEnumerable<Bill> bills, Terminal terminal) => Report.WriteJson(
        new
        {
            date = model.Prices.Date,
            region = model.Prices.Region,
            currency = model.Prices.Currency,
            bills = bills.Select(bill => new
            {
                way = Receiving.Names[bill.Receiving.Way],
                waf = bill.Receiving.Waf,
                requestsPerSecond = bill.Traffic.PerSecond,
                total = bill.Total,
                withAllowances = bill.WithAllowances,
                @fixed = bill.Fixed,
                perMillion = bill.PerMillion,
                perMillionBeforeEgress = bill.PerMillionBeforeEgress,
                quota = Quotas.First(bill.Receiving, model.Assumed, largeRegion: true),
                quotaElsewhere = Quotas.First(bill.Receiving, model.Assumed, largeRegion: false),
                lines = bill.Lines.Select(line => new
                {
                    part = Words.Of(line.Usage.Part),
                    price = line.Usage.Price,
                    quantity = line.Usage.Quantity,
                    unit = line.Price.Unit,
                    @fixed = line.Usage.IsFixed,
                    cost = line.Cost,
                    withAllowances = line.WithAllowances,
                }),
            }),
        },
        terminal);
}
