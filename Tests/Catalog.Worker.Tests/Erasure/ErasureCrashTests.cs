using System.Net.Http.Json;
using System.Text;
using Catalog.Worker.Tests.Compaction;
using Catalog.Worker.Tests.Views;
using static Catalog.Worker.Tests.Compaction.CompactedLake;

namespace Catalog.Worker.Tests.Erasure;

/// <summary>A worker dies after each call that an erasure makes.</summary>
public sealed class ErasureCrashTests
{
    [Fact]
    public async Task Whatever_call_was_the_last_nobody_elses_event_is_lost_and_the_next_run_leaves_nothing_of_the_person()
    {
        var steps = 0;
        for (var call = 1; await DieAfterAsync(call); call++)
        {
            steps++;
        }

        Assert.InRange(steps, 35, 90);
    }

    private static async Task<bool> DieAfterAsync(int call)
    {
        var settings = new Dictionary<string, string?>
        {
            ["AWS:Resources:DataFormat"] = "json", ["Jobs:compaction:CloseAfter"] = "00:15:00", ["Jobs:load-partitions:RegisterAhead"] = "00:00:00",
        };
        await using var lake = await Lake.StartAsync(settings);
        await lake.PutAsync(Lake.Hive(Nine), """{"event_id":"a","user_id":"mallory"}""" + "\n" + """{"event_id":"b","user_id":"bob"}""" + "\n");
        await lake.RunAsync("load-partitions");
        (await lake.Worker.Http.PostAsJsonAsync("/erasures", new { userId = "mallory" })).EnsureSuccessStatusCode();

        lake.Faults.KillAfter(call);
        var run = lake.Worker.Http.PostAsync("/jobs/erasure", null);
        if (await Task.WhenAny(run, lake.Faults.Killed) == run)
        {
            return false;
        }

        lake.Faults.AnswerAgain();
        Assert.Contains("b", await lake.IdsAsync(Nine));
        lake.Time.Advance(TimeSpan.FromMinutes(3));
        var successor = await lake.StartWorkerAsync(settings);
        await successor.RunAsync("erasure");

        Assert.Equal(["b"], await lake.IdsAsync(Nine));
        foreach (var key in (await lake.KeysAsync("events/")).Concat(await lake.KeysAsync("compacted/")))
        {
            using var answer = await lake.S3.GetObjectAsync(Lake.Bucket, key);
            using var body = new MemoryStream();
            await answer.ResponseStream.CopyToAsync(body);
            Assert.True(body.ToArray().AsSpan().IndexOf("mallory"u8) < 0, $"{Encoding.UTF8.GetString(body.ToArray())} in {key} after call {call}");
        }

        return true;
    }
}
