using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Amazon.KinesisFirehose;
using Amazon.KinesisFirehose.Model;
using Amazon.S3.Model;
using Amazon.SQS;
using Catalog.Worker.Tests.Views;
using Record = Amazon.KinesisFirehose.Model.Record;

namespace Catalog.Worker.Tests.Redrive;

/// <summary>What Firehose refuses to convert comes back to the lake, through a real stream with Parquet conversion.</summary>
public sealed class RedriveTests : IAsyncDisposable
{
    private readonly DirectoryInfo _deadLetters = Directory.CreateTempSubdirectory("dead-letter-");
    private TemplateLake? _lake;
    private AmazonKinesisFirehoseClient _firehose = null!;

    public async ValueTask DisposeAsync()
    {
        if (_lake is not null)
        {
            await _lake.DisposeAsync();
        }

        _deadLetters.Delete(recursive: true);
    }

    [Fact]
    public async Task Good_events_that_a_bad_one_took_with_it_come_back_and_the_bad_one_is_repaired()
    {
        var lake = await StartAsync();
        await PutRecordAsync(
            """{"event_id":"good","received_at":"2026-03-15T09:00:00.000Z","user_id":"u1","params":{"a":"1"}}""",
            """{"event_id":"twice","received_at":"2026-03-15T09:00:00.000Z","user_id":"first","User_Id":"second"}""",
            """{"event_id":"wrong-type","received_at":"yesterday","is_bot":"perhaps","params":{"b":"2"}}""");
        await FlushAsync();
        Assert.Equal(["0"], await QueryAsync("SELECT count(*) FROM tp_events"));

        var counts = await lake.Worker.RunAsync("redrive");
        await FlushAsync();

        Assert.Equal((1, 3, 3, 2, 0), (counts["sources"], counts["events"], counts["sent"], counts["repaired"], counts["quarantined"]));
        Assert.Equal(
            [
                "good|u1|2026-03-15 09:00:00.000||{a=1, redriven=1}",
                "twice|first|2026-03-15 09:00:00.000||{redriven=1}",
                "wrong-type||||{received_at=yesterday, is_bot=perhaps, b=2, redriven=1}",
            ],
            await QueryAsync("SELECT event_id, user_id, received_at, is_bot, params FROM tp_events ORDER BY event_id"));
        Assert.Empty(await KeysAsync("errors/"));
    }

