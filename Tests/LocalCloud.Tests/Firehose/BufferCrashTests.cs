using System.Text;
using System.Text.Json.Nodes;
using LocalCloud.Firehose;
using LocalCloud.Firehose.Buffers;

namespace LocalCloud.Tests.Firehose;

/// <summary>What a process that ended in the middle of something leaves on disk, and what the next one makes of it.</summary>
public sealed class BufferCrashTests : IDisposable
{
    private static readonly DateTimeOffset Arrival = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);

    private static readonly DeliveryStream Stream = new()
    {
        Name = "clicks",
        Arn = "arn:aws:firehose:us-east-1:000000000000:deliverystream/clicks",
        Created = Arrival,
        Destination = new JsonObject { ["BucketARN"] = "arn:aws:s3:::lake", ["Prefix"] = "!{firehose:random-string}/" },
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("buffer").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    public void A_torn_frame_at_the_end_is_cut_off_and_the_next_record_takes_its_place(int torn)
    {
        Append("one", "two");
        var file = Assert.Single(Directory.GetFiles(_folder, "*.buffer"));
        var frame = new byte[BufferFile.FrameLength(5)];
        BufferFile.WriteFrame(frame, Arrival, "three"u8);
        File.AppendAllBytes(file, frame[..torn]);

        Append("four");

        Assert.Equal(["one", "two", "four"], Sealed(Open()));
    }

    [Fact]
    public void A_frame_whose_bytes_are_not_what_was_written_is_no_record()
    {
        Append("one", "two");
        var file = Assert.Single(Directory.GetFiles(_folder, "*.buffer"));
        var bytes = File.ReadAllBytes(file);
        bytes[^1] ^= 1;
        File.WriteAllBytes(file, bytes);
        Assert.Equal(["one"], Sealed(Open()));
    }

    [Fact]
    public void A_file_that_was_created_but_not_written_is_no_buffer()
    {
        File.WriteAllBytes(Path.Combine(_folder, "000000000001.buffer"), []);
        using var buffer = Open();
        Assert.Null(buffer.Open);
        Assert.Empty(Directory.GetFiles(_folder, "*.buffer"));
        Append("one");
        Assert.Equal(["one"], Sealed(Open()));
    }

    [Fact]
    public void The_age_of_an_open_buffer_is_remembered()
    {
        Append("one");
        using var again = Open();
        Assert.Equal(Arrival, again.Open?.FirstArrival);
        Assert.Equal(3, again.Open?.Size);
    }

    [Fact]
    public void A_sealed_buffer_keeps_its_keys_so_that_delivering_it_twice_writes_one_object()
    {
        Append("one");
        SealedBuffer before;
        using (var buffer = Open())
        {
            buffer.Seal(Stream);
            before = Assert.Single(buffer.Sealed);
        }

        using var again = Open();
        var after = Assert.Single(again.Sealed);
        Assert.Equal((before.Key, before.ErrorKey), (after.Key, after.ErrorKey));
        Assert.Null(again.Open);
    }

    [Fact]
    public void A_delivered_buffer_of_which_only_the_plan_is_left_is_not_delivered_again()
    {
        Append("one");
        using (var buffer = Open())
        {
            buffer.Seal(Stream);
        }

        File.Delete(Assert.Single(Directory.GetFiles(_folder, "*.buffer")));

        using var again = Open();
        Assert.Empty(again.Sealed);
        Assert.Empty(Directory.GetFiles(_folder, "*.plan"));
    }

    [Fact]
    public void A_seal_that_did_not_get_as_far_as_its_plan_has_not_happened()
    {
        Append("one");
        File.WriteAllText(Path.Combine(_folder, "000000000001.plan.tmp"), "{");
        Append("two");
        Assert.Equal(["one", "two"], Sealed(Open()));
    }

    [Fact]
    public void Usage_is_counted_once_wherever_the_process_ended()
    {
        Append("one");
        using (var buffer = Open())
        {
            buffer.Seal(Stream);
        }

        // As if it had ended between the plan and the count.
        File.Delete(Path.Combine(_folder, "usage.json"));
        using (var buffer = Open())
        {
            Assert.Equal(1, buffer.Usage.Records);
        }

        using (var buffer = Open())
        {
            Assert.Equal(1, buffer.Usage.Records);
            buffer.Remove(Assert.Single(buffer.Sealed));
        }

        Append("two");
        Assert.Equal(2, Open().Usage.Records);
    }

    [Fact]
    public void The_number_of_a_delivered_buffer_is_not_used_again()
    {
        Append("one");
        using (var buffer = Open())
        {
            buffer.Seal(Stream);
            buffer.Remove(Assert.Single(buffer.Sealed));
        }

        Append("two");
        Assert.EndsWith("000000000002.buffer", Assert.Single(Directory.GetFiles(_folder, "*.buffer")));
    }

    private StreamBuffer Open() => new(_folder, converts: false);

    private void Append(params string[] records)
    {
        using var buffer = Open();
        buffer.Append([.. records.Select(Encoding.UTF8.GetBytes)], Arrival, converts: false);
    }

    private static IEnumerable<string> Sealed(StreamBuffer buffer)
    {
        using (buffer)
        {
            buffer.Seal(Stream);
            return [.. buffer.Read(Assert.Single(buffer.Sealed)).Select(record => Encoding.UTF8.GetString(record.Data))];
        }
    }
}
