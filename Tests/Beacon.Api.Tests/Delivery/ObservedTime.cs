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
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime != Timeout.InfiniteTimeSpan)
        {
            _waits.Enqueue(dueTime);
            _begun.Release();
        }

        return timer;
    }

    /// <summary>Completes when somebody has begun to wait for a time that fits.</summary>
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
}
