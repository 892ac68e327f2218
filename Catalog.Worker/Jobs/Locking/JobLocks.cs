using System.Collections.Concurrent;
using Catalog.Worker.State;
using Microsoft.Extensions.Options;

namespace Catalog.Worker.Jobs.Locking;

/// <summary>Takes the locks of jobs, in S3, so that of any number of workers one does a job at a time.</summary>
/// <remarks>
/// A free lock that this worker has left itself, and nobody has taken since, is taken in one call: its version is
/// remembered. Otherwise the lock is read first.
/// </remarks>
internal sealed class JobLocks(StateStore store, IOptions<JobLockOptions> options, TimeProvider time, ILogger<JobLocks> logger)
{
    private const int Tries = 3;

    private readonly ConcurrentDictionary<string, StateStore.Stored<LockState>> _left = new();
    private readonly ConcurrentDictionary<string, string> _heldHere = new();

    /// <summary>The lock of a job, unless another run holds it or has done its work.</summary>
    /// <param name="lockName">The lock's name.</param>
    /// <param name="job">The job's name.</param>
    /// <param name="due">When the work was due; a run that began since then has done it. Null: it is to be done in any case.</param>
    /// <param name="cancellationToken">Stops trying.</param>
    public async Task<LockAttempt> TryTakeAsync(string lockName, string job, DateTimeOffset? due, CancellationToken cancellationToken)
    {
        var name = $"locks/{lockName}.json";
        var owner = Guid.NewGuid().ToString("N");
        var calls = new AwsCalls();
        _left.TryRemove(lockName, out var seen);
        for (var tries = 1; ; tries++)
        {
            seen ??= await store.ReadAsync(name, LockJson.Default.LockState, calls, cancellationToken);
            var now = time.GetUtcNow();
            if (seen?.Value is { } there)
            {
                if (there.Owner == owner)
                {
                    // Taken by the last try, whose answer was lost.
                    return Taken(there, seen.ETag);
                }

                if ((there.IsHeld(now, options.Value.ClockTolerance) && !IsLeftByOurs(lockName, there)) || tries > Tries)
                {
                    return new LockAttempt.Held(there);
                }

                if (there.HasDone(job, due))
                {
                    _left[lockName] = seen;
                    return new LockAttempt.Done(there);
                }
            }

            var mine = new LockState((seen?.Value.Token ?? 0) + 1, owner, job, Host, now + options.Value.Lease, seen?.Value.DoneAt);
            var etag = seen is null
                ? await store.CreateAsync(name, mine, LockJson.Default.LockState, calls, cancellationToken)
                : await store.ReplaceAsync(name, mine, seen.ETag, LockJson.Default.LockState, calls, cancellationToken);
            if (etag is not null)
            {
                return Taken(mine, etag);
            }

            seen = null;
        }

        LockAttempt Taken(LockState state, string etag)
        {
            _heldHere[lockName] = owner;
            return new LockAttempt.Taken(new JobLock(this, lockName, job, name, new(state, etag), store, options.Value, time, logger));
        }
    }

    private string Host => options.Value.Worker is { Length: > 0 } name ? name : Environment.MachineName;

    // Left by the process that had the name before this one; what another job of this process holds is not left.
    private bool IsLeftByOurs(string lockName, LockState state)
        => options.Value.Worker is { Length: > 0 } name && state.Host == name && !_heldHere.ContainsKey(lockName);

    /// <summary>Remembers a lock that was left free.</summary>
    internal void Left(string lockName, StateStore.Stored<LockState> free) => _left[lockName] = free;

    /// <summary>Forgets a lock that is not held any more.</summary>
    internal void Ended(string lockName) => _heldHere.TryRemove(lockName, out _);
}

/// <summary>What became of trying to take a lock.</summary>
internal abstract record LockAttempt
{
    private LockAttempt()
    {
    }

    /// <summary>It is ours.</summary>
    public sealed record Taken(JobLock Lock) : LockAttempt;

    /// <summary>Another worker is at work.</summary>
    public sealed record Held(LockState By) : LockAttempt;

    /// <summary>Another worker has done what was due.</summary>
    public sealed record Done(LockState By) : LockAttempt;
}
