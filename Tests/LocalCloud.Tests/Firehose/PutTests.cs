using System.Net;
using System.Net.Http.Json;
using Amazon.KinesisFirehose;
using Amazon.KinesisFirehose.Model;
using LocalCloud.Firehose;
using Record = Amazon.KinesisFirehose.Model.Record;

namespace LocalCloud.Tests.Firehose;

public class PutTests
{
    [Fact]
    public async Task The_largest_record_the_longest_batch_and_the_heaviest_batch_are_taken()
    {
        await using var lab = await FirehoseLab.StartAsync();
        await lab.CreateStreamAsync("clicks", FirehoseLab.Destination(megabytes: 128));
        await lab.Firehose.PutRecordAsync("clicks", OfSize(1000 * 1024));
        Assert.Equal(500, (await lab.Firehose.PutRecordBatchAsync("clicks", [.. Enumerable.Repeat(0, 500).Select(_ => OfSize(1))])).RequestResponses.Count);
        var heaviest = await lab.Firehose.PutRecordBatchAsync("clicks", [.. Enumerable.Repeat(0, 8).Select(_ => OfSize(512 * 1024))]);
        Assert.Equal(0, heaviest.FailedPutCount);
        Assert.Equal(8, heaviest.RequestResponses.Select(entry => entry.RecordId).Distinct().Count());
        Assert.Equal((1000 * 1024) + 500 + (4 * 1024 * 1024), Assert.Single((await lab.FlushAsync()).Objects).Size);
    }

    [Theory]
    [InlineData(501, 1, "ValidationException")]
    [InlineData(9, 512 * 1024, "InvalidArgumentException")]
    [InlineData(1, (1000 * 1024) + 1, "ValidationException")]
    [InlineData(0, 0, "ValidationException")]
    public async Task Beyond_a_limit_nothing_is_taken(int records, int size, string code)
    {
        await using var lab = await FirehoseLab.StartAsync();
        await lab.CreateStreamAsync("clicks");
        var error = await Assert.ThrowsAnyAsync<AmazonKinesisFirehoseException>(() =>
            lab.Firehose.PutRecordBatchAsync("clicks", [.. Enumerable.Repeat(0, records).Select(_ => OfSize(size))]));
        Assert.Equal(code, error.ErrorCode);
        Assert.Empty((await lab.FlushAsync()).Objects);
    }

    [Fact]
    public async Task An_empty_record_is_a_record()
    {
        await using var lab = await FirehoseLab.StartAsync();
        await lab.CreateStreamAsync("clicks");
        await lab.PutAsync("clicks", "", "x", "");
        Assert.Equal(1, Assert.Single((await lab.FlushAsync()).Objects).Size);
    }

    [Fact]
    public async Task The_meter_rounds_every_record_up_to_5_KB_and_counts_across_restarts()
    {
        await using var lab = await FirehoseLab.StartAsync();
        await lab.CreateStreamAsync("plain");
        await lab.CreateStreamAsync("parquet", FirehoseLab.ParquetDestination());
        await lab.Firehose.PutRecordBatchAsync("plain", [OfSize(1), OfSize(5120), OfSize(5121)]);
        await lab.PutAsync("parquet", "{}");
        await lab.FlushAsync();
        await lab.Server.RestartAsync();
        await lab.PutAsync("parquet", "{}");
        await lab.Server.RestartAsync();

        var meter = await lab.Server.Http().GetFromJsonAsync<Meter>("/_localcloud/firehose/meter");

        Assert.Equal(new(3, 10_242, 4 * 5120, 0), meter!.Streams["plain"]);
        Assert.Equal(new(2, 4, 2 * 5120, 2 * 5120), meter.Streams["parquet"]);
        Assert.Equal(new(5, 10_246, 6 * 5120, 2 * 5120), meter.Total);
    }

    [Fact]
    public async Task A_fault_fails_the_calls_it_was_asked_for_and_no_more()
    {
        await using var lab = await FirehoseLab.StartAsync();
        await lab.CreateStreamAsync("clicks");
        await lab.CreateStreamAsync("spared");
        await ArrangeAsync(lab, new FirehoseFault("PutRecordBatch", Calls: 2, Stream: "clicks"));

        await lab.PutAsync("spared", "x");
        await Assert.ThrowsAsync<ServiceUnavailableException>(() => lab.PutAsync("clicks", "1"));
        await lab.Firehose.PutRecordAsync("clicks", FirehoseLab.Record("2"));
        await Assert.ThrowsAsync<ServiceUnavailableException>(() => lab.PutAsync("clicks", "3"));
        await lab.PutAsync("clicks", "4");
        await lab.FlushAsync();

        Assert.Equal("24", lab.Text(Assert.Single(lab.All(), stored => stored.Key.Contains("clicks"))));
    }

    [Fact]
    public async Task A_fault_can_strike_every_kth_record_of_a_batch()
    {
        await using var lab = await FirehoseLab.StartAsync();
        await lab.CreateStreamAsync("clicks");
        await ArrangeAsync(lab, new FirehoseFault("PutRecordBatch", Calls: 1, EveryRecord: 3));

        var response = await lab.PutAsync("clicks", "a", "b", "c", "d", "e", "f", "g");
        await lab.FlushAsync();

        Assert.Equal(2, response.FailedPutCount);
        Assert.Equal([2, 5], Enumerable.Range(0, 7).Where(index => response.RequestResponses[index].ErrorCode == "ServiceUnavailableException"));
        Assert.All([2, 5], index => Assert.Null(response.RequestResponses[index].RecordId));
        Assert.Equal("abdeg", lab.Text(Assert.Single(lab.All())));
    }

    [Fact]
    public async Task A_fault_can_lose_the_answer_instead_of_the_records()
    {
        await using var lab = await FirehoseLab.StartAsync();
        await lab.CreateStreamAsync("clicks");
        await ArrangeAsync(lab, new FirehoseFault("PutRecordBatch", Calls: 1, KeepsRecords: true));
        await Assert.ThrowsAsync<ServiceUnavailableException>(() => lab.PutAsync("clicks", "twice,"));
        await lab.PutAsync("clicks", "twice,");
        await lab.FlushAsync();
        Assert.Equal("twice,twice,", lab.Text(Assert.Single(lab.All())));
    }

    [Theory]
    [InlineData("GetRecord", 1, null)]
    [InlineData("PutRecordBatch", 0, null)]
    [InlineData("PutRecord", 1, 2)]
    public async Task There_are_no_other_faults(string operation, int calls, int? every)
    {
        await using var lab = await FirehoseLab.StartAsync();
        var response = await lab.Server.Http().PostAsJsonAsync("/_localcloud/faults", new FirehoseFault(operation, calls, every));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Faults_can_be_called_off()
    {
        await using var lab = await FirehoseLab.StartAsync();
        await lab.CreateStreamAsync("clicks");
        await ArrangeAsync(lab, new FirehoseFault("PutRecordBatch", Calls: 1000));
        await lab.Server.Http().DeleteAsync("/_localcloud/faults");
        await lab.PutAsync("clicks", "x");
    }

    private static async Task ArrangeAsync(FirehoseLab lab, FirehoseFault fault) =>
        (await lab.Server.Http().PostAsJsonAsync("/_localcloud/faults", fault)).EnsureSuccessStatusCode();

    private static Record OfSize(int bytes) => new() { Data = new MemoryStream(new byte[bytes]) };
}
