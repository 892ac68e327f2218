namespace Beacon.Api.Journal;

/// <summary>
/// Lets many appends wait for one flush.
/// </summary>
/// <remarks>
/// Rounds: an append joins the open round AFTER its bytes are written; the committer closes the round, opens the next,
/// and only then flushes, so that a flush covers every append of its round. A round ends with its flush's result and
/// is never tried again: after a failed fsync the system may have dropped the very pages it could not write, and a
/// second one that succeeds says nothing about them. A flush that throws is a defect: its round and every later one fail
/// (no request may hang for it), and <see cref="ThrowIfBroken"/> says so.
/// </remarks>
internal sealed class GroupFlush : IAsyncDisposable
{
    private readonly Func<bool> _flush;
    private readonly TimeSpan _gather;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _joined = new(0, 1);
    private readonly Lock _gate = new();
    private readonly Task _committer;
    private TaskCompletionSource<bool> _open = NewRound();
    private bool _hasWaiters;
    private bool _ended;
    private volatile Exception? _defect;

    /// <param name="flush">Flushes everything written before the call; false when that failed.</param>
    /// <param name="gather">How long a round stays open for others, zero for not at all.</param>
    /// <param name="time">Measures the gathering.</param>
    public GroupFlush(Func<bool> flush, TimeSpan gather, TimeProvider time)
    {
        _flush = flush;
        _gather = gather;
        _time = time;
        _committer = Task.Run(CommitAsync);
    }

    /// <summary>
    /// Completes when the caller's bytes, written before the call, are flushed: true, or false when that failed, or when it is
    /// too late to ask.
    /// </summary>
    public Task<bool> JoinAsync()
    {
        lock (_gate)
        {
            if (_ended)
            {
                return Task.FromResult(false);
            }

            if (!_hasWaiters)
            {
                _hasWaiters = true;
                _joined.Release();
            }

            return _open.Task;
        }
    }

    /// <exception cref="InvalidOperationException">A flush threw: nothing is flushed any more.</exception>
    public void ThrowIfBroken()
    {
        if (_defect is { } defect)
        {
            throw new InvalidOperationException("The journal's flushing has ended by a defect.", defect);
        }
    }

    /// <summary>Flushes for those who wait and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _committer;
        _stopping.Dispose();
        _joined.Dispose();
    }

    private async Task CommitAsync()
    {
        while (true)
        {
            try
            {
                await _joined.WaitAsync(_stopping.Token);
                if (_gather > TimeSpan.Zero)
                {
                    await Task.Delay(_gather, _time, _stopping.Token);
                }
            }
            catch (OperationCanceledException)
            {
                lock (_gate)
                {
                    _ended = true;
                }

                Commit();
                return;
            }

            if (!Commit())
            {
                return;
            }
        }
    }

    private bool Commit()
    {
        TaskCompletionSource<bool> round;
        lock (_gate)
        {
            if (!_hasWaiters)
            {
                return true;
            }

            round = _open;
            _open = NewRound();
            _hasWaiters = false;
        }

        try
        {
            round.SetResult(_flush());
            return true;
        }
        catch (Exception exception)
        {
            _defect = exception;
            TaskCompletionSource<bool> next;
            lock (_gate)
            {
                _ended = true;
                next = _open;
            }

            round.SetResult(false);
            next.SetResult(false);
            return false;
        }
    }

    // The continuations are requests: they must not run on the committer.
    private static TaskCompletionSource<bool> NewRound() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
