using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Amazon.Glue.Model;
using Amazon.S3.Model;
using Catalog.Worker.Tests.Compaction;
using Catalog.Worker.Tests.Views;
using static Catalog.Worker.Tests.Compaction.CompactedLake;

namespace Catalog.Worker.Tests.Erasure;

public sealed class ErasureTests : IAsyncLifetime
{
    private readonly DirectoryInfo _deadLetters = Directory.CreateTempSubdirectory("dead-letter-");
    private Lake _lake = null!;

    public async ValueTask InitializeAsync() => _lake = await Lake.StartAsync(new()
    {
        ["AWS:Resources:DataFormat"] = "json",
        ["Jobs:compaction:CloseAfter"] = "00:15:00",
        ["Jobs:load-partitions:RegisterAhead"] = "00:00:00",
        ["Jobs:redrive:DeadLetterFolder"] = _deadLetters.FullName,
    });

    public async ValueTask DisposeAsync()
    {
        await _lake.DisposeAsync();
        _deadLetters.Delete(recursive: true);
    }

    [Fact]
    public async Task A_persons_events_go_from_raw_and_compacted_hours_at_once_and_everybody_elses_stay()
    {
        var old = Nine.AddDays(-100);
        await PutAsync(old, ("a", "mallory"), ("b", "bob"));
        await PutAsync(old, ("c", "mallory"));
        await PutAsync(old.AddHours(5), ("untouched", "bob"));
        await PutAsync(Nine, ("d", "mallory"), ("e", "bob"), ("f", null));
        await _lake.RunAsync("load-partitions");
        await _lake.RunAsync("compaction"); // 100 days ago, two files
        var untouched = await _lake.LocationAsync(old.AddHours(5));

        var id = await AskAsync("userId", "mallory");
        var counts = await _lake.RunAsync("erasure");

        Assert.Equal((3, 1, 0), (counts["events"], counts["pending"], counts["complete"]));
        Assert.Equal(["b|bob", "e|bob", "f|", "untouched|bob"], await _lake.Athena.QueryAsync("SELECT event_id, user_id FROM tp_events ORDER BY 1"));
        Assert.Equal(untouched, await _lake.LocationAsync(old.AddHours(5)));
        Assert.False(await AnywhereAsync("mallory"));
        var status = await StatusAsync(id);
        Assert.Equal((3, 3), Place(status, "events"));
        Assert.Equal(JsonValueKind.Null, status.GetProperty("completedAt").ValueKind);
    }

    [Fact]
    public async Task What_appears_later_goes_too_and_the_receipt_comes_when_nothing_can_appear_any_more()
    {
        await PutAsync(Nine, ("a", "mallory"), ("b", "bob"));
        await _lake.RunAsync("load-partitions");
        var id = await AskAsync("userId", "mallory");
        await _lake.RunAsync("erasure");

        await PutAsync(Nine, ("late", "mallory"), ("late-too", "bob")); // into an hour that is compacted by now: nobody reads it yet
        await PutAsync(Nine.AddHours(1), ("c", "mallory"));
        _lake.Time.Advance(TimeSpan.FromHours(6));
        await _lake.RunAsync("load-partitions");
        await _lake.RunAsync("erasure");

        Assert.Equal(["b", "late-too"], await _lake.Athena.QueryAsync("SELECT event_id FROM tp_events ORDER BY 1"));
        Assert.False(await AnywhereAsync("mallory"));
        Assert.Equal(JsonValueKind.Null, (await StatusAsync(id)).GetProperty("receipt").ValueKind);

        _lake.Time.Advance(TimeSpan.FromHours(44));
        var counts = await _lake.RunAsync("erasure");

        Assert.Equal((0, 1), (counts["pending"], counts["complete"]));
        var status = await StatusAsync(id);
        Assert.Equal((3, 3), Place(status, "events"));
        Assert.True(Verify(status.GetProperty("receipt")));
        Assert.Empty(await _lake.KeysAsync("catalog/erasures/pending/"));
        Assert.False(await AnywhereAsync("mallory"));
    }

