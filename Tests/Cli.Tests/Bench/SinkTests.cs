using System.Net;
using System.Text;
using Amazon.KinesisFirehose;
using Amazon.KinesisFirehose.Model;
using Amazon.Runtime;
using Cli.Bench;
using Cli.Bench.Processes;
using Cli.Bench.Servers;

namespace Cli.Tests.Bench;

/// <summary>The real sink, put to with the SDK's client as the beacon does it.</summary>
public sealed class SinkTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pixel-sink-").FullName;
    private readonly int _port = FreePort.Choose();
    private SinkServer _sink = null!;
    private AmazonKinesisFirehoseClient _firehose = null!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the benchmarks run on Linux alone");
        _sink = await SinkServer.StartAsync(Programs.Sink, _folder, _port, TestContext.Current.CancellationToken);
        _firehose = new(new BasicAWSCredentials("bench", "bench"), new AmazonKinesisFirehoseConfig { ServiceURL = $"http://127.0.0.1:{_port}", AuthenticationRegion = "us-east-1", MaxErrorRetry = 0 });
    }

    public async ValueTask DisposeAsync()
    {
        _firehose?.Dispose();
        if (_sink is not null)
        {
            await _sink.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task It_takes_every_record_and_counts_records_events_and_bytes()
    {
        var (first, second) = (Event("a", 1) + Event("a", 2), Event("a", 3));

        var answer = await PutAsync(first, second);

        Assert.Equal(0, answer.FailedPutCount);
        Assert.Equal(2, answer.RequestResponses.Count(entry => entry.RecordId is not null));
        var tally = await _sink.TallyAsync(TestContext.Current.CancellationToken);
        Assert.Equal(new SinkTally(Puts: 1, Records: 2, Events: 3, Different: 3, Unnumbered: 0, first.Length + second.Length, BilledBytes: 2 * 5120, BilledBytesAlone: 3 * 5120), tally);
    }

    [Fact]
    public async Task An_event_that_comes_again_does_not_stand_in_for_another()
    {
        await PutAsync(Event("a", 1) + Event("a", 2), Event("b", 1));
        await PutAsync(Event("a", 2) + Event("a", 100_000), "{\"nothing\":\"numbered\"}\n");

        var tally = await _sink.TallyAsync(TestContext.Current.CancellationToken);

        Assert.Equal((6, 4, 1), (tally.Events, tally.Different, tally.Unnumbered));
    }

    [Fact]
    public async Task What_a_visitor_sends_is_not_taken_for_a_number()
    {
        await PutAsync("{\"beacon_id\":\"a\",\"beacon_seq\":7,\"user_id\":\"\\\",\\\"beacon_id\\\":\\\"b\\\",\\\"beacon_seq\\\":8\"}\n" + Event("a", 8));

        Assert.Equal(2, (await _sink.TallyAsync(TestContext.Current.CancellationToken)).Different);
    }

    [Fact]
    public async Task A_full_batch_is_taken()
    {
        var record = string.Concat(Enumerable.Range(0, 10_000).Select(number => Event("a", number)));

        await PutAsync(record[..(1000 << 10)], record[..(1000 << 10)], record[..(1000 << 10)], record[..(1000 << 10)]);

        Assert.Equal(4L * (1000 << 10), (await _sink.TallyAsync(TestContext.Current.CancellationToken)).Bytes);
    }

    [Theory]
    [InlineData("no base64!", "not base64")]
    [InlineData("\\ud800", "UTF-16")]
    public async Task A_put_that_cannot_be_read_is_refused_and_the_next_is_taken(string data, string reason)
    {
        var cancel = TestContext.Current.CancellationToken;
        using var http = new HttpClient { BaseAddress = new($"http://127.0.0.1:{_port}") };

        using var broken = await http.SendAsync(Request("PutRecordBatch", $"{{\"Records\":[{{\"Data\":\"{data}\"}}]}}"), cancel);
        using var whole = await http.SendAsync(Request("PutRecordBatch", "{\"Records\":[{\"Data\":\"e30K\"}]}"), cancel);

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.OK), (broken.StatusCode, whole.StatusCode));
        Assert.Contains(reason, await broken.Content.ReadAsStringAsync(cancel), StringComparison.Ordinal);
        Assert.Equal(1, (await _sink.TallyAsync(cancel)).Puts);
    }

    [Fact]
    public async Task Another_call_is_refused_in_words_however_long_it_is()
    {
        var cancel = TestContext.Current.CancellationToken;
        using var http = new HttpClient { BaseAddress = new($"http://127.0.0.1:{_port}") };

        using var get = await http.GetAsync("/other", cancel);
        using var post = await http.SendAsync(Request("ListDeliveryStreams", new string(' ', 4 << 20)), cancel);

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (get.StatusCode, post.StatusCode));
        Assert.Contains("UnknownOperationException", await post.Content.ReadAsStringAsync(cancel), StringComparison.Ordinal);
    }

    private static HttpRequestMessage Request(string operation, string body) => new(HttpMethod.Post, "/")
    {
        Content = new StringContent(body),
        Headers = { { "X-Amz-Target", $"Firehose_20150804.{operation}" } },
    };

    private Task<PutRecordBatchResponse> PutAsync(params IEnumerable<string> records) => _firehose.PutRecordBatchAsync(new PutRecordBatchRequest
    {
        DeliveryStreamName = "pixel-events",
        Records = [.. records.Select(record => new Amazon.KinesisFirehose.Model.Record { Data = new MemoryStream(Encoding.UTF8.GetBytes(record)) })],
    });

    private static string Event(string beacon, long number) =>
        $"{{\"event_id\":\"019aa5b0-0000-7000-8000-000000000000\",\"page_url\":\"https://www.example.com/?a=1+2/3\",\"user_agent\":\"Mozilla/5.0\",\"beacon_id\":\"{beacon}\",\"beacon_seq\":{number}}}\n";
}
