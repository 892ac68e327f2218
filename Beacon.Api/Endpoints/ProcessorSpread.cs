using System.Numerics;
using System.Runtime.InteropServices;

namespace Beacon.Api.Endpoints;

/// <summary>
/// Keeps the threads that answer on processors of their own. Linux leaves two that are busy on one processor for as long as
/// another falls idle only for moments, which one does that is shared with a client or a proxy: they take turns of 4 ms, and
/// a thread's connections wait for its next.
/// </summary>
/// <remarks>
/// <para>Each busy thread now and then looks where it is and where the others were last. One that finds another on its
/// processor moves to one that has none, and is free to be moved again at once. A fixed processor for each would do the same,
/// but a native program's new threads inherit it from whoever makes them, and the threads could not make way for what else
/// runs on the machine.</para>
/// <para>Any number of threads may look at once. What they read of each other may be old by a moment: then one moves that
/// need not, or the next look does it. Threads of the pool are left alone: what they answer waits for no certain one.</para>
/// </remarks>
internal sealed partial class ProcessorSpread
{
    private const int MostProcessors = 1024; // of the C library's cpu_set_t
    private const int BitsPerWord = 64;

    /// <summary>A thread whose looks are further apart is not busy; where it runs is the system's affair.</summary>
    private static readonly TimeSpan Busy = TimeSpan.FromMilliseconds(4);

    /// <summary>Two turns of a thread, which the system's clock ends, 250 times a second on most machines.</summary>
    private static readonly TimeSpan Recently = TimeSpan.FromMilliseconds(8);

    private static readonly TimeSpan BetweenMoves = TimeSpan.FromMilliseconds(5);

    /// <summary>The calling thread's, of the spread that it looked at last: a thread answers for one.</summary>
    [ThreadStatic]
    private static Place? t_place;

    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly bool _canMove;
    private volatile Place[] _places = [];

    public ProcessorSpread(TimeProvider time)
    {
        _time = time;
        Span<ulong> allowed = stackalloc ulong[MostProcessors / BitsPerWord];
        _canMove = OperatingSystem.IsLinux() && CurrentProcessor() >= 0 && TryGetAllowed(allowed) && Count(allowed) > 1;
    }

    /// <summary>
    /// To be called by a thread that answers, every millisecond or so while it is busy, and less often when it is not. Asks the
    /// system for nothing but the time and the processor, which are read from memory, unless it moves.
    /// </summary>
    /// <returns>Whether the thread was moved.</returns>
    public bool Look()
    {
        if (!_canMove || Thread.CurrentThread.IsThreadPoolThread)
        {
            return false;
        }

        var mine = t_place?.Owner == this ? t_place : t_place = NewPlace();
        var now = _time.GetTimestamp();
        var busy = _time.GetElapsedTime(mine.LookedAt, now) < Busy;
        mine.Processor = CurrentProcessor();
        mine.LookedAt = now;
        return busy && _time.GetElapsedTime(mine.MovedAt, now) >= BetweenMoves && IsShared(mine, now) && MoveToFree(mine, now);
    }

    private bool IsShared(Place mine, long now)
    {
        foreach (var other in _places)
        {
            if (other != mine && other.Processor == mine.Processor && IsRecent(other, now))
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

        // Asked anew each time: whoever runs this machine may have changed it.
        Span<ulong> allowed = stackalloc ulong[MostProcessors / BitsPerWord];
        if (!TryGetAllowed(allowed))
        {
            return false;
        }

        Span<ulong> free = stackalloc ulong[allowed.Length];
        allowed.CopyTo(free);
        free[mine.Processor / BitsPerWord] &= ~Bit(mine.Processor);
        foreach (var other in _places)
        {
            if (IsRecent(other, now))
            {
                free[other.Processor / BitsPerWord] &= ~Bit(other.Processor);
            }
        }

        if (free.IndexOfAnyExcept(0UL) is not (var word and >= 0))
        {
            return false;
        }

        var bit = BitOperations.TrailingZeroCount(free[word]);
        free.Clear();
        free[word] = 1UL << bit;
        if (SetAffinity(0, Size(free), free) != 0)
        {
            return false;
        }

        _ = SetAffinity(0, Size(allowed), allowed);
        mine.Processor = (word * BitsPerWord) + bit;
        return true;
    }

    private bool IsRecent(Place place, long now) => _time.GetElapsedTime(place.LookedAt, now) < Recently;

    private Place NewPlace()
    {
        var longAgo = _time.GetTimestamp() - _time.TimestampFrequency;
        var place = new Place(this) { LookedAt = longAgo, MovedAt = longAgo };
        lock (_gate)
        {
            _places = [.. _places, place];
        }

        return place;
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
    [SuppressGCTransition] // a read of memory
    private static partial int CurrentProcessor();

    [LibraryImport("libc", EntryPoint = "sched_getaffinity")]
    private static partial int GetAffinity(int thread, nint size, Span<ulong> processors);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    private static partial int SetAffinity(int thread, nint size, ReadOnlySpan<ulong> processors);

    /// <summary>Where a thread was last. Written by it alone; timestamps of the clock.</summary>
    private sealed class Place(ProcessorSpread owner)
    {
        public ProcessorSpread Owner => owner;

        public volatile int Processor;
        private long _lookedAt;

        public long LookedAt
        {
            get => Volatile.Read(ref _lookedAt);
            set => Volatile.Write(ref _lookedAt, value);
        }

        public long MovedAt { get; set; }
    }
}
