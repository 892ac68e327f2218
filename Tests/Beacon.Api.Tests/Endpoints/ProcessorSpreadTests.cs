using System.Numerics;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Beacon.Api.Endpoints;
using Microsoft.Extensions.Time.Testing;

namespace Beacon.Api.Tests.Endpoints;

/// <summary>Real threads on real processors; only the time between their looks is the test's.</summary>
public sealed partial class ProcessorSpreadTests
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongAgo = TimeSpan.FromMilliseconds(20);

    private readonly FakeTimeProvider _time = new();
    private readonly ulong[] _all = Processors();

    public ProcessorSpreadTests() => Assert.SkipUnless(
        OperatingSystem.IsLinux() && _all.Sum(word => BitOperations.PopCount(word)) > 1, "only Linux is told where threads run, and it takes two processors");

    [Fact]
    public void A_busy_thread_moves_away_from_another_and_may_then_run_anywhere()
    {
        using var spread = new ProcessorSpread(_time);
        OnFirstProcessor(() => spread.Look());
        OnFirstProcessor(() =>
        {
            spread.Look();
            _time.Advance(Moment);

            Assert.True(spread.Look());
            Assert.Equal(_all, Processors());
        });
    }

    [Fact]
    public void The_processor_that_it_moves_to_is_another()
    {
        // The system may put it back before this has looked; not again and again.
        var elsewhere = Enumerable.Range(0, 100).Any(_ =>
        {
            using var spread = new ProcessorSpread(_time);
            var processor = First(_all);
            OnFirstProcessor(() => spread.Look());
            OnFirstProcessor(() =>
            {
                spread.Look();
                _time.Advance(Moment);
                spread.Look();
                processor = CurrentProcessor();
            });
            return processor != First(_all);
        });

        Assert.True(elsewhere);
    }

    [Fact]
    public void A_thread_that_has_its_processor_for_itself_stays()
    {
        using var spread = new ProcessorSpread(_time);
        OnFirstProcessor(() => spread.Look());
        _time.Advance(LongAgo); // the other has had no request since
        OnFirstProcessor(() =>
        {
            spread.Look();
            _time.Advance(Moment);

            Assert.False(spread.Look());
        });
    }

    [Fact]
    public void A_thread_that_is_not_busy_stays()
    {
        using var spread = new ProcessorSpread(_time);
        OnFirstProcessor(() =>
        {
            spread.Look();
            _time.Advance(LongAgo);
            OnFirstProcessor(() => spread.Look());

            Assert.False(spread.Look());
        });
    }

    [Fact]
    public void A_thread_that_has_just_moved_stays_for_a_while()
    {
        using var spread = new ProcessorSpread(_time);
        var together = () => OnFirstProcessor(() => spread.Look());
        together();
        OnFirstProcessor(() =>
        {
            spread.Look();
            _time.Advance(Moment);
            Assert.True(spread.Look());

            Only(First(_all));
            together();
            _time.Advance(Moment);
            Assert.False(spread.Look());

            foreach (var _ in Enumerable.Range(0, 5))
            {
                _time.Advance(Moment);
                together();
            }

            spread.Look();
            _time.Advance(Moment);
            Assert.True(spread.Look());
        });
    }

    [Fact]
    public async Task Threads_of_the_pool_are_left_alone()
    {
        using var spread = new ProcessorSpread(_time);
        OnFirstProcessor(() => spread.Look());

        Assert.False(await Task.Run(() =>
        {
            Only(First(_all));
            try
            {
                spread.Look();
                _time.Advance(Moment);
                return spread.Look();
            }
            finally
            {
                _ = SetAffinity(0, _all.Length * sizeof(ulong), _all);
            }
        }, TestContext.Current.CancellationToken));
    }

    /// <summary>Runs it on a thread of its own that begins on the first processor, and waits for its end.</summary>
    private void OnFirstProcessor(Action action)
    {
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                Only(First(_all));
                action();
            }
            catch (Exception exception)
            {
                failure = exception;
            }
        });
        thread.Start();
        thread.Join();
        if (failure is not null)
        {
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    private void Only(int processor)
    {
        var only = new ulong[_all.Length];
        only[processor / 64] = 1UL << (processor % 64);
        Assert.Equal(0, SetAffinity(0, only.Length * sizeof(ulong), only));
    }

    private static int First(ulong[] processors)
    {
        var word = Array.FindIndex(processors, bits => bits != 0);
        return (word * 64) + BitOperations.TrailingZeroCount(processors[word]);
    }

    private static ulong[] Processors()
    {
        var processors = new ulong[16];
        return OperatingSystem.IsLinux() && GetAffinity(0, processors.Length * sizeof(ulong), processors) >= 0 ? processors : [];
    }

    [LibraryImport("libc", EntryPoint = "sched_getcpu")]
    private static partial int CurrentProcessor();

    [LibraryImport("libc", EntryPoint = "sched_getaffinity")]
    private static partial int GetAffinity(int thread, nint size, Span<ulong> processors);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    private static partial int SetAffinity(int thread, nint size, ReadOnlySpan<ulong> processors);
}
