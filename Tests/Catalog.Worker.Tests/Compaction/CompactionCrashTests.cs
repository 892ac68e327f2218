using static Catalog.Worker.Tests.Compaction.CompactedLake;

namespace Catalog.Worker.Tests.Compaction;

/// <summary>
/// A worker dies at each call that compaction makes: AWS has done it, and the answer never comes. To die before a call is
/// done is, for everybody else, to have died after the one before.
/// </summary>
public sealed class CompactionCrashTests
{
    [Fact]
    public async Task Whatever_call_was_the_last_readers_see_every_event_and_the_next_run_completes_the_work()
    {
        var steps = 0;
        for (var call = 1; await DieAfterAsync(call); call++)
        {
            steps++;
        }

        // Lock, state, window, table, listing, partitions, table of inputs, lists, manifest, UNLOAD, comparison, switch, note …
        Assert.InRange(steps, 25, 60);
    }

    /// <returns>False when the run ended before that call.</returns>
    private static async Task<bool> DieAfterAsync(int call)
    {
        var settings = new Dictionary<string, string?>
        {
            ["AWS:Resources:DataFormat"] = "json", ["Jobs:compaction:CloseAfter"] = "00:15:00", ["Jobs:load-partitions:RegisterAhead"] = "00:00:00",
        };
        await using var lake = await Lake.StartAsync(settings);
        await lake.PutEventsAsync(Nine, "a", "b");
        await lake.PutEventsAsync(Nine, "b", "c");
        await lake.RunAsync("load-partitions");

        lake.Faults.KillAfter(call);
        var run = lake.Worker.Http.PostAsync("/jobs/compaction", null);
        if (await Task.WhenAny(run, lake.Faults.Killed) == run)
        {
            return false;
        }

        lake.Faults.AnswerAgain();
        Assert.Equal(["a", "b", "c"], (await lake.IdsAsync(Nine)).Distinct());

        // The lock of the dead ends by itself; then somebody else goes on.
        lake.Time.Advance(TimeSpan.FromMinutes(3));
        await lake.PutEventsAsync(Nine, "late");
        var successor = await lake.StartWorkerAsync(settings);
        await successor.RunAsync("compaction");
        Assert.Equal(["a", "b", "c", "late"], await lake.IdsAsync(Nine));

        lake.Time.Advance(TimeSpan.FromHours(25));
        await successor.RunAsync("compaction");
        lake.Time.Advance(TimeSpan.FromHours(25));
        await successor.RunAsync("compaction");
        Assert.Equal(["a", "b", "c", "late"], await lake.IdsAsync(Nine));
        Assert.Empty(await lake.RawAsync(Nine));
        Assert.Empty(await lake.KeysAsync("catalog/manifests/open/"));
        Assert.Single(await lake.KeysAsync("compacted/"));
        return true;
    }
}
