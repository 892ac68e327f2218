using System.Text;
using Beacon.Api.Delivery;

namespace Beacon.Api.Tests.Delivery;

public sealed class EventNumbersTests
{
    [Fact]
    public void Numbers_given_back_go_out_again_first_the_lowest_before_the_others()
    {
        var numbers = new EventNumbers("b");
        Assert.Equal([1, 2, 3, 4], Take(numbers, 4));

        numbers.GiveBack(4);
        numbers.GiveBack(2);

        Assert.Equal([2, 4, 5], Take(numbers, 3));
    }

    [Fact]
    public void However_events_fail_side_by_side_those_that_are_kept_have_no_gap_and_no_number_twice()
    {
        var numbers = new EventNumbers("b");
        var kept = Enumerable.Range(0, 8).AsParallel().WithDegreeOfParallelism(8).SelectMany(worker =>
        {
            var random = new Random(worker);
            var mine = new List<long>();
            for (var i = 0; i < 5000; i++)
            {
                var number = numbers.Take();
                if (random.Next(3) == 0)
                {
                    numbers.GiveBack(number);
                }
                else
                {
                    mine.Add(number);
                }
            }

            return mine;
        }).ToList();

        // What came back last may be waiting for its next event.
        kept.AddRange(Take(numbers, 8));
        Assert.Equal(Enumerable.Range(1, kept.Count).Select(i => (long)i), kept.Order());
    }

    [Fact]
    public void An_event_is_closed_as_a_line_with_its_two_columns()
    {
        var numbers = new EventNumbers("the-beacon");
        var line = new byte[numbers.MostBytes(7)];

        var length = numbers.Close("{\"a\":1"u8, long.MaxValue, line);

        Assert.Equal("{\"a\":1,\"beacon_id\":\"the-beacon\",\"beacon_seq\":9223372036854775807}\n", Encoding.UTF8.GetString(line, 0, length));
    }

    private static IEnumerable<long> Take(EventNumbers numbers, int count) => [.. Enumerable.Range(0, count).Select(_ => numbers.Take())];
}
