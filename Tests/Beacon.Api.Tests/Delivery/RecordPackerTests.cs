using Beacon.Api.Delivery;
using Beacon.Api.Journal;
using FsCheck.Xunit;

namespace Beacon.Api.Tests.Delivery;

public sealed class RecordPackerTests
{
    [Property(MaxTest = 300)]
    public void Whatever_the_sizes_nothing_is_lost_split_or_reordered_and_no_limit_is_passed(int seed)
    {
        var random = new Random(seed);
        var limits = new PackingLimits(random.Next(1, 200), random.Next(1, 6), random.Next(1, 400));
        var events = Enumerable.Range(1, random.Next(0, 200)).Select(i => Event(i, random.Next(1, 220), random)).ToList();

        var (batches, tooLarge) = Pack(limits, events);

        var fitting = events.Where(e => e.Payload.Length <= limits.RecordBytes && e.Payload.Length <= limits.BatchBytes).ToList();
        Assert.Equal(events.Count - fitting.Count, tooLarge.Count);
        Assert.Equal(
            fitting.SelectMany(e => e.Payload.ToArray()),
            batches.SelectMany(batch => batch.Records).SelectMany(record => record.Bytes.ToArray()));
        Assert.Equal(fitting.Count, batches.SelectMany(batch => batch.Records).Sum(record => record.Events));
        Assert.All(batches, batch =>
        {
            Assert.InRange(batch.Records.Count, 0, limits.BatchRecords);
            Assert.InRange(batch.Records.Sum(record => record.Length), 0, limits.BatchBytes);
            Assert.All(batch.Records, record => Assert.InRange(record.Length, 1, limits.RecordBytes));
        });
        Assert.Equal(batches.Select(batch => batch.LastSequence), batches.Select(batch => batch.LastSequence).Order());
        Assert.Equal(events.Count == 0 ? 0 : events[^1].Sequence, batches.Count == 0 ? 0 : batches[^1].LastSequence);
    }

    [Property(MaxTest = 20)]
    public void Firehoses_limits_hold_for_events_of_real_sizes(int seed)
    {
        var random = new Random(seed);
        var events = Enumerable.Range(1, 9000).Select(i => Event(i, random.Next(300, 2000), random)).ToList();

        var (batches, _) = Pack(PackingLimits.Firehose, events);

        Assert.True(batches.Count > 1);
        Assert.All(batches, batch =>
        {
            Assert.InRange(batch.Records.Sum(record => record.Length), 1, 4 * 1024 * 1024);
            Assert.All(batch.Records, record =>
            {
                Assert.InRange(record.Length, 1, 1000 * 1024);
                Assert.Equal((byte)'\n', record.Bytes[^1]);
            });
        });

        // A batch is closed only when the next event does not fit.
        Assert.All(batches.SkipLast(1), batch => Assert.True(batch.Records.Sum(record => record.Length) > (4 * 1024 * 1024) - 2000));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(1000)]
    public void A_minutes_events_waste_less_than_two_percent_of_billed_bytes_from_a_hundred_a_second_on(int rate)
    {
        var random = new Random(1);
        var events = Enumerable.Range(1, rate * 60).Select(i => Event(i, random.Next(500, 1500), random)).ToList();

        var (batches, _) = Pack(PackingLimits.Firehose, events);

        var records = batches.SelectMany(batch => batch.Records).ToList();
        var billed = records.Sum(record => PackingLimits.Billed(record.Length));
        var wasted = 1 - ((double)records.Sum(record => record.Length) / billed);
        Assert.InRange(wasted, 0, 0.02);
    }

    [Theory]
    [InlineData(1, 5120)]
    [InlineData(5120, 5120)]
    [InlineData(5121, 10240)]
    [InlineData(1_024_000, 1_024_000)]
    public void Billing_rounds_each_record_up_to_five_kilobytes(int bytes, long billed) =>
        Assert.Equal(billed, PackingLimits.Billed(bytes));

    private static (List<DeliveryBatch> Batches, List<JournalRecord> TooLarge) Pack(PackingLimits limits, List<JournalRecord> events)
    {
        var packer = new RecordPacker(limits);
        var batches = new List<DeliveryBatch>();
        var tooLarge = new List<JournalRecord>();
        foreach (var record in events)
        {
            var result = packer.Add(record);
            if (result == PackResult.BatchIsFull)
            {
                batches.Add(packer.Take());
                result = packer.Add(record);
            }

            Assert.NotEqual(PackResult.BatchIsFull, result);
            if (result == PackResult.TooLarge)
            {
                tooLarge.Add(record);
                packer.PassOver(record);
            }
        }

        if (!packer.IsEmpty)
        {
            batches.Add(packer.Take());
        }

        return (batches, tooLarge);
    }

    private static JournalRecord Event(long sequence, int length, Random random)
    {
        var payload = new byte[length];
        random.NextBytes(payload);
        payload[^1] = (byte)'\n';
        return new JournalRecord(sequence, DateTimeOffset.UnixEpoch.AddSeconds(sequence), payload);
    }
}
