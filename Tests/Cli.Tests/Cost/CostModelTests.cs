using Cli.Cost.Model;
using Cli.Cost.Pricing;

namespace Cli.Tests.Cost;

/// <summary>
/// Figures that were computed by hand from AWS's prices. A million requests a day are 1,000,000 × 730 / 24 = 30.41667 million a
/// month, a thousand a second 2,628 million.
/// </summary>
public class CostModelTests
{
    private const double Million = 30.416666666666667;
    private const double Thousand = 2_628;
    private const double Gigabyte = 1_073_741_824;

    private static readonly CostModel Model = new(PriceSheet.BuiltIn, new Assumptions());

    [Fact]
    public void Lambda_is_invocations_and_memory_times_duration()
    {
        var bill = Model.Of(new(Way.FunctionUrl), Aim.Million);

        Assert.Equal(Million * 0.20, Cost(bill, Part.Beacon, "lambda.requests"), 6);
        Assert.Equal(Million * 1e6 * 0.015 * 0.25 * 0.0000133334, Cost(bill, Part.Beacon, "lambda.compute"), 6);
        Assert.Equal(1.52, Cost(bill, Part.Beacon, "lambda.compute"), 2);
    }

    [Fact]
    public void A_put_a_request_pays_Firehose_5_KB_each_for_taking_it_in_and_for_converting_it()
    {
        var bill = Model.Of(new(Way.HttpApi), Aim.Million);

        Assert.Equal(145.04, Million * 1e6 * 5_120 / Gigabyte, 2);
        Assert.Equal(145.0377 * 0.029, Cost(bill, Part.Firehose, "firehose.ingest"), 3);
        Assert.Equal(145.0377 * 0.018, Cost(bill, Part.Firehose, "firehose.conversion"), 3);
    }

    [Fact]
    public void Fargate_pays_Firehose_for_what_events_are_and_little_more_once_many_share_a_put()
    {
        var lambda = Model.Of(new(Way.FunctionUrl), Aim.Thousand).Of(Part.Firehose);
        var fargate = Model.Of(new(Way.FargateNlb), Aim.Thousand).Of(Part.Firehose);

        Assert.Equal(Thousand * 1e6 * 5_120 / Gigabyte * 0.047, lambda, 2);
        Assert.InRange(fargate, Thousand * 1e6 * 792 / Gigabyte * 0.047, Thousand * 1e6 * 1_100 / Gigabyte * 0.047);
    }

    [Fact]
    public void An_HTTP_API_costs_less_above_300_million_requests_and_logs_each()
    {
        Assert.Equal(Million, Cost(Model.Of(new(Way.HttpApi), Aim.Million), Part.Receiving, "httpapi.requests"), 6);
        Assert.Equal(300 + ((Thousand - 300) * 0.90), Cost(Model.Of(new(Way.HttpApi), Aim.Thousand), Part.Receiving, "httpapi.requests"), 6);

        // 124 bytes a request are 3.51 GB.
        Assert.Equal(3.51 * 0.50, Model.Of(new(Way.HttpApi), Aim.Million).Lines.Where(line => line.Usage.Price == "logs.ingest").Max(line => line.Cost), 2);
    }

    [Fact]
    public void CloudFront_is_a_dollar_a_million_and_its_own_price_for_data_out()
    {
        var bill = Model.Of(new(Way.CloudFront), Aim.Million);

        Assert.Equal(Million, Cost(bill, Part.Receiving, "cloudfront.requests"), 6);
        Assert.Equal(0.40, Cost(bill, Part.Receiving, "secrets.months"), 6);
        Assert.Equal(Million * 1e6 * 750 / Gigabyte * 0.085, bill.Of(Part.Egress), 6);
        Assert.DoesNotContain(bill.Lines, line => line.Usage.Price == "egress");
    }

    [Fact]
    public void A_web_ACL_is_five_dollars_five_rules_and_sixty_cents_a_million()
    {
        Assert.Equal(5 + 5 + (Million * 0.60), Model.Of(new(Way.CloudFront, Waf: true), Aim.Million).Of(Part.Waf), 6);
        Assert.Equal(5 + 5 + (Million * 0.60), Model.Of(new(Way.FargateAlb, Waf: true), Aim.Million).Of(Part.Waf), 6);
        Assert.Equal(0, Model.Of(new(Way.CloudFront), Aim.Million).Of(Part.Waf));
    }

    [Fact]
    public void An_application_load_balancer_is_its_hours_and_the_largest_of_connections_and_bytes()
    {
        var bill = Model.Of(new(Way.FargateAlb), Aim.Thousand);

        Assert.Equal(730 * 0.0225, Cost(bill, Part.Receiving, "alb.hours"), 6);

        // 500 new connections a second are 20 LCU; 30,000 open ones 10; 3.6 million × 1,240 bytes an hour 4.2.
        Assert.Equal(730 * 20 * 0.008, Cost(bill, Part.Receiving, "alb.units"), 6);
    }

