using Cli.Cost.Model;

namespace Cli.Tests.Cost;

public class FirehosePackingTests
{
    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(20);

    [Theory]
    [InlineData(1, 5_120)]
    [InlineData(792, 5_120)]
    [InlineData(5_120, 5_120)]
    [InlineData(5_121, 10_240)]
    public void A_record_counts_as_the_next_multiple_of_5_KB(double bytes, double billed) => Assert.Equal(billed, FirehosePacking.Alone(bytes));

    [Fact]
    public void An_event_that_nobody_joins_pays_for_a_record_of_its_own() =>
        Assert.Equal(5_120, FirehosePacking.Grouped(792, 0.001, Wait), 0);

    [Theory]
    [InlineData(1)]
    [InlineData(500)]
    [InlineData(50_000)]
    public void Events_that_fill_the_steps_exactly_waste_nothing_at_any_rate(double rate) =>
        Assert.Equal(5_120, FirehosePacking.Grouped(5_120, rate, Wait), 6);

    [Theory]
    [InlineData(10)]
    [InlineData(250)]
    [InlineData(20_000)]
    public void Events_of_half_a_step_waste_half_a_step_in_groups_of_an_odd_number(double rate)
    {
        // A group is 1 + N events, N a Poisson number of mean m, and even with the chance (1 + e^-2m)/2: then the group is odd
        // and pays for one event more.
        var mean = rate * Wait.TotalSeconds;
        var odd = (1 + Math.Exp(-2 * mean)) / 2;

        Assert.Equal(2_560 * (1 + mean + odd) / (1 + mean), FirehosePacking.Grouped(2_560, rate, Wait), 6);
    }

    [Fact]
    public void The_more_events_share_a_record_the_nearer_each_pays_for_its_own_bytes()
    {
        double[] rates = [1, 10, 100, 1_000, 10_000];
        var billed = rates.Select(rate => FirehosePacking.Grouped(792, rate, Wait)).ToList();

        Assert.Equal(billed.OrderDescending(), billed);
        Assert.InRange(billed[^1], 792, 792 * 1.02);
    }
}
