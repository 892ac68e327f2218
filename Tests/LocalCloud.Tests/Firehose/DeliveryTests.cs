using System.IO.Compression;
using Amazon.KinesisFirehose;
using Amazon.KinesisFirehose.Model;

namespace LocalCloud.Tests.Firehose;

public class DeliveryTests
{
    [Fact]
    public async Task Records_are_delivered_when_the_oldest_is_as_old_as_the_interval_and_not_before()
    {
        await using var lab = await FirehoseLab.StartAsync();
        await lab.CreateStreamAsync("clicks", FirehoseLab.Destination("events/", seconds: 60));
        await lab.PutAsync("clicks", "one\n", "two\n");
        lab.Time.Advance(TimeSpan.FromSeconds(59));
        await lab.PutAsync("clicks", "three\n");
        Assert.Empty(lab.All());

        lab.Time.Advance(TimeSpan.FromSeconds(1));
        await FirehoseLab.UntilAsync(() => lab.All().Count == 1);

        // By the arrival of the first record, though the object was written in the next hour.
        var delivered = Assert.Single(lab.All());
        Assert.StartsWith("events/2026/11/23/08/clicks-1-2026-11-23-08-59-50-", delivered.Key);
        Assert.Equal("one\ntwo\nthree\n", lab.Text(delivered));
    }

    [Fact]
    public async Task Records_are_delivered_when_they_are_as_many_bytes_as_the_size()
    {
        await using var lab = await FirehoseLab.StartAsync();
        await lab.CreateStreamAsync("clicks", FirehoseLab.Destination(seconds: 900, megabytes: 1));
        var record = new string('x', 400_000);
        await lab.PutAsync("clicks", record, record);
        await lab.PutAsync("clicks", record);

        await FirehoseLab.UntilAsync(() => lab.All().Count == 1);
        Assert.Equal(1_200_000, lab.All()[0].Size);
    }

    [Fact]
    public async Task An_interval_of_zero_delivers_at_once()
    {
        await using var lab = await FirehoseLab.StartAsync();
        await lab.CreateStreamAsync("clicks", FirehoseLab.Destination(seconds: 0));
        await lab.PutAsync("clicks", "now");
        await FirehoseLab.UntilAsync(() => lab.All().Count == 1);
    }

    [Fact]
    public async Task Nothing_is_put_between_records_unless_the_processor_for_it_is_configured()
    {
        await using var lab = await FirehoseLab.StartAsync();
        var delimited = FirehoseLab.Destination("delimited/");
        delimited.ProcessingConfiguration = new ProcessingConfiguration { Enabled = true, Processors = [new Processor { Type = ProcessorType.AppendDelimiterToRecord }] };
        await lab.CreateStreamAsync("plain", FirehoseLab.Destination("plain/"));
        await lab.CreateStreamAsync("delimited", delimited);
        await lab.PutAsync("plain", "a", "b", "c");
        await lab.PutAsync("delimited", "a", "b", "c");
        await lab.FlushAsync();

        Assert.Equal("abc", lab.Text(Assert.Single(lab.All("plain/"))));
        Assert.Equal("a\nb\nc\n", lab.Text(Assert.Single(lab.All("delimited/"))));
    }

    [Fact]
    public async Task A_flush_delivers_every_stream_and_says_what_it_wrote()
    {
        await using var lab = await FirehoseLab.StartAsync();
        await lab.CreateStreamAsync("a");
        await lab.CreateStreamAsync("b");
        await lab.CreateStreamAsync("idle");
        await lab.PutAsync("a", "1");
        await lab.PutAsync("b", "22");

        var flushed = await lab.FlushAsync();

        Assert.Equal([("a", 1L), ("b", 2L)], flushed.Objects.Select(written => (written.Stream, written.Size)));
        Assert.Equal(lab.All().Select(stored => stored.Key).Order(), flushed.Objects.Select(written => written.Key).Order());
        Assert.Empty((await lab.FlushAsync()).Objects);
    }

