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
internal sealed partial class ProcessorSpread : IDisposable
{
    private const int MostProcessors = 1024; // of the C library's cpu_set_t
    private const int BitsPerWord = 64;

    /// <summary>A thread whose looks are further apart is not busy; where it runs is the system's affair.</summary>
    private static readonly TimeSpan Busy = TimeSpan.FromMilliseconds(4);

    /// <summary>Two turns of a thread, which the system's clock ends, 250 times a second on most machines.</summary>
    private static readonly TimeSpan Recently = TimeSpan.FromMilliseconds(8);

    private static readonly TimeSpan BetweenMoves = TimeSpan.FromMilliseconds(5);

    private readonly TimeProvider _time;
    private readonly ThreadLocal<Place> _mine;
    private readonly Lock _gate = new();
    private readonly ulong[] _allowed; // a bit a processor; empty where there is nothing to choose
    private volatile Place[] _places = [];

    public ProcessorSpread(TimeProvider time)
    {
        _time = time;
        _allowed = Allowed();
        _mine = new(NewPlace);
    }

    /// <summary>
    /// To be called by a thread that answers, every millisecond or so while it is busy, and less often when it is not. Takes some
    /// 50 ns, or a few microseconds when it moves.
    /// </summary>
    /// <returns>Whether the thread was moved.</returns>
    public bool Look()
    {
        if (_allowed.Length == 0 || Thread.CurrentThread.IsThreadPoolThread)
        {
            return false;
        }

        var mine = _mine.Value!;
        var now = _time.GetTimestamp();
        var busy = _time.GetElapsedTime(mine.LookedAt, now) < Busy;
        mine.Processor = CurrentProcessor();
        mine.LookedAt = now;
        return busy && _time.GetElapsedTime(mine.MovedAt, now) >= BetweenMoves && FreeProcessor(mine, now) is { } free && Move(mine, free, now);
    }

    public void Dispose() => _mine.Dispose();

    /// <returns>Null when the thread has its processor for itself, or no other is free.</returns>
    private int? FreeProcessor(Place mine, long now)
    {
        Span<ulong> free = stackalloc ulong[_allowed.Length];
        _allowed.CopyTo(free);
        var shared = false;
        foreach (var other in _places)
        {
            if (other != mine && _time.GetElapsedTime(other.LookedAt, now) < Recently)
            {
                shared |= other.Processor == mine.Processor;
                free[other.Processor / BitsPerWord] &= ~Bit(other.Processor);
            }
        }

        free[mine.Processor / BitsPerWord] &= ~Bit(mine.Processor);
        return shared && free.IndexOfAnyExcept(0UL) is var word and >= 0 ? (word * BitsPerWord) + BitOperations.TrailingZeroCount(free[word]) : null;
    }

    private bool Move(Place mine, int processor, long now)
    {
        Span<ulong> only = stackalloc ulong[_allowed.Length];
        only[processor / BitsPerWord] = Bit(processor);
        mine.MovedAt = now;
        if (SetAffinity(0, Size(only), only) != 0)
        {
            return false; // not ours any more, or not allowed here
        }

        _ = SetAffinity(0, Size(_allowed), _allowed);
        mine.Processor = processor;
        return true;
    }

    private Place NewPlace()
    {
        var longAgo = _time.GetTimestamp() - _time.TimestampFrequency;
        var place = new Place { LookedAt = longAgo, MovedAt = longAgo };
        lock (_gate)
        {
            _places = [.. _places, place];
        }

        return place;
    }

    private static ulong[] Allowed()
    {
        var allowed = new ulong[MostProcessors / BitsPerWord];
        var known = OperatingSystem.IsLinux() && GetAffinity(0, Size(allowed), allowed) >= 0;
        return known && allowed.Sum(word => BitOperations.PopCount(word)) > 1 ? allowed : [];
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
    private sealed class Place
    {
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