    [Fact]
    public async Task A_receipt_that_was_changed_does_not_verify()
    {
        var id = await AskAsync("userId", "mallory");
        _lake.Time.Advance(TimeSpan.FromHours(50));
        await _lake.RunAsync("erasure");
        var receipt = (await StatusAsync(id)).GetProperty("receipt");

        Assert.True(Verify(receipt));
        Assert.False(Verify(receipt, statement => statement.Replace("\"passes\":1", "\"passes\":2", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Firehoses_errors_the_quarantine_and_dead_letters_are_looked_through()
    {
        string Event(string id, string user) => $$"""{"event_id":"{{id}}","User_Id":"{{user}}"}""";
        string Error(params string[] events) => $$"""{"lastErrorCode":"x","rawData":"{{Convert.ToBase64String(Encoding.UTF8.GetBytes(string.Concat(events.Select(e => e + "\n"))))}}"}""";
        await _lake.PutKeyAsync("errors/format-conversion-failed/2026/03/15/r/1", $"{Error(Event("a", "mallory"), Event("b", "bob"))}\n{Error(Event("c", "mallory"))}\nnot json\n");
        await _lake.PutKeyAsync("errors/format-conversion-failed/2026/03/15/r/2", Error(Event("d", "mallory")) + "\n");
        await _lake.PutKeyAsync("quarantine/2026/03/15/1.json", $"{JsonSerializer.Serialize(new { reason = "r", source = "s", @event = Event("e", "mallory") })}\n{JsonSerializer.Serialize(new { reason = "r", source = "s", @event = Event("f", "bob") })}\n");
        await File.WriteAllTextAsync(Path.Combine(_deadLetters.FullName, "1.json"), Event("g", "mallory"));
        await File.WriteAllTextAsync(Path.Combine(_deadLetters.FullName, "1.reason"), "Too large.");
        await File.WriteAllTextAsync(Path.Combine(_deadLetters.FullName, "2.json"), Event("h", "bob"));

        var id = await AskAsync("userId", "mallory");
        await _lake.RunAsync("erasure");

        var status = await StatusAsync(id);
        Assert.Equal([(3, 3), (1, 1), (1, 1)], [Place(status, "errors"), Place(status, "quarantine"), Place(status, "deadLetters")]);
        Assert.Equal(1, status.GetProperty("places").GetProperty("errors").GetProperty("unreadable").GetInt32());
        var errors = (await TextAsync(Assert.Single(await _lake.KeysAsync("errors/")))).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["not json"], errors[1..]);
        Assert.Equal(Event("b", "bob") + "\n", Encoding.UTF8.GetString(JsonSerializer.Deserialize<JsonElement>(errors[0]).GetProperty("rawData").GetBytesFromBase64()));
        Assert.Contains("\"f\"", JsonSerializer.Deserialize<JsonElement>(await TextAsync(Assert.Single(await _lake.KeysAsync("quarantine/")))).GetProperty("event").GetString(), StringComparison.Ordinal);
        Assert.Equal(["2.json"], _deadLetters.GetFiles().Select(f => f.Name));
    }

    [Fact]
    public async Task Neither_the_documents_nor_the_statements_name_the_person()
    {
        await PutAsync(Nine, ("a", "eve-the-person"));
        await _lake.RunAsync("load-partitions");
        var statements = new List<string>();
        _lake.Faults.Seen(statements.Add);

        await AskAsync("userId", "eve-the-person");
        await _lake.RunAsync("erasure");

        Assert.Contains(statements, s => s.Contains("sha256(", StringComparison.Ordinal));
        Assert.DoesNotContain(statements, s => s.Contains("eve-the-person", StringComparison.Ordinal));
        foreach (var key in await _lake.KeysAsync("catalog/"))
        {
            Assert.DoesNotContain("eve-the-person", await TextAsync(key), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("visitorId")]
    [InlineData("thirdParty")]
    public async Task A_visitor_or_a_third_party_can_be_erased(string by)
    {
        await _lake.PutAsync(Lake.Hive(Nine), """{"event_id":"goes","visitor_id":"it","third_party":"it"}""" + "\n" + """{"event_id":"stays","visitor_id":"other"}""");
        await _lake.RunAsync("load-partitions");

        await AskAsync(by, "it");
        await _lake.RunAsync("erasure");

        Assert.Equal(["stays"], await _lake.Athena.QueryAsync("SELECT event_id FROM tp_events"));
    }

    [Fact]
    public async Task A_request_that_names_nobody_or_two_is_refused_and_an_unknown_id_is_not_found()
    {
        using var nobody = await _lake.Worker.Http.PostAsJsonAsync("/erasures", new { });
        using var two = await _lake.Worker.Http.PostAsJsonAsync("/erasures", new { userId = "a", visitorId = "b" });
        using var unknown = await _lake.Worker.Http.GetAsync("/erasures/20260315-unknown");

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest, HttpStatusCode.NotFound), (nobody.StatusCode, two.StatusCode, unknown.StatusCode));
        Assert.Contains("by exactly one of userId, visitorId and thirdParty", await two.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/erasures", "{", "The body cannot be read")]
    [InlineData("/erasures", """{"userId":5}""", "The body cannot be read")]
    [InlineData("/exports", "[]", "The body cannot be read")]
    [InlineData("/exports", "{}", "Say whose events are meant")]
    [InlineData("/jobs/erasure?dryRun=perhaps", "", "perhaps")]
    public async Task A_request_that_cannot_be_read_gets_a_sentence(string path, string body, string expected)
    {
        using var answer = await _lake.Worker.Http.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(expected, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("userId")]
    [InlineData("thirdParty")]
    public async Task What_events_have_that_do_not_say_it_cannot_be_erased(string by)
    {
        using var answer = await _lake.Worker.Http.PostAsJsonAsync("/erasures", new Dictionary<string, string> { [by] = "unknown" });

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("it names nobody", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_id_that_the_beacon_had_to_cut_is_found()
    {
        var id = new string('x', 300);
        await PutAsync(Nine, ("a", id[..256]), ("b", id[..255]));
        await _lake.RunAsync("load-partitions");

        await AskAsync("userId", id);
        await _lake.RunAsync("erasure");

        Assert.Equal(["b"], await _lake.Athena.QueryAsync("SELECT event_id FROM tp_events"));
    }

    [Fact]
    public async Task An_hour_that_no_partition_names_and_one_with_another_name_are_looked_at_as_well()
    {
        var old = Nine.AddDays(-50);
        await PutAsync(old, ("a", "mallory"), ("b", "bob")); // never registered
        await PutAsync(Nine, ("c", "mallory"), ("d", "bob"));
        var descriptor = Lake.Input().StorageDescriptor;
        descriptor.Location = $"s3://{Lake.Bucket}/events/{Lake.Hive(Nine)}";
        await _lake.Glue.CreatePartitionAsync(new CreatePartitionRequest
        {
            DatabaseName = Lake.Database,
            TableName = Lake.Table,
            PartitionInput = new PartitionInput { Values = ["2026", "3", "15", "9"], StorageDescriptor = descriptor },
        });

        await AskAsync("userId", "mallory");
        var counts = await _lake.RunAsync("erasure");

        Assert.Equal(2, counts["events"]);
        Assert.Equal(["b|bob", "d|bob"], await _lake.Athena.QueryAsync("SELECT event_id, user_id FROM tp_events ORDER BY 1"));
        Assert.False(await AnywhereAsync("mallory"));
        Assert.Empty(await _lake.RawAsync(Nine));
    }

    [Fact]
    public async Task The_object_that_a_repetition_was_compacted_from_goes_with_the_event()
    {
        await PutAsync(Nine.AddHours(-1), ("a", "mallory"), ("b", "bob"));
        await PutAsync(Nine.AddHours(-1), ("c", "bob"));
        await PutAsync(Nine, ("a", "mallory"), ("d", "bob"));
        await PutAsync(Nine, ("e", "bob"));
        await _lake.RunAsync("load-partitions");
        await _lake.RunAsync("compaction"); // the nine o'clock file has no a, but what it was made from has
        Assert.True(await AnywhereAsync("mallory"));

        await AskAsync("userId", "mallory");
        await _lake.RunAsync("erasure");

        Assert.False(await AnywhereAsync("mallory"));
        Assert.Equal(["b", "c", "d", "e"], await _lake.Athena.QueryAsync("SELECT event_id FROM tp_events ORDER BY 1"));
    }

    [Fact]
    public async Task The_numbers_of_erased_events_stay_so_that_the_ledger_misses_none()
    {
        var lines = new[] { ("a", "mallory"), ("b", "bob"), ("c", "mallory"), ("d", "bob") }.Select((e, i) => JsonSerializer.Serialize(new
        {
            event_id = e.Item1, user_id = e.Item2, event_name = "pageview", page_path = "/" + e.Item2,
            received_at = $"{Nine.AddMinutes(i + 1):yyyy-MM-dd'T'HH:mm:ss.fff'Z'}", beacon_id = "b1", beacon_seq = i + 1,
        }));
        await _lake.PutAsync(Lake.Hive(Nine), string.Join('\n', lines));
        await _lake.RunAsync("load-partitions");

        var id = await AskAsync("userId", "mallory");
        await _lake.RunAsync("erasure");

        Assert.Equal(
            [
                "1|||ledger|2026-03-15 09:00:00.000||",
                "2|b|bob|pageview|2026-03-15 09:02:00.000|/bob|",
                "3|||ledger|2026-03-15 09:00:00.000||",
                "4|d|bob|pageview|2026-03-15 09:04:00.000|/bob|",
            ],
            await _lake.Athena.QueryAsync("SELECT beacon_seq, event_id, user_id, event_name, received_at, page_path, params FROM tp_events ORDER BY 1"));
        Assert.Equal((2, 2), Place(await StatusAsync(id), "events"));
        Assert.False(await AnywhereAsync("mallory"));

        var counts = await _lake.Worker.RunAsync("ledger", dryRun: true);
        Assert.Equal((4, 0, 0), (counts["delivered"], counts["missing"], counts["provisionallyMissing"]));
    }

    [Fact]
    public async Task One_erasure_that_cannot_go_on_does_not_stop_the_others()
    {
        await PutAsync(Nine, ("a", "mallory"), ("b", "bob"));
        await _lake.RunAsync("load-partitions");
        await AskAsync("userId", "mallory");
        await AskAsync("userId", "bob");
        var times = 0;
        _lake.Faults.Before("UNLOAD", () => ++times == 1 ? TakeInputsAwayAsync() : Task.CompletedTask);

        using var failed = await _lake.Worker.Http.PostAsync("/jobs/erasure", null);

        Assert.Contains("1 of 2 erasures could not go on", await failed.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Single(await _lake.Athena.QueryAsync("SELECT event_id FROM tp_events"));
        await _lake.Worker.RunAsync("erasure");
        Assert.Empty(await _lake.Athena.QueryAsync("SELECT event_id FROM tp_events"));

        async Task TakeInputsAwayAsync()
        {
            var input = $"{Lake.Table}_rewrite_input";
            foreach (var partition in (await _lake.Glue.GetPartitionsAsync(new GetPartitionsRequest { DatabaseName = Lake.Database, TableName = input })).Partitions)
            {
                await _lake.Glue.DeletePartitionAsync(new DeletePartitionRequest { DatabaseName = Lake.Database, TableName = input, PartitionValues = partition.Values });
            }
        }
    }

    [Fact]
    public async Task A_third_party_goes_from_the_daily_rollup_too_however_old_the_day()
    {
        await using var lake = await TemplateLake.StartAsync(new() { ["DataFormat"] = "json" });
        await lake.Worker.RunAsync("views");
        foreach (var (day, thirdParty) in new[] { (1, "gone.example"), (1, "stays.example"), (2, "stays.example"), (15, "gone.example") })
        {
            var hour = new DateTimeOffset(2026, 3, day, 9, 0, 0, TimeSpan.Zero);
            await lake.S3.PutObjectAsync(new PutObjectRequest { BucketName = Lake.Bucket, Key = $"events/{Lake.Hive(hour)}{thirdParty}", ContentBody = Line(thirdParty + day, hour, thirdParty) + "\n" });
        }

        await lake.Worker.RunAsync("load-partitions");
        await lake.Worker.RunAsync("rollup");
        using var asked = await lake.Worker.Http.PostAsJsonAsync("/erasures", new { thirdParty = "gone.example" });
        var id = (await asked.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString();
        await lake.Worker.RunAsync("erasure");

        Assert.Equal(["01|stays.example", "02|stays.example"], await lake.Athena.QueryAsync("SELECT day, third_party FROM daily_rollup ORDER BY 1"));
        Assert.Equal((2, 2), Place(await lake.Worker.Http.GetFromJsonAsync<JsonElement>($"/erasures/{id}"), "dailyRollup"));
        await lake.Worker.RunAsync("rollup");
        Assert.Equal(["01|stays.example", "02|stays.example"], await lake.Athena.QueryAsync("SELECT day, third_party FROM daily_rollup ORDER BY 1"));
    }

    [Fact]
    public async Task A_receipt_names_the_places_that_were_not_searched()
    {
        var worker = await _lake.StartWorkerAsync(new() { ["AWS:Resources:DataFormat"] = "json", ["Jobs:redrive:DeadLetterFolder"] = "" });
        var id = await AskAsync("userId", "mallory");
        _lake.Time.Advance(TimeSpan.FromHours(50));
        await worker.RunAsync("erasure");

        var statement = JsonSerializer.Deserialize<JsonElement>((await StatusAsync(id)).GetProperty("receipt").GetProperty("statement").GetString()!);
        Assert.Equal(["deadLetters", "queue"], statement.GetProperty("notSearched").EnumerateArray().Select(p => p.GetString()));
        Assert.False(statement.GetProperty("places").TryGetProperty("deadLetters", out _));
    }

    [Fact]
    public async Task A_dry_run_counts_and_removes_nothing()
    {
        await PutAsync(Nine, ("a", "mallory"));
        await _lake.RunAsync("load-partitions");
        await AskAsync("userId", "mallory");

        var counts = await _lake.RunAsync("erasure", dryRun: true);

        Assert.Equal(1, counts["events"]);
        Assert.True(await AnywhereAsync("mallory"));
    }

    [Fact]
    public async Task Results_of_queries_older_than_a_day_go()
    {
        await PutAsync(Nine, ("a", "mallory"));
        await _lake.RunAsync("load-partitions");
        await _lake.Athena.QueryAsync("SELECT user_id FROM tp_events");
        var id = await AskAsync("userId", "mallory");

        // LocalCloud dates objects by the machine's clock.
        _lake.Time.Advance(TimeProvider.System.GetUtcNow().AddHours(25) - _lake.Time.GetUtcNow());
        await _lake.RunAsync("erasure");

        Assert.True(Place(await StatusAsync(id), "queryResults").Removed >= 2);
    }

    private Task PutAsync(DateTimeOffset hour, params (string Id, string? User)[] events) => _lake.PutAsync(
        Lake.Hive(hour),
        string.Concat(events.Select(e => JsonSerializer.Serialize(new { event_id = e.Id, received_at = $"{hour:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}", user_id = e.User }) + "\n")));

    private async Task<string> AskAsync(string by, string value)
    {
        using var answer = await _lake.Worker.Http.PostAsJsonAsync("/erasures", new Dictionary<string, string> { [by] = value });
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    private Task<JsonElement> StatusAsync(string id) => _lake.Worker.Http.GetFromJsonAsync<JsonElement>($"/erasures/{id}");

    private static (long Found, long Removed) Place(JsonElement status, string place)
    {
        var found = status.GetProperty("places").GetProperty(place);
        return (found.GetProperty("found").GetInt64(), found.GetProperty("removed").GetInt64());
    }

    private static bool Verify(JsonElement receipt, Func<string, string>? change = null)
    {
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(receipt.GetProperty("publicKey").GetBytesFromBase64(), out _);
        var statement = receipt.GetProperty("statement").GetString()!;
        return key.VerifyData(Encoding.UTF8.GetBytes(change?.Invoke(statement) ?? statement), receipt.GetProperty("signature").GetBytesFromBase64(), HashAlgorithmName.SHA256);
    }

    /// <summary>Whether a text is in any object that holds events, by Athena for Parquet and by its bytes for the rest.</summary>
    private async Task<bool> AnywhereAsync(string user)
    {
        foreach (var key in (await _lake.KeysAsync("events/")).Concat(await _lake.KeysAsync("compacted/")))
        {
            using var answer = await _lake.S3.GetObjectAsync(Lake.Bucket, key);
            using var body = new MemoryStream();
            await answer.ResponseStream.CopyToAsync(body);
            if (body.ToArray().AsSpan().IndexOf(Encoding.UTF8.GetBytes(user)) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    private async Task<string> TextAsync(string key)
    {
        using var reader = new StreamReader((await _lake.S3.GetObjectAsync(Lake.Bucket, key)).ResponseStream);
        return await reader.ReadToEndAsync();
    }
}
