using System.Numerics;
using System.Runtime.InteropServices;

namespace Beacon.Api.Endpoints;

/// <summary>
/// Keeps the threads that answer on processors of their own, on Linux. It leaves two that are busy on one processor for as
/// long as another falls idle only for moments, which one does that is shared with a client or a proxy: they take turns of
/// 4 ms, and a thread's connections wait for its next.
/// </summary>
/// <remarks>
/// <para>Each busy thread now and then looks where it is and where the others were last. One that finds another on its
/// processor moves to one that has none, and is free to be moved again at once. A fixed processor for each would do the same,
/// but a native program's new threads inherit it from whoever makes them, and the threads could not make way for what else
/// runs on the machine.</para>
/// <para>Any number of threads may look at once. What they read of each other may be old by a moment: then one moves that
/// need not, or the next look does it. Threads of the pool are left alone: what they answer waits for no certain one.</para>
/// <para>Invariant: outside <see cref="Look"/>, what the system holds as a thread's wish is what it was before the first look, or
/// every processor. It is never what the thread had at some moment: since Linux 6.2 the wish limits what a thread is given when
/// a container's processors change.</para>
/// </remarks>
internal sealed partial class ProcessorSpread
{
    private const int MostProcessors = 1024; // of the C library's cpu_set_t
    private const int BitsPerWord = 64;
    private const int Words = MostProcessors / BitsPerWord;

    /// <summary>
    /// What still counts as now: a turn of another thread, which the system's clock ends 250 times a second on most machines, and
    /// as much again between two looks. A thread whose looks are further apart is not busy, and where it runs is the system's affair.
    /// </summary>
    private static readonly TimeSpan Now = TimeSpan.FromMilliseconds(8);

    /// <summary>A move costs two or three calls of the system and a cold cache.</summary>
    private static readonly TimeSpan BetweenMoves = TimeSpan.FromMilliseconds(5);

    /// <summary>The calling thread's place in the spread that it looked at last: nearly always there is one.</summary>
    [ThreadStatic]
    private static Place? t_place;

    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private volatile bool _canMove;
    private volatile Place[] _places = [];

    public ProcessorSpread(TimeProvider time)
    {
        _time = time;
        Span<ulong> allowed = stackalloc ulong[Words];
        _canMove = OperatingSystem.IsLinux() && CurrentProcessor() >= 0 && TryGetAllowed(allowed) && Count(allowed) > 1;
    }

    /// <summary>
    /// To be called by a thread that answers: when it is busy, twice in <see cref="Now"/> less a turn of 4 ms at the least. Reads the
    /// time and the processor, and calls the system only when it finds another thread there.
    /// </summary>
    /// <returns>Whether the thread was moved; for tests.</returns>
    public bool Look()
    {
        if (!_canMove || Thread.CurrentThread.IsThreadPoolThread)
        {
            return false;
        }

        var mine = Mine();
        var now = _time.GetTimestamp();
        var busy = IsNow(mine.LookedAt, now);
        mine.Processor = CurrentProcessor();
        mine.LookedAt = now;
        return busy && _time.GetElapsedTime(mine.MovedAt, now) >= BetweenMoves && IsShared(mine, now) && MoveToFree(mine, now);
    }

    private bool IsShared(Place mine, long now)
    {
        foreach (var other in _places)
        {
            if (other != mine && other.Processor == mine.Processor && IsNow(other.LookedAt, now))
            {
                return true;
            }
        }

        return false;
    }

    /// <returns>False when every processor is taken, or the system refuses.</returns>
    private bool MoveToFree(Place mine, long now)
    {
        mine.MovedAt = now; // or tried to: not again at once
        Span<ulong> allowed = stackalloc ulong[Words];
        if (!TryGetAllowed(allowed) || FreeProcessor(allowed, mine, now) is not { } processor)
        {
            return false;
        }

        Span<ulong> only = stackalloc ulong[Words];
        only[processor / BitsPerWord] = Bit(processor);
        if (SetAffinity(0, Size(only), only) != 0)
        {
            return false;
        }

        mine.Processor = processor;
        if (!Release(allowed))
        {
            _canMove = false; // who may not go back must not be sent again
        }

        return true;
    }

