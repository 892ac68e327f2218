using System.Collections.Concurrent;

namespace LocalCloud.Sqs;

/// <summary>
/// Lets receivers wait for a queue. Whoever waits takes <see cref="Next"/> before looking into the queue: what comes after
/// the look then completes it, and nothing is missed in between.
/// </summary>
internal sealed class Arrivals
{
    private readonly ConcurrentDictionary<long, TaskCompletionSource> _next = new();

    /// <summary>Completes when there may be something to receive that was not there before, or the queue is gone.</summary>
    public Task Next(long queue) => _next.GetOrAdd(queue, static _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Wakes everybody who waits; called after the commit.</summary>
    public void Announce(long queue)
    {
        if (_next.TryRemove(queue, out var waiting))
        {
            waiting.SetResult();
        }
    }
}
