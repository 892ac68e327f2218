using Catalog.Worker.State;

namespace Catalog.Worker.Jobs.Locking;

/// <summary>
/// A lock that is held. It is renewed in the background; when that does not succeed before its time is over, or another
/// worker has taken it, <see cref="Lost"/> is cancelled.
/// </summary>
/// <remarks>
/// The renewing loop alone writes <see cref="_held"/> while it runs; <see cref="ReleaseAsync"/> ends it first. The time of
/// <see cref="_lost"/> is counted from before the call that renews, so here the lock ends earlier than anywhere else.
/// </remarks>
internal sealed partial class JobLock : IAsyncDisposable
{
    private static readonly Dictionary<string, DateTimeOffset> EmptyDone = [];

    private readonly JobLocks _locks;
    private readonly string _lockName;
    private readonly string _job;
    private readonly string _name;
    private readonly StateStore _store;
    private readonly JobLockOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _lost;
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _renewing;
    private StateStore.Stored<LockState> _held;

    public JobLock(
        JobLocks locks, string lockName, string job, string name, StateStore.Stored<LockState> held, StateStore store, JobLockOptions options, TimeProvider time, ILogger logger)
    {
        _locks = locks;
        _lockName = lockName;
        _job = job;
        _name = name;
        _held = held;
        _store = store;
        _options = options;
        _time = time;
        _logger = logger;
        Token = held.Value.Token;
        var left = held.Value.ExpiresAt!.Value - time.GetUtcNow();
        _lost = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, time);
        Lost = _lost.Token;
        _renewing = RenewAsync(_ended.Token);
    }

    /// <summary>The fencing token; see <see cref="LockState.Token"/>.</summary>
    public long Token { get; }

    /// <summary>Cancelled when the lock is not ours any more.</summary>
    public CancellationToken Lost { get; }

    /// <summary>Leaves the lock free for the next run.</summary>
    /// <param name="doneAt">When the run began, if it succeeded.</param>
    public async Task ReleaseAsync(DateTimeOffset? doneAt)
    {
        await EndRenewingAsync();

        try
        {
            // Also a lock that was lost by time: nobody may have taken it since, and if somebody has, S3 refuses. Not with
            // the run's token: a run that was stopped leaves its lock, too. The client has its own time limit.
            if (await TryFreeAsync(doneAt) is null
                && await _store.ReadAsync(_name, LockJson.Default.LockState, new AwsCalls(), CancellationToken.None) is { } there
                && there.Value.Owner == _held.Value.Owner)
            {
                // A renewal whose answer was not waited for has arrived.
                _held = there;
                await TryFreeAsync(doneAt);
            }
        }
        catch (Exception e) when (JobFailure.Explain(e) is { } sentence)
        {
            // It ends by itself.
            LogNotReleased(_job, sentence);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await EndRenewingAsync();
        _locks.Ended(_lockName);
        _lost.Dispose();
        _ended.Dispose();
    }

    private async Task<string?> TryFreeAsync(DateTimeOffset? doneAt)
    {
        var done = new SortedDictionary<string, DateTimeOffset>((_held.Value.DoneAt ?? EmptyDone).ToDictionary(), StringComparer.Ordinal);
        if (doneAt is { } at)
        {
            done[_job] = at;
        }

        var free = _held.Value with { Owner = null, Job = null, Host = null, ExpiresAt = null, DoneAt = done };
        var etag = await _store.ReplaceAsync(_name, free, _held.ETag, LockJson.Default.LockState, new AwsCalls(), CancellationToken.None);
        if (etag is not null)
        {
            _locks.Left(_lockName, new(free, etag));
        }

        return etag;
    }

    private async Task EndRenewingAsync()
    {
        await _ended.CancelAsync();
        await _renewing;
    }

    private async Task RenewAsync(CancellationToken ended)
    {
        try
        {
            while (!Lost.IsCancellationRequested)
            {
                await Task.Delay(_options.Lease / 3, _time, ended);
                var sent = _time.GetUtcNow();
                try
                {
                    if (!await TryRenewAsync(sent, ended))
                    {
                        LogLost(_job);
                        await _lost.CancelAsync();
                        return;
                    }
                }
                catch (Exception e) when (e is not OperationCanceledException && JobFailure.Explain(e) is { } sentence)
                {
                    // Tried again a third of the lease later, and lost when that is too late.
                    LogNotRenewed(_job, sentence);
                }
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
        }
    }

    private async Task<bool> TryRenewAsync(DateTimeOffset sent, CancellationToken ended)
    {
        var renewed = _held.Value with { ExpiresAt = sent + _options.Lease };
        var calls = new AwsCalls();
        var etag = await _store.ReplaceAsync(_name, renewed, _held.ETag, LockJson.Default.LockState, calls, ended);
        if (etag is not null)
        {
            _held = new(renewed, etag);
        }
        else if (await _store.ReadAsync(_name, LockJson.Default.LockState, calls, ended) is { } there && there.Value.Owner == renewed.Owner)
        {
            // An earlier try has arrived after all.
            _held = there;
        }
        else
        {
            return false;
        }

        var left = _held.Value.ExpiresAt!.Value - _time.GetUtcNow();
        _lost.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        return true;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Job} lost its lock to another worker and stops.")]
    private partial void LogLost(string job);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Job}: the lock was not renewed, and is tried again: {Sentence}")]
    private partial void LogNotRenewed(string job, string sentence);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Job}: the lock was not released and ends by itself: {Sentence}")]
    private partial void LogNotReleased(string job, string sentence);
}