    [Fact]
    public async Task Compressed_objects_have_the_extension_and_the_encoding_of_their_format()
    {
        await using var lab = await FirehoseLab.StartAsync();
        var (gzip, zip) = (FirehoseLab.Destination("gzip/"), FirehoseLab.Destination("zip/"));
        (gzip.CompressionFormat, zip.CompressionFormat) = (CompressionFormat.GZIP, CompressionFormat.ZIP);
        await lab.CreateStreamAsync("gzip", gzip);
        await lab.CreateStreamAsync("zip", zip);
        await lab.PutAsync("gzip", "a", "b");
        await lab.PutAsync("zip", "a", "b");
        await lab.FlushAsync();

        var zipped = Assert.Single(lab.All("gzip/"));
        Assert.EndsWith(".gz", zipped.Key);
        Assert.Equal("gzip", zipped.Attributes.ContentEncoding);
        using var unzipped = new StreamReader(new GZipStream(lab.Objects.OpenRead(zipped), CompressionMode.Decompress));
        Assert.Equal("ab", unzipped.ReadToEnd());

        using var archive = new ZipArchive(lab.Objects.OpenRead(Assert.Single(lab.All("zip/"), stored => stored.Key.EndsWith(".zip"))));
        using var entry = new StreamReader(Assert.Single(archive.Entries).Open());
        Assert.Equal("ab", entry.ReadToEnd());
    }

    [Fact]
    public async Task Without_its_bucket_a_stream_keeps_its_records_and_delivers_them_when_the_bucket_is_there()
    {
        await using var lab = await FirehoseLab.StartAsync();
        var destination = FirehoseLab.Destination();
        destination.BucketARN = "arn:aws:s3:::later";
        await lab.CreateStreamAsync("clicks", destination);
        await lab.PutAsync("clicks", "kept");

        var failed = Assert.Single((await lab.FlushAsync()).Failed);
        Assert.Contains("bucket does not exist", failed.Error);

        lab.Time.Advance(TimeSpan.FromHours(20));
        lab.Objects.CreateBucket("later");
        await FirehoseLab.UntilAsync(() =>
        {
            // An attempt that was under way when the bucket came is put off from then on.
            lab.Time.Advance(TimeSpan.FromSeconds(10));
            return lab.Objects.List("later").Any();
        });

        // The key was decided when the buffer was sealed.
        var delivered = Assert.Single(lab.Objects.List("later"));
        Assert.Equal(failed.Key, delivered.Key);
        Assert.Equal("kept", lab.Text(delivered));
    }

    [Fact]
    public async Task What_cannot_be_delivered_for_24_hours_is_given_up()
    {
        await using var lab = await FirehoseLab.StartAsync();
        var destination = FirehoseLab.Destination();
        destination.BucketARN = "arn:aws:s3:::never";
        await lab.CreateStreamAsync("clicks", destination);
        await lab.PutAsync("clicks", "lost");
        Assert.Single((await lab.FlushAsync()).Failed);

        lab.Time.Advance(TimeSpan.FromHours(24));
        await FirehoseLab.UntilAsync(() => Buffers(lab).Length == 0);

        lab.Objects.CreateBucket("never");
        Assert.Empty((await lab.FlushAsync()).Objects);
    }

    [Fact]
    public async Task Time_in_which_nobody_tried_does_not_count_towards_the_24_hours()
    {
        await using var lab = await FirehoseLab.StartAsync();
        var destination = FirehoseLab.Destination();
        destination.BucketARN = "arn:aws:s3:::later";
        await lab.CreateStreamAsync("clicks", destination);
        await lab.PutAsync("clicks", "kept");

        await lab.Server.StopAsync();
        lab.Time.Advance(TimeSpan.FromHours(60));
        await lab.Server.StartAgainAsync();
        Assert.Single((await lab.FlushAsync()).Failed);

        lab.Objects.CreateBucket("later");
        Assert.Single((await lab.FlushAsync()).Objects);
        Assert.Equal("kept", lab.Text(Assert.Single(lab.Objects.List("later"))));
    }

