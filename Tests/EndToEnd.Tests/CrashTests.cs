using System.Collections.Concurrent;
using System.Net;
using Cli.Demo;

namespace EndToEnd.Tests;

/// <summary>What was answered 200 is kept, however the process ends.</summary>
public class CrashTests
{
    private const string EveryLoad = "SELECT params['cb'], event_id FROM tp_events WHERE event_name <> 'ledger'";

    [Fact]
    public async Task Every_event_that_was_answered_200_before_kill_9_is_there_after_the_next_start()
    {
        using var folder = new TemporaryFolder();
        var answered = new ConcurrentDictionary<string, bool>();
        await using (var killed = await RunningSystem.StartAsync(folder.Path))
        {
            await SendAsync(killed, events: 20_000, seed: 1, answered, whenAnswered: 3_000, killed.Process.KillAsync);
        }

        Assert.InRange(answered.Count, 3_000, 19_999);
        await using var system = await RunningSystem.StartAsync(folder.Path);
        await SendAsync(system, events: 500, seed: 2, answered);

        await EachIsThereAsync(system, answered.Keys);
    }

    [Fact]
    public async Task Events_that_arrived_just_before_sigterm_are_drained_and_the_exit_is_clean()
    {
        using var folder = new TemporaryFolder();
        var answered = new ConcurrentDictionary<string, bool>();
        await using (var stopped = await RunningSystem.StartAsync(folder.Path))
        {
            await SendAsync(stopped, events: 400, seed: 3, answered);

            stopped.Process.Terminate();

            Assert.Equal(0, await stopped.Process.ExitAsync());
        }

        await using var system = await RunningSystem.StartAsync(folder.Path);
        await EachIsThereAsync(system, answered.Keys);
    }

    private static async Task SendAsync(RunningSystem system, int events, int seed, ConcurrentDictionary<string, bool> answered, int whenAnswered = int.MaxValue, Func<Task>? then = null)
    {
        var done = Task.CompletedTask;
        var count = 0;
        await new PixelSender(system.Pixel, TimeProvider.System).SendAsync(new Traffic(seed, events).Requests(), rate: null, (request, status) =>
        {
            if (status == HttpStatusCode.OK)
            {
                Assert.True(answered.TryAdd(request.Id, true), $"{request.Id} was answered twice.");
                if (Interlocked.Increment(ref count) == whenAnswered)
                {
                    done = then!();
                }
            }
        }, TestContext.Current.CancellationToken);
        await done;
    }

    private static async Task EachIsThereAsync(RunningSystem system, ICollection<string> answered)
    {
        var rows = await system.UntilAsync(EveryLoad, rows => answered.Except(rows.Select(row => row[0]!)).FirstOrDefault() is null);

        // A load that was written but not answered may be there too; delivery may repeat an event, never a load.
        var events = rows.Select(row => (Load: row[0], Event: row[1])).Distinct().ToList();
        Assert.Equal(events.Count, events.Select(row => row.Load).Distinct().Count());
        Assert.Equal(events.Count, events.Select(row => row.Event).Distinct().Count());
    }
}