    [Fact]
    public void A_network_load_balancer_counts_handshakes_and_framing_in_its_bytes()
    {
        var bill = Model.Of(new(Way.FargateNlb), Aim.Thousand);

        // 500 new TLS connections a second are 10 NLCU, and so are 30,000 open ones; 1,000 + 240 + 300 + 2,750 bytes a request are more.
        Assert.Equal(730 * (3.6e6 * 4_290 / Gigabyte) * 0.006, Cost(bill, Part.Receiving, "nlb.units"), 6);
        Assert.Equal(63.00, Cost(bill, Part.Receiving, "nlb.units"), 2);
    }

    [Fact]
    public void Two_small_tasks_have_their_processors_memory_addresses_and_a_little_EFS()
    {
        var bill = Model.Of(new(Way.FargateNlb), Aim.Million);

        Assert.Equal(2 * 0.25 * 730 * 0.03238, Cost(bill, Part.Beacon, "fargate.vcpu"), 6);
        Assert.Equal(2 * 0.5 * 730 * 0.00356, Cost(bill, Part.Beacon, "fargate.memory"), 6);
        Assert.Equal(4 * 730 * 0.005, bill.Lines.Where(line => line.Usage.Price == "ipv4.hours").Sum(line => line.Cost), 6);
        Assert.Equal((0.1 * 0.30) + (2 * 0.06), Cost(bill, Part.Beacon, "efs.storage") + Cost(bill, Part.Beacon, "efs.writes"), 6);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2_500, 2)]
    [InlineData(2_501, 3)]
    [InlineData(10_000, 8)]
    public void A_task_takes_1250_requests_a_second(double rate, int tasks) => Assert.Equal(tasks, ReceivingUsage.Tasks(new(rate), Model.Assumed));

    [Fact]
    public void What_leaves_a_load_balancer_is_billed_with_its_handshakes_and_tiers()
    {
        // 240 + 150 + 0.5 × 4,000 bytes a request.
        Assert.Equal(Thousand * 1e6 * 2_390 / Gigabyte * 0.09, Model.Of(new(Way.FargateNlb), Aim.Thousand).Of(Part.Egress), 4);

        var most = 10 * Thousand * 1e6 * 2_390 / Gigabyte;
        Assert.Equal((10_240 * 0.09) + (40_960 * 0.085) + ((most - 51_200) * 0.07), Model.Of(new(Way.FargateNlb), new(10_000)).Of(Part.Egress), 4);
    }

    [Fact]
    public void What_a_Function_URL_answers_is_billed_without_handshakes_unless_that_is_assumed()
    {
        Assert.Equal(Million * 1e6 * 450 / Gigabyte * 0.09, Model.Of(new(Way.FunctionUrl), Aim.Million).Of(Part.Egress), 6);
        Assert.Equal(
            Million * 1e6 * 2_450 / Gigabyte * 0.09,
            Model.With(assumed => assumed with { ManagedEdgesBillHandshakes = true }).Of(new(Way.FunctionUrl), Aim.Million).Of(Part.Egress), 6);
    }

    [Fact]
    public void Events_are_kept_for_two_years_in_three_classes()
    {
        var bill = Model.Of(new(Way.FunctionUrl), Aim.Million);

        // A million events of 150 bytes a day.
        const double day = 150e6 / Gigabyte;
        Assert.Equal(day * 32 * 0.023, Cost(bill, Part.Storage, "s3.standard"), 6);
        Assert.Equal(day * 60 * 0.0125, Cost(bill, Part.Storage, "s3.infrequent"), 6);
        Assert.Equal(day * 640 * 0.004, Cost(bill, Part.Storage, "s3.instant"), 6);
        Assert.Equal(730 * 24 / 100_000.0, Cost(bill, Part.Storage, "glue.objects"), 6);
    }

    [Theory]
    [InlineData(1, 4)] // every 15 minutes
    [InlineData(1_000, 3.6e6 * 792 / (128 * 1_048_576.0))] // every 128 MiB
    public void Firehose_writes_when_its_buffer_is_full_by_time_or_by_size(double rate, double perHour) =>
        Assert.Equal(perHour, LakeUsage.ObjectsPerHour(new(rate), Model.Assumed), 9);

    [Fact]
    public void Jobs_run_on_their_schedules_and_pay_Athena_for_at_least_10_MB_a_statement()
    {
        var bill = Model.Of(new(Way.FunctionUrl), new(0.01));

        // Seven hourly jobs, two every quarter of an hour, two daily: 362 runs a day.
        Assert.Equal(362 * 730 / 24.0 * 1e-6, Cost(bill, Part.Jobs, "scheduler.invocations"), 9);

        // rollup 27, compaction 62, ledger 24, alerts 96 statements a day.
        Assert.Equal(209 * 730 / 24.0 * 10 / (1024 * 1024) * 5, Cost(bill, Part.Jobs, "athena.scanned"), 4);
    }

    [Fact]
    public void What_jobs_ask_Athena_grows_with_the_events_that_they_read()
    {
        var bill = Model.Of(new(Way.FunctionUrl), Aim.Thousand);

        // Bytes of an event times the hours that a statement reads, times its runs a month; all read far more than 10 MB.
        var rollup = 730 * 60 * (12.5 + 3);
        var compaction = (730 * (178 + 112)) + (14 * 35 * 730 / 24.0);
        var ledger = 730 * 2.75 * 22;

        // An hour's last words after each quarter (a quarter, a half, three quarters, all of it) and compacted; two hours of traffic.
        var alerts = 730 * ((18 * (2.5 + 1)) + (2 * (34 + 50)));
        Assert.Equal(3.6e6 * (rollup + compaction + ledger + alerts) / (1024 * Gigabyte) * 5, bill.Lines.Where(line => line.Usage.Part == Part.Jobs && line.Usage.Price == "athena.scanned").Sum(line => line.Cost), 4);
    }

    [Fact]
    public void Watching_is_alarms_metrics_and_a_dashboard() =>
        Assert.Equal((10 * 0.10) + (2 * 0.30) + 3.00, Model.Of(new(Way.FargateNlb), Aim.Million).Lines.Where(line => line.Usage.Price.StartsWith("cloudwatch.", StringComparison.Ordinal)).Sum(line => line.Cost), 6);

    [Fact]
    public void What_is_fixed_is_the_same_at_every_rate_and_almost_all_at_none()
    {
        foreach (var way in Receiving.All)
        {
            Assert.Equal(Model.Of(way, new(1)).Fixed, Model.Of(way, new(100)).Fixed, 2);
            Assert.InRange(Model.Of(way, new(0.01)).Total - Model.Of(way, new(0.01)).Fixed, 0, 1);
        }
    }

    [Fact]
    public void A_bill_is_the_sum_of_its_lines_and_more_requests_cost_more_together_and_less_each()
    {
        foreach (var way in Receiving.All)
        {
            Bill[] bills = [.. new double[] { 1, 10, 100, 1_000, 10_000 }.Select(rate => Model.Of(way, new(rate)))];

            Assert.All(bills, bill => Assert.Equal(bill.Total, Enum.GetValues<Part>().Sum(bill.Of), 6));
            Assert.All(bills, bill => Assert.True(bill.WithAllowances < bill.Total));
            Assert.Equal(bills.Select(bill => bill.Total).Order(), bills.Select(bill => bill.Total));
            Assert.Equal(bills.Select(bill => bill.PerMillion).OrderDescending(), bills.Select(bill => bill.PerMillion));
        }
    }

    [Fact]
    public void Lines_of_one_price_share_its_tiers_and_its_allowance()
    {
        // The access log and the worker's log are one account's: five gigabytes of them are free once.
        var bill = Model.Of(new(Way.HttpApi), Aim.Thousand);
        var logs = bill.Lines.Where(line => line.Usage.Price == "logs.ingest").ToList();

        Assert.Equal(2, logs.Count);
        Assert.Equal((logs.Sum(line => line.Usage.Quantity) - 5) * 0.50, logs.Sum(line => line.WithAllowances), 6);
    }

    [Fact]
    public void The_way_that_begins_dearer_is_cheaper_from_the_crossing_on()
    {
        var crossing = Crossing.Of(Model, new(Way.FunctionUrl), new(Way.FargateNlb));

        Assert.NotNull(crossing);
        Assert.True(Model.Of(new(Way.FargateNlb), new(crossing.Value * 1.01)).Total < Model.Of(new(Way.FunctionUrl), new(crossing.Value * 1.01)).Total);
        Assert.True(Model.Of(new(Way.FargateNlb), new(crossing.Value * 0.99)).Total > Model.Of(new(Way.FunctionUrl), new(crossing.Value * 0.99)).Total);
        Assert.Null(Crossing.Of(Model, new(Way.FunctionUrl), new(Way.HttpApi)));
    }

    private static double Cost(Bill bill, Part part, string price) => bill.Lines.Where(line => line.Usage.Part == part && line.Usage.Price == price).Sum(line => line.Cost);
}
