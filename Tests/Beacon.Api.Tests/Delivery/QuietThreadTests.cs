using Beacon.Api.Delivery.Quiet;

namespace Beacon.Api.Tests.Delivery;

public sealed class QuietThreadTests
{
    [Fact]
    public async Task What_enters_runs_on_it_and_awaits_of_others_do_not_come_back_to_it()
    {
        using var thread = new QuietThread("quiet");

        await thread.Enter();
        Assert.Equal("quiet", Thread.CurrentThread.Name);
        await thread.Enter(); // is there already
        Assert.Equal("quiet", Thread.CurrentThread.Name);

        // As code that is not ours may do, on whatever thread: it must end although that thread is blocked.
        Assert.Equal(42, Blocked(AskAsync()));

        static async Task<int> AskAsync()
        {
            await Task.Yield();
            await Task.Run(() => { });
            return 42;
        }
    }

    [Fact]
    public async Task Work_of_many_threads_runs_one_after_the_other_in_the_order_of_each()
    {
        using var thread = new QuietThread("quiet");
        var done = new List<(int Poster, int Number)>(); // no lock: a second thread would be found out by what is missing
        var running = 0;

        await Task.WhenAll(Enumerable.Range(0, 4).Select(poster => Task.Run(async () =>
        {
            for (var i = 0; i < 500; i++)
            {
                await thread.Enter();
                Assert.Equal(1, Interlocked.Increment(ref running));
                done.Add((poster, i));
                Interlocked.Decrement(ref running);
                await Task.Run(() => { }).ConfigureAwait(false);
            }
        })));

        Assert.Equal(2000, done.Count);
        Assert.All(done.GroupBy(item => item.Poster), items => Assert.Equal(Enumerable.Range(0, 500), items.Select(item => item.Number)));
    }

    [Fact]
    public async Task What_is_posted_before_the_end_is_done_and_what_comes_later_runs_elsewhere()
    {
        var thread = new QuietThread("quiet");
        var first = NameAsync(thread);
        thread.Dispose();

        Assert.Equal("quiet", await first);
        Assert.NotEqual("quiet", await NameAsync(thread));
    }

    [Fact]
    public async Task It_can_be_ended_by_its_own_work()
    {
        var thread = new QuietThread("quiet");

        await thread.Enter();
        thread.Dispose();
        await Task.Yield();

        Assert.NotEqual("quiet", await NameAsync(thread));
    }

    [Fact]
    public async Task On_Linux_it_gives_way_to_other_threads()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere it is .NET's own thread priority.");
        using var thread = new QuietThread("quiet");

        await thread.Enter();
        var stat = File.ReadAllText("/proc/thread-self/stat");

        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' '); // from field 3 of proc_pid_stat(5)
        Assert.Equal("3", fields[41 - 3]); // policy: SCHED_BATCH
    }

    private static int Blocked(Task<int> task) => task.GetAwaiter().GetResult();

    private static async Task<string?> NameAsync(QuietThread thread)
    {
        await thread.Enter();
        return Thread.CurrentThread.Name;
    }
}
