using Beacon.Api.Delivery;
using FsCheck.Xunit;

namespace Beacon.Api.Tests.Delivery;

public sealed class DeliveryWindowTests
{
    [Property]
    public void In_whatever_order_batches_are_acknowledged_the_checkpoint_never_passes_one_that_is_not(int seed)
    {
        var random = new Random(seed);
        var window = new DeliveryWindow(64);
        var count = random.Next(1, 40);
        var entries = Enumerable.Range(1, count).Select(i => window.Add(Batch(i * 10))).ToList();
        var open = entries.ToHashSet();
        long checkpoint = 0;

        foreach (var entry in entries.OrderBy(_ => random.Next()))
        {
            open.Remove(entry);
            checkpoint = window.Acknowledge(entry) ?? checkpoint;

            var firstOpen = entries.FirstOrDefault(open.Contains);
            var expected = firstOpen is null ? count * 10 : firstOpen.Batch.LastSequence - 10;
            Assert.Equal(expected, checkpoint);
        }

        Assert.Equal(0, window.Count);
    }

    [Fact]
    public void After_a_failure_one_batch_goes_at_a_time_and_each_success_lets_one_more()
    {
        var window = new DeliveryWindow(3);
        Assert.Equal(3, Room(window));

        window.PutFailed();
        Assert.Equal(1, Room(window));

        window.PutSucceeded();
        Assert.Equal(2, Room(window));

        window.PutSucceeded();
        window.PutSucceeded();
        Assert.Equal(3, Room(window));
    }

    [Fact]
    public void The_oldest_event_is_that_of_the_first_batch_still_there()
    {
        var window = new DeliveryWindow(3);
        Assert.Null(window.OldestAt);
        var first = window.Add(Batch(1));
        var second = window.Add(Batch(2));

        window.Acknowledge(second);
        Assert.Equal(first.Batch.OldestAt, window.OldestAt);
        window.Acknowledge(first);
        Assert.Null(window.OldestAt);
    }

    private static int Room(DeliveryWindow window)
    {
        var added = new List<DeliveryWindow.Entry>();
        while (window.HasRoom)
        {
            added.Add(window.Add(Batch(added.Count)));
        }

        added.ForEach(entry => window.Acknowledge(entry));
        return added.Count;
    }

    private static DeliveryBatch Batch(long last) => new([], last, DateTimeOffset.UnixEpoch.AddSeconds(last), []);
}
