using System.Globalization;
using Cli.Cost.Model;
using Cli.Cost.Pricing;

namespace Cli.Cost.Output;

/// <summary>docs/cost.md: every number in it is computed, from the prices and the assumptions.</summary>
internal static class CostDocument
{
    private const int BarWidth = 40;

    private static readonly Receiving Nlb = new(Way.FargateNlb);

    /// <summary>The whole file.</summary>
    public static string Of(CostModel model)
    {
        var page = new Markdown();
        page.Heading("Cost", level: 1)
            .Paragraph(string.Create(CultureInfo.InvariantCulture,
                $"What it costs to run PixelAspire on AWS, everything counted: from the visitor's request to the answer of a question in SQL. Computed by `dotnet pixel.cs cost` from one dated price file ([`Cli/Cost/Pricing/prices.json`](../Cli/Cost/Pricing/prices.json): {model.Prices.Region}, {model.Prices.Date:yyyy-MM-dd}); this page is what `dotnet pixel.cs cost --write` wrote, and a test fails when it is anything else."))
            .Paragraph("Two amounts stand beside each other throughout. *The bill* is what AWS asks of an account that runs nothing else: list prices, less what the price list charges no account for, new or old, in any month (a million invocations, CloudFront's first 10 million requests, 100 GB out, ten alarms, three dashboards, and so on; [Prices](#prices) has them all, and offers for new accounts are not among them). *Without allowances* is the same with nothing taken off: what it adds to the bill of an account, or of an organization that is billed together, whose other programs have used all of that up. Who shares an account pays something between the two, and at most the second.")
            .Paragraph("It is a model and not a bill from AWS: no time and no size in it was measured on AWS. [What is assumed](#what-is-assumed) says what was measured on a laptop and what is a guess; [what would cost more](#what-would-cost-more) what hangs on the guesses.")
            .Block(
            [
                "dotnet pixel.cs cost                                   # all ways, 1 to 10,000 requests a second",
                "dotnet pixel.cs cost --way functionurl                 # a million a day, line by line",
                "dotnet pixel.cs cost --way cloudfront --waf --rate 50  # another rate, with a web ACL",
                "dotnet pixel.cs cost --json                            # everything",
            ], "sh");
        Totals(page, model);
        Limits(page, model);
        Aims(page, model);
        Bars(page, model);
        Changes(page, model, "What can be done", "Saved a month, each for itself and at the price that it names. The last rows are all of them together, and what then is left to pay.", Change.Levers);
        Changes(page, model, "What would cost more", "Added a month, each for itself: assumptions that may not hold, and other choices.", Change.Risks);
        Peers(page, model);
        page.Heading("What is assumed").Table(["what", "is taken to be", "because"], AssumptionRows.Of(model.Assumed), texts: 3);
        Jobs(page, model);
        Prices(page, model.Prices);
        page.Heading("What is not counted")
            .Paragraph("People, taxes, support plans, domain names, container images, attacks (what a web ACL blocks is billed by it), what a question fetches from Glacier Instant Retrieval, savings plans, CloudFront's flat-rate plans, the dashboard program, which is not deployed, and offers for new accounts.");
        return page.ToString();
    }

    private static void Totals(Markdown page, CostModel model)
    {
        page.Heading("A month")
            .Paragraph("The bill, in US dollars a month:");
        Matrix(bill => Dollars.Text(bill.WithAllowances));
        page.Paragraph("Without allowances:");
        Matrix(bill => Dollars.Text(bill.Total));
        page.Paragraph("The bill for a million requests:");
        Matrix(bill => Dollars.PerMillion(bill.PerMillionWithAllowances));
        page.Paragraph("And without allowances:");
        Matrix(bill => Dollars.PerMillion(bill.PerMillion));
        page.Paragraph("The bill decides about [aims](#aims), since it is what is paid and what AWS's price list says. Whatever compares rates, ways and settings below is without allowances: those end somewhere, and what lies beyond is the same for everybody.");
        page.Paragraph($"Fargate has a floor and no price for a request, Lambda the reverse: {Nlb.Name} costs less than {Crossings()} Requests on Fargate share puts, too: Firehose bills {Words.Number(model.BilledBytes(Nlb, Aim.Thousand))} bytes for an event at 1,000 requests/s there, and {Words.Number(model.BilledBytes(new(Way.FunctionUrl), Aim.Thousand))} wherever each event is a record of its own.");

        void Matrix(Func<Bill, string> show) => page.Table(
            ["requests/s", .. Receiving.All.Select(way => way.Name)],
            CostTables.Rates.Select(rate => (string[])[Words.Of(rate), .. Receiving.All.Select(way => show(model.Of(way, rate)))]));

        string Crossings() => string.Join(", ", new Receiving[] { new(Way.CloudFront), new(Way.HttpApi), new(Way.FunctionUrl) }
            .Select(way => Crossing.Of(model, way, Nlb) is { } rate ? $"{way.Name} from {Words.Number(Math.Ceiling(rate))} requests/s on" : $"{way.Name} nowhere up to 10,000 requests/s")) + ".";
    }

