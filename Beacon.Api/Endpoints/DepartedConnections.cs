using Microsoft.AspNetCore.Connections;

namespace Beacon.Api.Endpoints;

/// <summary>Gives back the memory of many connections that have gone.</summary>
/// <remarks>
/// The objects of a connection, about 20 KiB, grow as old as it does. When a thousand such end, they are garbage of the oldest
/// kind, and since a request leaves next to nothing behind, the collector has no reason to look for it until as many new
/// connections have filled as much again. So it is told: when a thousand have gone, a moment later, when those that leave with
/// them have gone too, and not more often than every ten seconds, since it stops all threads for up to 30 ms. Connections that
/// no collection has seen die young and are not counted.
/// </remarks>
internal sealed class DepartedConnections : IDisposable
{
    /// <summary>How many make it worth while.</summary>
    public const int Many = 1000;

    /// <summary>How long others may leave with them.</summary>
    public static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(250);

    /// <summary>The shortest time between two collections.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private long _lastCollection;
    private int _gone;
    private int _collections;

    public DepartedConnections(TimeProvider time)
    {
        _time = time;
        _timer = time.CreateTimer(static self => ((DepartedConnections)self!).Collect(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _lastCollection = time.GetTimestamp();
    }

    /// <summary>How often the collector was told.</summary>
    public int Collections => Volatile.Read(ref _collections);

    /// <summary>Counts those of an endpoint: something is done once for each connection, not for its requests.</summary>
    public static ConnectionDelegate Watch(ConnectionDelegate next, IServiceProvider services)
    {
        DepartedConnections? departed = null;
        return async connection =>
        {
            var collections = GC.CollectionCount(0);
            try
            {
                await next(connection);
            }
            finally
            {
                if (GC.CollectionCount(0) != collections)
                {
                    departed ??= services.GetRequiredService<DepartedConnections>();
                    departed.Add();
                }
            }
        };
    }

    public void Dispose() => _timer.Dispose();

    private void Add()
    {
        lock (_gate)
        {
            if (++_gone == Many)
            {
                var pause = Pause - _time.GetElapsedTime(_lastCollection);
                _timer.Change(pause > Moment ? pause : Moment, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void Collect()
    {
        lock (_gate)
        {
            _gone = 0;
            _lastCollection = _time.GetTimestamp();
        }

        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        Interlocked.Increment(ref _collections); Console.Error.WriteLine($"COLLECTED {GC.CollectionCount(2)} {GC.GetTotalPauseDuration()} {GC.GetTotalMemory(false)>>20}");
    }
}
