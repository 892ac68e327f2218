using System.Threading.Tasks.Sources;
using Beacon.Api.Journal;
using Microsoft.Extensions.ObjectPool;

namespace Beacon.Api.Delivery.GroupCommit;

/// <summary>
/// One request that waits. Used again and again, so that waiting allocates nothing; what follows the wait never runs on
/// the thread that answers, which has others to answer.
/// </summary>
internal sealed class Waiter(ObjectPool<Waiter> pool) : IValueTaskSource<AppendResult>
{
    private ManualResetValueTaskSourceCore<AppendResult> _core = new() { RunContinuationsAsynchronously = true };

    /// <summary>Its event's number.</summary>
    public long Number { get; set; }

    /// <summary>The answer; to be awaited once.</summary>
    public ValueTask<AppendResult> Task => new(this, _core.Version);

    public void Answer(AppendResult result) => _core.SetResult(result);

    public void Fail(Exception defect) => _core.SetException(defect);

    AppendResult IValueTaskSource<AppendResult>.GetResult(short token)
    {
        try
        {
            return _core.GetResult(token);
        }
        finally
        {
            _core.Reset();
            pool.Return(this);
        }
    }

    ValueTaskSourceStatus IValueTaskSource<AppendResult>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<AppendResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    /// <summary>As many as requests usually wait at once; beyond, they are made and forgotten.</summary>
    public static ObjectPool<Waiter> NewPool()
    {
        var policy = new Policy();
        return policy.Pool = new DefaultObjectPool<Waiter>(policy, maximumRetained: 4096);
    }

    private sealed class Policy : PooledObjectPolicy<Waiter>
    {
        public ObjectPool<Waiter> Pool { get; set; } = null!;

        public override Waiter Create() => new(Pool);

        public override bool Return(Waiter obj) => true;
    }
}