    [Fact]
    public async Task Records_that_are_kept_are_acknowledged_although_their_full_buffer_cannot_be_sealed()
    {
        await using var lab = await FirehoseLab.StartAsync();
        await lab.CreateStreamAsync("clicks", FirehoseLab.Destination(megabytes: 1));
        var folder = Assert.Single(Directory.GetDirectories(Path.Combine(lab.Server.Folder, "firehose")));
        var inTheWay = Directory.CreateDirectory(Path.Combine(folder, "000000000001.plan.tmp"));
        var half = new string('x', 600 * 1024);

        Assert.Equal(0, (await lab.PutAsync("clicks", half, half)).FailedPutCount);

        inTheWay.Delete();
        Assert.Equal(half.Length * 2, Assert.Single((await lab.FlushAsync()).Objects).Size);
    }

    [Fact]
    public async Task A_stream_that_names_another_bucket_delivers_there_what_it_could_not_deliver_before()
    {
        await using var lab = await FirehoseLab.StartAsync();
        var destination = FirehoseLab.Destination();
        destination.BucketARN = "arn:aws:s3:::misspelt";
        await lab.CreateStreamAsync("clicks", destination);
        await lab.PutAsync("clicks", "kept");
        Assert.Single((await lab.FlushAsync()).Failed);

        await lab.Firehose.UpdateDestinationAsync(new UpdateDestinationRequest
        {
            DeliveryStreamName = "clicks",
            CurrentDeliveryStreamVersionId = "1",
            DestinationId = "destinationId-000000000001",
            ExtendedS3DestinationUpdate = new ExtendedS3DestinationUpdate { BucketARN = $"arn:aws:s3:::{FirehoseLab.Bucket}" },
        });
        await lab.FlushAsync();

        Assert.Equal("kept", lab.Text(Assert.Single(lab.All())));
    }

    [Fact]
    public async Task After_an_update_objects_bear_the_new_version_and_what_was_put_before_bears_the_old_one()
    {
        await using var lab = await FirehoseLab.StartAsync();
        await lab.CreateStreamAsync("clicks", FirehoseLab.Destination("old/"));
        await lab.PutAsync("clicks", "before");
        await lab.Firehose.UpdateDestinationAsync(new UpdateDestinationRequest
        {
            DeliveryStreamName = "clicks",
            CurrentDeliveryStreamVersionId = "1",
            DestinationId = "destinationId-000000000001",
            ExtendedS3DestinationUpdate = new ExtendedS3DestinationUpdate { Prefix = "new/" },
        });
        await lab.PutAsync("clicks", "after");
        await lab.FlushAsync();
        await FirehoseLab.UntilAsync(() => lab.All().Count == 2);

        Assert.Contains("/clicks-1-", Assert.Single(lab.All("old/")).Key);
        Assert.Contains("/clicks-2-", Assert.Single(lab.All("new/")).Key);
    }

    [Fact]
    public async Task A_stop_leaves_the_buffer_and_the_next_start_delivers_it_when_it_is_due()
    {
        await using var lab = await FirehoseLab.StartAsync();
        await lab.CreateStreamAsync("clicks");
        await lab.PutAsync("clicks", "one,");
        await lab.Server.RestartAsync();
        Assert.Empty(lab.All());

        await lab.PutAsync("clicks", "two");
        lab.Time.Advance(TimeSpan.FromSeconds(60));
        await FirehoseLab.UntilAsync(() => lab.All().Count == 1);

        Assert.Equal("one,two", lab.Text(Assert.Single(lab.All())));
    }

    [Fact]
    public async Task A_deleted_stream_takes_what_it_has_not_delivered_with_it_and_its_name_is_free_again()
    {
        await using var lab = await FirehoseLab.StartAsync();
        await lab.CreateStreamAsync("clicks");
        await lab.PutAsync("clicks", "gone");
        await lab.Firehose.DeleteDeliveryStreamAsync("clicks");
        await Assert.ThrowsAsync<ResourceNotFoundException>(() => lab.PutAsync("clicks", "nowhere"));

        await lab.CreateStreamAsync("clicks");
        await lab.PutAsync("clicks", "new");
        await lab.FlushAsync();

        Assert.Equal("new", lab.Text(Assert.Single(lab.All())));
    }

    private static string[] Buffers(FirehoseLab lab) =>
        Directory.GetFiles(Path.Combine(lab.Server.Folder, "firehose"), "*.buffer", SearchOption.AllDirectories);
}
