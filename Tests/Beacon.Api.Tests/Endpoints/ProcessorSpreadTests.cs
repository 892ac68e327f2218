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
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(4);
    private static readonly TimeSpan LongAgo = TimeSpan.FromMilliseconds(20);

    private readonly FakeTimeProvider _time = new();
    private readonly ulong[] _all = Processors();

    public ProcessorSpreadTests() => Assert.SkipUnless(
        OperatingSystem.IsLinux() && _all.Sum(word => BitOperations.PopCount(word)) > 1, "only Linux is told where threads run, and it takes two processors");

    [Fact]
    public void A_busy_thread_moves_away_from_another_and_may_then_run_anywhere() => UntilTrue(() =>
    {
        var spread = new ProcessorSpread(_time);
        AnotherLooks(spread);
        return OnThread(() =>
        {
            spread.Look();
            _time.Advance(Moment);
            var moved = LookOnFirst(spread);
            var processor = CurrentProcessor();

            Assert.Equal(_all, Processors());
            return moved is true && processor != First(_all);
        });
    });

    [Fact]
    public void A_thread_that_waited_for_a_turn_of_another_is_still_busy() => UntilTrue(() =>
    {
        var spread = new ProcessorSpread(_time);
        return OnThread(() =>
        {
            spread.Look();
            AnotherLooks(spread);
            _time.Advance(Turn + Moment);
            return LookOnFirst(spread) is true;
        });
    });

    [Fact]
    public void A_thread_that_has_just_moved_stays_for_a_while_and_may_then_move_again() => UntilTrue(() =>
    {
        var spread = new ProcessorSpread(_time);
        AnotherLooks(spread);
        return OnThread(() =>
        {
            spread.Look();
            _time.Advance(Moment);
            var first = LookOnFirst(spread);

            AnotherLooks(spread);
            _time.Advance(Moment);
            var soon = LookOnFirst(spread);
            Assert.False(first is true && soon is true);

            _time.Advance(Turn);
            AnotherLooks(spread);
            return first is true && soon is false && LookOnFirst(spread) is true;
        });
    });

    [Fact]
    public void A_thread_that_has_its_processor_for_itself_stays() => Never(() =>
    {
        var spread = new ProcessorSpread(_time);
        AnotherLooks(spread);
        _time.Advance(LongAgo); // the other has had no request since
        return OnThread(() =>
        {
            spread.Look();
            _time.Advance(Moment);
            return LookOnFirst(spread);
        });
    });

    [Fact]
    public void A_thread_that_is_not_busy_stays() => Never(() =>
    {
        var spread = new ProcessorSpread(_time);
        return OnThread(() =>
        {
            spread.Look();
            _time.Advance(LongAgo);
            AnotherLooks(spread);
            return LookOnFirst(spread);
        });
    });

    [Fact]
    public void A_thread_that_somebody_has_bound_to_its_processor_stays_there() => Never(() =>
    {
        var spread = new ProcessorSpread(_time);
        AnotherLooks(spread);
        return OnThread(() =>
        {
            Only(First(_all));
            var bound = Processors();
            spread.Look();
            _time.Advance(Moment);
            bool? moved = spread.Look();

            Assert.Equal(bound, Processors());
            return moved;
        });
    });

    [Fact]
    public async Task Threads_of_the_pool_are_left_alone() => await Task.Run(() => Never(() =>
    {
        var spread = new ProcessorSpread(_time);
        AnotherLooks(spread);
        spread.Look();
        _time.Advance(Moment);
        return LookOnFirst(spread);
    }), TestContext.Current.CancellationToken);

    // The system moves threads too, for reasons of its own: what was meant to begin on the first processor and did not counts as
    // nothing. It does not do so a hundred times.
    private static void UntilTrue(Func<bool> attempt) => Assert.Contains(true, Enumerable.Range(0, 100).Select(_ => attempt()));

    private static void Never(Func<bool?> attempt)
    {
        var moved = Enumerable.Range(0, 100).Select(_ => attempt()).OfType<bool>().Take(10).ToList();
        Assert.NotEmpty(moved);
        Assert.DoesNotContain(true, moved);
    }

    /// <summary>Another thread that answers, which is bound to the first processor and so surely looks there.</summary>
    private void AnotherLooks(ProcessorSpread spread) => OnThread(() =>
    {
        Only(First(_all));
        return spread.Look();
    });

    /// <summary>Goes to the first processor, free to leave it again, and looks.</summary>
    /// <returns>Whether it was moved, null when it was no longer there.</returns>
    private bool? LookOnFirst(ProcessorSpread spread)
    {
        Only(First(_all));
        Assert.Equal(0, SetAffinity(0, _all.Length * sizeof(ulong), _all));
        return CurrentProcessor() == First(_all) ? spread.Look() : null;
    }

    /// <summary>Runs it on a thread of its own, and waits for its end.</summary>
    private static T OnThread<T>(Func<T> action)
    {
        T? result = default;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
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

        return result!;
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
