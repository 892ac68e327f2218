using Cli.Bench.Delivery;
using Cli.Bench.Packing;
using Cli.Bench.Servers;

namespace Cli.Tests.Bench;

public class DeliveryArithmeticTests
{
    [Fact]
    public void A_backlog_that_stays_as_it_was_does_not_grow()
    {
        Slice[] slices = [A(backlog: 500), A(backlog: 900), A(backlog: 800), A(backlog: 900)];

        Assert.Equal(0, Slices.Growth(slices));
    }

    [Fact]
    public void Growth_is_a_part_of_what_was_answered_in_the_second_half()
    {
        Slice[] slices = [A(answered: 9000, backlog: 100), A(answered: 9000, backlog: 200), A(answered: 1000, backlog: 300), A(answered: 1000, backlog: 700)];

        Assert.Equal(500 / 2000.0, Slices.Growth(slices));
        Assert.Equal(700 / 1000.0, Slices.Growth([slices[3]]));
    }

    [Fact]
    public void The_front_during_a_drain_is_compared_with_the_second_half_before_it()
    {
        var drained = new Drained(
            Before: [A(answered: 100), A(answered: 800), A(answered: 1000), A(answered: 1000)],
            During: [A(answered: 700), A(answered: 900)], 2900, TimeSpan.FromSeconds(2), 0);

        Assert.Equal((1000, 800), (drained.FrontBefore, drained.FrontDuring));
    }

    [Fact]
    public void Waste_is_the_part_of_the_billed_bytes_that_carries_nothing()
    {
        var packed = new Packed(100, new SinkTally(Puts: 1, Records: 2, Events: 20, Different: 20, Unnumbered: 0, Bytes: 10_000, BilledBytes: 10_240, BilledBytesAlone: 102_400));

        Assert.Equal(240 / 10_240.0, packed.Wasted, 9);
        Assert.Equal(1 - (10_000 / 102_400.0), packed.WastedAlone, 9);
    }

    private static Slice A(long answered = 1000, long backlog = 0) =>
        new(TimeSpan.Zero, answered, 0, TimeSpan.FromSeconds(1), backlog, TimeSpan.Zero, TimeSpan.Zero);
}