    private static void Limits(Markdown page, CostModel model)
    {
        page.Heading("Fixed, per million, and how far it goes")
            .Paragraph("Without allowances. *Fixed* is paid without a single request. *Each million* is what comes on top, at a million a day. *Highest rate* is where the first quota is met that AWS gives an account and raises when asked: in us-east-1, us-west-2 and eu-west-1, where a Firehose stream takes 2,000 calls and 5 MiB a second, and elsewhere, where it takes 1,000 and 1 MiB. The Lambda ways put once a request, so calls are their limit; Fargate packs, so bytes are.")
            .Table(
                ["way", "fixed a month", "each million", "highest rate", "elsewhere", "first quota"],
                Receiving.All.Select(way =>
                {
                    var (bill, large, elsewhere) = (model.Of(way, Aim.Million), Quotas.First(way, model.Assumed, largeRegion: true), Quotas.First(way, model.Assumed, largeRegion: false));
                    return (string[])[way.Name, Dollars.Text(bill.Fixed), Dollars.PerMillion(bill.EachMillion), Words.Rate(large), Words.Rate(elsewhere), large.Name];
                }));
        page.Paragraph("It is the peak of a day that meets a quota, not its mean. Above these rates the tables hold if the quotas are raised, or traffic is spread over several streams. A new account begins with less concurrency in Lambda and fewer processors in Fargate.");
    }

    private static void Aims(Markdown page, CostModel model)
    {
        var missed = Aim.All.Where(aim => !aim.IsMetAnywhere(model)).ToList();
        page.Heading("Aims")
            .Paragraph("The aims were set before the model was made, and do not say which of the two amounts they mean. Both are here; the bill decides, because allowances without an end are part of the price list that everybody pays by, and who shares an account finds their answer in the last column.")
            .Table(
                ["aim", "at most", "the bill", "met", "without allowances", "met"],
                Aim.All.Select(aim => (string[])
                [
                    $"{aim.Receiving.Name}, {(aim.Traffic == Aim.Million ? "1 M a day" : $"{Words.Of(aim.Traffic)}/s")}{(aim.PerMillionBeforeEgress ? ", a million before egress" : ", a month")}",
                    Show(aim, aim.Limit), Show(aim, aim.ReachedWithAllowances(model)), aim.IsMet(model) ? "yes" : "**no**", Show(aim, aim.Reached(model)), aim.IsMetAnywhere(model) ? "yes" : "**no**",
                ]));
        page.Paragraph(missed.Count == 0
            ? "All are met, whatever else an account runs."
            : $"The bill misses {Aim.All.Count(aim => !aim.IsMet(model))} of {Aim.All.Count}. Without allowances {missed.Count} are missed:");
        if (missed.Count > 0)
        {
            page.Table(["missed without allowances", "by", "where the money goes", "the levers that save most"], missed.Select(aim => (string[])
            [
                aim.Receiving.Name, Dollars.Text(aim.Reached(model) - aim.Limit), Largest(model.Of(aim.Receiving, aim.Traffic)), Best(aim),
            ]), texts: 4);
        }

        if (missed.Exists(aim => aim.Receiving.Way is Way.HttpApi or Way.CloudFront))
        {
            var bill = model.Of(new(Way.HttpApi), Aim.Million);
            page.Paragraph($"**httpapi and cloudfront** pay {Dollars.Text(bill.Of(Part.Receiving))} for the request itself, which no setting changes. What is left is fewer requests: a script that sends several events at once. Who needs no domain of their own and no web ACL takes functionurl.");
        }

        if (missed.Exists(aim => aim.Receiving.IsLambda))
        {
            var bill = model.Of(new(Way.FunctionUrl), Aim.Million);
            var rounding = bill.Of(Part.Firehose) * (1 - (model.Assumed.EventBytes / model.BilledBytes(bill.Receiving, Aim.Million)));

            // Sent one by one; received and deleted by tens.
            var queue = model.Prices["sqs.requests"].Of(Aim.Million.PerMonth * 1.2);
            page.Paragraph($"**The Lambda ways** pay {Dollars.Text(bill.Of(Part.Firehose))} to Firehose, {Dollars.Text(rounding)} of it for rounding each event up to 5 KB. Packing events behind a queue would cost more: {Dollars.Text(queue)} for SQS. With every lever below functionurl is {Dollars.Text(Levered(new(Way.FunctionUrl)))}; most of the rest is AWS's price of an invocation and of a record.");
        }

        if (missed.Exists(aim => !aim.Receiving.IsLambda))
        {
            var bill = model.Of(Nlb, Aim.Million);
            page.Paragraph($"**Fargate** has a floor of {Dollars.Text(bill.Fixed)}: a load balancer, four addresses, two tasks, and what every way has. At a million a day it is the wrong way. With every lever below {Nlb.Name} is {Dollars.Text(Levered(Nlb))}, with one task in place of two and an image that comes a second later. None of them is a default: two tasks in two zones are what keeps answering, and tasks without IPv4 want dual-stack addresses of everything that they call (the image's registry, Firehose, the log, the volume), which was not tried on AWS.");
        }

        page.Paragraph("**Watching** could not be made cheaper by merging alarms: one over several metrics is billed by the metric, and one over several alarms costs five of them. What could be spared is spared: Lambda's own lines for each request, the fields of the access log that never differ, the worker's dashboard (`WithDashboard=yes` makes it), statements of the jobs about hours that have not changed, and several questions in one statement.");

        double Levered(Receiving way) => Change.Levers.Aggregate(model, (so, change) => so.With(change.Apply)).Of(way, Aim.Million).Total;

        static string Show(Aim aim, double usd) => aim.PerMillionBeforeEgress ? Dollars.PerMillion(usd) : Dollars.Text(usd);

        static string Largest(Bill bill) => string.Join(", ", Enum.GetValues<Part>().OrderByDescending(bill.Of).Take(4).Select(part => $"{Words.Of(part)} {Dollars.Text(bill.Of(part))}"));

        string Best(Aim aim)
        {
            var levers = Change.Levers.Select(lever => (lever.Name, Saved: aim.Reached(model) - aim.Reached(model.With(lever.Apply)))).Where(lever => lever.Saved >= 0.005);
            return string.Join("; ", levers.OrderByDescending(lever => lever.Saved).Take(3).Select(lever => $"{lever.Name} ({Dollars.Text(lever.Saved)})"));
        }
    }

