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
    private static readonly TimeSpan Busy = TimeSpan.FromMilliseconds(4);
    private static readonly TimeSpan LongAgo = TimeSpan.FromMilliseconds(20);

    private readonly FakeTimeProvider _time = new();
    private readonly ulong[] _all = Processors();

    public ProcessorSpreadTests() => Assert.SkipUnless(
        OperatingSystem.IsLinux() && _all.Sum(word => BitOperations.PopCount(word)) > 1, "only Linux is told where threads run, and it takes two processors");

    [Fact]
    public void A_busy_thread_moves_away_from_another_and_may_then_run_anywhere() => UntilTrue(() =>
    {
        var spread = new ProcessorSpread(_time);
        OnFirstProcessor(() => spread.Look());
        return OnFirstProcessor(() =>
        {
            spread.Look();
            _time.Advance(Moment);
            var moved = spread.Look();
            var processor = CurrentProcessor();

            Assert.Equal(_all, Processors());
            return moved && processor != First(_all);
        });
    });

    [Fact]
    public void A_thread_that_has_just_moved_stays_for_a_while_and_may_then_move_again() => UntilTrue(() =>
    {
        var spread = new ProcessorSpread(_time);
        OnFirstProcessor(() => spread.Look());
        return OnFirstProcessor(() =>
        {
            spread.Look();
            _time.Advance(Moment);
            var moved = spread.Look();

            StartOnFirst();
            OnFirstProcessor(() => spread.Look());
            _time.Advance(Moment);
            Assert.False(moved && spread.Look());

            _time.Advance(Busy);
            OnFirstProcessor(() => spread.Look());
            spread.Look();
            _time.Advance(Moment);
            return moved && spread.Look();
        });
    });

    [Fact]
    public void A_thread_that_has_its_processor_for_itself_stays() => Never(() =>
    {
        var spread = new ProcessorSpread(_time);
        OnFirstProcessor(() => spread.Look());
        _time.Advance(LongAgo); // the other has had no request since
        return OnFirstProcessor(() =>
        {
            spread.Look();
            _time.Advance(Moment);
            return spread.Look();
        });
    });

    [Fact]
    public void A_thread_that_is_not_busy_stays() => Never(() =>
    {
        var spread = new ProcessorSpread(_time);
        return OnFirstProcessor(() =>
        {
            spread.Look();
            _time.Advance(LongAgo);
            OnFirstProcessor(() => spread.Look());
            return spread.Look();
        });
    });

    [Fact]
    public void A_thread_that_somebody_has_bound_to_its_processor_stays() => Never(() =>
    {
        var spread = new ProcessorSpread(_time);
        OnFirstProcessor(() => spread.Look());
        return OnFirstProcessor(() =>
        {
            Only(First(_all));
            var bound = Processors();
            spread.Look();
            _time.Advance(Moment);
            var moved = spread.Look();

            Assert.Equal(bound, Processors());
            return moved;
        });
    });

    [Fact]
    public async Task Threads_of_the_pool_are_left_alone() => await Task.Run(() => Never(() =>
    {
        var spread = new ProcessorSpread(_time);
        OnFirstProcessor(() => spread.Look());
        StartOnFirst();
        spread.Look();
        _time.Advance(Moment);
        return spread.Look();
    }), TestContext.Current.CancellationToken);

    // The system may move a thread between two looks, for reasons of its own; not again and again.
    private static void UntilTrue(Func<bool> attempt) => Assert.Contains(true, Enumerable.Range(0, 100).Select(_ => attempt()));

    private static void Never(Func<bool> attempt) => Assert.DoesNotContain(true, Enumerable.Range(0, 20).Select(_ => attempt()));

    /// <summary>Runs it on a thread of its own that begins on the first processor, and waits for its end.</summary>
    private bool OnFirstProcessor(Func<bool> action)
    {
        var result = false;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                StartOnFirst();
                result = action();
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

        return result;
    }

    private void StartOnFirst()
    {
        Only(First(_all));
        Assert.Equal(0, SetAffinity(0, _all.Length * sizeof(ulong), _all));
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