    /// <summary>The next one behind the thread's own, so that two that move at once from different ones do not meet.</summary>
    private int? FreeProcessor(ReadOnlySpan<ulong> allowed, Place mine, long now)
    {
        Span<ulong> free = stackalloc ulong[Words];
        allowed.CopyTo(free);
        foreach (var other in _places)
        {
            if (IsNow(other.LookedAt, now))
            {
                free[other.Processor / BitsPerWord] &= ~Bit(other.Processor);
            }
        }

        for (var step = 1; step < MostProcessors; step++)
        {
            var processor = (mine.Processor + step) % MostProcessors;
            if ((free[processor / BitsPerWord] & Bit(processor)) != 0)
            {
                return processor;
            }
        }

        return null;
    }

    /// <summary>
    /// Lets the thread run where it might before. The system cuts a wish for every processor to what the thread is given; only where
    /// that is more than before, somebody had bound it, and that is what it wishes again.
    /// </summary>
    /// <returns>Whether it is free again.</returns>
    private static bool Release(ReadOnlySpan<ulong> before)
    {
        Span<ulong> every = stackalloc ulong[Words];
        every.Fill(ulong.MaxValue);
        Span<ulong> given = stackalloc ulong[Words];
        var isFree = SetAffinity(0, Size(every), every) == 0;
        return (isFree && TryGetAllowed(given) && given.SequenceEqual(before)) || SetAffinity(0, Size(before), before) == 0 || isFree;
    }

    private bool IsNow(long lookedAt, long now) => _time.GetElapsedTime(lookedAt, now) < Now;

    private Place Mine()
    {
        if (t_place is { } known && known.Spread == this)
        {
            return known;
        }

        lock (_gate)
        {
            var thread = Environment.CurrentManagedThreadId; // given again when a thread has ended, and its place with it
            var mine = _places.FirstOrDefault(place => place.Thread == thread);
            if (mine is null)
            {
                var longAgo = _time.GetTimestamp() - _time.TimestampFrequency;
                mine = new Place(this, thread) { LookedAt = longAgo, MovedAt = longAgo };
                _places = [.. _places, mine];
            }

            return t_place = mine;
        }
    }

    /// <summary>The processors of the calling thread, a bit each. False on a machine with more than <see cref="MostProcessors"/>.</summary>
    private static bool TryGetAllowed(Span<ulong> processors) => GetAffinity(0, Size(processors), processors) >= 0;

    private static int Count(ReadOnlySpan<ulong> processors)
    {
        var count = 0;
        foreach (var word in processors)
        {
            count += BitOperations.PopCount(word);
        }

        return count;
    }

    private static ulong Bit(int processor) => 1UL << (processor % BitsPerWord);

    private static nint Size(ReadOnlySpan<ulong> processors) => processors.Length * sizeof(ulong);

    [LibraryImport("libc", EntryPoint = "sched_getcpu")]
    [SuppressGCTransition] // a read of memory, or where the C library is old a call that does not block
    private static partial int CurrentProcessor();

    [LibraryImport("libc", EntryPoint = "sched_getaffinity")]
    private static partial int GetAffinity(int thread, nint size, Span<ulong> processors);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    private static partial int SetAffinity(int thread, nint size, ReadOnlySpan<ulong> processors);

    /// <summary>Where a thread was last. Written by it alone; timestamps of the clock.</summary>
    private sealed class Place(ProcessorSpread spread, int thread)
    {
        public volatile int Processor;
        private long _lookedAt;

        public ProcessorSpread Spread => spread;

        public int Thread => thread;

        public long LookedAt
        {
            get => Volatile.Read(ref _lookedAt);
            set => Volatile.Write(ref _lookedAt, value);
        }

        public long MovedAt { get; set; }
    }
}