    private static void Bars(Markdown page, CostModel model)
    {
        page.Heading("Where the money goes")
            .Paragraph("*receiving* is what stands before the beacon (API Gateway, CloudFront, load balancer, addresses), *beacon* its own processors and memory, *egress* answers on their way to the internet, *jobs* the worker with what it asks Athena, *questions* what people ask, *watching* alarms, dashboard and logs.");
        page.Block(string.Join("\n\n",
        [
            .. Receiving.All.Select(way => Bar(model.Of(way, Aim.Million))),
            .. new Receiving[] { new(Way.FunctionUrl), Nlb }.Select(way => Bar(model.Of(way, Aim.Thousand))),
        ]).Split('\n'));


        static string Bar(Bill bill) => string.Join('\n',
        [
            $"{bill.Receiving.Name}, {(bill.Traffic == Aim.Million ? "1 M a day" : $"{Words.Of(bill.Traffic)} requests/s")}: {Dollars.Text(bill.Total)} a month",
            .. Enum.GetValues<Part>().Where(part => bill.Of(part) >= 0.005).OrderByDescending(bill.Of).Select(part => string.Create(
                CultureInfo.InvariantCulture,
                $"  {Words.Of(part),-9} {Dollars.Text(bill.Of(part)),8} {100 * bill.Of(part) / bill.Total,3:0} % {new string('█', (int)Math.Round(BarWidth * bill.Of(part) / bill.Total))}").TrimEnd()),
        ]);
    }

    private static void Changes(Markdown page, CostModel model, string heading, string explained, IReadOnlyList<Change> changes)
    {
        (Receiving Way, Traffic Traffic)[] columns =
            [(new(Way.HttpApi), Aim.Million), (new(Way.CloudFront), Aim.Million), (new(Way.FunctionUrl), Aim.Million), (Nlb, Aim.Million), (new(Way.FunctionUrl), Aim.Thousand), (Nlb, Aim.Thousand)];
        var rows = changes.Select(change => Row(change.Name, model.With(change.Apply))).ToList();
        if (changes == Change.Levers)
        {
            var all = changes.Aggregate(model, (so, change) => so.With(change.Apply));
            rows.Add(Row("all of them", all));
            rows.Add(["left to pay", .. columns.Select(column => Dollars.Text(all.Of(column.Way, column.Traffic).Total))]);
        }

        page.Heading(heading).Paragraph(explained)
            .Table(["", .. columns.Select(column => $"{column.Way.Name}, {(column.Traffic == Aim.Million ? "1 M a day" : $"{Words.Of(column.Traffic)}/s")}")], rows);

        string[] Row(string name, CostModel other) =>
            [name, .. columns.Select(column => Difference(other.Of(column.Way, column.Traffic).Total - model.Of(column.Way, column.Traffic).Total))];

        static string Difference(double usd) => Math.Abs(usd) < 0.005 ? "" : usd > 0 ? "+" + Dollars.Text(usd) : Dollars.Text(usd);
    }

