using System.Globalization;
using Cli.Bench;
using Cli.Cost.Model;

namespace Cli.Cost.Output;

/// <summary>Costs on a screen.</summary>
internal static class CostTables
{
    /// <summary>What is shown when no rate was asked for.</summary>
    public static readonly Traffic[] Rates = [new(1), new(10), Aim.Million, new(100), Aim.Thousand, new(10_000)];

    /// <summary>A row for each rate, a column for each way.</summary>
    public static void WriteTotals(CostModel model, IReadOnlyList<Receiving> ways, IReadOnlyList<Traffic> rates, Terminal terminal)
    {
        terminal.Out.WriteLine("US dollars a month, everything counted, in an account that runs nothing else:");
        Write(bill => Dollars.Text(bill.WithAllowances));
        terminal.Out.WriteLine("In one whose other programs have used up what AWS charges no account for:");
        Write(bill => Dollars.Text(bill.Total));
        terminal.Out.WriteLine("The same for a million requests:");
        Write(bill => Dollars.PerMillion(bill.PerMillion));
        terminal.Out.WriteLine(Footer(model));

        void Write(Func<Bill, string> show) =>
            Report.WriteTable(terminal, ["requests/s", .. ways.Select(way => way.Name)], rates.Select(rate => new[] { Words.Of(rate) }.Concat(ways.Select(way => show(model.Of(way, rate))))));
    }

    /// <summary>One bill, line by line.</summary>
    public static void WriteBill(CostModel model, Bill bill, Terminal terminal)
    {
        terminal.Out.WriteLine($"{bill.Receiving.Name} at {Words.Of(bill.Traffic)} requests/s, US dollars a month:");
        Report.WriteTable(terminal, ["used", "for", "quantity", "unit", "list price", "with free allowances"], bill.Lines.Select(line => new[]
        {
            $"{line.Price.Service}: {line.Usage.Price}", Words.Of(line.Usage.Part), Words.Number(line.Usage.Quantity), line.Price.Unit, Dollars.Text(line.Cost), Dollars.Text(line.WithAllowances),
        }));
        terminal.Out.WriteLine($"{Dollars.Text(bill.WithAllowances)} a month in an account that runs nothing else.");
        terminal.Out.WriteLine($"{Dollars.Text(bill.Total)} a month without free allowances, {Dollars.Text(bill.Fixed)} of it without a request; {Dollars.PerMillion(bill.PerMillion)} for a million requests.");
        var quota = Quotas.First(bill.Receiving, model.Assumed, largeRegion: true);
        terminal.Out.WriteLine($"Up to {Words.Rate(quota)} requests/s before a quota must be raised ({quota.Name}).");
        terminal.Out.WriteLine(Footer(model));
    }

    private static string Footer(CostModel model) => string.Create(CultureInfo.InvariantCulture,
        $"Prices of {model.Prices.Region} as of {model.Prices.Date:yyyy-MM-dd}. What is assumed, and what hangs on it: docs/cost.md.");
}