    [Fact]
    public async Task What_cannot_be_repaired_is_put_aside_with_its_reason_and_sent_no_more()
    {
        var lake = await StartAsync();
        await PutRecordAsync("""{"event_id":"good"}""", "not json", "[1]", """{"user_id":"of nobody"}""", """{"event_id":"a"} {"event_id":"b"}""", """{"event_id":"tired","params":{"redriven":"3"},"x":1,"X":2}""");
        await FlushAsync();

        var counts = await lake.Worker.RunAsync("redrive");
        var again = await lake.Worker.RunAsync("redrive");
        await FlushAsync();

        Assert.Equal((6, 1, 5, 0), (counts["events"], counts["sent"], counts["quarantined"], again["sources"]));
        Assert.Equal(["good"], await QueryAsync("SELECT event_id FROM tp_events"));
        var key = Assert.Single(await KeysAsync("quarantine/2026/03/15/"));
        using var reader = new StreamReader((await lake.S3.GetObjectAsync(Lake.Bucket, key)).ResponseStream);
        var lines = (await reader.ReadToEndAsync()).TrimEnd('\n').Split('\n');
        Assert.Contains("\"reason\":\"It is not JSON", lines[0], StringComparison.Ordinal);
        Assert.Contains("\"event\":\"not json\"", lines[0], StringComparison.Ordinal);
        Assert.Contains("It is not a JSON object.", lines[1], StringComparison.Ordinal);
        Assert.Contains("It has no event_id", lines[2], StringComparison.Ordinal);
        Assert.Contains("behind the event's closing brace", lines[3], StringComparison.Ordinal);
        Assert.Contains("It was sent again 3 times and failed each time.", lines[4], StringComparison.Ordinal);
        Assert.Contains("s3://pixel-lake/errors/format-conversion-failed/", lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_that_is_no_events_fault_does_not_count_as_an_attempt()
    {
        var lake = await StartAsync();
        var raw = Convert.ToBase64String(Encoding.UTF8.GetBytes("""{"event_id":"patient","params":{"redriven":"3"}}""" + "\n"));
        await PutObjectAsync("errors/format-conversion-failed/2026/03/15/x/one", $$"""{"lastErrorCode":"DataFormatConversion.InvalidSchema","rawData":"{{raw}}"}""");

        await lake.Worker.RunAsync("redrive");
        await FlushAsync();

        Assert.Equal(["patient|{redriven=3}"], await QueryAsync("SELECT event_id, params FROM tp_events"));
    }

    [Fact]
    public async Task Events_that_the_beacon_put_aside_come_back_or_go_into_quarantine_and_leave_its_folder()
    {
        var lake = await StartAsync();
        await DeadLetterAsync("00000000000000000001", """{"event_id":"small"}""" + "\n");
        await DeadLetterAsync("00000000000000000002", $$"""{"event_id":"large","query":"{{new string('q', 1_100_000)}}"}""" + "\n");

        var counts = await lake.Worker.RunAsync("redrive");
        await FlushAsync();

        Assert.Equal((2, 1, 1), (counts["events"], counts["sent"], counts["quarantined"]));
        Assert.Equal(["small"], await QueryAsync("SELECT event_id FROM tp_events"));
        Assert.Empty(_deadLetters.GetFiles());
        Assert.Single(await KeysAsync("quarantine/"));
    }

    [Fact]
    public async Task Events_of_somebody_whose_erasure_is_under_way_are_not_sent_and_the_receipt_waits_for_the_queue()
    {
        var lake = await StartAsync();
        var sqs = lake.Cloud.Client<AmazonSQSClient, AmazonSQSConfig>((credentials, config) => new(credentials, config));
        var url = (await sqs.CreateQueueAsync("pixel-overflow")).QueueUrl;
        await using var worker = await WorkerAsync(("Jobs:redrive:QueueUrl", url));
        await sqs.SendMessageAsync(url, Event("1", "mallory") + Event("2", "bob"));
        using (var asked = await worker.Http.PostAsJsonAsync("/erasures", new { userId = "mallory" }))
        {
            Assert.True(asked.IsSuccessStatusCode);
        }

        lake.Time.Advance(TimeSpan.FromHours(50));
        var waiting = await worker.RunAsync("erasure");
        var counts = await worker.RunAsync("redrive");
        await FlushAsync();
        var complete = await worker.RunAsync("erasure");

        Assert.Equal((1, 0), (waiting["pending"], waiting["complete"]));
        Assert.Equal((2, 1, 1), (counts["events"], counts["sent"], counts["erased"]));
        Assert.Equal(["2|bob"], await QueryAsync("SELECT event_id, user_id FROM tp_events"));
        Assert.Equal((0, 1), (complete["pending"], complete["complete"]));

        static string Event(string id, string user) => JsonSerializer.Serialize(new { event_id = id, user_id = user }) + "\n";
    }

    [Fact]
    public async Task Events_that_wait_in_the_queue_come_back()
    {
        await StartAsync();
        var sqs = _lake!.Cloud.Client<AmazonSQSClient, AmazonSQSConfig>((credentials, config) => new(credentials, config));
        var url = (await sqs.CreateQueueAsync("pixel-overflow")).QueueUrl;
        foreach (var i in Enumerable.Range(0, 23))
        {
            await sqs.SendMessageAsync(url, $$"""{"event_id":"q{{i}}"}""" + "\n");
        }

        await using var worker = await WorkerAsync(("Jobs:redrive:QueueUrl", url));
        var dry = await worker.RunAsync("redrive", dryRun: true);
        var counts = await worker.RunAsync("redrive");
        await FlushAsync();

        Assert.Equal((23, 23, 23), (dry["events"], counts["events"], counts["sent"]));
        Assert.Equal(["23"], await QueryAsync("SELECT count(DISTINCT event_id) FROM tp_events"));
        var left = await sqs.GetQueueAttributesAsync(new() { QueueUrl = url, AttributeNames = ["All"] });
        Assert.Equal((0, 0), (left.ApproximateNumberOfMessages, left.ApproximateNumberOfMessagesNotVisible));
    }

    [Fact]
    public async Task A_source_stays_when_firehose_does_not_take_its_events()
    {
        var lake = await StartAsync();
        await PutRecordAsync("""{"event_id":"a"}""", "{");
        await FlushAsync();
        await using var worker = await WorkerAsync(("AWS:Resources:EventStreamName", "gone"));

        var (status, error) = await worker.FailAsync("redrive");

        Assert.Equal(502, status);
        Assert.Contains("ResourceNotFoundException", error, StringComparison.Ordinal);
        Assert.Single(await KeysAsync("errors/"));
        Assert.Equal(2, (await lake.Worker.RunAsync("redrive"))["events"]);
    }

    [Fact]
    public async Task A_dry_run_counts_and_sends_nothing()
    {
        var lake = await StartAsync();
        await PutRecordAsync("""{"event_id":"a"}""", "{");
        await FlushAsync();
        await DeadLetterAsync("1", """{"event_id":"b"}""");

        var counts = await lake.Worker.RunAsync("redrive", dryRun: true);
        await FlushAsync();

        Assert.Equal((3, 2, 1), (counts["events"], counts["sent"], counts["quarantined"]));
        Assert.Equal(["0"], await QueryAsync("SELECT count(*) FROM tp_events"));
        Assert.Single(await KeysAsync("errors/"));
        Assert.Equal(2, _deadLetters.GetFiles().Length);
        Assert.Empty(await KeysAsync("quarantine/"));
    }

    private async Task<TemplateLake> StartAsync()
    {
        _lake = await TemplateLake.StartAsync(settings: new() { ["Jobs:redrive:DeadLetterFolder"] = _deadLetters.FullName, ["Jobs:load-partitions:RegisterAhead"] = "00:00:00" });
        _firehose = _lake.Cloud.Client<AmazonKinesisFirehoseClient, AmazonKinesisFirehoseConfig>((credentials, config) => new(credentials, config));
        return _lake;
    }

    private Task<Worker> WorkerAsync(params (string Key, string Value)[] settings) => _lake!.StartWorkerAsync(settings.ToDictionary(s => s.Key, s => (string?)s.Value));

    private Task PutRecordAsync(params string[] lines) => _firehose.PutRecordAsync(new PutRecordRequest
    {
        DeliveryStreamName = "pixel-events",
        Record = new Record { Data = new MemoryStream(Encoding.UTF8.GetBytes(string.Concat(lines.Select(l => l + "\n")))) },
    });

    // Firehose names objects by its own clock, which is the machine's, and so the hours are those of today.
    private async Task FlushAsync()
    {
        using var http = _lake!.Cloud.Http();
        (await http.PostAsync("/_localcloud/flush", null)).EnsureSuccessStatusCode();
        await _lake.Worker.RunAsync("repair-partitions");
    }

    private Task<IReadOnlyList<string>> QueryAsync(string sql) => _lake!.Athena.QueryAsync(sql);

    private async Task<List<string>> KeysAsync(string prefix)
        => [.. ((await _lake!.S3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = Lake.Bucket, Prefix = prefix })).S3Objects ?? []).Select(o => o.Key)];

    private Task PutObjectAsync(string key, string body) => _lake!.S3.PutObjectAsync(new PutObjectRequest { BucketName = Lake.Bucket, Key = key, ContentBody = body });

    private async Task DeadLetterAsync(string name, string body)
    {
        await File.WriteAllTextAsync(Path.Combine(_deadLetters.FullName, $"{name}.reason"), "A reason.\n");
        await File.WriteAllTextAsync(Path.Combine(_deadLetters.FullName, $"{name}.json"), body);
    }
}
