using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace Beacon.Api.Tests.Delivery;

/// <summary>A clock that stands still until told, and tells who began to wait, so that a test knows when to move it.</summary>
internal sealed class ObservedTime(DateTimeOffset now) : FakeTimeProvider(now)
{
    private readonly ConcurrentQueue<TimeSpan> _waits = new();
    private readonly SemaphoreSlim _begun = new(0);

    public ObservedTime() : this(DateTimeOffset.UnixEpoch.AddYears(56))
    {
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ObservedTimer(base.CreateTimer(callback, state, dueTime, period), this);
        Begun(dueTime, period);
        return timer;
    }

    /// <summary>Completes when somebody has begun to wait, once, for a time that fits.</summary>
    public async Task<TimeSpan> NextWaitAsync(Func<TimeSpan, bool> fits)
    {
        while (true)
        {
            await _begun.WaitAsync(TestContext.Current.CancellationToken);
            if (_waits.TryDequeue(out var wait) && fits(wait))
            {
                return wait;
            }
        }
    }

    /// <summary>Who looks again and again, such as the journal's watch every second, waits for nothing that a test is about.</summary>
    private void Begun(TimeSpan wait, TimeSpan period)
    {
        if (wait != Timeout.InfiniteTimeSpan && period == Timeout.InfiniteTimeSpan)
        {
            _waits.Enqueue(wait);
            _begun.Release();
        }
    }

    /// <summary>Some timers are made first and set later.</summary>
    private sealed class ObservedTimer(ITimer timer, ObservedTime time) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var changed = timer.Change(dueTime, period);
            time.Begun(dueTime, period);
            return changed;
        }

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