    private static void Peers(Markdown page, CostModel model)
    {
        page.Heading("Beside others")
            .Paragraph("What others state for theirs, and what this model has for ours at the same rate. They count less than is counted here: Clickstream's amounts are for taking events in and buffering them in S3, without processing, storage for years, questions and watching, and the walkthrough's is a round number.")
            .Table(
                ["", "requests/s", "a month", "a million", "functionurl", "httpapi", Nlb.Name],
                model.Prices.Peers.Select(peer =>
                {
                    var traffic = Traffic.PerDay(peer.RequestsPerDay);
                    return (string[])
                    [
                        $"[{peer.Name}]({peer.Source}): {peer.What}", Words.Of(traffic), Dollars.Text(peer.UsdPerMonth), Dollars.PerMillion(peer.UsdPerMonth / traffic.MillionsPerMonth),
                        Dollars.Text(model.Of(new(Way.FunctionUrl), traffic).Total), Dollars.Text(model.Of(new(Way.HttpApi), traffic).Total), Dollars.Text(model.Of(Nlb, traffic).Total),
                    ];
                }));
        var thousand = model.Of(Nlb, Aim.Thousand);
        page.Paragraph($"All without allowances. At 1,000 requests/s {Nlb.Name} spends {Dollars.Text(thousand.Of(Part.Egress))} on egress alone, nearly all of it handshakes, and {Dollars.Text(thousand.Of(Part.Storage) + thousand.Of(Part.Jobs) + thousand.Of(Part.Questions) + thousand.Of(Part.Watching))} on what comes after taking events in; {Dollars.Text(thousand.Of(Part.Receiving) + thousand.Of(Part.Beacon) + thousand.Of(Part.Firehose))} is the rest. Whether Clickstream's amounts have data out in them was not found.");
    }

    private static void Jobs(Markdown page, CostModel model)
    {
        page.Paragraph("The worker's jobs, and what they ask Athena: schedules and SQL are those of `Catalog.Worker`, the bytes of an event those of the columns that a statement reads. The ledger and the alerts read an hour again only when it has changed ([measured](benchmarks.md#what-reading-each-hour-once-saves)).")
            .Table(
                ["job", "runs a day", "a run takes (guessed)", "statements a run", "reads", "Athena, 1 M a day", "Athena, 1,000/s"],
                JobUsage.Jobs(model.Assumed).Select(job => (string[])
                [
                    $"`{job.Name}`", Words.Number(job.PerDay), $"{Words.Number(job.Seconds)} s", job.Statements.Length == 0 ? "" : Words.Number(job.Statements.Sum(statement => statement.PerRun)),
                    string.Join("; ", job.Statements.Select(statement => string.Join(" + ", statement.Reads.Select(read => $"{Words.Number(read.Bytes)} bytes × {Words.Number(read.Hours)} h")))),
                    Athena(job, Aim.Million), Athena(job, Aim.Thousand),
                ]));

        string Athena(Job job, Traffic traffic) => JobUsage.Scanned(job, traffic) is var (least, more) && least > 0
            ? Dollars.Text(model.Prices["athena.scanned"].Of((least + more) / Sizes.Terabyte))
            : "";
    }

    private static void Prices(Markdown page, PriceSheet prices)
    {
        page.Heading("Prices")
            .Paragraph($"US dollars, {prices.Region}, CloudFront for visitors in North America and Europe. GB are 2^30 bytes. *Date* is that of the newest source that states the price. Prices of other regions are not in the file.")
            .Table(
                ["", "price", "free each month", "date", "AWS's page"],
                prices.Prices.Values.Select(price => (string[])
                [
                    $"**{price.Service}**: {price.What}{(price.Note is { } note ? $" *{note}*" : "")}",
                    Words.Of(price) + (price.Confirmed ? "" : " **(not confirmed)**"),
                    price.FreeEachMonth > 0 ? Words.Count(price.FreeEachMonth) : "",
                    price.Date,
                    $"[{price.Source.Host}{price.Source.AbsolutePath.TrimEnd('/')}]({price.Source})",
                ]), texts: 5);
        var unconfirmed = prices.Prices.Values.Count(price => !price.Confirmed);
        page.Paragraph(unconfirmed == 0
            ? "A source was found for each of them."
            : $"{unconfirmed} of {prices.Prices.Count} could not be confirmed and say so; they make cents.");
    }
}
