using Beacon.Api.Delivery;

namespace Beacon.Api.Tests.Delivery;

public sealed class BackOffTests
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Cap = TimeSpan.FromSeconds(30);

    [Fact]
    public void The_longest_wait_doubles_with_each_failure_up_to_the_cap()
    {
        var backOff = new BackOff(First, Cap, random: () => 1);

        var waits = Enumerable.Range(0, 12).Select(_ => backOff.Failed(throttled: false).TotalSeconds);

        Assert.Equal([0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 30, 30, 30, 30], waits.Select(s => Math.Round(s, 3)));
    }

    [Fact]
    public void The_jitter_is_full_but_never_a_spin()
    {
        var draws = new Queue<double>([0, 0.5, 0.25]);
        var backOff = new BackOff(First, Cap, draws.Dequeue);

        Assert.Equal(20, backOff.Failed(false).TotalMilliseconds);
        Assert.Equal(200, backOff.Failed(false).TotalMilliseconds);
        Assert.Equal(200, backOff.Failed(false).TotalMilliseconds);
    }

    [Fact]
    public void Throttling_waits_longer_from_the_start()
    {
        var backOff = new BackOff(First, Cap, random: () => 1);

        Assert.Equal(1.6, backOff.Failed(throttled: true).TotalSeconds);
        Assert.Equal(3.2, backOff.Failed(throttled: true).TotalSeconds);
    }

    [Fact]
    public void A_success_begins_anew()
    {
        var backOff = new BackOff(First, Cap, random: () => 1);
        for (var i = 0; i < 1000; i++)
        {
            Assert.InRange(backOff.Failed(throttled: true), TimeSpan.Zero, Cap);
        }

        backOff.Succeeded();

        Assert.Equal(First, backOff.Failed(throttled: false));
    }
}
